"""Exact neighbours among rows of few columns: a k-d tree prunes whole boxes of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.neighbours.boxes import FANOUT, STACK_SIZE, Boxes, boxes_around
from tenfold.models.threads import thread_pool
from tenfold.models.tiles import blocks_of, stack_results

__all__ = ["KDTree", "tree_bytes", "tree_pays"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_FEWEST_ROWS, _WIDEST = 512, 32
_QUERIES_A_VALUE = 128
"""Building and probing a tree costs as much as some hundred queries of all rows, of wide rows a thousand."""
_PROBES = 32
_BLOCK = 1024
_PAIRS = 1 << 29
"""Pairs of a block at most, pruned or compared: an interrupt waits for the block in hand."""
_NODE_COST, _NODE_COST_A_VALUE, _ROW_COST, _ROW_COST_A_VALUE = 200, 6, 1, 1 / 12
"""
Costs of visiting a node and of comparing a row, in units of a row of an exhaustive search; measured in nanoseconds with
2,000 to 200,000 rows of 2 to 32 values, where such a unit is 0.9 (floats) to 1.2 (bytes) on a core.
"""
_LARGEST_SHARE = 1 / 2
"""Share of the number of rows that the costs may reach: larger trees leave the cache and take twice as long."""


_MOST_NEIGHBOURS = 256
"""Neighbours among which inserting a row costs nothing; with a large tree up to the square root of its rows."""


def tree_pays(X: NDArray[Any], queries: int, k: int = 1) -> bool:
    """
    Return whether a tree may pay, by the sizes: many queries of rows of few columns, for not too many neighbours.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    queries : int
        Number of queries of this search and earlier ones.
    k : int
        Number of neighbours.

    Examples
    --------
    >>> tree_pays(np.zeros((20_000, 8)), queries=5_000), tree_pays(np.zeros((20_000, 64)), queries=5_000)
    (True, False)
    """
    n, d = X.shape
    few = k <= max(_MOST_NEIGHBOURS, n**0.5)
    return bool(few and n >= _FEWEST_ROWS and d <= _WIDEST and queries >= _QUERIES_A_VALUE * d)


def tree_bytes(X: NDArray[Any]) -> int:
    """Return the bytes that the tree of rows, shape (n, d), takes at most: copies in leaves, boxes, their order."""
    return 2 * X.nbytes + 24 * len(X)


@dataclass(frozen=True, eq=False)
class KDTree:
    """
    A k-d tree of training rows.

    The gap between a query and a box, summed over the columns in the same order as a distance, and rounded alike, does
    not exceed the distance to any row of the box: rounding is monotone. So a row that is pruned is farther away, or as
    far and later among the rows: the result is that of an exhaustive search. (Friedman, Bentley and Finkel, An
    algorithm for finding best matches in logarithmic expected time, 1977.)

    Examples
    --------
    >>> tree = KDTree.of(np.array([[0.0], [1.0], [5.0]]))
    >>> tree.nearest(np.array([[1.5]]), k=2, threads=1)
    (array([[0.25, 2.25]]), array([[1, 0]]))
    """

    boxes: Boxes

    @classmethod
    def of(cls, X: NDArray[Any], threads: int = 1) -> KDTree:
        """Build the tree of training rows, shape (n, d), finite, of uint8, float32 or float64."""
        return cls(boxes_around(X, threads))

    def pays(self, Q: NDArray[Any], k: int) -> bool:
        """Return whether the tree is faster than an exhaustive search, by a sample of the queries."""
        sample, d = Q[:: max(1, len(Q) // _PROBES)][:_PROBES], Q.shape[1]
        budget = _LARGEST_SHARE * len(self.boxes.order) * len(sample)
        for query in sample:
            _, _, n_nodes, n_rows = self._nearest_of(query[None], k)
            budget -= n_nodes * (_NODE_COST + _NODE_COST_A_VALUE * d) + n_rows * (_ROW_COST + _ROW_COST_A_VALUE * d)
            if budget < 0:
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
            Of equal distances the first row.
        """
        size = max(1, min(_BLOCK, -(-len(Q) // threads), _PAIRS // len(self.boxes.order)))
        with thread_pool(threads) as run:
            return stack_results(run(lambda block: self._nearest_of(block, k)[:2], blocks_of(Q, size)))

    def _nearest_of(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows, int, int]:
        distances, rows = np.full((len(block), k), np.inf), np.full((len(block), k), len(self.boxes.order))
        n_nodes, n_rows = _search(block.astype(np.float64), self.boxes, distances, rows)
        return distances, rows, n_nodes, n_rows


@njit(nogil=True, cache=True)
def _search(Q: Floats, boxes: Boxes, nearest: Floats, rows: Rows) -> tuple[int, int]:
    """Find the nearest rows of each query, in place; return the numbers of nodes visited and of rows compared."""
    children, lower, upper, first, order = boxes.children, boxes.lower, boxes.upper, boxes.first, boxes.order
    starts, leaves = boxes.starts, boxes.leaves
    inner, last = len(children) - 1, nearest.shape[1] - 1
    stack, stack_gaps = np.empty(STACK_SIZE, np.int64), np.empty(STACK_SIZE)
    distances, child_gaps = np.empty(leaves.shape[2]), np.empty(FANOUT)
    n_nodes = n_rows = 0
    for i in range(len(Q)):
        query, best, best_rows = Q[i], nearest[i], rows[i]
        stack[0], stack_gaps[0], count = 0, 0.0, 1
        while count:
            count -= 1
            node, gap = stack[count], stack_gaps[count]
            if gap > best[last] or (gap == best[last] and first[node] > best_rows[last]):
                continue
            if node >= inner:
                leaf = node - inner
                leaf_rows = order[starts[leaf] : starts[leaf + 1]]
                n_rows += len(leaf_rows)
                if not _compare(leaves[leaf], query, distances, best[last]):
                    continue
                for place in range(len(leaf_rows)):
                    if distances[place] <= best[last]:
                        _insert(best, best_rows, distances[place], leaf_rows[place])
                continue
            n_nodes += 1
            _gaps(lower[node], upper[node], query, child_gaps)
            below = count
            for child in range(children[node], children[node + 1]):
                gap = child_gaps[child - children[node]]
                if gap > best[last]:
                    continue
                # The nearest child is on top of the stack.
                place = count
                while place > below and (
                    stack_gaps[place - 1] < gap
                    or (stack_gaps[place - 1] == gap and first[stack[place - 1]] < first[child])
                ):
                    stack[place], stack_gaps[place] = stack[place - 1], stack_gaps[place - 1]
                    place -= 1
                stack[place], stack_gaps[place] = child, gap
                count += 1
    return n_nodes, n_rows


@njit(nogil=True, cache=True)
def _gaps(lower: NDArray[Any], upper: NDArray[Any], query: Floats, gaps: Floats) -> None:
    """Write the squared distances to the boxes of a node's children, 0 within, summed as by `_compare`."""
    gaps[:] = 0.0
    for j in range(len(query)):
        low, high, value = lower[j], upper[j], query[j]
        for child in range(FANOUT):
            below, above = np.float64(low[child]) - value, value - np.float64(high[child])
            outside = max(0.0, below, above)
            gaps[child] += outside * outside


@njit(nogil=True, cache=True)
def _compare(leaf: NDArray[Any], query: Floats, distances: Floats, farthest: float) -> bool:
    """Write the squared distances to the rows of a leaf, summed column by column; return whether one is near."""
    distances[:] = 0.0
    for j in range(len(query)):
        column, value = leaf[j], query[j]
        for place in range(len(distances)):
            gap = np.float64(column[place]) - value
            distances[place] += gap * gap
    near = 0
    for place in range(len(distances)):
        near += distances[place] <= farthest
    return near > 0


@njit(nogil=True, cache=True)
def _insert(nearest: Floats, rows: Rows, distance: float, row: int) -> None:
    """Insert a row before those that are farther, or as far and later; the last one is dropped."""
    place = len(nearest) - 1
    if nearest[place] == distance and rows[place] < row:
        return
    while place > 0 and (nearest[place - 1] > distance or (nearest[place - 1] == distance and rows[place - 1] > row)):
        nearest[place], rows[place] = nearest[place - 1], rows[place - 1]
        place -= 1
    nearest[place], rows[place] = distance, row
