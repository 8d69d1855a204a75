"""The candidates that learn from a stream, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.catalogue import BASELINE, CATALOGUE, resolve
from tenfold.candidates.scores import Predictions, class_predictions
from tenfold.candidates.setting import Setting
from tenfold.candidates.streamed.preparation import BlockPreparation, coded_from, one_hot_from
from tenfold.candidates.streamed.training import Training
from tenfold.data.streamed.row_store import Spool
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["LEARNERS", "Learner", "Learnt", "refuse_names", "streamed_names"]

_SAMPLE_VALUES = 2_000_000
"""Numbers that are held at once to learn from a sample: 16 MB of them, of which the trees make two copies."""
_MOST_PASSES, _ENOUGH_ROWS, _TOLERANCE = 5, 1_000_000, 1e-3
"""Passes over many rows at most; rows, met again or not, that a small table is gone over for; what still improves."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """
    A model that has learnt.

    Parameters
    ----------
    pipeline : Pipeline
        Preparation and model, fitted; it answers tables.
    learnt_from, of : int
        Rows it has learnt from, and rows that it might have.
    passes : int
        Times that it went over them.
    """

    pipeline: Pipeline
    learnt_from: int
    of: int
    passes: int = 1

    def answering(self, spool: Spool, classes: int) -> Callable[[NDArray[Any], NDArray[np.int32]], Predictions]:
        """Give what answers blocks of a spool: their numbers (m, p) and codes (m, q)."""
        name, model = self.pipeline.steps[-1]
        last = Pipeline([(name, model)])
        if len(self.pipeline.steps) == 1:
            return lambda numbers, codes: class_predictions(last, np.zeros((len(numbers), 1)), classes)
        prepared = BlockPreparation(self.pipeline.steps[0][1], spool)
        return lambda numbers, codes: class_predictions(last, prepared.matrix(numbers, codes), classes)


@dataclass(frozen=True)
class Learner:
    """
    A candidate that learns from a stream.

    Parameters
    ----------
    name, summary : str
    learn : callable
    seconds : callable
        Roughly, to learn from rows and to answer queries: ``seconds(setting, rows, queries)``.
    """

    name: str
    summary: str
    learn: Callable[[Training], Learnt]
    seconds: Callable[[Setting, int, int], float]


def _baseline(training: Training) -> Learnt:
    """The counts of the classes are all it needs to know."""
    model = DummyClassifier(strategy="most_frequent")
    codes = np.arange(training.classes)
    model.fit(np.zeros((len(codes), 1)), codes, sample_weight=training.class_rows)
    return Learnt(Pipeline([("model", model)]), training.rows, training.rows)


def _sgd(training: Training) -> Learnt:
    """Go over the rows, each time in another order, until that no longer lowers the mean loss by a thousandth."""
    # Only here: a command that fits nothing need not load the compiler of the kernels.
    from tenfold.models import SGDClassifier

    transformer = one_hot_from(training.columns, training.spool, training.moments)
    prepared = BlockPreparation(transformer, training.spool)
    # One thread, as everywhere in a unit: to ask how many there are takes longer than a batch does.
    model, classes = SGDClassifier(random_state=training.seed, n_jobs=1), np.arange(training.classes)
    most = max(_MOST_PASSES, -(-_ENOUGH_ROWS // max(training.rows, 1)))
    best, passes = np.inf, 0
    while passes < most:
        lost, met = 0.0, 0
        for rows in training.shuffled(passes):
            if not len(rows.y):
                continue
            X = prepared.matrix(rows.numbers, rows.codes)
            if hasattr(model, "coef_"):
                lost, met = lost + _hinge(model.decision_function(X), rows.y), met + len(rows.y)
            model.partial_fit(X, rows.y, classes=classes)
        passes += 1
        loss = lost / met if met else np.inf
        if loss > best - _TOLERANCE and passes * training.rows >= _ENOUGH_ROWS:
            break
        best = min(best, loss)
    return Learnt(Pipeline([("columns", transformer), ("model", model)]), training.rows, training.rows, passes)


def _hinge(scores: NDArray[np.float64], y: NDArray[np.int64]) -> float:
    """The summed loss of rows before they are learnt from: each detector's, the mean over detectors."""
    if scores.ndim == 1:
        return float(np.maximum(0, 1 - np.where(y == 1, scores, -scores)).sum())
    signed = -scores
    signed[np.arange(len(y)), y] *= -1
    return float(np.maximum(0, 1 - signed).mean(axis=1).sum())


