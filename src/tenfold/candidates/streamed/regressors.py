"""Regressors that are fitted on a stream of rows."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE
from tenfold.candidates.streamed.model import StreamedCandidate, StreamedModel, seconds_by_row
from tenfold.candidates.streamed.passes import passes_until_settled
from tenfold.candidates.streamed.preparation import BlockPreparation, one_hot_from
from tenfold.candidates.streamed.training import Training
from tenfold.candidates.streamed.trees import boosting, boosting_seconds

__all__ = ["REGRESSORS"]

Floats = NDArray[np.float64]
_RATE, _GROWTH = 0.01, 2.0
"""Steps at most, and the loss, of which 1 is that of the mean, that tells that steps are too long."""


def _baseline(training: Training) -> StreamedModel:
    """Fit the baseline on the mean."""
    model = DummyRegressor(strategy="mean").fit(np.zeros((1, 1)), training.target_moments.mean)
    return StreamedModel(Pipeline([("model", model)]), training.rows, training.rows)


def _line(alpha: float, training: Training) -> StreamedModel:
    """Solve the equations of all rows, whose sums are taken in one pass."""
    from tenfold.models import MomentsRegression

    transformer = one_hot_from(training.columns, training.store, training.moments)
    prepared, model = BlockPreparation(transformer, training.store), MomentsRegression(alpha)
    for rows in training.in_order():
        if len(rows.y):
            model.add(prepared.matrix(rows.numbers, rows.codes), rows.y)
    model.solve()
    return StreamedModel(Pipeline([("columns", transformer), ("model", model)]), training.rows, training.rows)


def _sgd(training: Training) -> StreamedModel:
    """Fit weights pass by pass, to targets of deviation 1 about 0; then bring them to the unit of the target."""
    from tenfold.models import SGDRegressor

    transformer = one_hot_from(training.columns, training.store, training.moments)
    prepared, moments = BlockPreparation(transformer, training.store), training.target_moments
    mean, deviation = float(moments.mean[0]), float(np.sqrt(moments.squares[0] / moments.rows)) or 1.0
    rate = min(_RATE, 0.5 / max(prepared.width, 1))
    model = SGDRegressor(random_state=training.seed, n_jobs=1, eta0=rate)

    def loss(X: Floats, y: Floats) -> float | None:
        return float(((model.predict(X) - (y - mean) / deviation) ** 2).sum()) if hasattr(model, "coef_") else None

    def learn(X: Floats, y: Floats) -> None:
        model.partial_fit(X, (y - mean) / deviation)

    with warnings.catch_warnings():
        # A batch more may well double what little is left of the loss; what counts is a pass.
        warnings.simplefilter("ignore", ConvergenceWarning)
        passes, last = passes_until_settled(training, prepared, loss, learn)
    if not last <= _GROWTH:
        warnings.warn(
            f"steps of {rate:.2g} diverge: the squared error is {last:.3g} times that of the mean",
            ConvergenceWarning,
            stacklevel=2,
        )
    model.coef_, model.intercept_ = model.coef_ * deviation, model.intercept_ * deviation + mean
    return StreamedModel(Pipeline([("columns", transformer), ("model", model)]), training.rows, training.rows, passes)


REGRESSORS = (
    StreamedCandidate(BASELINE, "always predicts the mean", _baseline, seconds_by_row(1e-10, 1e-10)),
    StreamedCandidate(
        "linear", "least squares, solved after one pass", partial(_line, 0.0), seconds_by_row(2e-8, 4e-9)
    ),
    StreamedCandidate(
        "ridge", "least squares with a penalty, solved after one pass", partial(_line, 1.0), seconds_by_row(2e-8, 4e-9)
    ),
    StreamedCandidate("sgd", "linear regression, several passes in shuffled order", _sgd, seconds_by_row(5e-8, 4e-9)),
    StreamedCandidate(
        "boosting", "histogram trees, from a drawn sample that fits in memory", boosting, boosting_seconds
    ),
)
"""In the order they are judged."""
