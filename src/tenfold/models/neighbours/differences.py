"""Exact neighbours by differences in float64: for few queries, or many neighbours of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.neighbours.nearest import nearest_by_differences, squared_among
from tenfold.models.neighbours.selection import least
from tenfold.models.threads import map_in_threads
from tenfold.models.tiles import blocks_of, stack_results

__all__ = [
    "FEW",
    "MANY",
    "approximate_dtype",
    "least",
    "nearest_of_all",
    "nearest_of_candidates",
    "nearest_of_few",
    "nearly_all",
    "queries_at_once",
]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

FEW = 16
"""Queries up to which direct comparison is faster than packing; measured on 60,000 rows of 784 values."""
MANY = 512
"""Neighbours from which selection is faster than insertion."""
_NEARLY_ALL = 1 / 8
"""Share of the rows from which comparing all is faster than choosing candidates and comparing these."""
_LANES = 64
"""Rows compared at a time, with independent sums."""
_VALUES, _MULTIPLICATIONS = 1 << 22, 1 << 30
"""Distances of a block at most, and multiplications for them: tens of MB, and tenths of a second between interrupts."""


def nearest_of_few(
    X: NDArray[Any], Q: NDArray[Any], k: int, threads: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Find the k nearest rows of few queries, without packing the rows first.

    Parameters
    ----------
    X, Q : ndarray, shape (n, d) and (m, d)
        Both uint8, both int16, or both float32 or float64.
    k : int
    threads : int

    Returns
    -------
    distances : ndarray of float64, shape (m, k)
        Squared, ascending; from the differences in float64, and so exact for bytes.
    rows : ndarray of int64, shape (m, k)

    Examples
    --------
    >>> nearest_of_few(np.array([[0.0], [1.0], [5.0]]), np.array([[1.5]]), 2, threads=1)
    (array([[0.25, 2.25]]), array([[1, 0]]))
    """
    if nearly_all(len(X), k):
        return nearest_of_all(X, Q, k, threads)
    approximation = approximate_dtype(X, Q)
    nearest = map_in_threads(threads, lambda query: nearest_by_differences(X, query, k, *approximation), list(Q))
    return np.stack([distances for distances, _ in nearest]), np.stack([rows for _, rows in nearest])


def approximate_dtype(X: NDArray[Any], Q: NDArray[Any], narrowest: Any = np.float32) -> tuple[NDArray[Any], float]:
    """
    Return the dtype of a first, fast comparison, as an array of shape (1,), and its relative error; 0 for bytes.

    Sums of d positive terms in any order are off by at most d + 3 roundings (Higham, Accuracy and Stability of
    Numerical Algorithms, 2002, section 3.1); here twice as much is allowed.
    """
    if X.dtype == Q.dtype == np.uint8:
        return np.zeros(1, np.int32), 0.0
    kind = np.result_type(X, Q, narrowest)
    return np.zeros(1, kind), 4 * (X.shape[1] + 4) * float(np.finfo(kind).eps)


def nearly_all(rows: int, k: int) -> bool:
    """Return whether k is so large that all rows are best compared by their differences at once."""
    return k > MANY and k >= _NEARLY_ALL * rows


def queries_at_once(rows: int, columns: int, most: int) -> int:
    """
    Return the number of queries of a block whose distances to all rows are computed at once.

    Examples
    --------
    >>> queries_at_once(8_000, 5, 256), queries_at_once(1_000_000, 5, 256)
    (256, 4)
    """
    return max(1, min(most, _VALUES // rows, _MULTIPLICATIONS // (rows * columns)))


def nearest_of_all(X: NDArray[Any], Q: NDArray[Any], k: int, threads: int) -> tuple[Floats, Rows]:
    """
    Find the k nearest rows of queries by their differences to all rows.

    Parameters
    ----------
    X, Q : ndarray, shape (n, d) and (m, d)
        Whole or real numbers of any type.
    k : int
    threads : int

    Returns
    -------
    distances : ndarray of float64, shape (m, k)
        Squared, ascending; each summed in float64 column by column.
    rows : ndarray of int64, shape (m, k)
        Of equal distances, infinite ones too, the first row.

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

    return stack_results(map_in_threads(threads, of_block, blocks_of(Q, size)))


def nearest_of_candidates(X: NDArray[Any], Q: NDArray[Any], candidates: Rows, k: int) -> tuple[Floats, Rows]:
    """Find the k nearest among the candidates of each query, different rows of X, shape (m, c); as `nearest_of_all`."""
    candidates = np.sort(candidates, axis=1)
    distances = np.empty(candidates.shape)
    squared_among(X, Q, candidates, distances)
    nearest, places = least(distances, k)
    return nearest, np.take_along_axis(candidates, places, axis=1)


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
    sums = np.zeros(tile.shape[1])
    for j in range(len(query)):
        column, value = tile[j], np.float64(query[j])
        for place in range(len(sums)):
            gap = column[place] - value
            sums[place] += gap * gap
    distances[:] = sums[: len(distances)]
