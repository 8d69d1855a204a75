"""The kernels: of a tile of products, keep the k smallest distances of each query while the tile is in cache."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "Reach",
    "exact_among",
    "farthest_among",
    "keep_nearest",
    "keep_nearest_within",
    "nearest_by_differences",
    "nearest_in_cell",
    "squared_among",
]

_STRIDE = 64
"""
Columns looked at together: their minimum is found without branches, and most often rules them all out. They are taken
as slices, which is what lets the compiler use wide registers: an index could be negative for all it knows.
"""
_ROUNDED = 1 + 1e-9
"""Room for the rounding of a distance of up to a million values."""
_WHOLE = np.zeros(1, np.int32)


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
            some, their = products[i, start : start + _STRIDE], norms[start : start + _STRIDE]
            if _least(some, their) >= nearest[i, last]:
                continue
            for j in range(len(some)):
                found = kind(their[j] - kind(2) * kind(some[j]))
                if found < nearest[i, last]:
                    _insert(nearest[i], rows[i], found, first + start + j)


class Reach(NamedTuple):
    """
    What the outlines of m queries say of distances.

    Parameters
    ----------
    norms : ndarray of float64, shape (m,)
        Squared norms of the outlines.
    step : float
        Distance that one unit of them stands for.
    error : ndarray of float64, shape (m,)
        By how much a distance may be less than that of the outlines.
    farthest : ndarray of float64, shape (m,)
        Squared distance that the k-th nearest does not exceed.
    """

    norms: NDArray[np.float64]
    step: float
    error: NDArray[np.float64]
    farthest: NDArray[np.float64]


@njit(nogil=True, cache=True)
def keep_nearest_within(
    products: NDArray[np.uint32],
    norms: NDArray[np.int32],
    reach: Reach,
    X: NDArray[Any],
    Q: NDArray[Any],
    first: int,
    rough: NDArray[Any],
    doubt: float,
    nearest: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> int:
    """
    Merge one tile into the k nearest so far, comparing only rows that their outlines do not rule out. In place.

    Parameters
    ----------
    products, norms : as for `keep_nearest`
        Of outlines.
    reach : Reach
    X, Q : ndarray, shape (n, d) and (m, d)
        The rows of the tile and the queries.
    first : int
        Position of the tile's first row.
    rough : ndarray, shape (1,)
        Of the type to compare in first.
    doubt : float
        Relative error of that.
    nearest : ndarray, shape (m, k)
        Squared distance, from the differences in float64; ascending.
    rows : ndarray of int64, shape (m, k)

    Returns
    -------
    int
        Rows compared.
    """
    last = nearest.shape[1] - 1
    left = np.empty(len(X), np.int64)
    compared = 0
    for i in range(len(Q)):
        farthest = min(nearest[i, last], reach.farthest[i])
        limit = _limit(farthest, reach.norms[i], reach.step, reach.error[i])
        for at in left[: _left_over(products[i], norms, limit, left)]:
            if np.int32(norms[at] - np.int32(2) * np.int32(products[i, at])) > limit:
                continue
            compared += 1
            near = np.float64(_roughly(X[at], Q[i], rough)) * (1 - doubt)
            if np.isfinite(near) and near > farthest:
                continue
            found = near if doubt == 0 else _squared(X[at], Q[i])
            if found < nearest[i, last]:
                _insert(nearest[i], rows[i], found, first + at)
                farthest = min(nearest[i, last], reach.farthest[i])
                limit = _limit(farthest, reach.norms[i], reach.step, reach.error[i])
    return compared


@njit(nogil=True, cache=True)
def _limit(farthest: float, own: float, step: float, error: float) -> Any:
    """Give what the squared norm of an outline less twice its product may be at most; whole, rounded up."""
    reach = (np.sqrt(farthest) * _ROUNDED + error) / step
    return np.int32(min(reach * reach - own + 1, 2.0**30))


@njit(nogil=True, cache=True)
def _left_over(products: NDArray[np.uint32], norms: NDArray[np.int32], limit: Any, left: NDArray[np.int64]) -> Any:
    """Write the places whose norm less twice the product is at most `limit`; gives how many."""
    count = 0
    for start in range(0, len(norms), _STRIDE):
        some, their = products[start : start + _STRIDE], norms[start : start + _STRIDE]
        if _least(some, their) > limit:
            continue
        for j in range(len(some)):
            left[count] = start + j
            count += np.int32(their[j] - np.int32(2) * np.int32(some[j])) <= limit
    return count


@njit(nogil=True, cache=True)
def _least(products: NDArray[Any], norms: NDArray[Any]) -> Any:
    kind = norms.dtype.type
    least = kind(norms[0] - kind(2) * kind(products[0]))
    for j in range(len(products)):  # the first once more: a whole stride is whole registers
        least = min(least, kind(norms[j] - kind(2) * kind(products[j])))
    return least


@njit(nogil=True, cache=True)
def _insert(nearest: NDArray[Any], rows: NDArray[np.int64], found: Any, row: int) -> None:
    """Put a row in its place behind all that are as near; the last one falls out."""
    place = len(nearest) - 1
    while place > 0 and nearest[place - 1] > found:
        nearest[place] = nearest[place - 1]
        rows[place] = rows[place - 1]
        place -= 1
    nearest[place] = found
    rows[place] = row


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def _roughly(a: NDArray[Any], b: NDArray[Any], rough: NDArray[Any]) -> Any:
    """Sum squared differences in the type of `rough` and in any order."""
    kind = rough.dtype.type
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
    Order candidates by their distance, computed from the differences in float64; equal ones by row. In place.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    Q : ndarray, shape (m, d)
    candidates : ndarray of int64, shape (m, c)
        Rows of X.
    distances : ndarray of float64, shape (m, c)
        Squared; written.
    """
    for i in range(len(Q)):
        for place in range(candidates.shape[1]):
            row = candidates[i, place]
            found = _squared(X[row], Q[i])
            at = place
            while at > 0 and (
                distances[i, at - 1] > found or (distances[i, at - 1] == found and candidates[i, at - 1] > row)
            ):
                distances[i, at] = distances[i, at - 1]
                candidates[i, at] = candidates[i, at - 1]
                at -= 1
            distances[i, at] = found
            candidates[i, at] = row


