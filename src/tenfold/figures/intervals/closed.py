"""95 % intervals in closed form: for shares, and for figures whose influence by row is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.figures.intervals.central import CentralMoments

__all__ = [
    "bonett_price",
    "clopper_pearson",
    "effective_size",
    "f1_interval",
    "log_interval",
    "logit_interval",
    "mcc_interval",
    "mean_interval",
    "mean_of_shares_interval",
    "normal_quantile",
    "skewed_mean_interval",
    "stratified_variance",
    "wilson",
]

Floats = NDArray[np.float64]


def normal_quantile(confidence: float) -> float:
    """
    Give the z of a two-sided interval.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def wilson(successes: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """
    Wilson's score interval of a share. Wilson (1927), JASA 22:209.

    Parameters
    ----------
    successes, n : array_like of float, any broadcastable shapes
        Counts; effective counts need not be whole numbers.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : ndarray of float64
        NaN where `n` is 0.

    Examples
    --------
    >>> low, high = wilson(8, 10)
    >>> round(float(low), 4), round(float(high), 4)
    (0.4902, 0.9433)
    """
    hits, size = np.broadcast_arrays(np.asarray(successes, np.float64), np.asarray(n, np.float64))
    z2 = normal_quantile(confidence) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (hits + z2 / 2) / (size + z2)
        half = np.sqrt(z2) / (size + z2) * np.sqrt(np.maximum(hits * (size - hits) / size, 0) + z2 / 4)
    # Rounding must not leave the share itself outside at 0 of n and n of n.
    low = np.where(hits <= 0, 0.0, np.maximum(middle - half, 0))
    high = np.where(hits >= size, 1.0, np.minimum(middle + half, 1))
    return np.where(size > 0, low, np.nan), np.where(size > 0, high, np.nan)


def clopper_pearson(successes: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """
    Clopper and Pearson's exact interval of a share, two-sided. Biometrika (1934) 26:404.

    Parameters
    ----------
    successes, n : array_like of int, any broadcastable shapes
    confidence : float
        In (0, 1); for a one-sided bound of confidence c give ``2 * c - 1``.

    Returns
    -------
    low, high : ndarray of float64
        ``(0, 1)`` where `n` is 0.

    Examples
    --------
    >>> low, high = clopper_pearson(8, 10)
    >>> round(float(low), 4), round(float(high), 4)
    (0.4439, 0.9748)
    """
    from scipy.special import betaincinv

    hits, size = np.broadcast_arrays(np.asarray(successes, np.float64), np.asarray(n, np.float64))
    tail = (1 - confidence) / 2
    some, not_all = np.maximum(hits, 1), np.minimum(hits, size - 1)
    low = np.where(hits > 0, betaincinv(some, np.maximum(size - some + 1, 1), tail), 0.0)
    high = np.where(hits < size, betaincinv(np.maximum(not_all + 1, 1), np.maximum(size - not_all, 1), 1 - tail), 1.0)
    return low, high


def bonett_price(better: int, worse: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """
    Interval of the difference of two shares on the same rows, from the rows where they disagree.

    Bonett and Price (2012), J. Educational and Behavioral Statistics 37:479, adjusted Wald interval.

    Parameters
    ----------
    better, worse : int
        Rows that only the first, or only the second, has right.
    n : int
        All rows, at least 1.

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> low, high = bonett_price(15, 5, 100)
    >>> round(low, 3), round(high, 3)
    (0.01, 0.186)
    """
    first, second = (better + 1) / (n + 2), (worse + 1) / (n + 2)
    difference = first - second
    half = normal_quantile(confidence) * float(np.sqrt((first + second - difference**2) / (n + 2)))
    return max(difference - half, -1.0), min(difference + half, 1.0)


def effective_size(weight_sum: ArrayLike, square_sum: ArrayLike) -> Floats:
    """
    Rows of equal weight that tell as much as these: Kish (1965), Survey Sampling, (sum w)^2 / sum w^2.

    Examples
    --------
    >>> float(effective_size(4.0, 8.0))
    2.0
    """
    total, squares = np.asarray(weight_sum, np.float64), np.asarray(square_sum, np.float64)
    return np.divide(total**2, squares, out=np.zeros(np.broadcast(total, squares).shape), where=squares > 0)


def stratified_variance(influence: Floats, strata: NDArray[np.int64], k: int) -> float:
    """
    Variance of a figure from each row's influence on it, rows drawn within their class.

    The infinitesimal jackknife, Jaeckel (1972); for the ROC AUC it is DeLong et al. (1988), Biometrics 44:837.

    Parameters
    ----------
    influence : ndarray of float64, shape (n,)
        Derivative of the figure by the count of each row.
    strata : ndarray of int64, shape (n,)
        Class codes in ``[0, k)``.
    k : int

    Returns
    -------
    float

    Examples
    --------
    >>> stratified_variance(np.array([0.5, -0.5, 0.0]), np.array([0, 0, 1]), 2)
    1.0
    """
    rows = np.bincount(strata, minlength=k)
    mean = np.bincount(strata, influence, minlength=k) / np.maximum(rows, 1)
    squares = np.bincount(strata, (influence - mean[strata]) ** 2, minlength=k)
    return float((squares * rows / np.maximum(rows - 1, 1)).sum())


def logit_interval(value: float, error: float, confidence: float = 0.95) -> tuple[float, float]:
    """
    Interval of a figure in (0, 1) from its standard error, symmetric in the log odds.

    Examples
    --------
    >>> low, high = logit_interval(0.9, 0.02)
    >>> round(low, 3), round(high, 3)
    (0.853, 0.933)
    """
    if not 0 < value < 1:
        return value, value
    middle = np.log(value / (1 - value))
    half = normal_quantile(confidence) * error / (value * (1 - value))
    low, high = 1 / (1 + np.exp(np.minimum(-(middle + np.array([-half, half])), 700)))
    return min(float(low), value), max(float(high), value)


def log_interval(value: float, error: float, confidence: float = 0.95) -> tuple[float, float]:
    """
    Interval of a positive figure from its standard error, symmetric in the logarithm.

    Examples
    --------
    >>> low, high = log_interval(0.5, 0.05)
    >>> round(low, 3), round(high, 3)
    (0.411, 0.608)
    """
    if value <= 0:
        return value, value
    factor = float(np.exp(min(normal_quantile(confidence) * error / value, 700)))
    return value / factor, value * factor


def f1_interval(hits: float, actual: float, called: float, confidence: float = 0.95) -> tuple[float, float]:
    """
    Interval of the F1 of one class, in closed form.

    F1 is 2 J / (1 + J) of the share J that is right among the rows that are of the class or were called so (Jaccard's
    index), and grows with it: its interval is Wilson's of J, sent through the same formula. The page's scripts
    compute the same at any threshold (``intervals.js``).

    Parameters
    ----------
    hits, actual, called : float
        Rows of the class called so, rows of the class, rows called so.
    confidence : float
        In (0, 1).

    Examples
    --------
    >>> low, high = f1_interval(80, 100, 90)
    >>> round(low, 3), round(high, 3)
    (0.779, 0.89)
    """
    low, high = (float(end) for end in wilson(hits, actual + called - hits, confidence))
    return 2 * low / (1 + low), 2 * high / (1 + high)


def mean_of_shares_interval(
    hits: tuple[float, float], sizes: tuple[float, float], confidence: float = 0.95
) -> tuple[float, float]:
    """
    Interval of the mean of two shares of different rows, from Wilson's of each.

    Zou and Donner (2008), Statistics in Medicine 27:1693.

    Parameters
    ----------
    hits, sizes : tuple of two floats
        Rows that count, and rows, of each share.
    confidence : float
        In (0, 1).

    Examples
    --------
    >>> low, high = mean_of_shares_interval((80, 90), (100, 100))
    >>> round(low, 3), round(high, 3)
    (0.792, 0.89)
    """
    shares = np.array(hits, np.float64) / sizes
    low, high = (float(np.hypot(*(end - shares))) / 2 for end in wilson(hits, sizes, confidence))
    return float(shares.mean()) - low, float(shares.mean()) + high


def mcc_interval(
    hits: float, actual: float, called: float, total: float, confidence: float = 0.95
) -> tuple[float, float]:
    """
    Interval of Matthews' correlation of two classes, each drawn on its own, by the delta method.

    The rates are drawn towards the middle as Agresti and Coull (1998), The American Statistician 52:119, do, so that
    all of n, or none of n, is not certain.

    Parameters
    ----------
    hits, actual, called, total : float
        Rows of the positive class called so, rows of it, rows called so, all rows.
    confidence : float
        In (0, 1).

    Examples
    --------
    >>> low, high = mcc_interval(80, 100, 90, 200)
    >>> round(low, 3), round(high, 3)
    (0.603, 0.804)
    """
    false, others, z = called - hits, total - actual, normal_quantile(confidence)

    def value(right: float, wrong: float) -> float:
        chosen = right + wrong
        return (right * total - actual * chosen) / float(np.sqrt(actual * others * chosen * (total - chosen)))

    def variance(part: float, whole: float) -> float:
        rate = (part + z**2 / 2) / (whole + z**2)
        return whole * rate * (1 - rate)

    step = 1e-3
    by_hits = (value(hits + step, false) - value(hits - step, false)) / (2 * step)
    by_false = (value(hits, false + step) - value(hits, false - step)) / (2 * step)
    error = float(np.sqrt(by_hits**2 * variance(hits, actual) + by_false**2 * variance(false, others)))
    middle = value(hits, false)
    return max(middle - z * error, -1.0), min(middle + z * error, 1.0)


def mean_interval(values: ArrayLike | CentralMoments, confidence: float = 0.95) -> tuple[float | None, float | None]:
    """
    Student's t interval of a mean. Student (1908), Biometrika 6:1.

    Parameters
    ----------
    values : array_like of float, shape (n,), or CentralMoments
        The values, or the moments of them.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : float or None
        None for fewer than two values, which tell nothing of their spread.

    Examples
    --------
    >>> low, high = mean_interval([1, 2, 3, 2])
    >>> round(low, 3), round(high, 3)
    (0.701, 3.299)
    """
    from scipy.special import stdtrit

    sample = _moments(values)
    if sample.n < 2:
        return None, None
    half = float(stdtrit(sample.n - 1, (1 + confidence) / 2) * sample.deviation / np.sqrt(sample.n))
    return sample.mean - half, sample.mean + half


def skewed_mean_interval(
    values: ArrayLike | CentralMoments, confidence: float = 0.95
) -> tuple[float | None, float | None]:
    """
    Interval of the mean of skewed values, such as squared errors: Student's t after their skewness is removed.

    The cubic transformation of Hall (1992), On the removal of skewness by transformation, Journal of the Royal
    Statistical Society B 54:221, equation 2.5. Of symmetric values it is the plain interval; of squared errors with
    heavy tails, of which that holds the mean in 90 of 100 samples of 200, it holds it in 94.

    Parameters
    ----------
    values : array_like of float, shape (n,), or CentralMoments
        The values, or the moments of them.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : float or None
        None for fewer than three values, which tell nothing of their skewness, and for values whose cubes are no
        numbers.

    Examples
    --------
    >>> low, high = skewed_mean_interval([1, 2, 3, 2])
    >>> round(low, 3), round(high, 3)
    (0.701, 3.299)
    >>> low, high = skewed_mean_interval([0, 0, 0, 1, 8])
    >>> round(low, 2), round(high, 2)
    (-1.08, 15.96)
    """
    from scipy.special import stdtrit

    sample = _moments(values)
    n, mean = sample.n, sample.mean
    if n < 3:
        return None, None
    if not sample.squares:
        return mean, mean
    with np.errstate(over="ignore", invalid="ignore"):
        slant = float(np.float64(sample.cubes / n) / np.float64(sample.squares / n) ** 1.5 / np.sqrt(n))
    if not np.isfinite(slant):
        return None, None
    error, t = float(sample.deviation / np.sqrt(n)), float(stdtrit(n - 1, (1 + confidence) / 2))
    low, high = (mean - error * _hall(end, slant) for end in (t, -t))
    return min(low, mean), max(high, mean)


def _moments(values: ArrayLike | CentralMoments) -> CentralMoments:
    return values if isinstance(values, CentralMoments) else CentralMoments.of(values)


def _hall(t: float, slant: float) -> float:
    """The inverse of Hall's transformation T + a T^2 / 3 + a^2 T^3 / 27 + a / 6, a the skewness over the root of n."""
    if abs(slant) < 1e-9:
        return t
    return 3 / slant * (float(np.cbrt(1 + slant * (t - slant / 6))) - 1)
