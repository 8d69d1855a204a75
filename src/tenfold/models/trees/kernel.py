"""The compiled evaluation of trees: a block of rows goes down one tree after another, all of them level by level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy.typing import NDArray

from tenfold.models.threads import allowed_threads, thread_pool
from tenfold.models.trees.shape import CATEGORICAL, FEATURE, MISSING_LEFT

__all__ = ["kernel_sums"]

_BLOCK = 512
"""Rows at a time: their values stay in the second cache while a tree is followed."""

_PART = 2048
"""Rows of a thread between two looks for an interrupt."""

_MOST_PAIRS = 1 << 20
"""Of a row of a block and a tree: 4 MiB of leaves in each thread."""

_FEWEST_PAIRS = 50_000
"""Pairs of a row and a tree for which another thread is worth its start."""

# Of 32 bits, as those of a node are.
_FEATURE, _MISSING_LEFT, _CATEGORICAL = np.uint32(FEATURE), np.uint32(MISSING_LEFT), np.uint32(CATEGORICAL)


def kernel_sums(trees: Any, rows: NDArray[Any]) -> NDArray[Any]:
    """
    Return what `Trees.sums` does, in as many threads as there may be; their number changes no bit.

    Parameters
    ----------
    trees : `tenfold.models.trees.trees.Trees`
    rows : ndarray, shape (n, d), contiguous
    """
    pairs, threads = len(rows) * len(trees.roots), 1
    if pairs >= 2 * _FEWEST_PAIRS:
        threads = max(1, min(allowed_threads(None), pairs // _FEWEST_PAIRS))
    size = max(1, min(_BLOCK, _MOST_PAIRS // len(trees.roots)))
    sets = trees.sets if trees.missing else None
    sums = np.empty((len(rows), len(trees.start)), trees.values.dtype)
    sums[:] = trees.start

    def add(begin: int) -> None:
        part = slice(begin, begin + _PART)
        _add_rows(rows[part], trees.nodes, trees.roots, sets, trees.values, trees.groups, size, sums[part])

    with thread_pool(threads) as run:
        run(add, range(0, len(rows), _PART))
    return sums


@njit(nogil=True, cache=True)
def _add_rows(
    rows: NDArray[Any],
    nodes: NDArray[Any],
    roots: NDArray[np.int32],
    sets: NDArray[np.uint8] | None,
    values: NDArray[Any],
    groups: int,
    size: int,
    sums: NDArray[Any],
) -> None:
    """Add to the sums of rows, a block of so many at a time."""
    leaves = np.empty((len(roots), size), np.int32)
    active, place = np.empty(size, np.uintp), np.empty(size, np.uintp)
    for begin in range(0, len(rows), size):
        end = min(begin + size, len(rows))
        for tree in range(len(roots)):
            _find_leaves(rows, begin, end, nodes, roots[tree], sets, active, place, leaves[tree])
        for tree in range(len(roots)):
            _add_values(leaves[tree], values, tree % groups * values.shape[1], begin, end, sums)


@njit(nogil=True, cache=True)
def _find_leaves(
    rows: NDArray[Any],
    begin: int,
    end: int,
    nodes: NDArray[Any],
    root: int,
    sets: NDArray[np.uint8] | None,
    active: NDArray[np.uintp],
    place: NDArray[np.uintp],
    leaves: NDArray[np.int32],
) -> None:
    """
    Write the row of values of the leaf that each row of a block reaches in a tree.

    Rows that are not at a leaf yet stand first in `active`, and their nodes in `place`: each level is one loop over
    them, whose steps do not wait for one another, and no branch has to be guessed. Indices are unsigned: no negative
    one has to be looked for.
    """
    first = np.uintp(begin)
    for row in range(np.uintp(end - begin)):
        active[row], place[row] = row, root
        leaves[row] = ~nodes[root].child
    count = np.uintp(end - begin if nodes[root].child >= 0 else 0)
    while count:
        going = np.uintp(0)
        for position in range(count):
            row = active[position]
            node = nodes[place[position]]
            following = np.uintp(node.child) + np.uintp(_goes_right(rows, first + row, node, sets))
            child = nodes[following].child
            leaves[row] = ~child
            active[going], place[going] = row, following
            going += np.uintp(child >= 0)
        count = going


@njit(nogil=True, cache=True)
def _add_values(
    leaves: NDArray[np.int32], values: NDArray[Any], first: int, begin: int, end: int, sums: NDArray[Any]
) -> None:
    """Add the values of the leaves of a tree to the columns of the sums from `first` on."""
    start, column, columns = np.uintp(begin), np.uintp(first), np.uintp(values.shape[1])
    if columns == 1:
        for row in range(np.uintp(end - begin)):
            sums[start + row, column] += values[np.uintp(leaves[row]), 0]
    else:
        for row in range(np.uintp(end - begin)):
            leaf = np.uintp(leaves[row])
            for each in range(columns):
                sums[start + row, column + each] += values[leaf, each]


def _byte_goes_right(rows: Any, row: Any, node: Any, sets: Any) -> Any:
    return rows[row, np.uintp(node.split >> np.uint32(8))] > np.uint8(node.split & np.uint32(255))


def _number_goes_right(rows: Any, row: Any, node: Any, sets: Any) -> Any:
    return rows[row, np.uintp(node.split)] > node.threshold


def _number_or_gap_goes_right(rows: Any, row: Any, node: Any, sets: Any) -> Any:
    split = node.split
    value = rows[row, np.uintp(split & _FEATURE)]
    missing_right = split & _MISSING_LEFT == 0
    if split & _CATEGORICAL == 0:
        return (value > node.threshold) | ((value != value) & missing_right)  # noqa: PLR0124, that is: is NaN
    if (value > -1) & (value < 8 * sets.shape[1]):
        category = np.uintp(np.int64(value))
        bits = sets[np.uintp(np.int64(node.threshold)), category >> np.uintp(3)]
        return bits >> (category & np.uintp(7)) & np.uintp(1) == 0
    return missing_right


def _goes_right(rows: Any, row: Any, node: Any, sets: Any) -> Any:
    """Return whether a row goes to the right child of a node; what compiled code takes, follows from the types."""
    if rows.dtype == np.uint8:
        return _byte_goes_right(rows, row, node, sets)
    return (_number_goes_right if sets is None else _number_or_gap_goes_right)(rows, row, node, sets)


@overload(_goes_right)
def _compiled_goes_right(rows: Any, row: Any, node: Any, sets: Any) -> Any:
    if rows.dtype == types.uint8:
        return _byte_goes_right
    return _number_goes_right if sets is types.none else _number_or_gap_goes_right