def _bayes(training: Training) -> Learnt:
    """Sums over the rows, in one pass."""
    from tenfold.models import MixedNaiveBayes

    transformer = coded_from(training.columns, training.spool, training.moments)
    prepared = BlockPreparation(transformer, training.spool)
    texts = list(range(prepared.width - prepared.texts, prepared.width))
    model, classes = MixedNaiveBayes(categorical=texts or None), np.arange(training.classes)
    for rows in training.in_order():
        if len(rows.y):
            model.partial_fit(prepared.matrix(rows.numbers, rows.codes), rows.y, classes=classes)
    return Learnt(Pipeline([("columns", transformer), ("model", model)]), training.rows, training.rows)


def _boosting(training: Training) -> Learnt:
    """The catalogue's own trees, on a sample that fits in memory; its texts are coded as all rows say."""
    transformer = coded_from(training.columns, training.spool, training.moments)
    prepared = BlockPreparation(transformer, training.spool)
    model = _trees(training, prepared.texts)
    most = min(_SAMPLE_VALUES // max(prepared.width, 1), training.rows)
    X, y = np.empty((most + most // 10 + 1000, prepared.width)), []
    held = 0
    for rows in training.sample(most):
        some = prepared.matrix(rows.numbers, rows.codes)[: len(X) - held]
        X[held : held + len(some)] = some
        held += len(some)
        y.append(rows.y[: len(some)])
    model.fit(X[:held], np.concatenate(y))
    return Learnt(Pipeline([("columns", transformer), ("model", model)]), held, training.rows)


def _trees(training: Training, texts: int) -> Any:
    """The model of the candidate `boosting`, its last columns being codes of texts."""
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


LEARNERS: Mapping[str, Learner] = {
    one.name: one
    for one in (
        Learner(BASELINE, "always answers the most frequent class", _baseline, _cost(0.0, 1e-10)),
        Learner("sgd", "linear classifier, several passes in shuffled order", _sgd, _cost(5e-8, 4e-9)),
        Learner("bayes", "naive Bayes of numbers and texts, in one pass", _bayes, _cost(1.6e-8, 1.2e-8)),
        Learner("boosting", "histogram trees, from a drawn sample that fits in memory", _boosting, _boosting_seconds),
    )
}
"""By name; each streams."""


def streamed_names(asked: tuple[str, ...] | None) -> tuple[str, ...]:
    """Give the candidates of a streamed run, the baseline first."""
    return tuple(dict.fromkeys((BASELINE, *(asked or tuple(LEARNERS)))))


def refuse_names(names: tuple[str, ...], rows: int, fits: int) -> None:
    """
    Refuse candidates that cannot learn from a stream.

    Parameters
    ----------
    names : tuple of str
        As asked.
    rows : int
        Of the table.
    fits : int
        Rows of its width that would fit in memory.

    Raises
    ------
    UsageError
        The message says how many rows fit, and what streams.
    """
    for name in names:
        if name in LEARNERS:
            continue
        base = name.split(":")[0]
        known = ", ".join(LEARNERS)
        if base not in CATALOGUE and not near(base, CATALOGUE) and ":" not in name:
            raise UsageError(f"no model '{shown(name)}'.{near(base, LEARNERS)}", do=f"choose from {known}")
        raise UsageError(
            f"'{shown(name)}' needs all rows in memory at once: about {fits:,} rows of this table fit, there are "
            f"{rows:,}",
            where="--models",
            do=f"choose from {known}, or give a part of the table",
        )
