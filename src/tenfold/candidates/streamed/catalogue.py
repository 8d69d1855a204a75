"""The candidates that are fitted on a stream of rows, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.catalogue import CATALOGUE, resolve
from tenfold.candidates.entry import BASELINE
from tenfold.candidates.scores import Predictions, class_predictions
from tenfold.candidates.setting import Setting
from tenfold.candidates.streamed.preparation import BlockPreparation, coded_from, one_hot_from
from tenfold.candidates.streamed.training import Training
from tenfold.data.streamed.row_store import RowStore
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["STREAMED_CANDIDATES", "StreamedCandidate", "StreamedModel", "refuse_names", "streamed_names"]

_SAMPLE_VALUES = 2_000_000
"""Numbers of a sample in memory: 16 MB, of which the trees make two copies."""
_MOST_PASSES, _ENOUGH_ROWS, _TOLERANCE = 5, 1_000_000, 1e-3
"""Passes over many rows at most; row visits that a small table gets; the improvement of the loss that counts."""


@dataclass(frozen=True, eq=False)
class StreamedModel:
    """
    A model fitted on a stream.

    Parameters
    ----------
    pipeline : Pipeline
        Preparation and model, fitted; it predicts tables.
    fit_rows, available_rows : int
        Number of rows it was fitted on, and of all training rows.
    passes : int
        Number of passes over them.
    """

    pipeline: Pipeline
    fit_rows: int
    available_rows: int
    passes: int = 1

    def predictor(self, store: RowStore, classes: int) -> Callable[[NDArray[Any], NDArray[np.int32]], Predictions]:
        """Return a function that predicts blocks of a store from their numbers (m, p) and codes (m, q)."""
        name, model = self.pipeline.steps[-1]
        last = Pipeline([(name, model)])
        if len(self.pipeline.steps) == 1:
            return lambda numbers, codes: class_predictions(last, np.zeros((len(numbers), 1)), classes)
        prepared = BlockPreparation(self.pipeline.steps[0][1], store)
        return lambda numbers, codes: class_predictions(last, prepared.matrix(numbers, codes), classes)


@dataclass(frozen=True)
class StreamedCandidate:
    """
    A candidate that is fitted on a stream.

    Parameters
    ----------
    name, summary : str
    fit : callable
    seconds : callable
        Estimated time to fit rows and to predict queries: ``seconds(setting, rows, queries)``.
    """

    name: str
    summary: str
    fit: Callable[[Training], StreamedModel]
    seconds: Callable[[Setting, int, int], float]


def _baseline(training: Training) -> StreamedModel:
    """Fit the baseline on the counts of the classes."""
    model = DummyClassifier(strategy="most_frequent")
    codes = np.arange(training.classes)
    model.fit(np.zeros((len(codes), 1)), codes, sample_weight=training.class_rows)
    return StreamedModel(Pipeline([("model", model)]), training.rows, training.rows)


def _sgd(training: Training) -> StreamedModel:
    """Pass over the rows, each time in another order, until the mean loss improves by less than a thousandth."""
    # Only here: a command that fits nothing need not load the compiler of the kernels.
    from tenfold.models import SGDClassifier

    transformer = one_hot_from(training.columns, training.store, training.moments)
    prepared = BlockPreparation(transformer, training.store)
    # One thread, as everywhere in a unit: looking up their number takes longer than a batch.
    model, classes = SGDClassifier(random_state=training.seed, n_jobs=1), np.arange(training.classes)
    most = max(_MOST_PASSES, -(-_ENOUGH_ROWS // max(training.rows, 1)))
    best, passes = np.inf, 0
    while passes < most:
        total_loss, rows_seen = 0.0, 0
        for rows in training.shuffled(passes):
            if not len(rows.y):
                continue
            X = prepared.matrix(rows.numbers, rows.codes)
            if hasattr(model, "coef_"):
                total_loss, rows_seen = total_loss + _hinge(model.decision_function(X), rows.y), rows_seen + len(rows.y)
            model.partial_fit(X, rows.y, classes=classes)
        passes += 1
        loss = total_loss / rows_seen if rows_seen else np.inf
        if loss > best - _TOLERANCE and passes * training.rows >= _ENOUGH_ROWS:
            break
        best = min(best, loss)
    return StreamedModel(Pipeline([("columns", transformer), ("model", model)]), training.rows, training.rows, passes)


def _hinge(scores: NDArray[np.float64], y: NDArray[np.int64]) -> float:
    """Return the hinge loss, summed over rows, the mean over one-vs-rest detectors."""
    if scores.ndim == 1:
        return float(np.maximum(0, 1 - np.where(y == 1, scores, -scores)).sum())
    signed = -scores
    signed[np.arange(len(y)), y] *= -1
    return float(np.maximum(0, 1 - signed).mean(axis=1).sum())


def _bayes(training: Training) -> StreamedModel:
    """Fit naive Bayes in one pass."""
    from tenfold.models import MixedNaiveBayes

    transformer = coded_from(training.columns, training.store, training.moments)
    prepared = BlockPreparation(transformer, training.store)
    texts = list(range(prepared.width - prepared.texts, prepared.width))
    model, classes = MixedNaiveBayes(categorical=texts or None), np.arange(training.classes)
    for rows in training.in_order():
        if len(rows.y):
            model.partial_fit(prepared.matrix(rows.numbers, rows.codes), rows.y, classes=classes)
    return StreamedModel(Pipeline([("columns", transformer), ("model", model)]), training.rows, training.rows)


def _boosting(training: Training) -> StreamedModel:
    """Fit the candidate `boosting` on a sample that fits in memory, its texts coded by all rows."""
    transformer = coded_from(training.columns, training.store, training.moments)
    prepared = BlockPreparation(transformer, training.store)
    model = _trees(training, prepared.texts)
    most = min(_SAMPLE_VALUES // max(prepared.width, 1), training.rows)
    X, y = np.empty((most + most // 10 + 1000, prepared.width)), []
    n_rows = 0
    for rows in training.sample(most):
        some = prepared.matrix(rows.numbers, rows.codes)[: len(X) - n_rows]
        X[n_rows : n_rows + len(some)] = some
        n_rows += len(some)
        y.append(rows.y[: len(some)])
    model.fit(X[:n_rows], np.concatenate(y))
    return StreamedModel(Pipeline([("columns", transformer), ("model", model)]), n_rows, training.rows)


def _trees(training: Training, texts: int) -> Any:
    """Return the model of the candidate `boosting`, its last columns being codes of texts."""
    columns = training.columns
    setting = Setting("table", training.rows, _width(columns), training.classes, columns, training.seed)
    model = clone(resolve("boosting", setting).pipeline.steps[-1][1])
    numbers = len(columns.numbers)
    return model.set_params(categorical_features=list(range(numbers, numbers + texts)) or None)


def _width(columns: Any) -> int:
    return max(len(columns.numbers) + len(columns.categories), 1)


def _cost(each_row: float, each_query: float) -> Callable[[Setting, int, int], float]:
    def seconds(setting: Setting, rows: int, queries: int) -> float:
        return 0.05 + (each_row * rows + each_query * queries) * (setting.values + 10)

    return seconds


def _boosting_seconds(setting: Setting, rows: int, queries: int) -> float:
    sampled = min(rows, _SAMPLE_VALUES // max(setting.values, 1))
    return (0.5 + 7e-7 * sampled * setting.values + 6e-6 * queries) * setting.detectors


STREAMED_CANDIDATES: Mapping[str, StreamedCandidate] = {
    one.name: one
    for one in (
        StreamedCandidate(BASELINE, "always answers the most frequent class", _baseline, _cost(0.0, 1e-10)),
        StreamedCandidate("sgd", "linear classifier, several passes in shuffled order", _sgd, _cost(5e-8, 4e-9)),
        StreamedCandidate("bayes", "naive Bayes of numbers and texts, in one pass", _bayes, _cost(1.6e-8, 1.2e-8)),
        StreamedCandidate(
            "boosting", "histogram trees, from a drawn sample that fits in memory", _boosting, _boosting_seconds
        ),
    )
}
"""The candidates by name."""


def streamed_names(names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the candidates of a streamed run, the baseline first; all by default."""
    return tuple(dict.fromkeys((BASELINE, *(names or tuple(STREAMED_CANDIDATES)))))


def refuse_names(names: tuple[str, ...], rows: int, fits: int) -> None:
    """
    Refuse candidates that cannot be fitted on a stream.

    Parameters
    ----------
    names : tuple of str
    rows : int
        Number of rows of the table.
    fits : int
        Number of rows of its width that fit in memory.

    Raises
    ------
    UsageError
        The message says how many rows fit, and what streams.
    """
    for name in names:
        if name in STREAMED_CANDIDATES:
            continue
        base = name.split(":")[0]
        choices = ", ".join(STREAMED_CANDIDATES)
        known = base in CATALOGUE or (near(base, CATALOGUE) and not near(base, STREAMED_CANDIDATES))
        if not known and ":" not in name:
            raise UsageError(f"no model '{shown(name)}'.{near(base, STREAMED_CANDIDATES)}", do=f"choose from {choices}")
        raise UsageError(
            f"'{shown(name)}' needs all rows in memory at once: about {fits:,} rows of this table fit, there are "
            f"{rows:,}",
            where="--models",
            do=f"choose from {choices}, or give a part of the table",
        )
