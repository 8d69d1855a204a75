"""The compiled kernels: they merge the rows of a tile into the k nearest of each query while it is in cache."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "QueryBounds",
    "exact_among",
    "farthest_among",
    "keep_nearest",
    "keep_nearest_in_bounds",
    "nearest_by_differences",
    "nearest_in_cell",
    "squared_among",
]

_STRIDE = 64
"""
Columns compared together: their minimum is found without branches, and most often excludes them all. They are taken
as slices, which lets the compiler use wide registers: an index could be negative for all it knows.
"""
_ROUNDING = 1 + 1e-9
"""Factor above the rounding error of a distance of up to a million values."""
_INT32 = np.zeros(1, np.int32)


@njit(nogil=True, cache=True)
def keep_nearest(
    products: NDArray[Any], norms: NDArray[Any], first: int, nearest: NDArray[Any], rows: NDArray[np.int64]
) -> None:
    """
    Merge one tile into the k nearest so far, in place; of equal distances the row that comes first is kept.

    Parameters
    ----------
    products : ndarray, shape (m, n)
        Of m queries with n training rows.
    norms : ndarray, shape (n,)
        Squared norms of the training rows.
    first : int
        Position of the tile's first row.
    nearest : ndarray, shape (m, k)
        Squared distance less the squared norm of the query, ascending; of the type of `norms`.
    rows : ndarray of int64, shape (m, k)
    """
    queries, width = products.shape
    last = nearest.shape[1] - 1
    kind = norms.dtype.type
    for i in range(queries):
        for start in range(0, width, _STRIDE):
            part, their = products[i, start : start + _STRIDE], norms[start : start + _STRIDE]
            if _smallest(part, their) >= nearest[i, last]:
                continue
            for j in range(len(part)):
                distance = kind(their[j] - kind(2) * kind(part[j]))
                if distance < nearest[i, last]:
                    _insert(nearest[i], rows[i], distance, first + start + j)


class QueryBounds(NamedTuple):
    """
    The lower bounds of m queries.

    Parameters
    ----------
    norms : ndarray of float64, shape (m,)
        Squared norms of the sketches.
    step : float
        Distance of one unit of the sketches.
    error : ndarray of float64, shape (m,)
        The most by which a distance is less than that of the sketches.
    farthest : ndarray of float64, shape (m,)
        Upper bound of the squared distance to the k-th nearest row.
    """

    norms: NDArray[np.float64]
    step: float
    error: NDArray[np.float64]
    farthest: NDArray[np.float64]


@njit(nogil=True, cache=True)
def keep_nearest_in_bounds(
    products: NDArray[np.uint32],
    norms: NDArray[np.int32],
    query_bounds: QueryBounds,
    X: NDArray[Any],
    Q: NDArray[Any],
    first: int,
    like: NDArray[Any],
    error: float,
    nearest: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> int:
    """
    Merge one tile into the k nearest so far, in place, comparing only rows that lower bounds do not prune.

    Parameters
    ----------
    products, norms : as for `keep_nearest`
        Of sketches.
    query_bounds : QueryBounds
    X, Q : ndarray, shape (n, d) and (m, d)
        The rows of the tile and the queries.
    first : int
        Position of the tile's first row.
    like : ndarray, shape (1,)
        Its dtype is that of a first, approximate comparison.
    error : float
        Relative error of that comparison.
    nearest : ndarray, shape (m, k)
        Squared distance, from the differences in float64; ascending.
    rows : ndarray of int64, shape (m, k)

    Returns
    -------
    int
        Number of comparisons.
    """
    last = nearest.shape[1] - 1
    candidates = np.empty(len(X), np.int64)
    n_compared = 0
    for i in range(len(Q)):
        farthest = min(nearest[i, last], query_bounds.farthest[i])
        limit = _limit(farthest, query_bounds.norms[i], query_bounds.step, query_bounds.error[i])
        for row in candidates[: _candidates_within(products[i], norms, limit, candidates)]:
            if np.int32(norms[row] - np.int32(2) * np.int32(products[i, row])) > limit:
                continue
            n_compared += 1
            lower = np.float64(_approximate(X[row], Q[i], like)) * (1 - error)
            if np.isfinite(lower) and lower > farthest:
                continue
            distance = lower if error == 0 else _squared(X[row], Q[i])
            if distance < nearest[i, last]:
                _insert(nearest[i], rows[i], distance, first + row)
                farthest = min(nearest[i, last], query_bounds.farthest[i])
                limit = _limit(farthest, query_bounds.norms[i], query_bounds.step, query_bounds.error[i])
    return n_compared


@njit(nogil=True, cache=True)
def _limit(farthest: float, own: float, step: float, error: float) -> Any:
    """Return the upper limit of the squared norm of a sketch less twice its product; an integer, rounded up."""
    reach = (np.sqrt(farthest) * _ROUNDING + error) / step
    return np.int32(min(reach * reach - own + 1, 2.0**30))


@njit(nogil=True, cache=True)
def _candidates_within(
    products: NDArray[np.uint32], norms: NDArray[np.int32], limit: Any, candidates: NDArray[np.int64]
) -> Any:
    """Write the places whose norm less twice the product is at most `limit`, and return their number."""
    count = 0
    for start in range(0, len(norms), _STRIDE):
        part, their = products[start : start + _STRIDE], norms[start : start + _STRIDE]
        if _smallest(part, their) > limit:
            continue
        for j in range(len(part)):
            candidates[count] = start + j
            count += np.int32(their[j] - np.int32(2) * np.int32(part[j])) <= limit
    return count


@njit(nogil=True, cache=True)
def _smallest(products: NDArray[Any], norms: NDArray[Any]) -> Any:
    kind = norms.dtype.type
    least = kind(norms[0] - kind(2) * kind(products[0]))
    for j in range(len(products)):  # the first once more: a whole stride is whole registers
        least = min(least, kind(norms[j] - kind(2) * kind(products[j])))
    return least


@njit(nogil=True, cache=True)
def _insert(nearest: NDArray[Any], rows: NDArray[np.int64], distance: Any, row: int) -> None:
    """Insert a row behind all that are as near; the last one is dropped."""
    place = len(nearest) - 1
    while place > 0 and nearest[place - 1] > distance:
        nearest[place] = nearest[place - 1]
        rows[place] = rows[place - 1]
        place -= 1
    nearest[place] = distance
    rows[place] = row


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def _approximate(a: NDArray[Any], b: NDArray[Any], like: NDArray[Any]) -> Any:
    """Sum squared differences in the dtype of `like` and in any order."""
    kind = like.dtype.type
    total = kind(0)
    for i in range(len(a)):
        gap = kind(kind(a[i]) - kind(b[i]))
        total = kind(total + kind(gap * gap))
    return total


@njit(nogil=True, cache=True)
def _squared(a: NDArray[Any], b: NDArray[Any]) -> float:
    total = 0.0
    for i in range(len(a)):
        gap = np.float64(a[i]) - np.float64(b[i])
        total += gap * gap
    return total


@njit(nogil=True, cache=True)
def exact_among(
    X: NDArray[Any], Q: NDArray[Any], candidates: NDArray[np.int64], distances: NDArray[np.float64]
) -> None:
    """
    Sort candidates in place by their distance, computed from the differences in float64; equal ones by row.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    Q : ndarray, shape (m, d)
    candidates : ndarray of int64, shape (m, c)
        Rows of X.
    distances : ndarray of float64, shape (m, c)
        Squared distances; output.
    """
    for i in range(len(Q)):
        for place in range(candidates.shape[1]):
            row = candidates[i, place]
            distance = _squared(X[row], Q[i])
            at = place
            while at > 0 and (
                distances[i, at - 1] > distance or (distances[i, at - 1] == distance and candidates[i, at - 1] > row)
            ):
                distances[i, at] = distances[i, at - 1]
                candidates[i, at] = candidates[i, at - 1]
                at -= 1
            distances[i, at] = distance
            candidates[i, at] = row


@njit(nogil=True, cache=True)
def squared_among(
    X: NDArray[Any], Q: NDArray[Any], candidates: NDArray[np.int64], distances: NDArray[np.float64]
) -> None:
    """Write the squared distances of queries to their candidates, as `exact_among`, but keep the order."""
    for i in range(len(Q)):
        for place in range(candidates.shape[1]):
            distances[i, place] = _squared(X[candidates[i, place]], Q[i])


@njit(nogil=True, cache=True)
def nearest_in_cell(
    X: NDArray[np.uint8],
    Q: NDArray[np.uint8],
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    cells: NDArray[np.int64],
    k: int,
) -> NDArray[np.int64]:
    """
    Return the k nearest rows of each query's cell, shape (m, k); a cell of fewer rows is extended by the next.

    Parameters
    ----------
    X, Q : ndarray of uint8, shape (n, w) and (m, w)
    order : ndarray of int64, shape (n,)
        The rows, cell by cell.
    starts : ndarray of int64, shape (cells + 1,)
        The first place of each cell in `order`.
    cells : ndarray of int64, shape (m,)
        The cell of each query.
    k : int
    """
    nearest, rows = np.empty(k, np.int32), np.zeros((len(Q), k), np.int64)
    for i in range(len(Q)):
        stop = min(max(starts[cells[i] + 1], starts[cells[i]] + k), len(order))
        nearest[:] = np.iinfo(np.int32).max
        for row in order[min(starts[cells[i]], stop - k) : stop]:
            distance = _approximate(X[row], Q[i], _INT32)
            if distance < nearest[-1]:
                _insert(nearest, rows[i], distance, row)
    return rows


@njit(nogil=True, cache=True)
def farthest_among(
    X: NDArray[Any], Q: NDArray[Any], candidates: NDArray[np.int64], like: NDArray[Any], error: float
) -> NDArray[np.float64]:
    """
    Return for each query an upper bound of the squared distances to its candidates, shape (m,).

    Parameters
    ----------
    X, Q, candidates : as for `exact_among`
    like : ndarray, shape (1,)
        Its dtype is that of the computation.
    error : float
        Relative error of the computation.
    """
    farthest = np.zeros(len(Q))
    for i in range(len(Q)):
        for row in candidates[i]:
            farthest[i] = max(farthest[i], np.float64(_approximate(X[row], Q[i], like)) * (1 + error))
    return farthest


@njit(nogil=True, cache=True)
def nearest_by_differences(
    X: NDArray[Any], query: NDArray[Any], k: int, like: NDArray[Any], error: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Compare one query with every row; of equal distances, infinite ones too, the row that comes first is nearer.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    query : ndarray, shape (d,)
    k : int
        At most n.
    like, error
        As for `keep_nearest_in_bounds`.

    Returns
    -------
    nearest : ndarray of float64, shape (k,)
        Squared, from the differences in float64.
    rows : ndarray of int64, shape (k,)
    """
    nearest, rows = np.empty(k), np.empty(k, np.int64)
    for row in range(len(X)):
        lower = np.float64(_approximate(X[row], query, like)) * (1 - error)
        if row >= k and np.isfinite(lower) and lower > nearest[-1]:
            continue
        distance = lower if error == 0 else _squared(X[row], query)
        if row < k:
            _insert(nearest[: row + 1], rows[: row + 1], distance, row)
        elif distance < nearest[-1]:
            _insert(nearest, rows, distance, row)
    return nearest, rows
