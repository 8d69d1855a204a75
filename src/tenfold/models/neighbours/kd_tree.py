"""Exact neighbours among rows of few values: a k-d tree rules whole boxes of rows out, the others are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.threads import spread_over
from tenfold.models.tiles import blocks_of, joined

__all__ = ["KDTree", "bytes_of_tree", "worth_a_tree"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_LEAF, _LANES = 32, 8
"""Rows of a leaf at most; they are compared side by side, in a multiple of so many."""
_SAMPLE = 64
"""Rows of a box that tell along which value it is halved."""
_FEWEST_ROWS, _WIDEST = 512, 32
_QUERIES_A_VALUE = 128
"""A tree costs as much to grow and to try as some hundred queries of all rows, of wide rows a thousand."""
_PROBES = 32
_OPENED, _OPENED_A_VALUE, _COMPARED, _COMPARED_A_VALUE = 64, 2, 1, 1 / 16
"""
What opening a box and comparing a row take, beside a row of the search through all of them; measured as nanoseconds
with 2,000 to 200,000 rows of 2 to 32 values, where a row of that takes 0.9 (floats) to 1.3 (bytes) on a core.
"""
_MOST_OF_ALL = 1 / 2
"""Share of the rows' number that such a sum may reach: larger trees do not stay in cache and take twice as long."""


def worth_a_tree(X: NDArray[Any], queries: int) -> bool:
    """
    Tell from the sizes whether a tree may pay: many queries of rows of few values.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    queries : int
        Of this search and those before it.

    Examples
    --------
    >>> worth_a_tree(np.zeros((20_000, 8)), queries=5_000), worth_a_tree(np.zeros((20_000, 64)), queries=5_000)
    (True, False)
    """
    n, d = X.shape
    return n >= _FEWEST_ROWS and d <= _WIDEST and queries >= _QUERIES_A_VALUE * d


def bytes_of_tree(X: NDArray[Any]) -> int:
    """Give the memory that the tree of rows, shape (n, d), takes at most: copies in leaves, boxes, their order."""
    return X.nbytes * 7 // 4 + 16 * len(X)


class _Boxes(NamedTuple):
    """
    The nodes, each a box around its rows: node i is halved into 2i + 1 and 2i + 2, the last ones are the leaves.

    ``lower`` and ``upper`` (nodes, d) are the box, ``first`` (nodes,) the first of its rows, ``order`` (n,) the rows
    leaf by leaf, ``starts`` (leaves + 1,) where each begins; ``leaves`` (leaves, d, width) their values, filled up with
    zeros.
    """

    lower: NDArray[Any]
    upper: NDArray[Any]
    first: Rows
    order: Rows
    starts: Rows
    leaves: NDArray[Any]


