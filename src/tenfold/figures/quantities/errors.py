"""Figures of predicted quantities, for one target: value, influence of each row, interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.intervals.closed import mean_interval, skewed_mean_interval, wilson
from tenfold.figures.intervals.influence import Influence, mean_influence
from tenfold.figures.quantities.rows import Column

__all__ = ["FIGURES", "QuantityFigure", "pinball_losses"]

Floats = NDArray[np.float64]
Ends = tuple[float | None, float | None]
_SMALLEST_OF_RANKS = 6
"""Fewer values have no two order statistics between which their median lies with 95 % probability."""

_HALL = "t 95%, skewness removed (Hall)"
_NO_INTERVALS = "there are no intervals"
_NO_ROWS = "there are no rows"


@dataclass(frozen=True)
class QuantityFigure:
    """
    A figure of one target.

    Parameters
    ----------
    key : str
        As in metrics.json.
    influence : callable
        From a `Column` with rows to the value and what each row moves of it; the value is None where it is undefined.
    interval : callable
        From a `Column` and that value to the ends of a 95 % interval.
    method : str
        How the interval is computed.
    why_undefined : callable
        From a `Column` whose value is None to the reason.
    """

    key: str
    influence: Callable[[Column], Influence]
    interval: Callable[[Column, float], Ends]
    method: str
    why_undefined: Callable[[Column], str]


def pinball_losses(y: Floats, quantile: Floats, share: float) -> Floats:
    """
    Return what a predicted quantile costs on each row: Koenker and Bassett (1978), Econometrica 46:33.

    Parameters
    ----------
    y, quantile : ndarray of float64, shape (n,)
    share : float
        Of the values that are to lie below it.

    Examples
    --------
    >>> pinball_losses(np.array([1.0, 3.0]), np.array([2.0, 2.0]), 0.9).round(3).tolist()
    [0.1, 0.9]
    """
    above = y - quantile
    return np.maximum(share * above, (share - 1) * above)


def _absolute(column: Column) -> Floats:
    return np.abs(column.errors)


def _relative(column: Column) -> Floats | None:
    return None if (column.y == 0).any() else np.abs(column.errors / column.y)


def _signed(column: Column) -> Floats:
    return column.errors


def _pinball(column: Column) -> Floats | None:
    if column.low is None or column.high is None or column.coverage is None:
        return None
    tail = (1 - column.coverage) / 2
    lower, upper = pinball_losses(column.y, column.low, tail), pinball_losses(column.y, column.high, 1 - tail)
    return (lower + upper) / 2


def _inside(column: Column) -> Floats | None:
    if column.low is None or column.high is None:
        return None
    return ((column.low <= column.y) & (column.y <= column.high)).astype(np.float64)


def _width(column: Column) -> Floats | None:
    return None if column.low is None or column.high is None else column.high - column.low


def _mean_of(losses: Callable[[Column], Floats | None]) -> Callable[[Column], Influence]:
    def influence(column: Column) -> Influence:
        values = losses(column)
        return Influence(None, np.zeros(len(column.y))) if values is None else mean_influence(values)

    return influence


def _t_of(losses: Callable[[Column], Floats | None], lowest: float = -np.inf) -> Callable[[Column, float], Ends]:
    def interval(column: Column, value: float) -> Ends:
        values = losses(column)
        mean = mean_interval if lowest < 0 else skewed_mean_interval
        low, high = (None, None) if values is None else mean(values)
        return (None if low is None else max(low, lowest)), high

    return interval


def _mean_figure(
    key: str, losses: Callable[[Column], Floats | None], why: Callable[[Column], str], lowest: float = -np.inf
) -> QuantityFigure:
    method = "t 95%" if lowest < 0 else _HALL
    return QuantityFigure(key, _mean_of(losses), _t_of(losses, lowest), method, why)


def _rmse(column: Column) -> Influence:
    squares = mean_influence(column.errors**2)
    if squares.value is None:
        return squares
    root = float(np.sqrt(squares.value))
    return Influence(root, squares.rows / (2 * root) if root else np.zeros(len(squares.rows)))


def _rmse_interval(column: Column, value: float) -> Ends:
    low, high = skewed_mean_interval(column.errors**2)
    if low is None or high is None:
        return None, None
    return float(np.sqrt(max(low, 0.0))), float(np.sqrt(high))


def _median(column: Column) -> Influence:
    """The influence of a row on a median is one over twice the density there, by a Gaussian kernel (Silverman 1986)."""
    sizes = _absolute(column)
    if not len(sizes):
        return Influence(None, sizes)
    value = float(np.median(sizes))
    spread = min(float(sizes.std()), float(np.subtract(*np.percentile(sizes, [75, 25]))) / 1.349 or np.inf)
    if not spread:
        return Influence(value, np.zeros(len(sizes)))
    bandwidth = 0.9 * spread * len(sizes) ** -0.2
    density = float(np.exp(-0.5 * ((sizes - value) / bandwidth) ** 2).mean()) / (bandwidth * np.sqrt(2 * np.pi))
    return Influence(value, np.sign(sizes - value) / (2 * density * len(sizes)))


def _median_interval(column: Column, value: float) -> Ends:
    """Between two order statistics, whatever the distribution: Conover (1999), Practical Nonparametric Statistics."""
    from scipy.special import bdtrik

    sizes = np.sort(_absolute(column))
    if len(sizes) < _SMALLEST_OF_RANKS:
        return None, None
    place = int(np.ceil(float(bdtrik(0.025, len(sizes), 0.5)) - 1e-9))
    return float(sizes[max(place, 1) - 1]), float(sizes[len(sizes) - max(place, 1)])


def _r2(column: Column) -> Influence:
    errors, deviations = column.errors**2, (column.y - column.y.mean()) ** 2 if len(column.y) else column.y
    if len(errors) < 2 or not deviations.any():
        return Influence(None, np.zeros(len(errors)))
    error, variance = float(errors.mean()), float(deviations.mean())
    rows = (-(errors - error) / variance + error * (deviations - variance) / variance**2) / len(errors)
    return Influence(1 - error / variance, rows)


def _r2_interval(column: Column, value: float) -> Ends:
    from tenfold.figures.intervals.closed import normal_quantile

    rows = _r2(column).rows
    half = normal_quantile(0.95) * float(np.sqrt((rows**2).sum() * len(rows) / (len(rows) - 1)))
    return value - half, min(value + half, 1.0)


def _share_interval(column: Column, value: float) -> Ends:
    low, high = wilson(value * len(column.y), len(column.y))
    return float(low), float(high)


def _why_no_share(column: Column) -> str:
    zeros = int((column.y == 0).sum())
    return f"{zeros:,} true values are 0: no error is a share of 0" if zeros else _NO_ROWS


def _why_no_variance(column: Column) -> str:
    if len(column.y) < 2:
        return "fewer than two rows" if len(column.y) else _NO_ROWS
    return "all true values are equal: there is no variance to explain"


def _no_rows(column: Column) -> str:
    return _NO_ROWS


def _no_intervals(column: Column) -> str:
    return _NO_INTERVALS if len(column.y) else _NO_ROWS


FIGURES: tuple[QuantityFigure, ...] = (
    QuantityFigure("rmse", _rmse, _rmse_interval, f"{_HALL}, of the mean squared error", _no_rows),
    _mean_figure("mae", _absolute, _no_rows, 0.0),
    QuantityFigure("median_absolute_error", _median, _median_interval, "order statistics 95%", _no_rows),
    QuantityFigure("r2", _r2, _r2_interval, "infinitesimal jackknife 95%", _why_no_variance),
    _mean_figure("mape", _relative, _why_no_share, 0.0),
    _mean_figure("bias", _signed, _no_rows),
    _mean_figure("pinball", _pinball, _no_intervals, 0.0),
    QuantityFigure("coverage", _mean_of(_inside), _share_interval, "Wilson 95%", _no_intervals),
    _mean_figure("width", _width, _no_intervals, 0.0),
)
"""All figures of a target, in order."""
