"""The kernels: of a tile of products, keep the k smallest distances of each query while the tile is in cache."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["exact_among", "exact_of_all", "keep_nearest"]

_STRIDE = 64
"""Columns looked at together: their minimum is found without branches, and most often rules them all out."""


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
    two = norms.dtype.type(2)
    for i in range(queries):
        worst = nearest[i, last]
        for start in range(0, width, _STRIDE):
            stop = min(start + _STRIDE, width)
            lowest = norms[start] - two * norms.dtype.type(products[i, start])
            for j in range(start, stop):
                lowest = min(lowest, norms[j] - two * norms.dtype.type(products[i, j]))
            if lowest >= worst:
                continue
            for j in range(start, stop):
                found = norms[j] - two * norms.dtype.type(products[i, j])
                if found < worst:
                    place = last
                    while place > 0 and nearest[i, place - 1] > found:
                        nearest[i, place] = nearest[i, place - 1]
                        rows[i, place] = rows[i, place - 1]
                        place -= 1
                    nearest[i, place] = found
                    rows[i, place] = first + j
                    worst = nearest[i, last]


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
def exact_of_all(X: NDArray[Any], query: NDArray[Any], distances: NDArray[np.float64]) -> None:
    """Compute the squared distance of one query to every row, from the differences in float64. In place."""
    for row in range(len(X)):
        distances[row] = _squared(X[row], query)
