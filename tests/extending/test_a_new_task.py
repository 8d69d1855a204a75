"""A task made outside of the package goes the whole line: grades in order, judged by how far off a prediction is."""

import json
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.ask.decide import decide
from tenfold.decision.decision import Decision
from tenfold.errors import UsageError
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.confusion import confusion_matrix
from tenfold.figures.estimate import Estimate
from tenfold.figures.evaluate import Evaluation
from tenfold.figures.intervals.closed import mean_interval
from tenfold.record.bundle import verify
from tenfold.show import Section, register_page, sections_of
from tenfold.task import register_task
from tenfold.tasks import ClassTask

GRADES = tuple("ABCDE")


def mean_estimate(values, fold=None):
    low, high = mean_interval(values)
    folds = () if fold is None else tuple(float(values[fold == f].mean()) for f in np.unique(fold))
    return Estimate(float(values.mean()), low, high, len(values), "t 95%", folds=folds)


@dataclass(frozen=True)
class GradeTask:
    """Classes in an order; what a grade is taken for may be near or far off."""

    classes: tuple[str, ...] = GRADES

    type = "grades"
    positive = one_vs_rest = None
    several = False
    exclusive = True
    numeric = False
    headline = "mean_distance"
    metric_keys = ranking_keys = ("mean_distance", "exact")
    summary = "grades from A to E"

    @property
    def as_classes(self):
        return ClassTask(self.classes)

    @property
    def score_names(self):
        return self.classes

    def as_dict(self):
        return {"type": self.type, **asdict(self.as_classes), "classes": list(self.classes)}

    def default_metric(self, y, weight=None):
        return "mean_distance"

    def __getattr__(self, name):
        """Labels, folds, candidates and predictions are those of any classes."""
        if name in {"encode", "decode", "to_columns", "from_columns", "draw_test", "draw_folds", "predict",
                    "lower", "candidate", "default_candidates", "score_columns", "usual_decision", "apply",
                    "revert", "answer_columns"}:  # fmt: skip
            return getattr(ClassTask(self.classes), name)
        raise AttributeError(name)

    def evaluate(self, y, predicted, scores=None, *, probabilities=False, fold=None, **more):
        distance = np.abs(y - predicted).astype(float)
        metrics = {"mean_distance": mean_estimate(distance, fold), "exact": mean_estimate(distance == 0.0, fold)}
        return Evaluation(metrics, confusion_matrix(y, predicted, len(self.classes)), len(y))

    def checked_rows(self, y, predicted, scores=None, **more):
        return np.abs(y - predicted).astype(float)

    def value(self, rows, metric):
        return float(rows.mean() if metric == "mean_distance" else (rows == 0).mean())

    def difference(self, first, second, metric):
        apart = first - second if metric == "mean_distance" else (first == 0) * 1.0 - (second == 0)
        return Difference(float(apart.mean()), *mean_interval(apart), "paired t 95%")

    def refuse_rule(self, rule, run=None):
        if rule.kind != "argmax":
            raise UsageError("grades are not decided by a threshold", where=run)

    def decide(self, rule, y, predicted, scores, *, probabilities):
        self.refuse_rule(rule)
        return Decision("argmax", "argmax")


class Grades:
    """For the list of tasks."""

    types = ("grades",)
    losses = frozenset({"mean_distance"})

    def infer(self, labels, name):
        return GradeTask() if name == "grades" and labels.y.ndim == 1 else None

    def from_dict(self, plain):
        return GradeTask(tuple(plain["classes"]))


register_task(Grades())


@dataclass(frozen=True)
class FarOff:
    """What the section of its own says."""

    sentence: str


def how_far_off(content):
    counts = np.array(content.candidate.decision.confusion_matrix)
    near = np.trace(counts) + np.trace(counts, 1) + np.trace(counts, -1)
    return FarOff(f"{near} of {counts.sum()} are at most one grade off.")


def school(rows=300, seed=0):
    """Marks of two exams, and the grade that follows from them."""
    rng = np.random.default_rng(seed)
    marks = pd.DataFrame({"written": rng.uniform(0, 100, rows), "spoken": rng.uniform(0, 100, rows)})
    level = (0.7 * marks["written"] + 0.3 * marks["spoken"] + rng.normal(0, 5, rows)).clip(0, 99)
    return marks, np.array(GRADES, object)[4 - (level // 20).astype(int)]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    X, y = school()
    folder = tmp_path_factory.mktemp("grades") / "run"
    return tenfold.run(X, y, task="grades", models=["forest", "logistic"], cv=3, out=folder)


def test_it_is_judged_by_its_own_figure(run):
    metrics = json.loads(run.folder.metrics.read_text())
    assert (metrics["task"], metrics["metric"], metrics["classes"]) == ("grades", "mean_distance", list(GRADES))
    values = [one["out_of_fold"]["mean_distance"]["value"] for one in metrics["candidates"].values()]
    assert values == sorted(values)
    assert list(metrics["candidates"])[-1] == "baseline"
    assert metrics["test"]["mean_distance"]["value"] < metrics["test_baseline"]["mean_distance"]["value"]
    lines = run.out_of_fold.query("candidate == @run.chosen")
    place = {name: code for code, name in enumerate(GRADES)}
    distance = np.abs(lines["true"].map(place) - lines["predicted"].map(place)).mean()
    assert metrics["candidates"][run.chosen]["out_of_fold"]["mean_distance"]["value"] == pytest.approx(distance)


def test_it_is_resumed_and_repeated(run):
    written = run.folder.metrics.stat().st_mtime_ns
    X, y = school()
    again = tenfold.run(X, y, task="grades", models=["forest", "logistic"], cv=3, out=run.path)
    assert again.folder.metrics.stat().st_mtime_ns == written


def test_its_model_is_saved_verified_and_predicts(run):
    assert verify(run.path).bit_equal
    model = tenfold.load_model(run.path)
    X, y = school(seed=1)
    code = {name: place for place, name in enumerate(GRADES)}
    off = [abs(code[one] - code[other]) for one, other in zip(model.predict(X), y, strict=True)]
    assert np.mean(off) < 0.5


def test_a_threshold_is_refused_in_one_line(run):
    with pytest.raises(UsageError, match="grades are not decided by a threshold"):
        decide(run.path, "f1", tenfold.write_report)


def test_the_page_has_a_section_of_its_own(run, tmp_path):
    template = tmp_path / "grades.html"
    template.write_text('<section id="far"><h2>How far off</h2><p>{{ view.sentence }}</p></section>')
    before = sections_of("grades")
    register_page("grades", [*before, Section("far", "How far off", how_far_off, template)])
    try:
        page = tenfold.write_report(run.path).read_text()
    finally:
        register_page("grades", before)
    assert "mean_distance" in page or "mean distance" in page
    counts = np.array(run.record.metrics.candidates[run.chosen].decision.confusion_matrix)
    near = np.trace(counts) + np.trace(counts, 1) + np.trace(counts, -1)
    assert f"<p>{near} of {counts.sum()} are at most one grade off.</p>" in page
