"""The error of a fitted model after each stage of its fit: fewer trees, fewer epochs, or losses that it has kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.multioutput import MultiOutputRegressor, RegressorChain
from sklearn.pipeline import Pipeline

from tenfold.analysis.training.curve import Measure, Reason, TrainingCurve, Unit, before_late, nearest_stage
from tenfold.figures.intervals.closed import mean_interval

__all__ = ["TrainingRows", "has_stages", "training_curve"]

Floats = NDArray[np.float64]

_EVEN, _EARLY = 48, 14
_EVEN_REFITS, _EARLY_REFITS = 4, 8
_OWN = ("SGDRegressor", "SoftmaxRegression")
_SMALLEST = 1e-15
"""Probability whose logarithm is taken instead of that of 0."""


@dataclass(frozen=True, eq=False)
class TrainingRows:
    """
    Rows as a pipeline takes them, with what is true of them.

    Parameters
    ----------
    X : array-like of n rows
    y : ndarray of n rows
        As the pipeline was fitted on it: codes of classes, or quantities, shape (n,) or (n, targets).
    """

    X: Any
    y: NDArray[Any]

    @property
    def first(self) -> NDArray[Any]:
        """Of several targets the first, shape (n,)."""
        return self.y if self.y.ndim == 1 else self.y[:, 0]


def training_curve(
    pipeline: Pipeline, fitted: TrainingRows, some: TrainingRows, unseen: TrainingRows, metric: str = "rmse"
) -> TrainingCurve | None:
    """
    Return how the error fell while a pipeline was fitted.

    Boosting predicts by its first trees alone; our linear regression is fitted again with fewer epochs, which are the
    first ones of the same fit; softmax regression has kept its own losses.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    fitted : TrainingRows
        All rows that it was fitted on.
    some : TrainingRows
        Those of them whose error is computed.
    unseen : TrainingRows
        Rows that it was not fitted on.
    metric : str
        With "mae" the error of quantities is the mean absolute one.

    Returns
    -------
    TrainingCurve or None
        None where the last step has no stages that can be looked at.

    Examples
    --------
    >>> X = np.linspace(0, 6, 300)[:, None]
    >>> model = HistGradientBoostingRegressor(max_iter=40, early_stopping=False)
    >>> pipeline = Pipeline([("model", model)]).fit(X[::2], np.sin(X[::2, 0]))
    >>> rows = TrainingRows(X[::2], np.sin(X[::2, 0])), TrainingRows(X[1::2], np.sin(X[1::2, 0]))
    >>> curve = training_curve(pipeline, rows[0], *rows)
    >>> curve.unit, curve.stages[-1], curve.reason, curve.held_out[-1] < curve.held_out[0] / 5
    ('round', 40, 'most', True)
    """
    model = _of_first_target(pipeline[-1])
    inner = getattr(model, "regressor_", model)
    if not has_stages(pipeline):
        return None
    if isinstance(inner, HistGradientBoostingRegressor | HistGradientBoostingClassifier):
        return _of_boosting(model, inner, (_prepared(pipeline, some), _prepared(pipeline, unseen)), metric)
    if type(inner).__name__ == "SoftmaxRegression":
        return _of_softmax(inner, len(fitted.y))
    train = _prepared(pipeline, fitted)
    whole = train if model is pipeline[-1] else TrainingRows(train.X, train.first)
    return _of_epochs(model, inner, whole, (_prepared(pipeline, some), _prepared(pipeline, unseen)), metric)


def has_stages(pipeline: Pipeline) -> bool:
    """Return whether the last step of a fitted pipeline was fitted by stages that can be looked at."""
    model = _of_first_target(pipeline[-1])
    inner = getattr(model, "regressor_", model)
    if isinstance(inner, HistGradientBoostingRegressor | HistGradientBoostingClassifier):
        return True
    # Told by name: a table of trees need not load the compiler of our kernels.
    return type(inner).__module__.startswith("tenfold.models.") and type(inner).__name__ in _OWN


def _prepared(pipeline: Pipeline, rows: TrainingRows) -> TrainingRows:
    """Rows as the last step takes them."""
    return TrainingRows(pipeline[:-1].transform(rows.X) if len(pipeline) > 1 else rows.X, rows.y)


def _of_first_target(model: Any) -> Any:
    """The fitted model of the first target, where each has its own."""
    apart = isinstance(model, MultiOutputRegressor | RegressorChain)
    return model.estimators_[0] if apart else model


def _of_boosting(model: Any, inner: Any, parts: tuple[TrainingRows, TrainingRows], metric: str) -> TrainingCurve:
    rounds = int(inner.n_iter_)
    stages = _spread(rounds, _EVEN, _EARLY)
    losses = [list(_staged_losses(model, inner, part, stages, metric)) for part in parts]
    stopped = bool(inner.do_early_stopping_) and rounds < inner.max_iter
    reason: Reason = "most" if not stopped else "training" if inner.validation_fraction is None else "held-out"
    patience = int(inner.n_iter_no_change) if inner.do_early_stopping_ else None
    measure = _measure(inner, metric)
    return _curve("round", measure, stages, (losses[0], losses[1]), rounds, reason, patience)


def _staged_losses(
    model: Any, inner: Any, part: TrainingRows, stages: list[int], metric: str
) -> Iterator[Floats]:  # fmt: skip
    """The loss of each row after each of some numbers of trees."""
    wanted = set(stages)
    if isinstance(inner, HistGradientBoostingClassifier):
        is_own = part.y[:, None] == inner.classes_
        for number, shares in enumerate(inner.staged_predict_proba(part.X), 1):
            if number in wanted:
                yield -np.log(np.maximum((shares * is_own).sum(axis=1), _SMALLEST))
        return
    for number, predicted in enumerate(inner.staged_predict(part.X), 1):
        if number in wanted:
            yield _quantity_losses(part.first, _in_own_unit(model, predicted), metric)


def _in_own_unit(model: Any, predicted: Floats) -> Floats:
    if not isinstance(model, TransformedTargetRegressor):
        return predicted
    return np.asarray(model.transformer_.inverse_transform(predicted[:, None])).ravel()


def _quantity_losses(y: Floats, predicted: Floats, metric: str) -> Floats:
    return np.abs(predicted - y) if metric == "mae" else np.square(predicted - y)


def _measure(inner: Any, metric: str) -> Measure:
    if isinstance(inner, HistGradientBoostingClassifier):
        return "log_loss"
    return "mae" if metric == "mae" else "rmse"


def _of_epochs(
    model: Any, inner: Any, train: TrainingRows, parts: tuple[TrainingRows, TrainingRows], metric: str
) -> TrainingCurve:  # fmt: skip
    epochs = int(np.isfinite(np.atleast_2d(inner.loss_curve_.T)[0]).sum())
    best = int(np.ravel(inner.best_epoch_)[0]) if inner.restore_best else epochs
    stages = _spread(epochs, _EVEN_REFITS, _EARLY_REFITS)
    losses: tuple[list[Floats], list[Floats]] = ([], [])
    for stage in stages:
        first = _with_epochs(model, stage).fit(train.X, train.y)
        for part, kept in zip(parts, losses, strict=True):
            predicted = np.asarray(first.predict(part.X)).reshape(len(part.y), -1)[:, 0]
            kept.append(_quantity_losses(part.first, predicted, metric))
    if epochs == inner.max_iter:
        reason: Reason = "most"
    else:
        reason = "held-out" if inner.early_stopping else "training"
    return _curve("epoch", _measure(inner, metric), stages, losses, best, reason, int(inner.n_iter_no_change))


def _with_epochs(model: Any, epochs: int) -> Any:
    """The same model, unfitted, that ends after so many epochs with the weights of the last one."""
    prefix = "regressor__" if isinstance(model, TransformedTargetRegressor) else ""
    return clone(model).set_params(**{f"{prefix}max_iter": epochs, f"{prefix}restore_best": False})


def _of_softmax(model: Any, rows: int) -> TrainingCurve | None:
    if model.validation_curve_ is None:
        return None
    made = int(model.n_iter_)
    stages = _spread(made, _EVEN, _EARLY)
    places = np.array(stages) - 1
    if made - int(model.best_epoch_) >= model.n_iter_no_change:
        reason: Reason = "held-out"
    else:
        reason = "slope" if made < model.max_iter else "most"
    held_out = int(np.ceil(rows * model.validation_fraction))
    return TrainingCurve(
        "step",
        "log_loss",
        tuple(stages),
        tuple(model.loss_curve_[places].tolist()),
        tuple(model.validation_curve_[places].tolist()),
        rows - held_out,
        held_out,
        own=True,
        best=int(model.best_epoch_),
        reason=reason,
        patience=int(model.n_iter_no_change),
    )


def _spread(made: int, evenly: int, early: int) -> list[int]:
    """Numbers from 1 to all that were made: evenly, and more of the first ones, where most happens."""
    places = np.concatenate([np.linspace(1, made, evenly), np.geomspace(1, made, early)])
    return [int(place) for place in np.unique(np.rint(places))]


def _curve(
    unit: Unit,
    measure: Measure,
    stages: list[int],
    losses: tuple[list[Floats], list[Floats]],
    best: int,
    reason: Reason,
    patience: int | None,
) -> TrainingCurve:
    means = [np.array([one.mean() for one in part]) for part in losses]
    training, held_out = (np.sqrt(mean) if measure == "rmse" else mean for mean in means)
    return TrainingCurve(
        unit,
        measure,
        tuple(stages),
        tuple(training.tolist()),
        tuple(held_out.tolist()),
        len(losses[0][0]),
        len(losses[1][0]),
        own=False,
        best=best,
        reason=reason,
        patience=patience,
        late=_added(losses[1][before_late(stages)], losses[1][-1]),
        past=_added(losses[1][int(held_out.argmin())], losses[1][nearest_stage(stages, best)]),
    )


def _added(before: Floats, after: Floats) -> tuple[float, float] | None:
    """Ends of the interval of the mean difference of losses; None of a single row."""
    low, high = mean_interval(after - before)
    return None if low is None or high is None else (low, high)
