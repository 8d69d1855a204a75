"""Many neighbours of each query: all distances at once, of which the least are selected and sorted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.neighbours.nearest import squared_among
from tenfold.models.threads import spread_over
from tenfold.models.tiles import blocks_of, joined

__all__ = ["MANY", "least", "nearest_of_all", "nearest_of_candidates", "nearly_all", "queries_at_once"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

MANY = 512
"""Neighbours from which selecting takes less time than putting each row in its place as it comes."""
_NEARLY_ALL = 1 / 8
"""Share of the rows from which comparing all takes less time than choosing some and comparing these."""
_LANES = 64
"""Rows compared side by side: their sums do not wait for each other."""
_VALUES, _MULTIPLICATIONS = 1 << 22, 1 << 30
"""Distances of a block, and multiplications for them: tens of MB, and tenths of a second, for which interrupts wait."""


def nearly_all(rows: int, k: int) -> bool:
    """Tell whether so many neighbours are asked for that all rows are best compared by their differences at once."""
    return k > MANY and k >= _NEARLY_ALL * rows


def queries_at_once(rows: int, columns: int, most: int) -> int:
    """
    Give the queries of a block whose distances to all rows are held and computed at once.

    Examples
    --------
    >>> queries_at_once(8_000, 5, 256), queries_at_once(1_000_000, 5, 256)
    (256, 4)
    """
    return max(1, min(most, _VALUES // rows, _MULTIPLICATIONS // (rows * columns)))


def nearest_of_all(X: NDArray[Any], Q: NDArray[Any], k: int, threads: int) -> tuple[Floats, Rows]:
    """
    Find the k nearest rows of queries, all rows compared by their differences.

    Parameters
    ----------
    X, Q : ndarray, shape (n, d) and (m, d)
        Whole or real numbers of any type.
    k : int
    threads : int

    Returns
    -------
    distances : ndarray of float64, shape (m, k)
        Squared, ascending; each summed in float64 over the values in their order.
    rows : ndarray of int64, shape (m, k)
        Of equal distances, infinite ones too, the row that comes first.

    Examples
    --------
    >>> nearest_of_all(np.array([[0.0], [1.0], [5.0]]), np.array([[1.5]]), 2, threads=1)
    (array([[0.25, 2.25]]), array([[1, 0]]))
    """
    size = queries_at_once(len(X), X.shape[1], -(-len(Q) // threads))

    def of_block(block: NDArray[Any]) -> tuple[Floats, Rows]:
        distances = np.empty((len(block), len(X)))
        _compare_all(X, block, distances)
        return least(distances, k)

    return joined(spread_over(threads, of_block, blocks_of(Q, size)))


def nearest_of_candidates(X: NDArray[Any], Q: NDArray[Any], candidates: Rows, k: int) -> tuple[Floats, Rows]:
    """Find the k nearest among the candidates of each query, different rows of X, shape (m, c); as `nearest_of_all`."""
    candidates = np.sort(candidates, axis=1)
    distances = np.empty(candidates.shape)
    squared_among(X, Q, candidates, distances)
    nearest, places = least(distances, k)
    return nearest, np.take_along_axis(candidates, places, axis=1)


def least(distances: Floats, k: int) -> tuple[Floats, Rows]:
    """
    Select the k least of each line, in order; of equal ones the first.

    Parameters
    ----------
    distances : ndarray of float64, shape (m, n)
        No NaN.
    k : int
        At most n.

    Returns
    -------
    values : ndarray of float64, shape (m, k)
    columns : ndarray of int64, shape (m, k)

    Examples
    --------
    >>> least(np.array([[3.0, 1.0, 2.0, 1.0]]), 3)
    (array([[1., 1., 2.]]), array([[1, 3, 2]]))
    """
    columns = _columns_of_least(distances, k)
    values = np.take_along_axis(distances, columns, axis=1)
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    # The fast sort leaves equal values in any order; it is mended where there are some.
    tied = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    order[tied] = np.argsort(values[tied], axis=1, kind="stable")
    return ordered, np.take_along_axis(columns, order, axis=1)


def _columns_of_least(distances: Floats, k: int) -> Rows:
    """Give the columns of the k least of each line, ascending."""
    if k == distances.shape[1]:
        return np.broadcast_to(np.arange(k), distances.shape)
    columns = np.argpartition(distances, k - 1, axis=1)[:, :k]
    columns.sort(axis=1)
    values = np.take_along_axis(distances, columns, axis=1)
    kth = values.max(axis=1, keepdims=True)
    # Of those equal to the last one any may have been taken; the first are wanted.
    some = (values == kth).sum(axis=1) < (distances == kth).sum(axis=1)
    for line in np.flatnonzero(some):
        equal = np.flatnonzero(distances[line] == kth[line])
        nearer = np.flatnonzero(distances[line] < kth[line])
        columns[line] = np.sort(np.concatenate([nearer, equal[: k - len(nearer)]]))
    return columns


@njit(nogil=True, cache=True)
def _compare_all(X: NDArray[Any], Q: NDArray[Any], distances: Floats) -> None:
    """Write the squared distances of queries to all rows."""
    tile = np.empty((X.shape[1], _LANES))
    for first in range(0, len(X), _LANES):
        rows = X[first : first + _LANES]
        for place in range(_LANES):
            # A tile that the rows do not fill is filled up with the last.
            tile[:, place] = rows[min(place, len(rows) - 1)]
        for i in range(len(Q)):
            _compare(tile, Q[i], distances[i, first : first + len(rows)])


@njit(nogil=True, cache=True)
def _compare(tile: Floats, query: NDArray[Any], distances: Floats) -> None:
    apart = np.zeros(tile.shape[1])
    for j in range(len(query)):
        column, value = tile[j], np.float64(query[j])
        for place in range(len(apart)):
            gap = column[place] - value
            apart[place] += gap * gap
    distances[:] = apart[: len(distances)]
