"""Every figure of predicted quantities with its interval, over all rows, on each fold and for each target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.comparison.difference import Difference
from tenfold.figures.comparison.paired import difference_by_influence
from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import normal_quantile, wilson
from tenfold.figures.intervals.influence import Influence
from tenfold.figures.quantities.errors import FIGURES, QuantityFigure
from tenfold.figures.quantities.rows import Column, QuantityRows

__all__ = [
    "QUANTITY_LOSSES",
    "RANKING_KEYS",
    "quantity_difference",
    "quantity_estimates",
    "quantity_influence",
    "quantity_metric_keys",
]

QUANTITY_LOSSES = frozenset({"rmse", "mae", "median_absolute_error", "mape", "pinball", "width"})
"""Figures of which less is better."""

RANKING_KEYS = ("rmse", "mae", "median_absolute_error", "r2", "mape")
"""Figures by which candidates can be ordered."""

_FIGURE = {figure.key: figure for figure in FIGURES}


def quantity_metric_keys(targets: Sequence[str]) -> tuple[str, ...]:
    """
    Return the keys of all figures: of several targets their means over the targets, then those of each target.

    Examples
    --------
    >>> quantity_metric_keys(("price",))[:2], quantity_metric_keys(("width", "height"))[9:11]
    (('rmse', 'mae'), ('rmse:width', 'mae:width'))
    """
    keys = tuple(_FIGURE)
    return keys if len(targets) == 1 else (*keys, *(f"{key}:{name}" for name in targets for key in keys))


def quantity_estimates(rows: QuantityRows) -> dict[str, Estimate]:
    """
    Compute every figure with a 95 % interval.

    Means of errors get Student's t interval, those of their sizes after their skewness is removed; RMSE the square root
    of that of the mean squared error, the median absolute error order statistics, R² the infinitesimal jackknife,
    coverage Wilson's. Of several targets a figure is the mean over them, as scikit-learn has it by default. One that is
    undefined is None with its reason.

    Parameters
    ----------
    rows : QuantityRows

    Returns
    -------
    dict of str to Estimate
        By key, in the order of `quantity_metric_keys`.

    Examples
    --------
    >>> from tenfold.figures.quantities.rows import checked_quantity_rows
    >>> found = quantity_estimates(checked_quantity_rows(("price",), [1.0, 2.0, 4.0], [1.0, 3.0, 2.0]))
    >>> round(found["rmse"].value, 3), found["mae"].value, found["coverage"].reason
    (1.291, 1.0, 'there are no intervals')
    """
    parts, columns = rows.by_fold(), list(rows.columns())
    folds = [list(part.columns()) for part in parts]
    of_each = {
        name: {figure.key: _estimate(figure, column, [of_fold[c] for of_fold in folds]) for figure in FIGURES}
        for c, (name, column) in enumerate(zip(rows.targets, columns, strict=True))
    }
    if len(columns) == 1:
        return of_each[rows.targets[0]]
    means = {figure.key: _mean_estimate(figure, columns, folds) for figure in FIGURES}
    return means | {f"{key}:{name}": one for name, found in of_each.items() for key, one in found.items()}


def quantity_influence(rows: QuantityRows, metric: str) -> Influence:
    """Return any figure of a candidate with each row's influence on it."""
    key, _, target = metric.partition(":")
    columns = list(rows.columns())
    if target:
        columns = [columns[rows.targets.index(target)]]
    return _mean_influence(_FIGURE[key], columns)


def quantity_difference(first: QuantityRows, second: QuantityRows, metric: str) -> Difference | None:
    """
    Compare a figure of two candidates on the same rows, by the infinitesimal jackknife of the difference.

    Returns
    -------
    Difference or None
        First less second; None where either is undefined.

    Examples
    --------
    >>> from tenfold.figures.quantities.rows import checked_quantity_rows
    >>> y = [1.0, 2.0, 4.0]
    >>> one, other = (checked_quantity_rows(("price",), y, called) for called in ([1.0, 2.0, 4.0], [2.0, 3.0, 5.0]))
    >>> quantity_difference(one, other, "mae").value
    -1.0
    """
    one, other = quantity_influence(first, metric), quantity_influence(second, metric)
    if one.value is None or other.value is None or len(first) < 2:
        return None
    apart = one.rows - other.rows
    return difference_by_influence(one.value - other.value, float((apart**2).sum()) * len(apart) / (len(apart) - 1))


def _estimate(figure: QuantityFigure, column: Column, folds: Sequence[Column]) -> Estimate:
    value, n = figure.influence(column).value, len(column.y)
    by_fold = tuple(figure.influence(one).value for one in folds)
    if value is None:
        return Estimate(None, None, None, n, folds=by_fold, reason=figure.why_undefined(column))
    low, high = figure.interval(column, value) if n > 1 else (None, None)
    if figure.key == "width" and low == high:
        return Estimate(value, None, None, n, "none: all intervals are as wide", folds=by_fold)
    if low is None or high is None:
        return Estimate(value, None, None, n, f"none: {n:,} row{'s' if n > 1 else ''} only", folds=by_fold)
    return Estimate(value, min(low, value), max(high, value), n, figure.method, folds=by_fold)


_BOUNDS = {"bias": (-np.inf, np.inf), "r2": (-np.inf, 1.0)}
"""Between which a figure lies; others are 0 or more."""


def _mean_estimate(figure: QuantityFigure, columns: Sequence[Column], folds: Sequence[Sequence[Column]]) -> Estimate:
    found, n = _mean_influence(figure, columns), len(columns[0].y)
    by_fold = tuple(_mean_influence(figure, of_fold).value for of_fold in folds)
    if found.value is None:
        odd = next(one for one in columns if figure.influence(one).value is None)
        return Estimate(None, None, None, n, folds=by_fold, reason=figure.why_undefined(odd))
    if n < 2:
        return Estimate(found.value, None, None, n, "none: one row only", folds=by_fold)
    if figure.key == "coverage":
        # A row's share of targets inside varies no more than whether one is: never too narrow, and within 0 and 1.
        low, high = map(float, wilson(found.value * n, n))
        return Estimate(found.value, low, high, n, "Wilson 95%", folds=by_fold)
    half = normal_quantile(0.95) * float(np.sqrt((found.rows**2).sum() * n / (n - 1)))
    least, most = _BOUNDS.get(figure.key, (0.0, np.inf))
    low, high = max(found.value - half, least), min(found.value + half, most)
    return Estimate(found.value, low, high, n, "infinitesimal jackknife 95%", folds=by_fold)


def _mean_influence(figure: QuantityFigure, columns: Sequence[Column]) -> Influence:
    parts = [figure.influence(one) for one in columns]
    values = [part.value for part in parts if part.value is not None]
    if len(values) < len(parts):
        return Influence(None, np.zeros(len(columns[0].y)))
    rows: NDArray[np.float64] = np.mean([part.rows for part in parts], axis=0)
    return Influence(float(np.mean(values)), rows)
