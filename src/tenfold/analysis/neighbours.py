"""Rows compared with rows: the nearest outside the fold, and rows of different classes that are almost the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.folds.nearest import NearestRows

__all__ = [
    "NearDuplicates", "Nearest", "Neighbours", "near_duplicates", "near_duplicates_among", "nearest_by_class",
    "nearest_outside_fold",
]  # fmt: skip

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

_BLOCK = 256
_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Neighbours:
    """
    The nearest instances of some others.

    Parameters
    ----------
    positions : ndarray of int64, shape (m, k)
        The nearest first; -1 where there are fewer than k.
    distances : ndarray of float64, shape (m, k)
        Euclidean; infinite where there is no neighbour.
    """

    positions: Codes
    distances: Floats


def nearest_outside_fold(space: NDArray[np.floating], fold: NDArray[np.integer], queries: Codes, k: int) -> Neighbours:
    """
    Return the nearest of the rows that the model which predicted an instance was trained on, exactly.

    Parameters
    ----------
    space : ndarray of float, shape (n, d)
        Such as `tenfold.data.dataset.Dataset.values` gives.
    fold : ndarray of int, shape (n,)
        The fold of each row; the rows of the same fold are no neighbours.
    queries : ndarray of int64, shape (m,)
        Positions whose neighbours are wanted.
    k : int

    Returns
    -------
    Neighbours

    Examples
    --------
    >>> space = np.array([[0.0], [1.0], [5.0], [0.4]])
    >>> nearest_outside_fold(space, np.array([0, 1, 1, 0]), np.array([0]), 2).positions.tolist()
    [[1, 2]]
    """
    # Only here: whoever looks for no neighbours need not load the compiler of the kernels.
    from tenfold.models.neighbours import NeighbourSearch

    positions = np.full((len(queries), k), -1, np.int64)
    distances = np.full((len(queries), k), np.inf)
    for one in np.unique(fold[queries]):
        outside, inside = np.flatnonzero(fold != one), np.flatnonzero(fold[queries] == one)
        reach = min(k, len(outside))
        # Rows without a column to compare lie nowhere.
        if reach and space.shape[1]:
            squared, nearest = NeighbourSearch(space[outside]).nearest(space[queries[inside]], reach)
            positions[inside, :reach], distances[inside, :reach] = outside[nearest], np.sqrt(squared)
    return Neighbours(positions, distances)


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

    other: Codes
    to_other: Floats
    to_own: Floats


def nearest_by_class(values: NDArray[np.float32], y: Codes) -> Nearest:
    """
    Compare every row with every other, block by block: exact, and its time grows with the square of n.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    y : ndarray of int64, shape (n,)
        Class codes.

    Examples
    --------
    >>> nearest = nearest_by_class(np.array([[0.0], [9.0], [1.0], [9.5]], np.float32), np.array([0, 1, 1, 1]))
    >>> nearest.other.tolist(), nearest.to_other.tolist()
    ([2, 0, 0, 0], [1.0, 9.0, 1.0, 9.5])
    """
    n = len(values)
    norms = np.einsum("ij,ij->i", values, values, dtype=np.float64)
    nearest = Nearest(np.zeros(n, np.int64), np.full(n, np.inf), np.full(n, np.inf))
    for start in range(0, n, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, n))
        squared = norms[rows, None] + norms - 2.0 * (values[rows] @ values.T)
        squared[np.arange(len(rows)), rows] = np.inf
        same = y[rows, None] == y
        nearest.other[rows], nearest.to_other[rows] = _nearest(values, rows, np.where(same, np.inf, squared))
        _, nearest.to_own[rows] = _nearest(values, rows, np.where(same, squared, np.inf))
    return nearest


def _nearest(values: NDArray[np.float32], rows: Codes, squared: Floats) -> tuple[Codes, Floats]:
    """The nearest, and its distance from the rows themselves: the squares above lose the last digits of small ones."""
    nearest = squared.argmin(axis=1)
    apart = np.linalg.norm(values[rows].astype(np.float64) - values[nearest], axis=1)
    return nearest, np.where(np.isfinite(squared.min(axis=1)), apart, np.inf)


@dataclass(frozen=True)
class NearDuplicates:
    """
    Two rows of different classes that are almost the same.

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


def near_duplicates(values: NDArray[np.float32], y: Codes) -> tuple[list[NearDuplicates], float]:
    """
    Return pairs of rows of different classes, one the nearest of the other, that are closer than classes hold together.

    Close is what is nearer than nine in ten rows are to the nearest of their own class.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    y : ndarray of int64, shape (n,)

    Returns
    -------
    pairs : list of NearDuplicates
        The nearest first.
    close : float
        The distance up to which two rows count as almost the same; 0 where no class has two rows, or rows no columns.

    Examples
    --------
    >>> values = np.array([[0], [9], [2], [10], [1]], np.float32)
    >>> pairs, close = near_duplicates(values, np.array([0, 1, 0, 1, 1]))
    >>> [(one.first, one.second) for one in pairs], close
    ([(0, 4), (2, 4)], 1.0)
    """
    if not values.shape[1]:
        return [], 0.0
    nearest = nearest_by_class(values, y)
    return _closer_than_usual(nearest, nearest.to_own[np.isfinite(nearest.to_own)])


def near_duplicates_among(nearby: NearestRows, y: Codes) -> tuple[list[NearDuplicates], float]:
    """
    Return the pairs of `near_duplicates` among neighbours that are known, for any number of rows at once.

    A row without a neighbour of its own class counts as far from it.

    Examples
    --------
    >>> nearby = NearestRows(
    ...     np.array([[4, 2], [3, 2], [4, 0], [1, 2], [0, 2]]), np.array([[1, 2], [1, 7], [1, 2], [1, 8], [1, 1]])
    ... )
    >>> pairs, close = near_duplicates_among(nearby, np.array([0, 1, 0, 1, 1]))
    >>> [(one.first, one.second) for one in pairs], close
    ([(0, 4), (2, 4)], 1.0)
    """
    everyone = np.arange(len(y))
    is_own = y[nearby.rows] == y[:, None]

    def nearest(mask: NDArray[np.bool_]) -> tuple[Codes, Floats]:
        place = mask.argmax(axis=1)
        apart = np.where(mask.any(axis=1), nearby.distances[everyone, place].astype(np.float64), np.inf)
        return nearby.rows[everyone, place].astype(np.int64), apart

    other, to_other = nearest(~is_own)
    _, to_own = nearest(is_own)
    return _closer_than_usual(Nearest(other, to_other, to_own), to_own)


def _closer_than_usual(nearest: Nearest, own: Floats) -> tuple[list[NearDuplicates], float]:
    """Pairs closer than a share of the distances to the own class is."""
    close = float(np.quantile(own, _SHARE, method="lower")) if len(own) else np.inf
    if not np.isfinite(close):
        return [], 0.0
    pairs: dict[tuple[int, int], float] = {}
    for row in np.flatnonzero(nearest.to_other <= close):
        first, second = sorted((int(row), int(nearest.other[row])))
        pairs[first, second] = float(nearest.to_other[row])
    ordered = sorted(pairs.items(), key=lambda pair: (pair[1], pair[0]))
    return [NearDuplicates(first, second, apart) for (first, second), apart in ordered], close
