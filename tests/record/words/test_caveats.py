"""What a run says first: that nothing beats the baseline, a class is never predicted, the model is not saved."""

import html
import re
import warnings

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import tenfold
from tenfold.ask.decide import decide
from tenfold.errors import ModelError
from tenfold.figures import Estimate
from tenfold.record.bundle import why_unsavable
from tenfold.record.entries.metrics import BesideBaseline, CandidateRecord, DecisionRecord, Metrics, OperatingPoint
from tenfold.record.listing import list_runs
from tenfold.record.words.caveats import caveats, further_warnings, verdict
from tenfold.record.words.choice import choice_words
from tenfold.record.words.proposal import proposal_sentence
from tenfold.show.content import read_content
from tenfold.show.plain_report import markdown, plain_report


class Mine(ClassifierMixin, BaseEstimator):
    """A classifier of a user's own; it answers the first class."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


def rows(n=120, share=0.5, apart=2.0, seed=0):
    """Two columns, the first of which tells the classes a and b apart; `share` of them are b."""
    rng = np.random.default_rng(seed)
    yes = np.arange(n) % round(1 / share) == 0
    return rng.normal(size=(n, 2)) + apart * yes[:, None] * [1, 0], np.where(yes, "b", "a").astype(object)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Give a function that goes the whole line on rows and keeps the run."""
    known = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))

        def run(name, X, y, model):
            if name not in known:
                known[name] = tenfold.run(X, y, models=[model], cv=2, out=tmp_path_factory.mktemp("runs") / name)
            return known[name]

        yield run


@pytest.fixture
def chance(made):
    X, _ = rows(200, apart=0.0)
    return made("chance", X, np.where(np.random.default_rng(1).random(200) < 0.4, "b", "a").astype(object), "logistic")


@pytest.fixture
def unsaved(made):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return made("unsaved", *rows(), GaussianProcessClassifier(random_state=0))


@pytest.fixture
def rare(made):
    return made("rare", *rows(1000, share=0.04, apart=1.8), "logistic")


def head(run):
    """The largest line of the page."""
    page = run.folder.report.read_text()
    return html.unescape(re.sub("<[^>]+>", "", re.search("<h1.*?</h1>", page, re.DOTALL).group()))


def test_a_run_that_beats_nothing_says_so_before_any_figure_wherever_one_looks(chance):
    first = "No candidate is better than the baseline, which always answers “a”."
    content = read_content(chance.path)
    assert verdict(chance.record.metrics).startswith(f"{first} By accuracy logistic has")
    assert f": {first}" in repr(chance)
    assert f"<p><b>{html.escape(first)}" in chance._repr_html_()
    assert head(chance) == plain_report(content).verdict == first
    assert markdown(plain_report(content)).startswith(f"# {first}\n")
    assert "the baseline" in plain_report(content).lead
    assert "No candidate is better than the baseline" in chance.folder.report.read_text()
    entry = chance.metrics["candidates"]["logistic"]
    assert entry["beats_baseline"] is False
    assert entry["difference_to_baseline"]["low"] <= 0
    assert any("No candidate is better" in line for line in chance.metrics["warnings"])
    assert not any("No candidate is better" in line for line in further_warnings(chance.record.metrics))


def test_a_run_that_beats_the_baseline_begins_with_its_figures(rare):
    assert caveats(rare.record.metrics) == ()
    assert verdict(rare.record.metrics).startswith("logistic finds")
    assert rare.metrics["candidates"]["logistic"]["beats_baseline"] is True
    assert rare.metrics["choice"] == {"reason": "alone", "over": None, "times": None}


def test_a_model_that_is_not_saved_says_so_and_what_helps_wherever_one_looks(unsaved):
    assert unsaved.metrics["failed"]["model"].startswith("it holds 'sklearn.gaussian_process")
    assert "The model is not saved." in repr(unsaved)
    assert "keep the fitted model: the pipeline of the run" in unsaved._repr_html_()
    assert head(unsaved).startswith("The model is not saved.")
    page = unsaved.folder.report.read_text()
    assert "tenfold predict" not in page
    assert "Train a candidate that can be saved" in page
    assert "model failed" not in " ".join(unsaved.metrics["warnings"])
    assert [one.state for one in list_runs(unsaved.path.parent)] == ["finished, model not saved"]
    assert unsaved.pipeline.classes_.tolist() == [0, 1]
    assert tenfold.open_run(unsaved.path).pipeline is None
    with pytest.raises(ModelError, match="the model of this run was not saved"):
        tenfold.load_model(unsaved.path)


