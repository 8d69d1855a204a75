"""What is fitted and saved: every candidate of the catalogue on each sort of data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.record.bundle import Classifier
from tenfold.task import Task

__all__ = ["Case", "Fitted", "cases"]

_QUERIES = 10_000
_LABELS = "large = digit >= 7, odd = digit % 2 == 1"
_FULL_ROWS = {"forest": 60_000, "boosting": 20_000, "knn": 60_000, "baseline": 60_000}
"""MNIST training rows of candidates; the others get `_ROWS`, on which each is fitted in seconds."""
_ROWS, _QUICK_ROWS = 5_000, 1_000
_STREAMED_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class Fitted:
    """
    A fitted model, ready to be saved.

    Parameters
    ----------
    model : Classifier or estimator
        The former with its pipeline; of a denoiser the estimator alone.
    task : Task or None
        None for a denoiser.
    training, queries : ndarray or DataFrame
        The rows it was fitted on, and 10,000 to be predicted, changed a little where there are fewer.
    """

    model: Any
    task: Task | None
    training: Any
    queries: Any


@dataclass(frozen=True, eq=False)
class Case:
    """A line of the table: data, candidate, number of training rows, and what fits it."""

    data: str
    candidate: str
    rows: int
    fit: Callable[[], Fitted]


def cases(*, quick: bool) -> Iterator[Case]:
    """Yield every case in the order of the table."""
    from tenfold.candidates.catalogue import CATALOGUE
    from tenfold.tasks.images.catalogue import CATALOGUE as DENOISERS

    yield from (_case("digits", name, 1_437) for name in CATALOGUE)
    for name in CATALOGUE:
        yield _case("mnist", name, _QUICK_ROWS if quick else _FULL_ROWS.get(name, _ROWS))
    yield from (_case("titanic", name, 712) for name in CATALOGUE)
    yield from (_case("two labels", name, 1_437) for name in (*CATALOGUE, "chain:logistic"))
    yield from (Case("denoise digits", name, 1_437, partial(_denoiser, name)) for name in DENOISERS)
    yield from (Case("streamed", name, _STREAMED_ROWS, partial(_streamed, name)) for name in ("bayes", "sgd"))


def _case(data: str, name: str, rows: int) -> Case:
    return Case(data, name, rows, partial(_classifier, data, name, rows))


@cache
def _data(name: str) -> Dataset:
    import tenfold

    if name == "titanic":
        return tenfold.load(Path(os.environ.get("TENFOLD_DATA", "data")) / "titanic" / "train.csv", target="Survived")
    return tenfold.load("mnist" if name == "mnist" else "digits", labels=_LABELS if name == "two labels" else None)


def _classifier(source: str, name: str, rows: int) -> Fitted:
    from tenfold.candidates.setting import setting_of
    from tenfold.task import infer_task

    data = _data(source)
    task = infer_task(data.labels, target_names=data.target_names)
    training = data.take(np.arange(rows))
    codes, setting = task.encode(training.labels), setting_of(training, task)
    pipeline = task.candidate(name, setting).pipeline
    return _fitted(pipeline, task, training, codes, data.take(np.arange(rows, len(data))))


def _fitted(pipeline: Any, task: Task, training: Dataset, codes: NDArray[Any], others: Dataset) -> Fitted:
    from tenfold.data.kinds.kind import find_kind
    from tenfold.decision.decision import Decision

    _set_jobs(pipeline, -1)
    pipeline.fit(training.X, codes)
    _set_jobs(pipeline, 1)
    probabilities = task.predict(pipeline, training.X[:2]).probabilities
    schema = find_kind(training.kind).schema(training.X)
    model = Classifier(pipeline, task, Decision("argmax", "argmax"), probabilities, schema)
    return Fitted(model, task, training.X, _queries(others))


def _queries(others: Dataset) -> Any:
    """10,000 rows, no two the same: a processor foresees the way that a row goes which it has seen before."""
    from tenfold.data.kinds.kind import find_kind

    kind, random = find_kind(others.kind), np.random.default_rng(0)
    rows = kind.take(others.X, np.resize(np.arange(len(others)), _QUERIES))
    if len(others) >= _QUERIES:
        return rows
    if others.kind == "image":
        noise = random.integers(-1, 2, rows.shape)
        return np.clip(rows + noise, 0, int(rows.max())).astype(np.uint8)
    for part in kind.parts(rows):
        rows = kind.shuffle(rows, part, random.permutation(_QUERIES))
    return rows


def _set_jobs(pipeline: Any, count: int) -> None:
    jobs = {name: count for name in pipeline.get_params() if name.split("__")[-1] == "n_jobs"}
    pipeline.set_params(**jobs)


def _denoiser(name: str) -> Fitted:
    from tenfold.tasks.images.catalogue import entry_of

    clean = np.asarray(_data("digits").X)
    noisy = clean + np.random.default_rng(0).integers(0, 7, clean.shape).astype(np.int16)
    model = entry_of(name).estimator().fit(noisy[:1_437], clean[:1_437])
    return Fitted(model, None, noisy[:1_437], np.resize(noisy[1_437:], (_QUERIES, *noisy.shape[1:])))


def _streamed(name: str) -> Fitted:
    """The pipelines that a streamed run saves, with categories that are known beforehand."""
    import pandas as pd
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    from tenfold import models
    from tenfold.data.kinds.table.preparation import TableColumns, table_parts
    from tenfold.task import infer_task

    random, count = np.random.default_rng(0), _STREAMED_ROWS + _QUERIES
    numbers, names = [f"n{i}" for i in range(10)], [f"c{i}" for i in range(4)]
    values = random.normal(size=(count, len(numbers)))
    values[random.random(values.shape) < 0.05] = np.nan
    known = [np.array([f"k{i:02}" for i in range(20)], object) for _ in names]
    texts = {
        column: categories[random.integers(20, size=count)] for column, categories in zip(names, known, strict=True)
    }
    table = pd.DataFrame({**dict(zip(numbers, values.T, strict=True)), **texts})
    y = np.where(np.nan_to_num(values[:, 0]) + random.normal(size=count) > 0, "yes", "no").astype(object)
    columns = TableColumns(tuple(numbers), tuple(names), ())
    if name == "sgd":
        filled = make_pipeline(SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler())
        one_hot = OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False)
        steps = [("columns", table_parts(columns, filled, one_hot)), ("model", models.SGDClassifier())]
    else:
        codes = OrdinalEncoder(
            categories=known, handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan
        )
        bayes = models.MixedNaiveBayes(categorical=list(range(len(numbers), len(numbers) + len(names))))
        steps = [("columns", table_parts(columns, "passthrough", codes)), ("model", bayes)]
    data = Dataset("streamed", "table", table, y, source="memory")
    training, others = data.take(np.arange(_STREAMED_ROWS)), data.take(np.arange(_STREAMED_ROWS, count))
    task = infer_task(data.labels)
    return _fitted(Pipeline(steps), task, training, task.encode(training.labels), others)
