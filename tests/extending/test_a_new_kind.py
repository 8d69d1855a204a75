"""A kind of data that Tenfold does not come with, registered in public: texts of a few words, one a row."""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import OneHotEncoder

import tenfold
from tenfold.analysis.weak_spots import PredictedInstances, weak_spots
from tenfold.data.checks import check, describe
from tenfold.data.checks.finding import Finding
from tenfold.data.dataset import Dataset
from tenfold.data.kinds import Kind, register_kind
from tenfold.data.kinds.storage import TABLE, Storage
from tenfold.errors import DataError, UsageError
from tenfold.record.bundle import verify
from tenfold.text import shown

_WORDS = 6


def words_of(lines):
    """The first six words of each text, shape (n, 6); an empty one where there are fewer."""
    return np.array([(line.lower().split() + [""] * _WORDS)[:_WORDS] for line in lines], object)


def _validate(X, name):
    if not isinstance(X, np.ndarray) or X.dtype.kind != "O" or X.shape[1:] != (_WORDS,):
        raise DataError(f"short texts are an array of {_WORDS} words a row", where=name)


def _text(X, row):
    return " ".join(word for word in X[row] if word)


def _ids(X):
    lines = (_text(X, row).encode() for row in range(len(X)))
    return np.array([hashlib.blake2b(line, digest_size=16).hexdigest() for line in lines])


def _values(X):
    return HashingVectorizer(n_features=32).transform(_text(X, row) for row in range(len(X))).toarray()


def _findings(data, targets):
    empty = int((data.X == "").all(axis=1).sum())
    return [Finding("warning", "empty-text", f"{empty} text is empty", count=empty, do="drop it")] if empty else []


@dataclass(frozen=True)
class TextSchema:
    """Any texts will do: what a model of them must be given, and how its golden rows are written."""

    names: tuple[str, ...] = ()
    summary: str = f"texts, of which the first {_WORDS} words count"

    def check(self, X, where=None, start=0):
        _validate(X, where or "texts")
        return X, ()

    def instances(self, rows):
        return rows if isinstance(rows, np.ndarray) and rows.ndim == 2 else words_of(rows)

    def as_dict(self):
        return {"kind": "short-texts"}

    def few_rows(self, X, count):
        return X[:count]

    def plain_rows(self, X):
        return X.tolist()

    def read_rows(self, plain):
        return np.array(plain, object)


TEXTS = register_kind(
    Kind(
        name="short-texts",
        nouns=("text", "texts"),
        validate=_validate,
        size=lambda X: f"up to {_WORDS} words",
        ids=_ids,
        storage=Storage(
            TABLE.files,
            lambda folder, X: TABLE.write(folder, pd.DataFrame(X, columns=[f"word {i}" for i in range(_WORDS)])),
            lambda folder: TABLE.open(folder).to_numpy(object),
        ),
        prepare=lambda layout, need: [("words", OneHotEncoder(handle_unknown="ignore"))],
        width=lambda X, layout: sum(len(set(column)) for column in X.T) // 2,
        values=_values,
        text=lambda X, row: shown(_text(X, row), 60),
        line_up=("logistic", "forest"),
        sparse=True,
        findings=_findings,
        schema=lambda X, layout: TextSchema(),
        read_schema=lambda plain: TextSchema(),
    )
)

_SAID = {"complaint": "late broken refund never again", "praise": "thanks great friendly quick again"}


@pytest.fixture(scope="module")
def texts():
    """160 texts of a few words, of which two classes share some; the first is empty."""
    rng = np.random.default_rng(0)
    labels = np.array(["complaint", "praise"], object)[np.arange(160) % 2]
    common = ["the", "order", "and", "shop", "was", "parcel", "my", "very"]
    lines = [
        " ".join([*rng.choice(_SAID[label].split(), rng.integers(1, 3)), *rng.choice(common, rng.integers(0, 4))])
        for label in labels
    ]
    return Dataset("letters", "short-texts", words_of(["", *lines[1:]]), labels, source="memory")


@pytest.fixture(scope="module")
def run(texts, tmp_path_factory):
    return tenfold.run(texts, cv=3, out=tmp_path_factory.mktemp("texts") / "run")


def test_it_is_checked_and_described(texts):
    assert "empty-text" in {finding.code for finding in check(texts, None, folds=3)}
    assert describe(texts).kind == "short-texts"
    assert repr(texts) == "<Dataset letters: 160 of kind short-texts, up to 6 words, labelled by label>"


def test_its_own_candidates_are_usual_and_beat_the_baseline(run):
    lines = run.out_of_fold
    right = (lines["true"] == lines["predicted"]).groupby(lines["candidate"]).mean()
    assert set(right.index) == {"baseline", "logistic", "forest"}
    assert right.drop("baseline").min() > right["baseline"] + 0.2


def test_equal_texts_stand_in_one_fold(run):
    assert (run.out_of_fold.groupby("id")["fold"].nunique() == 1).all()
    assert run.out_of_fold["id"].duplicated().any()


def test_what_is_finished_is_not_done_again(run, texts):
    time = run.folder.metrics.stat().st_mtime_ns
    again = tenfold.run(texts, cv=3, out=run.path)
    assert again.folder.metrics.stat().st_mtime_ns == time


def test_any_candidate_of_the_catalogue_can_be_asked_for(texts, tmp_path):
    other = tenfold.run(texts, models=["sgd", "knn", "svm", "boosting"], cv=2, out=tmp_path / "run")
    assert set(other.out_of_fold["candidate"]) == {"baseline", "sgd", "knn", "svm", "boosting"}


def test_its_weak_spots_are_groups_of_texts_that_look_alike(run, texts):
    lines = run.out_of_fold.query("candidate == @run.chosen")
    data = texts.take(lines["row"].to_numpy())
    y, predicted = ((lines[name] == "praise").to_numpy(np.int64) for name in ("true", "predicted"))
    weak = weak_spots(PredictedInstances(data, y, predicted, None, False, 0.0, data.labels))
    assert weak.looked_at > 0
    assert sorted(weak.hard.tolist()) == np.flatnonzero(y != predicted).tolist()


def test_the_page_speaks_of_texts(run):
    page = run.folder.report.read_text()
    assert "training texts" in page


def test_what_it_does_not_have_is_refused_in_one_line(run):
    assert not (run.path / "analysis" / "importance.json").exists()
    with pytest.raises(UsageError, match="no part of texts can be shuffled"):
        tenfold.importance(run)


def test_its_model_is_saved_verified_and_predicts(run):
    assert verify(run.path).bit_equal
    model = tenfold.load_model(run.path)
    assert model.predict(["Broken refund never again", "thanks friendly"]).tolist() == ["complaint", "praise"]