def test_python_warns_before_the_first_fit_of_a_model_that_cannot_be_saved(tmp_path):
    """The warning, made an error, ends the run before anything is judged."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="GaussianProcessClassifier cannot be saved as a model: it holds"):
            tenfold.run(*rows(), models=[GaussianProcessClassifier()], cv=2, out=tmp_path / "run")
    assert not (tmp_path / "run" / "metrics.json").exists()


@pytest.mark.parametrize(
    ("estimator", "word"),
    [
        (GaussianProcessClassifier(), "GaussianProcessClassifier"),
        (make_column_transformer((StandardScaler(), make_column_selector())), "make_column_selector"),
        (FunctionTransformer(np.log1p), "numpy.log1p"),
        (Mine(), "Mine"),
    ],
)
def test_what_no_model_may_hold_is_named_before_it_is_fitted(estimator, word):
    assert word in why_unsavable(make_pipeline(estimator, LogisticRegression()))


def test_whatever_the_catalogue_offers_can_be_saved():
    assert why_unsavable(Pipeline([("model", LogisticRegression())])) is None


def test_what_only_a_fit_shows_ends_no_run(made):
    run = made("tree", *rows(), KNeighborsClassifier(algorithm="kd_tree", p=1))
    assert "KDTree" in run.metrics["failed"]["model"]
    assert "not saved" in repr(run)


def candidate_of(counts, figures, beside=None, tied=False):
    decision = DecisionRecord(rule="argmax", kind="argmax", confusion_matrix=counts, out_of_fold=figures)
    point = OperatingPoint(confusion_matrix=counts, decision=decision, probabilities=True)
    return CandidateRecord(
        out_of_fold=figures, operating_point=point, fit_seconds=1.0,
        predict_seconds=0.1, peak_bytes=1, difference_to_best=None, tied_with_best=tied, beside_baseline=beside,
    )  # fmt: skip


def metrics_of(matrix, *, task="multiclass", classes=("a", "b", "c"), beats=True, baseline=None, **changes):
    figures = {key: Estimate(0.5, 0.4, 0.6, n=20) for key in ("accuracy", "exact_match")}
    forest = candidate_of(np.array(matrix), figures, None if beats is None else BesideBaseline(None, beats))
    other = candidate_of(np.array(matrix if baseline is None else baseline), figures, tied=baseline is not None)
    return Metrics(
        task=task, classes=tuple(classes), positive=None, metric="accuracy", chosen="forest", failed={},
        candidates={"forest": forest, "baseline": other}, test=figures, test_baseline=figures, test_openings=1,
        warnings=(), **changes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("matrix", "sentence"),
    [
        ([[9, 1, 0], [1, 9, 0], [2, 3, 0]], "forest never answers “c”."),
        (np.pad(np.ones((6, 1), int), ((0, 0), (0, 5))), "forest never answers “b”, “c”, “d” and 2 other classes."),
        (np.pad(np.ones((5, 1), int), ((0, 0), (0, 4))), "forest never answers “b”, “c”, “d” and 1 other class."),
    ],
)
def test_a_class_that_is_never_predicted_is_named_first(matrix, sentence):
    found = caveats(metrics_of(np.asarray(matrix).tolist(), classes="abcdef"[: len(matrix)]))
    assert [(one.kind, one.sentence) for one in found] == [("unpredicted", sentence)]


def test_a_label_that_is_never_predicted_is_named_first():
    matrices = [[[5, 0], [5, 0]], [[4, 1], [1, 4]]]
    found = caveats(metrics_of(matrices, task="multilabel", classes=("odd", "large")))
    assert [one.sentence for one in found] == ["forest never answers “odd”."]


def test_leaks_go_before_everything_and_names_from_data_are_made_harmless():
    leaks = ("\x1boutcome",)
    found = caveats(metrics_of([[1, 0], [1, 0]], classes=("a", "\x1bb"), leaks=leaks))
    assert [one.kind for one in found] == ["leak", "unpredicted"]
    assert "\x1b" not in " ".join(one.sentence for one in found)


def test_a_column_that_gives_the_answer_away_is_named_in_the_largest_line_and_no_figure_is(made):
    X, y = rows(200)
    run = made("leak", np.column_stack([X, y == "b"]).astype(float), y, "logistic")
    (column,) = run.metrics["leaks"]
    first = f"The answer may be given away by the column “{column}”."
    assert head(run) == first
    assert verdict(run.record.metrics).startswith(f"{first} logistic finds 100.0 %")
    assert "100.0 %" in plain_report(read_content(run.path)).lead


def test_runs_of_earlier_versions_are_read_by_what_they_know():
    old = metrics_of([[5, 5], [5, 5]], classes=("a", "b"), beats=None, baseline=[[10, 0], [10, 0]])
    assert [one.sentence for one in caveats(old)] == [
        "No candidate is better than the baseline, which always answers “a”."
    ]
    assert not choice_words(old)


def test_a_rare_class_that_is_ranked_well_is_proposed_another_decision(rare, tmp_path):
    proposal = rare.metrics["proposal"]
    default = rare.metrics["candidates"]["logistic"]["out_of_fold"]
    assert default["recall"]["value"] < 0.5 < proposal["out_of_fold"]["recall"]["value"]
    sentence = proposal_sentence(rare.record.metrics)
    assert sentence.startswith("logistic ranks “b” well")
    first, second, *_ = plain_report(read_content(rare.path)).advice
    assert sentence in first[0]
    assert first[1].endswith(" f1")
    assert second[1].endswith("'cost fp=1 fn=10'")


def test_the_figures_of_a_proposal_are_those_of_the_decision(rare):
    decided = decide(rare.path, "f1", lambda path: None)
    entry = decided.metrics["candidates"]["logistic"]["decision"]
    assert entry["threshold"] == rare.metrics["proposal"]["threshold"]
    for key, figure in rare.metrics["proposal"]["out_of_fold"].items():
        assert entry["out_of_fold"][key]["value"] == figure["value"]
    assert not proposal_sentence(decided.record.metrics)


def test_nothing_is_proposed_where_enough_is_found_or_nothing_is_ranked(chance, unsaved):
    assert "proposal" not in chance.metrics
    assert "proposal" not in unsaved.metrics


def test_a_run_of_the_baseline_alone_says_so(tmp_path):
    run = tenfold.run(*rows(60), models=["baseline"], cv=2, out=tmp_path / "run")
    first, rest = verdict(run.record.metrics).split(". ", 1)
    assert first == "Nothing but the baseline was judged, which always answers “a”"
    assert rest.startswith("By accuracy baseline has 50.0 %")
