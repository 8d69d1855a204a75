"""Which answers change when a detector's threshold moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Flips", "flips"]

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Flips:
    """
    Positions whose answer changes, those nearest to the new threshold last.

    Parameters
    ----------
    mended, broken : ndarray of int64
        Wrong before and right after; right before and wrong after.
    """

    mended: Codes
    broken: Codes


def flips(y: Codes, scores: NDArray[np.float64], before: NDArray[np.bool_], threshold: float) -> Flips:
    """
    Give the rows whose answer would change at another threshold; from its score a row is called positive.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        1 for the positive class.
    scores : ndarray of float64, shape (n,)
    before : ndarray of bool, shape (n,)
        The rows called positive so far.
    threshold : float

    Examples
    --------
    >>> scores = np.array([0.2, 0.4, 0.9, 0.3])
    >>> found = flips(np.array([0, 1, 1, 0]), scores, scores >= 0.5, threshold=0.25)
    >>> found.mended.tolist(), found.broken.tolist()
    ([1], [3])
    """
    called = scores >= threshold
    moved = np.flatnonzero(before != called)
    moved = moved[np.argsort(-np.abs(scores[moved] - threshold), kind="stable")]
    right = called[moved] == (y[moved] == 1)
    return Flips(moved[right], moved[~right])
