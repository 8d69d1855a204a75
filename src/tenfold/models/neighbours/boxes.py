"""The boxes of a k-d tree: rows halved again and again along the widest column, contiguous in memory."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.threads import thread_pool

__all__ = ["FANOUT", "STACK_SIZE", "Boxes", "boxes_around"]

Rows = NDArray[np.int64]

_LEAF, _LANES = 32, 8
"""Rows of a leaf at most, and the multiple to which they are filled up, to be compared in wide registers."""
FANOUT, STACK_SIZE = 8, 8 * 24
"""Children of a node at most, whose boxes are compared in wide registers; the nodes on the stack at most."""
_PARTS = 8
"""Parts of the rows that threads sort on their own once they are separated."""
_SAMPLE = 64
"""Rows of a box that decide along which column it is halved."""


class Boxes(NamedTuple):
    """
    The nodes of the tree, each a box around its rows: the root, then level by level, the leaves at the end.

    ``children`` (inner + 1,) is the first child of each inner node, whose children end before those of the next one;
    ``lower`` and ``upper`` (inner, d, 8) their boxes, contiguous by column; ``first`` (nodes,) the first row of each
    node; ``order`` (n,) the rows leaf by leaf; ``starts`` (leaves + 1,) the place where each leaf begins; ``leaves``
    (leaves, d, width) their values, filled up with the last row.
    """

    children: Rows
    lower: NDArray[Any]
    upper: NDArray[Any]
    first: Rows
    order: Rows
    starts: Rows
    leaves: NDArray[Any]


def boxes_around(X: NDArray[Any], threads: int) -> Boxes:
    """Build the boxes around rows, shape (n, d), finite, of uint8, float32 or float64; boxes have their dtype."""
    n, d = X.shape
    halvings = max(0, (-(-n // _LEAF) - 1).bit_length())
    count = 1 << halvings
    order, starts, children = np.arange(n), np.full(count + 1, n), _first_children(halvings)
    starts[0] = 0
    width_of_part = max(1, count // _PARTS)
    parts = [(first, first + width_of_part) for first in range(0, count, width_of_part)]
    with thread_pool(threads) as run:
        _split_leaves(X, order, starts, (0, count), width_of_part)
        run(lambda leaves: _split_leaves(X, order, starts, leaves, 1), parts)
        inner, width = len(children) - 1, int(np.diff(starts).max())
        boxes = Boxes(
            children=children,
            lower=np.zeros((inner, d, FANOUT), X.dtype),
            upper=np.zeros((inner, d, FANOUT), X.dtype),
            first=np.empty(inner + count, np.int64),
            order=order,
            starts=starts,
            leaves=np.empty((count, d, -(-width // _LANES) * _LANES), X.dtype),
        )
        run(lambda leaves: _fill(X, boxes, leaves), parts)
    _enclose(boxes)
    return boxes


def _first_children(halvings: int) -> Rows:
    """
    Return the first child of each inner node, level by level, and the end of the last one's; eight each, or fewer.

    Examples
    --------
    >>> _first_children(0).tolist(), _first_children(2).tolist(), _first_children(4).tolist()
    ([1], [1, 5], [1, 3, 11, 19])
    """
    # The root takes the halvings beyond a multiple of three.
    fanouts = [1 << (halvings % 3)] * (halvings % 3 > 0) + [FANOUT] * (halvings // 3)
    nodes = np.cumprod([1, *fanouts])
    return np.concatenate([[1], 1 + np.cumsum(np.repeat(fanouts, nodes[:-1]))]).astype(np.int64)


@njit(nogil=True, cache=True)
def _split_leaves(X: NDArray[Any], order: Rows, starts: Rows, leaves: tuple[int, int], until: int) -> None:
    """
    Sort the rows of some leaves into halves along the widest column of each box.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    order, starts
        Of the boxes; changed in place.
    leaves : (int, int)
        The first and the one after the last, whose starts are set.
    until : int
        Number of leaves of a box below which it is not halved.
    """
    keys, base = np.empty(starts[leaves[1]] - starts[leaves[0]], X.dtype), starts[leaves[0]]
    span = leaves[1] - leaves[0]
    while span > until:
        for leaf in range(leaves[0], leaves[1], span):
            start, stop = starts[leaf], starts[leaf + span]
            middle = (start + stop) // 2
            starts[leaf + span // 2] = middle
            axis = _widest(X, order[start:stop])
            for place in range(start, stop):
                keys[place - base] = X[order[place], axis]
            _partition(keys[start - base : stop - base], order[start:stop], middle - start)
        span //= 2


@njit(nogil=True, cache=True)
def _widest(X: NDArray[Any], rows: Rows) -> int:
    """Return the column with the widest range among a sample of the rows."""
    axis, widest, step = 0, -1.0, max(1, len(rows) // _SAMPLE)
    for j in range(X.shape[1]):
        low = high = np.float64(X[rows[0], j])
        for row in rows[::step]:
            low, high = min(low, np.float64(X[row, j])), max(high, np.float64(X[row, j]))
        if high - low > widest:
            axis, widest = j, high - low
    return axis


@njit(nogil=True, cache=True)
def _partition(keys: NDArray[Any], rows: Rows, middle: int) -> None:
    """Partition keys and their rows so that the smallest stand before `middle` (Hoare, Find, 1961)."""
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
        # Keys between j and i equal the pivot and are in place.
        left, right = (i if middle > j else left), (j if middle < i else right)


@njit(nogil=True, cache=True)
def _fill(X: NDArray[Any], boxes: Boxes, some: tuple[int, int]) -> None:
    """Copy the rows of some leaves, contiguous by column; `some` as `leaves` above."""
    order, starts, leaves = boxes.order, boxes.starts, boxes.leaves
    for leaf in range(some[0], some[1]):
        for place in range(leaves.shape[2]):
            leaves[leaf, :, place] = X[order[min(starts[leaf] + place, starts[leaf + 1] - 1)]]


@njit(nogil=True, cache=True)
def _enclose(boxes: Boxes) -> None:
    """Compute the boxes, from the leaves to the root."""
    children, lower, upper, first, leaves = boxes.children, boxes.lower, boxes.upper, boxes.first, boxes.leaves
    inner, d = len(children) - 1, leaves.shape[1]
    low, high = np.empty((inner + len(leaves), d), leaves.dtype), np.empty((inner + len(leaves), d), leaves.dtype)
    for leaf in range(len(leaves)):
        for j in range(d):
            low[inner + leaf, j], high[inner + leaf, j] = leaves[leaf, j].min(), leaves[leaf, j].max()
        first[inner + leaf] = boxes.order[boxes.starts[leaf] : boxes.starts[leaf + 1]].min()
    for node in range(inner - 1, -1, -1):
        one, end = children[node], children[node + 1]
        low[node], high[node], first[node] = low[one], high[one], first[one:end].min()
        for child in range(one, end):
            low[node], high[node] = np.minimum(low[node], low[child]), np.maximum(high[node], high[child])
            lower[node, :, child - one], upper[node, :, child - one] = low[child], high[child]
