"""The compiled evaluation of trees: a block of rows goes down one tree after another, all of them level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.threads import allowed_threads, thread_pool

if TYPE_CHECKING:
    from tenfold.models.trees.trees import Trees

__all__ = ["kernel_sums"]

_BLOCK = 256
"""Rows at a time: their values stay in the second cache while a tree is followed."""

_MOST_PAIRS = 1 << 22
"""Of a block, whose leaves are written down: 16 MiB."""

_FEWEST_PAIRS = 50_000
"""Pairs of a row and a tree for which another thread is worth its start."""

_FEATURE, _MISSING_LEFT, _CATEGORICAL = (1 << 21) - 1, 1 << 30, 1 << 31


def kernel_sums(trees: Trees, rows: NDArray[Any]) -> NDArray[Any]:
    """Return what `Trees.sums` does, in as many threads as there may be; their number changes no bit."""
    threads = max(1, min(allowed_threads(None), len(rows) * len(trees.roots) // _FEWEST_PAIRS))
    sums = np.empty((len(rows), len(trees.start)), trees.values.dtype)
    size = max(1, min(_BLOCK, _MOST_PAIRS // len(trees.roots)))
    blocks = [slice(begin, begin + size) for begin in range(0, len(rows), size)]

    def add(block: slice) -> None:
        _add_block(trees, rows[block], sums[block])

    with thread_pool(threads) as run:
        run(add, blocks)
    return sums


def _add_block(trees: Trees, rows: NDArray[Any], sums: NDArray[Any]) -> None:
    leaves = np.empty((len(trees.roots), len(rows)), np.int32)
    if rows.dtype == np.uint8:
        _find_leaves_of_bytes(rows, trees.nodes, trees.roots, leaves)
    elif trees.missing:
        _find_leaves_with_gaps(rows, trees.nodes, trees.roots, trees.sets, leaves)
    else:
        _find_leaves(rows, trees.nodes, trees.roots, leaves)
    sums[:] = trees.start
    _add_values(leaves, trees.values, trees.groups, sums)


@njit(nogil=True, cache=True)
def _find_leaves(rows: NDArray[Any], nodes: NDArray[Any], roots: NDArray[np.int32], leaves: NDArray[np.int32]) -> None:
    """
    Write the row of values of the leaf that each row reaches in each tree.

    Rows that are not at a leaf yet stand first in `active`: each level is one loop over them, whose steps do not wait
    for one another, and no branch has to be guessed.
    """
    n = len(rows)
    active, place = np.empty(n, np.int32), np.empty(n, np.int32)
    for tree in range(len(roots)):
        count = _begin(nodes[roots[tree]].child, roots[tree], active, place)
        while count:
            going = 0
            for position in range(count):
                row = active[position]
                node = nodes[place[row]]
                following = node.child + np.int32(rows[row, node.split] > node.threshold)
                place[row] = following
                active[going] = row
                going += nodes[following].child >= 0
            count = going
        for row in range(n):
            leaves[tree, row] = ~nodes[place[row]].child


@njit(nogil=True, cache=True)
def _find_leaves_of_bytes(
    rows: NDArray[np.uint8], nodes: NDArray[Any], roots: NDArray[np.int32], leaves: NDArray[np.int32]
) -> None:
    """Do what `_find_leaves` does for rows of bytes, whose nodes have column and threshold in one number."""
    n = len(rows)
    active, place = np.empty(n, np.int32), np.empty(n, np.int32)
    for tree in range(len(roots)):
        count = _begin(nodes[roots[tree]].child, roots[tree], active, place)
        while count:
            going = 0
            for position in range(count):
                row = active[position]
                node = nodes[place[row]]
                following = node.child + np.int32(rows[row, node.split >> 8] > (node.split & 255))
                place[row] = following
                active[going] = row
                going += nodes[following].child >= 0
            count = going
        for row in range(n):
            leaves[tree, row] = ~nodes[place[row]].child


@njit(nogil=True, cache=True)
def _find_leaves_with_gaps(
    rows: NDArray[Any],
    nodes: NDArray[Any],
    roots: NDArray[np.int32],
    sets: NDArray[np.uint8],
    leaves: NDArray[np.int32],
) -> None:
    """Do what `_find_leaves` does where rows may lack values, or splits be categorical."""
    n, categories = len(rows), 8 * sets.shape[1]
    active, place = np.empty(n, np.int32), np.empty(n, np.int32)
    for tree in range(len(roots)):
        count = _begin(nodes[roots[tree]].child, roots[tree], active, place)
        while count:
            going = 0
            for position in range(count):
                row = active[position]
                node = nodes[place[row]]
                value = rows[row, node.split & _FEATURE]
                right = value > node.threshold
                unknown = np.isnan(value)
                if node.split & _CATEGORICAL:
                    unknown = not (value >= 0 and value < categories)
                    if not unknown:
                        category = np.int64(value)
                        right = sets[np.int64(node.threshold), category >> 3] >> (category & 7) & 1 == 0
                if unknown:
                    right = node.split & _MISSING_LEFT == 0
                following = node.child + np.int32(right)
                place[row] = following
                active[going] = row
                going += nodes[following].child >= 0
            count = going
        for row in range(n):
            leaves[tree, row] = ~nodes[place[row]].child


@njit(nogil=True, cache=True)
def _begin(child: int, root: int, active: NDArray[np.int32], place: NDArray[np.int32]) -> int:
    """Put all rows at a root, and return how many go on from there: none where it is a leaf."""
    for row in range(len(place)):
        active[row], place[row] = row, root
    return len(place) if child >= 0 else 0


@njit(nogil=True, cache=True)
def _add_values(leaves: NDArray[np.int32], values: NDArray[Any], groups: int, sums: NDArray[Any]) -> None:
    """Add the values of the leaves to the sums, one tree after another."""
    columns = values.shape[1]
    for tree in range(len(leaves)):
        first = tree % groups * columns
        for row in range(leaves.shape[1]):
            leaf = leaves[tree, row]
            for column in range(columns):
                sums[row, first + column] += values[leaf, column]
