"""Classifiers that are fitted on a stream of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE
from tenfold.candidates.streamed.model import StreamedCandidate, StreamedModel, seconds_by_row
from tenfold.candidates.streamed.passes import passes_until_settled
from tenfold.candidates.streamed.preparation import BlockPreparation, coded_from, one_hot_from
from tenfold.candidates.streamed.training import Training
from tenfold.candidates.streamed.trees import boosting, boosting_seconds

__all__ = ["CLASSIFIERS"]


def _baseline(training: Training) -> StreamedModel:
    """Fit the baseline on the counts of the classes."""
    model = DummyClassifier(strategy="most_frequent")
    codes = np.arange(training.classes)
    model.fit(np.zeros((len(codes), 1)), codes, sample_weight=training.class_rows)
    return StreamedModel(Pipeline([("model", model)]), training.rows, training.rows)


def _sgd(training: Training) -> StreamedModel:
    """Fit one-vs-rest detectors pass by pass."""
    # Only here: a command that fits nothing need not load the compiler of the kernels.
    from tenfold.models import SGDClassifier

    transformer = one_hot_from(training.columns, training.store, training.moments)
    # One thread, as everywhere in a unit: looking up their number takes longer than a batch.
    model, classes = SGDClassifier(random_state=training.seed, n_jobs=1), np.arange(training.classes)

    def loss(X: NDArray[np.float64], y: NDArray[np.int64]) -> float | None:
        return _hinge(model.decision_function(X), y) if hasattr(model, "coef_") else None

    def learn(X: NDArray[np.float64], y: NDArray[np.int64]) -> None:
        model.partial_fit(X, y, classes=classes)

    passes, _ = passes_until_settled(training, BlockPreparation(transformer, training.store), loss, learn)
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


CLASSIFIERS = (
    StreamedCandidate(BASELINE, "always answers the most frequent class", _baseline, seconds_by_row(0.0, 1e-10)),
    StreamedCandidate("sgd", "linear classifier, several passes in shuffled order", _sgd, seconds_by_row(5e-8, 4e-9)),
    StreamedCandidate("bayes", "naive Bayes of numbers and texts, in one pass", _bayes, seconds_by_row(1.6e-8, 1.2e-8)),
    StreamedCandidate(
        "boosting", "histogram trees, from a drawn sample that fits in memory", boosting, boosting_seconds
    ),
)
"""In the order they are judged."""