@dataclass(frozen=True, eq=False)
class KDTree:
    """
    Training rows in boxes within boxes.

    The gap between a query and a box, summed over the values in the order in which a distance is, and rounded as it
    is, does not exceed the distance to any row of the box: rounding keeps order. So what is ruled out is farther
    away, or as far and further back among the rows: the answers are those of comparing all rows. (Friedman, Bentley
    and Finkel, An algorithm for finding best matches in logarithmic expected time, 1977.)

    Examples
    --------
    >>> tree = KDTree.of(np.array([[0.0], [1.0], [5.0]]))
    >>> tree.nearest(np.array([[1.5]]), k=2, threads=1)
    (array([[0.25, 2.25]]), array([[1, 0]]))
    """

    boxes: _Boxes

    @classmethod
    def of(cls, X: NDArray[Any]) -> KDTree:
        """Grow the tree of training rows, shape (n, d), finite; uint8, float32 or float64, which it keeps."""
        n, d = X.shape
        count = 1 << max(0, (-(-n // _LEAF) - 1).bit_length())
        order, starts = np.arange(n), np.empty(count + 1, np.int64)
        _halve(X, order, starts)
        widest = int(np.diff(starts).max())
        boxes = _Boxes(
            lower=np.empty((2 * count - 1, d), X.dtype),
            upper=np.empty((2 * count - 1, d), X.dtype),
            first=np.empty(2 * count - 1, np.int64),
            order=order,
            starts=starts,
            leaves=np.zeros((count, d, -(-widest // _LANES) * _LANES), X.dtype),
        )
        _enclose(X, boxes)
        return cls(boxes)

    def pays(self, Q: NDArray[Any], k: int) -> bool:
        """Try some of the queries: tell whether it takes less to go through the tree than through all rows."""
        some, d = Q[:: max(1, len(Q) // _PROBES)][:_PROBES], Q.shape[1]
        left = _MOST_OF_ALL * len(self.boxes.order) * len(some)
        for query in some:
            _, _, opened, compared = self._nearest_of(query[None], k)
            left -= opened * (_OPENED + _OPENED_A_VALUE * d) + compared * (_COMPARED + _COMPARED_A_VALUE * d)
            if left < 0:
                return False
        return True

    def nearest(self, Q: NDArray[Any], k: int, threads: int) -> tuple[Floats, Rows]:
        """
        Find the k nearest rows of queries, shape (m, d).

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Squared, ascending; from the differences in float64.
        rows : ndarray of int64, shape (m, k)
            Of equal distances the row that comes first.
        """
        return joined(spread_over(threads, lambda block: self._nearest_of(block, k)[:2], blocks_of(Q)))

    def _nearest_of(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows, int, int]:
        distances, rows = np.full((len(block), k), np.inf), np.full((len(block), k), len(self.boxes.order))
        opened, compared = _search(block.astype(np.float64), self.boxes, distances, rows)
        return distances, rows, opened, compared


@njit(nogil=True, cache=True)
def _halve(X: NDArray[Any], order: Rows, starts: Rows) -> None:
    """Put the rows in order, leaf by leaf: halves of the box before along the value that spreads most in it."""
    leaves, keys = len(starts) - 1, np.empty(len(order), X.dtype)
    starts[0], starts[leaves] = 0, len(order)
    span = leaves
    while span > 1:
        for leaf in range(0, leaves, span):
            start, stop = starts[leaf], starts[leaf + span]
            middle = (start + stop) // 2
            starts[leaf + span // 2] = middle
            axis = _widest(X, order[start:stop])
            for place in range(start, stop):
                keys[place] = X[order[place], axis]
            _part(keys[start:stop], order[start:stop], middle - start)
        span //= 2


@njit(nogil=True, cache=True)
def _widest(X: NDArray[Any], rows: Rows) -> int:
    """Give the value that spreads most among some of the rows."""
    axis, widest, step = 0, -1.0, max(1, len(rows) // _SAMPLE)
    for j in range(X.shape[1]):
        low = high = np.float64(X[rows[0], j])
        for row in rows[::step]:
            low, high = min(low, np.float64(X[row, j])), max(high, np.float64(X[row, j]))
        if high - low > widest:
            axis, widest = j, high - low
    return axis


@njit(nogil=True, cache=True)
def _part(keys: NDArray[Any], rows: Rows, middle: int) -> None:
    """Bring the keys before `middle` to stand before all that are greater, with their rows (Hoare, Find, 1961)."""
    left, right = 0, len(keys) - 1
    while left < right:
        pivot, i, j = keys[(left + right) // 2], left, right
        while i <= j:
            while keys[i] < pivot:
                i += 1
            while keys[j] > pivot:
                j -= 1
            if i <= j:
                keys[i], keys[j] = keys[j], keys[i]
                rows[i], rows[j] = rows[j], rows[i]
                i, j = i + 1, j - 1
        # What lies between j and i equals the pivot and is in its place.
        left, right = (i if middle > j else left), (j if middle < i else right)


@njit(nogil=True, cache=True)
def _enclose(X: NDArray[Any], boxes: _Boxes) -> None:
    """Copy the rows into the leaves, and draw the boxes around them."""
    lower, upper, first, leaves = boxes.lower, boxes.upper, boxes.first, boxes.leaves
    inner = len(leaves) - 1
    for leaf in range(len(leaves)):
        rows = boxes.order[boxes.starts[leaf] : boxes.starts[leaf + 1]]
        for place in range(len(rows)):
            leaves[leaf, :, place] = X[rows[place]]
        for j in range(X.shape[1]):
            lower[inner + leaf, j] = leaves[leaf, j, : len(rows)].min()
            upper[inner + leaf, j] = leaves[leaf, j, : len(rows)].max()
        first[inner + leaf] = rows.min()
    for node in range(inner - 1, -1, -1):
        a, b = 2 * node + 1, 2 * node + 2
        lower[node], upper[node] = np.minimum(lower[a], lower[b]), np.maximum(upper[a], upper[b])
        first[node] = min(first[a], first[b])


@njit(nogil=True, cache=True)
def _search(Q: Floats, boxes: _Boxes, nearest: Floats, rows: Rows) -> tuple[int, int]:
    """Find the nearest of each query, in place; tell how many boxes were opened and how many rows compared."""
    lower, upper, first, order = boxes.lower, boxes.upper, boxes.first, boxes.order
    starts, leaves = boxes.starts, boxes.leaves
    inner, last = len(leaves) - 1, nearest.shape[1] - 1
    waiting, gaps, apart = np.empty(64, np.int64), np.empty(64), np.empty(leaves.shape[2])
    opened = compared = 0
    for i in range(len(Q)):
        query, own, own_rows = Q[i], nearest[i], rows[i]
        waiting[0], gaps[0], count = 0, 0.0, 1
        while count:
            count -= 1
            node, gap = waiting[count], gaps[count]
            if gap > own[last] or (gap == own[last] and first[node] > own_rows[last]):
                continue
            if node >= inner:
                leaf = node - inner
                there = order[starts[leaf] : starts[leaf + 1]]
                _compare(leaves[leaf], query, apart)
                compared += len(there)
                for place in range(len(there)):
                    if apart[place] <= own[last]:
                        _insert(own, own_rows, apart[place], there[place])
                continue
            opened += 1
            near, far = 2 * node + 1, 2 * node + 2
            gap, other = _gap(lower[near], upper[near], query), _gap(lower[far], upper[far], query)
            if other < gap or (other == gap and first[far] < first[near]):
                near, far, gap, other = far, near, other, gap
            # The nearer one, put down last, is taken up first.
            waiting[count], gaps[count] = far, other
            waiting[count + 1], gaps[count + 1] = near, gap
            count += 2
    return opened, compared


@njit(nogil=True, cache=True)
def _gap(lower: NDArray[Any], upper: NDArray[Any], query: Floats) -> float:
    """Squared distance to a box, 0 within it."""
    total = 0.0
    for j in range(len(query)):
        below, above = np.float64(lower[j]) - query[j], query[j] - np.float64(upper[j])
        outside = below if below > above else above
        outside = outside if outside > 0.0 else 0.0
        total += outside * outside
    return total


@njit(nogil=True, cache=True)
def _compare(leaf: NDArray[Any], query: Floats, apart: Floats) -> None:
    """Squared distances to the rows of a leaf: side by side, each summed over its values in their order."""
    apart[:] = 0.0
    for j in range(len(query)):
        column, value = leaf[j], query[j]
        for place in range(len(apart)):
            gap = np.float64(column[place]) - value
            apart[place] += gap * gap


@njit(nogil=True, cache=True)
def _insert(nearest: Floats, rows: Rows, found: float, row: int) -> None:
    """Put a row in its place, before those that are farther or as far and further back; the last one falls out."""
    place = len(nearest) - 1
    if nearest[place] == found and rows[place] < row:
        return
    while place > 0 and (nearest[place - 1] > found or (nearest[place - 1] == found and rows[place - 1] > row)):
        nearest[place], rows[place] = nearest[place - 1], rows[place - 1]
        place -= 1
    nearest[place], rows[place] = found, row
