"""The bootstrap of a confusion matrix, rows drawn within their class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.confusion import Margins

__all__ = ["affordable", "percentile_interval", "resampled_margins"]

Floats = NDArray[np.float64]
_DRAWS = 200_000_000
_FEWEST_RESAMPLES = 200


def percentile_interval(
    replicates: Floats, value: float, bounds: tuple[float, float], confidence: float = 0.95
) -> tuple[float | None, float | None]:
    """
    Percentile interval of a bootstrap, moved so that its median is the value, and cut to what the figure can be.

    The move undoes the pull of the imaginary rows (`resampled_margins`), which is strong where classes are small.
    Undefined replicates (NaN) are left out.

    Examples
    --------
    >>> percentile_interval(np.arange(5.0), 2.5, (0.0, 3.0), confidence=0.5)
    (1.5, 3.0)
    """
    defined = replicates[np.isfinite(replicates)]
    if not len(defined):
        return None, None
    low, middle, high = np.quantile(defined, [(1 - confidence) / 2, 0.5, (1 + confidence) / 2])
    least, greatest = bounds
    return max(value + float(low - middle), least), min(value + float(high - middle), greatest)


def resampled_margins(
    counts: NDArray[Any], weights: NDArray[Any], squares: NDArray[Any], resamples: int, seed: int
) -> Margins:
    """
    Bootstrap a confusion matrix, rows drawn within their class: each matrix row is a multinomial.

    One imaginary row a class, spread evenly over the columns (Perks' prior; Perks 1947, J. Inst. Actuaries 73:285),
    keeps a class without errors from looking certain. Row weights within a cell are drawn by mean and variance.

    Parameters
    ----------
    counts : ndarray of int64, shape (k, k)
    weights, squares : ndarray, shape (k, k)
        Sums of the row weights and of their squares; equal to `counts` without weights.
    resamples : int
        Replicates asked for; fewer are drawn beyond a few hundred classes (`affordable`).
    seed : int

    Returns
    -------
    Margins
        Each of shape (b, k).

    Examples
    --------
    >>> matrix = np.array([[8, 2], [1, 9]])
    >>> resampled_margins(matrix, matrix, matrix, 5, seed=0).actual.tolist()[0]
    [10.0, 10.0]
    """
    k, replicates = len(counts), affordable(resamples, len(counts))
    hits, actual, called = np.zeros((replicates, k)), np.zeros((replicates, k)), np.zeros((replicates, k))
    rng = np.random.default_rng(seed)
    for c in np.flatnonzero(counts.sum(1)):
        n = int(counts[c].sum())
        cells = rng.multinomial(n, (counts[c] + 1 / k) / (n + 1), size=replicates).astype(np.float64)
        cells = _weighed(cells, counts[c], weights[c], squares[c], rng)
        hits[:, c], actual[:, c] = cells[:, c], cells.sum(1)
        called += cells
    return Margins(hits, actual, called)


def affordable(resamples: int, k: int) -> int:
    """Replicates that stay within seconds for `k` classes, at least 200 unless fewer are asked for."""
    return min(resamples, max(_FEWEST_RESAMPLES, _DRAWS // k**2))


def _weighed(
    cells: Floats, counts: NDArray[Any], weights: NDArray[Any], squares: NDArray[Any], rng: np.random.Generator
) -> Floats:
    """Turn drawn row counts into drawn sums of weights: a compound multinomial to its first two moments."""
    if weights is counts or np.array_equal(weights, counts):
        return cells
    rows = np.maximum(counts, 1)
    mean = np.where(counts > 0, weights / rows, weights.sum() / counts.sum())
    variance = np.where(counts > 0, np.maximum(squares / rows - mean**2, 0), 0)
    sums = cells * mean
    if variance.any():
        sums += rng.standard_normal(cells.shape) * np.sqrt(cells * variance)
    return np.asarray(np.maximum(sums, 0))
