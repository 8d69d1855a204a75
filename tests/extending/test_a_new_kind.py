"""A kind of data that Tenfold does not come with, registered in public: short texts, one a row."""

import hashlib
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer

from tenfold.analysis.weak_spots import PredictedInstances, weak_spots
from tenfold.candidates.catalogue import default_names
from tenfold.candidates.setting import setting_of
from tenfold.data.checks import check, describe
from tenfold.data.checks.finding import Finding
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import split
from tenfold.data.kinds import Kind, register_kind
from tenfold.data.kinds.storage import TABLE, Storage
from tenfold.errors import DataError
from tenfold.folds.assign import assign_folds
from tenfold.folds.executor import InlineExecutor, attempted
from tenfold.folds.job import Job, open_job
from tenfold.folds.loop import judge_out_of_fold
from tenfold.folds.unit import Unit
from tenfold.task import infer_task
from tenfold.text import shown

_SURE = 10


def _validate(X, name):
    if not isinstance(X, np.ndarray) or X.dtype.kind != "O" or X.ndim != 1:
        raise DataError("short texts are an array of str in one dimension", where=name)


def _ids(X):
    return np.array([hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in X])


def _width(X, layout):
    words = Counter(word for text in X for word in set(text.lower().split()))
    return sum(count >= _SURE for count in words.values())


def _findings(data, targets):
    empty = np.array([not text.strip() for text in data.X])
    return [Finding("warning", "empty-text", f"{empty.sum()} texts are empty", do="drop them")] if empty.any() else []


TEXTS = register_kind(
    Kind(
        name="short-texts",
        nouns=("text", "texts"),
        validate=_validate,
        size=lambda X: f"up to {max(map(len, X))} letters",
        ids=_ids,
        storage=Storage(
            TABLE.files,
            lambda folder, X: TABLE.write(folder, pd.DataFrame({"text": X})),
            lambda folder: TABLE.open(folder)["text"].to_numpy(),
        ),
        prepare=lambda layout, need: [] if need.form == "raw" else [("words", TfidfVectorizer())],
        width=_width,
        values=lambda X: HashingVectorizer(n_features=32).transform(X).toarray(),
        text=lambda X, row: shown(X[row], 60),
        line_up=("logistic", "sgd"),
        sparse=True,
        findings=_findings,
    )
)

_WORDS = {"complaint": "late broken refund never again", "praise": "thanks great friendly quick again"}


@pytest.fixture(scope="module")
def texts():
    """160 texts of one to five words, of which two classes share some; the first is empty."""
    rng = np.random.default_rng(0)
    labels = np.array(["complaint", "praise"], object)[np.arange(160) % 2]
    common = ["the", "order", "and", "shop", "was", "parcel", "my", "very"]
    lines = [
        " ".join([*rng.choice(_WORDS[label].split(), rng.integers(1, 3)), *rng.choice(common, rng.integers(0, 4))])
        for label in labels
    ]
    return Dataset("letters", "short-texts", np.array(["", *lines[1:]], object), labels, source="memory")


@pytest.fixture(scope="module")
def job(texts, tmp_path_factory):
    training, _ = split(texts, infer_task(texts.y))
    task = infer_task(training.y)
    codes = task.encode(training.y)
    folds = assign_folds(codes, task, 3)
    return Job(tmp_path_factory.mktemp("job"), training, codes, folds, task, setting_of(training, task))


@pytest.fixture(scope="module")
def judged(job):
    return judge_out_of_fold(job, ["baseline", *job.setting.traits.line_up], InlineExecutor())


def test_it_is_checked_and_described(texts):
    assert "empty-text" in {finding.code for finding in check(texts, None, folds=3)}
    assert describe(texts).kind == "short-texts"
    assert texts.take(slice(1, 2)).traits.text(texts.X, 1) == texts.X[1]


def test_equal_texts_stand_on_one_side_of_the_split(texts):
    training, test = split(texts, infer_task(texts.y))
    assert len(training) + len(test) == len(texts)
    assert len(set(texts.ids.tolist())) < len(texts)


def test_its_own_candidates_are_usual_and_beat_the_baseline(job, judged):
    assert default_names(job.setting, 3) == ("baseline", "logistic", "sgd")
    assert not judged.failures
    right = {name: (one.predicted == job.codes).mean() for name, (one,) in judged.results.items()}
    assert min(right["logistic"], right["sgd"]) > right["baseline"] + 0.2


def test_any_candidate_of_the_catalogue_can_be_asked_for(job):
    for name in ("forest", "knn", "svm", "boosting"):
        assert not isinstance(attempted(job, Unit(name, 0)), str), name


def test_committed_units_are_not_done_again_and_a_worker_predicts_the_same(job, judged):
    again = judge_out_of_fold(job, list(judged.results), InlineExecutor())
    for name, (one,) in judged.results.items():
        np.testing.assert_array_equal(one.predicted, again.results[name][0].predicted)
        assert one.fit_seconds == again.results[name][0].fit_seconds
    here, there = (attempted(one, Unit("logistic", 0)) for one in (job, open_job(job.folder)))
    np.testing.assert_array_equal(here[0].scores, there[0].scores)


def test_its_weak_spots_are_groups_of_texts_that_look_alike(job, judged):
    (one,) = judged.results["sgd"]
    data = job.training
    instances = PredictedInstances(data, job.codes, one.predicted, one.scores, False, 0.0, data.labels)
    weak = weak_spots(instances)
    assert weak.candidates == 1
    assert weak.looked_at > 0
    assert set(weak.hard.tolist()) == set(np.flatnonzero(one.predicted != job.codes).tolist())
