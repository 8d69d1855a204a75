"""The compiled evaluation of trees: a block of rows goes down one tree after another, all of them level by level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.threads import allowed_threads, thread_pool
from tenfold.models.trees.trees import CATEGORICAL, FEATURE, MISSING_LEFT, Trees

__all__ = ["kernel_sums"]

_BLOCK = 256
"""Rows at a time: their values stay in the second cache while a tree is followed."""

_MOST_PAIRS = 1 << 22
"""Of a block, whose leaves are written down: 16 MiB."""

_FEWEST_PAIRS = 50_000
"""Pairs of a row and a tree for which another thread is worth its start."""

# Of 32 bits, as those of a node are.
_FEATURE, _MISSING_LEFT, _CATEGORICAL = np.uint32(FEATURE), np.uint32(MISSING_LEFT), np.uint32(CATEGORICAL)


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
    for one another, and no branch has to be guessed. Indices are unsigned, as no negative one has to be looked for.
    """
    active, place = np.empty(len(rows), np.uintp), np.empty(len(rows), np.uintp)
    for tree in range(len(roots)):
        count = _begin(nodes, roots[tree], active, place)
        while count:
            going = np.uintp(0)
            for position in range(count):
                row = active[position]
                node = nodes[place[row]]
                following = np.uintp(node.child) + np.uintp(rows[row, np.uintp(node.split)] > node.threshold)
                place[row], active[going] = following, row
                going += np.uintp(nodes[following].child >= 0)
            count = going
        _write_leaves(nodes, place, leaves[tree])


@njit(nogil=True, cache=True)
def _find_leaves_of_bytes(
    rows: NDArray[np.uint8], nodes: NDArray[Any], roots: NDArray[np.int32], leaves: NDArray[np.int32]
) -> None:
    """Do what `_find_leaves` does for rows of bytes, whose nodes have column and threshold in one number."""
    active, place = np.empty(len(rows), np.uintp), np.empty(len(rows), np.uintp)
    for tree in range(len(roots)):
        count = _begin(nodes, roots[tree], active, place)
        while count:
            going = np.uintp(0)
            for position in range(count):
                row = active[position]
                node = nodes[place[row]]
                right = rows[row, np.uintp(node.split >> np.uint32(8))] > np.uint8(node.split & np.uint32(255))
                following = np.uintp(node.child) + np.uintp(right)
                place[row], active[going] = following, row
                going += np.uintp(nodes[following].child >= 0)
            count = going
        _write_leaves(nodes, place, leaves[tree])


@njit(nogil=True, cache=True)
def _find_leaves_with_gaps(
    rows: NDArray[Any],
    nodes: NDArray[Any],
    roots: NDArray[np.int32],
    sets: NDArray[np.uint8],
    leaves: NDArray[np.int32],
) -> None:
    """Do what `_find_leaves` does where rows may lack values, or splits be categorical."""
    categories = 8 * sets.shape[1]
    active, place = np.empty(len(rows), np.uintp), np.empty(len(rows), np.uintp)
    for tree in range(len(roots)):
        count = _begin(nodes, roots[tree], active, place)
        while count:
            going = np.uintp(0)
            for position in range(count):
                row = active[position]
                node = nodes[place[row]]
                value = rows[row, np.uintp(node.split & _FEATURE)]
                right, unknown = value > node.threshold, np.isnan(value)
                if node.split & _CATEGORICAL:
                    unknown = not (value >= 0 and value < categories)
                    if not unknown:
                        category = np.uintp(value)
                        bits = sets[np.uintp(node.threshold), category >> np.uintp(3)]
                        right = bits >> (category & np.uintp(7)) & np.uintp(1) == 0
                if unknown:
                    right = node.split & _MISSING_LEFT == 0
                following = np.uintp(node.child) + np.uintp(right)
                place[row], active[going] = following, row
                going += np.uintp(nodes[following].child >= 0)
            count = going
        _write_leaves(nodes, place, leaves[tree])


@njit(nogil=True, cache=True)
def _begin(nodes: NDArray[Any], root: np.int32, active: NDArray[np.uintp], place: NDArray[np.uintp]) -> np.uintp:
    """Put all rows at a root, and return how many go on from there: none where it is a leaf."""
    for row in range(len(place)):
        active[row], place[row] = row, root
    return np.uintp(len(place) if nodes[root].child >= 0 else 0)


@njit(nogil=True, cache=True)
def _write_leaves(nodes: NDArray[Any], place: NDArray[np.uintp], leaves: NDArray[np.int32]) -> None:
    for row in range(len(place)):
        leaves[row] = ~nodes[place[row]].child


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