@njit(nogil=True, cache=True)
def squared_among(
    X: NDArray[Any], Q: NDArray[Any], candidates: NDArray[np.int64], distances: NDArray[np.float64]
) -> None:
    """Write the squared distances of queries to their candidates, as `exact_among`; the order stays as it is."""
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
    Give for each query the k nearest rows of its cell, shape (m, k); a cell of fewer is eked out with those beside it.

    Parameters
    ----------
    X, Q : ndarray of uint8, shape (n, w) and (m, w)
    order : ndarray of int64, shape (n,)
        The rows, cell by cell.
    starts : ndarray of int64, shape (cells + 1,)
        Where each cell begins in `order`.
    cells : ndarray of int64, shape (m,)
        The cell of each query.
    k : int
    """
    nearest, rows = np.empty(k, np.int32), np.zeros((len(Q), k), np.int64)
    for i in range(len(Q)):
        stop = min(max(starts[cells[i] + 1], starts[cells[i]] + k), len(order))
        nearest[:] = np.iinfo(np.int32).max
        for row in order[min(starts[cells[i]], stop - k) : stop]:
            found = _roughly(X[row], Q[i], _WHOLE)
            if found < nearest[-1]:
                _insert(nearest, rows[i], found, row)
    return rows


@njit(nogil=True, cache=True)
def farthest_among(
    X: NDArray[Any], Q: NDArray[Any], candidates: NDArray[np.int64], rough: NDArray[Any], doubt: float
) -> NDArray[np.float64]:
    """
    Give for each query the squared distance that none of its candidates exceeds, shape (m,).

    Parameters
    ----------
    X, Q, candidates : as for `exact_among`
    rough : ndarray, shape (1,)
        Of the type to compute in.
    doubt : float
        Relative error of that.
    """
    farthest = np.zeros(len(Q))
    for i in range(len(Q)):
        for row in candidates[i]:
            farthest[i] = max(farthest[i], np.float64(_roughly(X[row], Q[i], rough)) * (1 + doubt))
    return farthest


@njit(nogil=True, cache=True)
def nearest_by_differences(
    X: NDArray[Any], query: NDArray[Any], k: int, rough: NDArray[Any], doubt: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Compare one query with every row; of equal distances, infinite ones too, the row that comes first is nearer.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    query : ndarray, shape (d,)
    k : int
        At most n.
    rough, doubt
        As for `keep_nearest_within`.

    Returns
    -------
    nearest : ndarray of float64, shape (k,)
        Squared, from the differences in float64.
    rows : ndarray of int64, shape (k,)
    """
    nearest, rows = np.empty(k), np.empty(k, np.int64)
    for row in range(len(X)):
        near = np.float64(_roughly(X[row], query, rough)) * (1 - doubt)
        if row >= k and np.isfinite(near) and near > nearest[-1]:
            continue
        found = near if doubt == 0 else _squared(X[row], query)
        if row < k:
            _insert(nearest[: row + 1], rows[: row + 1], found, row)
        elif found < nearest[-1]:
            _insert(nearest, rows, found, row)
    return nearest, rows
