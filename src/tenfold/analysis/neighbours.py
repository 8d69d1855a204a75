"""The nearest row of the same class and of another one: the one place where rows are compared with rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Nearest", "nearest_by_class"]

_BLOCK = 256


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    What is nearest to each row.

    Parameters
    ----------
    other : ndarray of int64, shape (n,)
        Position of the nearest row of another class.
    to_other, to_own : ndarray of float64, shape (n,)
        Euclidean distance to it, and to the nearest other row of the same class; infinite where there is none.
    """

    other: NDArray[np.int64]
    to_other: NDArray[np.float64]
    to_own: NDArray[np.float64]


def nearest_by_class(values: NDArray[np.float32], y: NDArray[np.int64]) -> Nearest:
    """
    Compare every row with every other, block by block: exact, and its time grows with the square of n.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    y : ndarray of int64, shape (n,)
        Class codes.

    Examples
    --------
    >>> found = nearest_by_class(np.array([[0.0], [9.0], [1.0], [9.5]], np.float32), np.array([0, 1, 1, 1]))
    >>> found.other.tolist(), found.to_other.tolist()
    ([2, 0, 0, 0], [1.0, 9.0, 1.0, 9.5])
    """
    n = len(values)
    norms = np.einsum("ij,ij->i", values, values, dtype=np.float64)
    found = Nearest(np.zeros(n, np.int64), np.full(n, np.inf), np.full(n, np.inf))
    for start in range(0, n, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, n))
        squared = norms[rows, None] + norms - 2.0 * (values[rows] @ values.T)
        squared[np.arange(len(rows)), rows] = np.inf
        same = y[rows, None] == y
        found.other[rows], found.to_other[rows] = _nearest(values, rows, np.where(same, np.inf, squared))
        _, found.to_own[rows] = _nearest(values, rows, np.where(same, squared, np.inf))
    return found


def _nearest(
    values: NDArray[np.float32], rows: NDArray[np.int64], squared: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest, and its distance from the rows themselves: the squares above lose the last digits of small ones."""
    nearest = squared.argmin(axis=1)
    apart = np.linalg.norm(values[rows].astype(np.float64) - values[nearest], axis=1)
    return nearest, np.where(np.isfinite(squared.min(axis=1)), apart, np.inf)
