"""Figures of the scores' order: ROC AUC and average precision, one against the rest, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.classes import HasClasses
from tenfold.figures.curves.curves import average_precision, roc_auc, threshold_curve
from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import logit_interval, stratified_variance, wilson
from tenfold.figures.intervals.influence import Influence, ranking_influences
from tenfold.figures.metrics import macro, weighted
from tenfold.figures.rows import Rows
from tenfold.text import shown

__all__ = ["NO_SCORES", "ranking_estimate", "ranking_estimates", "ranking_influence"]

Floats = NDArray[np.float64]
NO_SCORES = "the candidate gives no scores"
_NAMES = ("roc_auc", "average_precision")
_INTERVALS = ("DeLong 95%, in the log odds", "infinitesimal jackknife 95%, in the log odds")
_AVERAGES = {"macro": macro, "weighted": weighted}


@dataclass(frozen=True)
class _OneVsRest:
    """One of the two figures for each score column: values and influences, and the value on each fold."""

    influences: tuple[Influence, ...]
    folds: Floats
    reasons: tuple[str | None, ...]


def ranking_estimates(task: HasClasses, rows: Rows) -> dict[str, Estimate]:
    """
    Estimate ROC AUC and average precision: plain keys if binary, else averages and one a class.

    Examples
    --------
    >>> from tenfold.figures.classes import Classes
    >>> from tenfold.figures.rows import checked_rows
    >>> task, y = Classes(("no", "yes"), positive="yes"), np.array([0, 1, 0, 1])
    >>> rows = checked_rows(task, y, y, [0.1, 0.4, 0.35, 0.3], probabilities=False)
    >>> ranking_estimates(task, rows)["roc_auc"].value
    0.75
    """
    rankings = _one_vs_rest(rows)
    estimates: dict[str, Estimate] = {}
    for which, name in enumerate(_NAMES):
        for column, c in enumerate(rows.scored):
            key = name if task.positive is not None else f"{name}:{rows.classes[c]}"
            estimates[key] = _of_class(rows, rankings[which], which, column)
        if task.positive is None:
            estimates |= {f"{name}_{label}": _averaged(rows, rankings[which], which, label) for label in _AVERAGES}
    return estimates


def ranking_influence(rows: Rows, which: int, label: str | None, column: int = 0) -> Influence:
    """Influence of each row on a figure (0 ROC AUC, 1 average precision) of a score column, or on an average."""
    if rows.scores is None:
        return Influence(None, np.zeros(len(rows.y)))
    if label is None:
        return ranking_influences(rows.positive(column), rows.scores[:, column], rows.weight)[which]
    return _average_influence(rows, _one_vs_rest(rows, with_folds=False)[which], label)


def _one_vs_rest(rows: Rows, with_folds: bool = True) -> tuple[_OneVsRest, _OneVsRest]:
    columns = len(rows.scored)
    if rows.scores is None:
        nothing = (Influence(None, np.zeros(len(rows.y))),) * columns
        empty = _OneVsRest(nothing, np.full((rows.folds, columns), np.nan), (NO_SCORES,) * columns)
        return empty, empty
    pairs = [ranking_influences(rows.positive(c), rows.scores[:, c], rows.weight) for c in range(columns)]
    folds = _on_folds(rows, rows.scores) if with_folds else np.empty((2, 0, columns))
    return (
        _OneVsRest(tuple(pair[0] for pair in pairs), folds[0], tuple(_reason(rows, c, 0) for c in range(columns))),
        _OneVsRest(tuple(pair[1] for pair in pairs), folds[1], tuple(_reason(rows, c, 1) for c in range(columns))),
    )


def _on_folds(rows: Rows, scores: Floats) -> Floats:
    """Both figures, shape (2, f, s), on each fold alone; NaN where undefined."""
    values = np.full((2, rows.folds, len(rows.scored)), np.nan)
    for f in range(rows.folds):
        inside = np.flatnonzero(rows.fold == f)
        weight = None if rows.weight is None else rows.weight[inside]
        for c in range(len(rows.scored)):
            curve = threshold_curve(rows.positive(c)[inside], scores[inside, c], weight)
            for which, value in enumerate((roc_auc(curve), average_precision(curve))):
                values[which, f, c] = np.nan if value is None else value
    return values


def _reason(rows: Rows, column: int, which: int) -> str | None:
    positive, name = rows.positive(column), shown(rows.classes[rows.scored[column]])
    if not positive.any():
        return f"there is no row of class '{name}'"
    return f"there is no row of another class than '{name}'" if which == 0 and positive.all() else None


def _of_class(rows: Rows, ranking: _OneVsRest, which: int, column: int) -> Estimate:
    folds = _tuple(ranking.folds[:, column])
    return _estimate(rows, ranking.influences[column], which, (column,), folds, ranking.reasons[column])


def _averaged(rows: Rows, ranking: _OneVsRest, which: int, label: str) -> Estimate:
    fold_rows = rows.fold_matrices().sum(-1)
    folds = _tuple(_AVERAGES[label](ranking.folds, fold_rows))
    reason = next((reason for reason in ranking.reasons if reason), None)
    return _estimate(
        rows, _average_influence(rows, ranking, label), which, tuple(range(len(rows.scored))), folds, reason
    )


def _average_influence(rows: Rows, ranking: _OneVsRest, label: str) -> Influence:
    """Join the classes row by row: the same rows make all their figures, so their errors are not independent."""
    values = np.array([np.nan if one.value is None else one.value for one in ranking.influences])
    actual = np.bincount(rows.y, rows.weight, minlength=len(rows.classes)).astype(np.float64)
    value = float(_AVERAGES[label](values, actual))
    if not np.isfinite(value):
        return Influence(None, np.zeros(len(rows.y)))
    portions = np.full(len(values), 1 / len(values)) if label == "macro" else actual / actual.sum()
    total = np.zeros(len(rows.y))
    for portion, one in zip(portions, ranking.influences, strict=True):
        total += portion * one.rows
    if label == "weighted":
        # More of a row is also more of its class, whose figure then counts for more.
        own = 1.0 if rows.weight is None else rows.weight
        total += own * (values[rows.y] - value) / actual.sum()
    return Influence(value, total)


def _tuple(values: Floats) -> tuple[float | None, ...]:
    return tuple(float(value) if np.isfinite(value) else None for value in values)


def _estimate(
    rows: Rows,
    influence: Influence,
    which: int,
    columns: tuple[int, ...],
    folds: tuple[float | None, ...],
    reason: str | None,
) -> Estimate:
    sizes = [int(rows.positive(column).sum()) for column in columns]
    error = 0.0 if influence.value is None else stratified_variance(influence.rows, rows.y, len(rows.classes)) ** 0.5
    return ranking_estimate(influence.value, error, len(rows.y), sizes, which, folds, reason)


def ranking_estimate(
    value: float | None,
    error: float,
    n: int,
    sizes: Sequence[int],
    which: int,
    folds: tuple[float | None, ...],
    reason: str | None,
) -> Estimate:
    """
    Estimate a figure of the scores' order.

    Parameters
    ----------
    value : float or None
        None where it is undefined.
    error : float
        Its standard error by the influence of the rows.
    n : int
        Rows.
    sizes : sequence of int
        Rows of each class that it is about.
    which : {0, 1}
        ROC AUC or average precision.
    folds : tuple of (float or None)
        The value on each fold alone.
    reason : str or None
        Why it is undefined.
    """
    positives = sizes[0] if len(sizes) == 1 else None
    if value is None:
        return Estimate(None, None, None, n, "", positives, folds, reason=reason)
    fewest = min(min(size, n - size or size) for size in sizes if size)
    low, high, kind = _interval(value, error, fewest, which)
    return Estimate(value, low, high, n, kind, positives, folds)


def _interval(value: float, error: float, fewest: int, which: int) -> tuple[float | None, float | None, str]:
    if value in {0.0, 1.0}:
        # No row out of place shows no spread to measure; as many independent comparisons as the rarer class has
        # rows were all won (or lost), which bounds the chance of winning one.
        low, high = wilson(value * fewest, fewest)
        return float(low), float(high), f"Wilson 95% of {fewest} comparisons (perfect order)"
    if fewest < 2:
        return None, None, "none: a class has fewer than two rows"
    return *logit_interval(value, error), _INTERVALS[which]
