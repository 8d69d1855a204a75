"""Exact neighbours among rows of few values: a k-d tree rules whole boxes of rows out, the others are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.neighbours.boxes import FANOUT, MOST_WAITING, Boxes, boxes_around
from tenfold.models.threads import crew
from tenfold.models.tiles import blocks_of, joined

__all__ = ["KDTree", "bytes_of_tree", "worth_a_tree"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_FEWEST_ROWS, _WIDEST = 512, 32
_QUERIES_A_VALUE = 128
"""A tree costs as much to grow and to try as some hundred queries of all rows, of wide rows a thousand."""
_PROBES = 32
_BLOCK = 1024
_PAIRS = 1 << 29
"""Pairs of a block at most, whether ruled out or compared: an interrupt waits for the block in hand."""
_OPENED, _OPENED_A_VALUE, _COMPARED, _COMPARED_A_VALUE = 200, 6, 1, 1 / 12
"""
What opening a node and comparing a row take, beside a row of the search through all of them; measured as nanoseconds
with 2,000 to 200,000 rows of 2 to 32 values, where a row of that takes 0.9 (floats) to 1.2 (bytes) on a core.
"""
_MOST_OF_ALL = 1 / 2
"""Share of the rows' number that such a sum may reach: larger trees do not stay in cache and take twice as long."""


_MOST_NEIGHBOURS = 256
"""Neighbours that a leaf's rows are put among in no time; of a large tree the square of more may be as many as rows."""


def worth_a_tree(X: NDArray[Any], queries: int, k: int = 1) -> bool:
    """
    Tell from the sizes whether a tree may pay: many queries of rows of few values, for not too many neighbours.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    queries : int
        Of this search and those before it.
    k : int

    Examples
    --------
    >>> worth_a_tree(np.zeros((20_000, 8)), queries=5_000), worth_a_tree(np.zeros((20_000, 64)), queries=5_000)
    (True, False)
    """
    n, d = X.shape
    few = k <= max(_MOST_NEIGHBOURS, n**0.5)
    return bool(few and n >= _FEWEST_ROWS and d <= _WIDEST and queries >= _QUERIES_A_VALUE * d)


def bytes_of_tree(X: NDArray[Any]) -> int:
    """Give the memory that the tree of rows, shape (n, d), takes at most: copies in leaves, boxes, their order."""
    return 2 * X.nbytes + 24 * len(X)


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

    boxes: Boxes

    @classmethod
    def of(cls, X: NDArray[Any], threads: int = 1) -> KDTree:
        """Grow the tree of training rows, shape (n, d), finite; uint8, float32 or float64, which it keeps."""
        return cls(boxes_around(X, threads))

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
        size = max(1, min(_BLOCK, -(-len(Q) // threads), _PAIRS // len(self.boxes.order)))
        with crew(threads) as spread:
            return joined(spread(lambda block: self._nearest_of(block, k)[:2], blocks_of(Q, size)))

    def _nearest_of(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows, int, int]:
        distances, rows = np.full((len(block), k), np.inf), np.full((len(block), k), len(self.boxes.order))
        opened, compared = _search(block.astype(np.float64), self.boxes, distances, rows)
        return distances, rows, opened, compared


@njit(nogil=True, cache=True)
def _search(Q: Floats, boxes: Boxes, nearest: Floats, rows: Rows) -> tuple[int, int]:
    """Find the nearest of each query, in place; tell how many boxes were opened and how many rows compared."""
    children, lower, upper, first, order = boxes.children, boxes.lower, boxes.upper, boxes.first, boxes.order
    starts, leaves = boxes.starts, boxes.leaves
    inner, last = len(children) - 1, nearest.shape[1] - 1
    waiting, gaps = np.empty(MOST_WAITING, np.int64), np.empty(MOST_WAITING)
    apart, around = np.empty(leaves.shape[2]), np.empty(FANOUT)
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
                compared += len(there)
                if not _compare(leaves[leaf], query, apart, own[last]):
                    continue
                for place in range(len(there)):
                    if apart[place] <= own[last]:
                        _insert(own, own_rows, apart[place], there[place])
                continue
            opened += 1
            _gaps(lower[node], upper[node], query, around)
            below = count
            for child in range(children[node], children[node + 1]):
                gap = around[child - children[node]]
                if gap > own[last]:
                    continue
                # The nearest is put down last, and taken up first.
                place = count
                while place > below and (
                    gaps[place - 1] < gap or (gaps[place - 1] == gap and first[waiting[place - 1]] < first[child])
                ):
                    waiting[place], gaps[place] = waiting[place - 1], gaps[place - 1]
                    place -= 1
                waiting[place], gaps[place] = child, gap
                count += 1
    return opened, compared


@njit(nogil=True, cache=True)
def _gaps(lower: NDArray[Any], upper: NDArray[Any], query: Floats, gaps: Floats) -> None:
    """Squared distances to the boxes of a node's children, side by side, 0 within; as `_compare` sums them."""
    gaps[:] = 0.0
    for j in range(len(query)):
        low, high, value = lower[j], upper[j], query[j]
        for child in range(FANOUT):
            below, above = np.float64(low[child]) - value, value - np.float64(high[child])
            outside = max(0.0, below, above)
            gaps[child] += outside * outside


@njit(nogil=True, cache=True)
def _compare(leaf: NDArray[Any], query: Floats, apart: Floats, farthest: float) -> bool:
    """Squared distances to the rows of a leaf, each summed over its values in their order; tell whether one is near."""
    apart[:] = 0.0
    for j in range(len(query)):
        column, value = leaf[j], query[j]
        for place in range(len(apart)):
            gap = np.float64(column[place]) - value
            apart[place] += gap * gap
    near = 0
    for place in range(len(apart)):
        near += apart[place] <= farthest
    return near > 0


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
