"""Rows of different classes that are almost the same: labels to check, or classes that cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.neighbours import nearest_by_class

__all__ = ["Twins", "near_twins"]

_SHARE = 0.1


@dataclass(frozen=True)
class Twins:
    """
    Two rows of different classes.

    Parameters
    ----------
    first, second : int
        Positions.
    distance : float
        Euclidean.
    """

    first: int
    second: int
    distance: float


def near_twins(values: NDArray[np.float32], y: NDArray[np.int64]) -> tuple[list[Twins], float]:
    """
    Find pairs of rows of different classes, one the nearest of the other, that are closer than classes hold together.

    Close is what is nearer than nine in ten rows are to the nearest of their own class.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    y : ndarray of int64, shape (n,)

    Returns
    -------
    pairs : list of Twins
        The nearest first.
    close : float
        The distance up to which two rows count as almost the same; 0 where no class has two rows, or rows no columns.

    Examples
    --------
    >>> values = np.array([[0], [9], [2], [10], [1]], np.float32)
    >>> pairs, close = near_twins(values, np.array([0, 1, 0, 1, 1]))
    >>> [(one.first, one.second) for one in pairs], close
    ([(0, 4), (2, 4)], 1.0)
    """
    if not values.shape[1]:
        return [], 0.0
    near = nearest_by_class(values, y)
    own = near.to_own[np.isfinite(near.to_own)]
    if not len(own):
        return [], 0.0
    close = float(np.quantile(own, _SHARE, method="lower"))
    pairs: dict[tuple[int, int], float] = {}
    for row in np.flatnonzero(near.to_other <= close):
        first, second = sorted((int(row), int(near.other[row])))
        pairs[first, second] = float(near.to_other[row])
    ordered = sorted(pairs.items(), key=lambda pair: (pair[1], pair[0]))
    return [Twins(first, second, apart) for (first, second), apart in ordered], close
