"""Figures of predicted quantities, for one target: value, influence of each row, interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.intervals.central import CentralMoments
from tenfold.figures.intervals.closed import mean_interval, normal_quantile, skewed_mean_interval, wilson
from tenfold.figures.intervals.influence import Influence
from tenfold.figures.quantities.rows import Column

__all__ = [
    "FIGURES",
    "MEANS",
    "MEDIAN",
    "R2",
    "MeanFigure",
    "MedianFigure",
    "QuantityFigure",
    "R2Figure",
    "TrueValues",
    "pinball_losses",
]

Floats = NDArray[np.float64]
Ends = tuple[float | None, float | None]
_SMALLEST_OF_RANKS = 6
"""Fewer values have no two order statistics between which their median lies with 95 % probability."""

_HALL = "t 95%, skewness removed (Hall)"
_NO_INTERVALS = "there are no intervals"
_NO_ROWS = "there are no rows"


@dataclass(frozen=True)
class TrueValues:
    """
    What the true values are like, on which depends whether a figure is defined.

    Parameters
    ----------
    n, zeros : int
        Values, and how many of them are 0.
    alike : bool
        All are equal.
    """

    n: int
    zeros: int
    alike: bool

    @classmethod
    def of(cls, y: Floats) -> TrueValues:
        """Describe true values, shape (n,)."""
        return cls(len(y), int((y == 0).sum()), not len(y) or bool((y == y[0]).all()))


class QuantityFigure(Protocol):
    """A figure of one target."""

    @property
    def key(self) -> str:
        """Its name in metrics.json."""
        ...

    @property
    def method(self) -> str:
        """How its interval is computed."""
        ...

    def influence(self, column: Column) -> Influence:
        """Return the value, and what each row moves of it; the value is None where it is undefined."""
        ...

    def interval(self, column: Column, value: float) -> Ends:
        """Return the ends of a 95 % interval, None where there are too few rows for one."""
        ...

    def why_undefined(self, true: TrueValues) -> str:
        """Return the reason where the value is None."""
        ...


@dataclass(frozen=True)
class MeanFigure:
    """
    A figure that is the mean of a loss over the rows, or the root of that mean.

    Parameters
    ----------
    key, method : str
    losses : callable
        From a `Column` to the loss of each row; None where it is undefined.
    ends : callable
        From the moments of these losses to the ends of an interval.
    reason : callable
        Why it is undefined.
    root : bool
    """

    key: str
    losses: Callable[[Column], Floats | None]
    ends: Callable[[CentralMoments], Ends]
    method: str
    reason: Callable[[TrueValues], str]
    root: bool = False

    def influence(self, column: Column) -> Influence:
        """Return the value, and what each row moves of it."""
        losses = self.losses(column)
        if losses is None or not len(losses):
            return Influence(None, np.zeros(len(column.y)))
        mean = float(losses.mean())
        return Influence(self.value(mean), self.slopes(losses, mean, len(losses)))

    def interval(self, column: Column, value: float) -> Ends:
        """Return the ends of a 95 % interval."""
        losses = self.losses(column)
        return (None, None) if losses is None else self.ends(CentralMoments.of(losses))

    def value(self, mean: float) -> float:
        """Return the figure from the mean of its losses."""
        return float(np.sqrt(mean)) if self.root else mean

    def slopes(self, losses: Floats, mean: float, n: int) -> Floats:
        """Return the influence of some of n rows, from their losses and the mean of all."""
        slopes = (losses - mean) / n
        if not self.root:
            return slopes
        return slopes / (2 * np.sqrt(mean)) if mean else np.zeros(len(losses))

    def why_undefined(self, true: TrueValues) -> str:
        """Return the reason where the value is None."""
        return self.reason(true)


@dataclass(frozen=True)
class MedianFigure:
    """
    The median absolute error.

    Its interval lies between two order statistics, whatever the distribution: Conover (1999), Practical Nonparametric
    Statistics. The influence of a row is one over twice the density at the median, by a Gaussian kernel (Silverman
    1986).
    """

    key: str = "median_absolute_error"
    method: str = "order statistics 95%"

    def influence(self, column: Column) -> Influence:
        """Return the value, and what each row moves of it."""
        sizes = np.abs(column.errors)
        if not len(sizes):
            return Influence(None, sizes)
        value, quarters = float(np.median(sizes)), np.percentile(sizes, [25, 75])
        bandwidth = self.bandwidth(float(sizes.std()), float(quarters[1] - quarters[0]), len(sizes))
        density = float(self.kernel(sizes, value, bandwidth).mean()) if bandwidth else 0.0
        return Influence(value, self.slopes(sizes, value, density, len(sizes)))

    def interval(self, column: Column, value: float) -> Ends:
        """Return the ends of a 95 % interval."""
        sizes = np.sort(np.abs(column.errors))
        places = self.places(len(sizes))
        return (None, None) if places is None else (float(sizes[places[0]]), float(sizes[places[1]]))

    def places(self, n: int) -> tuple[int, int] | None:
        """Return the ranks from 0 between which the median of n values lies; None for too few of them."""
        from scipy.special import bdtrik

        if n < _SMALLEST_OF_RANKS:
            return None
        place = max(int(np.ceil(float(bdtrik(0.025, n, 0.5)) - 1e-9)), 1)
        return place - 1, n - place

    def bandwidth(self, deviation: float, quartile_range: float, n: int) -> float:
        """Return the width of the kernel, from the standard deviation and the interquartile range of n values."""
        return float(0.9 * min(deviation, quartile_range / 1.349 or np.inf) * n**-0.2)

    def kernel(self, sizes: Floats, value: float, bandwidth: float) -> Floats:
        """Return what each value adds to n times the density at `value`."""
        weights: Floats = np.exp(-0.5 * ((sizes - value) / bandwidth) ** 2) / (bandwidth * np.sqrt(2 * np.pi))
        return weights

    def slopes(self, sizes: Floats, value: float, density: float, n: int) -> Floats:
        """Return the influence of some of n rows, from the median of all and the density there."""
        return np.sign(sizes - value) / (2 * density * n) if density else np.zeros(len(sizes))

    def why_undefined(self, true: TrueValues) -> str:
        """Return the reason where the value is None."""
        return _NO_ROWS


@dataclass(frozen=True)
class R2Figure:
    """The share of the variance that is explained: 1 less the mean squared error over the variance."""

    key: str = "r2"
    method: str = "infinitesimal jackknife 95%"

    def influence(self, column: Column) -> Influence:
        """Return the value, and what each row moves of it."""
        n, true = len(column.y), CentralMoments.of(column.y)
        value = self.value(float((column.errors**2).mean()) if n else 0.0, true)
        return Influence(value, np.zeros(n) if value is None else self.slopes(column, value, true))

    def interval(self, column: Column, value: float) -> Ends:
        """Return the ends of a 95 % interval."""
        slopes = self.influence(column).rows
        return self.ends(value, float((slopes**2).sum()), len(slopes))

    def value(self, error: float, true: CentralMoments) -> float | None:
        """Return the figure from the mean squared error and the moments of the true values."""
        return 1 - error / (true.squares / true.n) if true.n > 1 and true.squares else None

    def slopes(self, column: Column, value: float, true: CentralMoments) -> Floats:
        """Return the influence of some rows, from the figure and the moments of all."""
        variance = true.squares / true.n
        error = (1 - value) * variance
        deviations = (column.y - true.mean) ** 2
        slopes: Floats = (-(column.errors**2 - error) + error * (deviations / variance - 1)) / variance / true.n
        return slopes

    def ends(self, value: float, squares: float, n: int) -> Ends:
        """Return the ends of an interval from the sum of the squared influences of n rows."""
        half = normal_quantile(0.95) * float(np.sqrt(squares * n / (n - 1)))
        return value - half, min(value + half, 1.0)

    def why_undefined(self, true: TrueValues) -> str:
        """Return the reason where the value is None."""
        if true.n < 2:
            return "fewer than two rows" if true.n else _NO_ROWS
        return "all true values are equal: there is no variance to explain"


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


def _squared(column: Column) -> Floats:
    return column.errors**2


def _signed_ends(moments: CentralMoments) -> Ends:
    return mean_interval(moments)


def _size_ends(moments: CentralMoments) -> Ends:
    """No mean of sizes is below 0."""
    low, high = skewed_mean_interval(moments)
    return (None if low is None else max(low, 0.0)), high


def _root_ends(moments: CentralMoments) -> Ends:
    low, high = _size_ends(moments)
    return (None, None) if low is None or high is None else (float(np.sqrt(low)), float(np.sqrt(high)))


def _share_ends(moments: CentralMoments) -> Ends:
    low, high = wilson(moments.mean * moments.n, moments.n)
    return float(low), float(high)


def _why_no_share(true: TrueValues) -> str:
    return f"{true.zeros:,} true values are 0: no error is a share of 0" if true.zeros else _NO_ROWS


def _no_rows(true: TrueValues) -> str:
    return _NO_ROWS


def _no_intervals(true: TrueValues) -> str:
    return _NO_INTERVALS if true.n else _NO_ROWS


MEDIAN, R2 = MedianFigure(), R2Figure()
"""The two figures that are no mean of a loss."""

FIGURES: tuple[QuantityFigure, ...] = (
    MeanFigure("rmse", _squared, _root_ends, f"{_HALL}, of the mean squared error", _no_rows, root=True),
    MeanFigure("mae", _absolute, _size_ends, _HALL, _no_rows),
    MEDIAN,
    R2,
    MeanFigure("mape", _relative, _size_ends, _HALL, _why_no_share),
    MeanFigure("bias", _signed, _signed_ends, "t 95%", _no_rows),
    MeanFigure("pinball", _pinball, _size_ends, _HALL, _no_intervals),
    MeanFigure("coverage", _inside, _share_ends, "Wilson 95%", _no_intervals),
    MeanFigure("width", _width, _size_ends, _HALL, _no_intervals),
)
"""All figures of a target, in order."""

MEANS: tuple[MeanFigure, ...] = tuple(figure for figure in FIGURES if isinstance(figure, MeanFigure))
"""Those of them that are means."""
