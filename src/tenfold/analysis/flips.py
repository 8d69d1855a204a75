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


def flips(y: Codes, scores: NDArray[np.float64], before: float, after: float) -> Flips:
    """
    Give the rows whose answer changes between two thresholds; a row is called positive where its score reaches it.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        1 for the positive class.
    scores : ndarray of float64, shape (n,)
    before, after : float

    Examples
    --------
    >>> found = flips(np.array([0, 1, 1, 0]), np.array([0.2, 0.4, 0.9, 0.3]), before=0.5, after=0.25)
    >>> found.mended.tolist(), found.broken.tolist()
    ([1], [3])
    """
    called = scores >= after
    moved = np.flatnonzero((scores >= before) != called)
    moved = moved[np.argsort(-np.abs(scores[moved] - after), kind="stable")]
    right = called[moved] == (y[moved] == 1)
    return Flips(moved[right], moved[~right])
