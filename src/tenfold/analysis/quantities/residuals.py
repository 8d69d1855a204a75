"""How the errors of predicted quantities are spread: against the prediction, and all together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import normal_quantile

__all__ = [
    "ErrorShape", "ErrorSpread", "RunningQuantiles", "error_quantile", "error_shape", "error_spread",
    "running_medians", "running_quantiles",
]  # fmt: skip

Floats = NDArray[np.float64]

_BINS, _LEAST = 30, 50
_TENTHS, _THIRDS, _FEWEST = 10, 3, 20
_LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False)
class RunningQuantiles:
    """
    Quantiles of errors among rows of like predictions, from low to high, b groups.

    Parameters
    ----------
    x : ndarray of float64, shape (b,)
        Median prediction of each group.
    low, middle, high : ndarray of float64, shape (b,)
        5 %, 50 % and 95 % quantile of the errors.
    """

    x: Floats
    low: Floats
    middle: Floats
    high: Floats


def running_quantiles(x: Floats, errors: Floats) -> RunningQuantiles:
    """
    Return quantiles of errors in groups of equal size along `x`: up to 30, each of 50 rows or more.

    Parameters
    ----------
    x, errors : ndarray of float64, shape (n,)

    Examples
    --------
    >>> running = running_quantiles(np.arange(100.0), np.tile([-1.0, 0.0, 0.0, 1.0], 25))
    >>> running.x.tolist(), running.middle.tolist()
    ([24.5, 74.5], [0.0, 0.0])
    """
    groups = _groups(x)
    low, middle, high = np.array([np.quantile(errors[rows], _LEVELS) for rows in groups]).reshape(-1, len(_LEVELS)).T
    return RunningQuantiles(np.array([np.median(x[rows]) for rows in groups]), low, middle, high)


def error_quantile(sizes: Floats, share: float) -> Estimate:
    """
    Return how far off a share of the rows is at most, with a 95 % interval between two order statistics.

    Whatever the distribution: Conover (1999), Practical Nonparametric Statistics, 3.2.

    Parameters
    ----------
    sizes : ndarray of float64, shape (n,)
        Absolute errors.
    share : float
        In (0, 1).

    Examples
    --------
    >>> one = error_quantile(np.arange(1.0, 102.0), 0.5)
    >>> one.value, one.low, one.high
    (51.0, 41.0, 61.0)
    """
    from scipy.special import bdtr

    n = len(sizes)
    if not n:
        return Estimate(None, None, None, n=0, reason="there are no rows")
    ordered = np.sort(sizes)
    value = float(np.quantile(ordered, share))
    at_most = bdtr(np.arange(n), n, share)  # chance that no more than k of n lie below the quantile
    below, above = np.flatnonzero(at_most <= 0.025), np.flatnonzero(at_most >= 0.975)
    if not len(below) or not len(above):
        return Estimate(value, None, None, n, "none: too few rows")
    low, high = float(ordered[below[-1]]), float(ordered[above[0]])
    return Estimate(value, min(low, value), max(high, value), n, "order statistics 95%")


def running_medians(x: Floats, *values: Floats) -> list[Floats]:
    """
    Return medians of several values, `x` first, in groups of equal size along `x`, as `running_quantiles` has them.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
    values : ndarray of float64, shape (n,), each

    Examples
    --------
    >>> [line.tolist() for line in running_medians(np.arange(40.0), -np.arange(40.0))]
    [[19.5], [-19.5]]
    """
    groups = _groups(x)
    return [np.array([np.median(one[rows]) for rows in groups]) for one in (x, *values)]


def _groups(x: Floats) -> list[NDArray[np.int64]]:
    count = max(1, min(_BINS, len(x) // _LEAST))
    return [rows for rows in np.array_split(np.argsort(x, kind="stable"), count) if len(rows)]


@dataclass(frozen=True)
class ErrorShape:
    """
    How the distribution of n errors differs from a normal one.

    Parameters
    ----------
    n : int
    mean, deviation : float
    skewness, excess_kurtosis : float or None
        0 of a normal distribution; None where all errors are equal.
    beyond_two, beyond_three : float
        Share of errors more than 2 and 3 standard deviations from their mean: 4.6 % and 0.27 % of a normal one.
    within_one : float
        Share within one: 68 % of a normal one.
    """

    n: int
    mean: float
    deviation: float
    skewness: float | None
    excess_kurtosis: float | None
    beyond_two: float
    beyond_three: float
    within_one: float


def error_shape(errors: Floats) -> ErrorShape:
    """
    Return moments and tails of errors.

    Skewness and excess kurtosis are the plain moment ratios g1 and g2: Joanes and Gill (1998), The Statistician 47:183.

    Parameters
    ----------
    errors : ndarray of float64, shape (n,)
        At least one.

    Examples
    --------
    >>> shape = error_shape(np.array([-1.0, 0.0, 1.0]))
    >>> abs(round(shape.skewness, 3)), round(shape.excess_kurtosis, 3), shape.beyond_two
    (0.0, -1.5, 0.0)
    """
    mean, deviation = float(errors.mean()), float(errors.std())
    if not deviation:
        return ErrorShape(len(errors), mean, 0.0, None, None, 0.0, 0.0, 1.0)
    standard = (errors - mean) / deviation
    apart = np.abs(standard)
    return ErrorShape(
        len(errors),
        mean,
        deviation,
        float((standard**3).mean()),
        float((standard**4).mean() - 3),
        float((apart > 2).mean()),
        float((apart > 3).mean()),
        float((apart <= 1).mean()),
    )


@dataclass(frozen=True)
class ErrorSpread:
    """
    How much larger errors are where predictions are high than where they are low.

    Parameters
    ----------
    part : int
        Rows are compared in so many parts of equal size: tenths, or thirds of few rows.
    n : int
        Rows in a part.
    low_rmse, high_rmse : float
        Root mean squared error of the lowest and the highest part.
    ratio, low, high : float
        The second over the first, with a 95 % interval.
    """

    part: int
    n: int
    low_rmse: float
    high_rmse: float
    ratio: float
    low: float
    high: float


def error_spread(predicted: Floats, errors: Floats) -> ErrorSpread | None:
    """
    Compare errors of the rows with the highest predictions with those of the rows with the lowest.

    The interval of the ratio is that of its logarithm by the delta method, the mean squared errors of the two parts
    being independent.

    Parameters
    ----------
    predicted, errors : ndarray of float64, shape (n,)

    Returns
    -------
    ErrorSpread or None
        None of fewer than 60 rows, and where either part is predicted exactly.

    Examples
    --------
    >>> predicted = np.arange(200.0)
    >>> spread = error_spread(predicted, np.where(predicted < 100, 1.0, 3.0) * np.tile([1, -1, 2, -2], 50))
    >>> spread.part, spread.n, round(spread.ratio, 3)
    (10, 20, 3.0)
    """
    n = len(predicted)
    part = _TENTHS if n >= _TENTHS * _FEWEST else _THIRDS
    size = n // part
    if size < _FEWEST:
        return None
    order = np.argsort(predicted, kind="stable")
    lowest, highest = errors[order[:size]] ** 2, errors[order[-size:]] ** 2
    below, above = float(np.sqrt(lowest.mean())), float(np.sqrt(highest.mean()))
    if not below or not above:
        return None
    # the logarithm of a root is half that of what stands under it
    error = 0.5 * np.sqrt(sum(one.var(ddof=1) / (size * one.mean() ** 2) for one in (lowest, highest)))
    factor = float(np.exp(normal_quantile(0.95) * error))
    return ErrorSpread(part, size, below, above, above / below, above / below / factor, above / below * factor)
