"""Do probabilities mean what they say? Observed shares against mean scores, in bins of equal counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.intervals.closed import wilson

__all__ = ["Calibration", "calibration"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """
    Observed share of positives in each bin of scores.

    Parameters
    ----------
    mean_score, observed, low, high : ndarray of float64, shape (b,)
        Mean score of the bin; share of positives in it with its 95 % Wilson interval.
    n : ndarray of int64, shape (b,)
        Rows in the bin.
    """

    mean_score: Floats
    observed: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]


def calibration(y: NDArray[np.int64], probabilities: Floats, bins: int = 10) -> Calibration:
    """
    Compare probabilities with what happened, in at most `bins` bins of about equal counts.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        1 for the positive class, 0 for the others.
    probabilities : ndarray of float64, shape (n,)
    bins : int
        Equal scores share a bin, so there may be fewer.

    Returns
    -------
    Calibration
        Bins by increasing score.

    Examples
    --------
    >>> found = calibration(np.array([0, 0, 1, 1]), np.array([0.1, 0.1, 0.8, 0.9]), bins=2)
    >>> found.observed.tolist(), found.n.tolist()
    ([0.0, 1.0], [2, 2])
    """
    n = len(y)
    if not n:
        nothing = np.empty(0)
        return Calibration(nothing, nothing, nothing, nothing, np.empty(0, np.int64))
    starts = np.sort(probabilities)[np.arange(1, bins) * n // bins]
    position = np.searchsorted(np.unique(starts), probabilities, side="right")
    used, position, rows = np.unique(position, return_inverse=True, return_counts=True)
    positives = np.bincount(position, y == 1, minlength=len(used))
    low, high = wilson(positives, rows)
    mean = np.bincount(position, probabilities, minlength=len(used)) / rows
    return Calibration(mean, positives / rows, low, high, rows.astype(np.int64))
