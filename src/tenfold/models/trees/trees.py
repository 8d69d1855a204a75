"""Decision trees, ready to be followed: the leaf of a row in each tree, and the sum of the values of those leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.trees.shape import CATEGORICAL, FEATURE, MISSING_LEFT, Shape

__all__ = ["Trees", "node_type", "nodes_of"]

_PAIRS = 500_000
"""
Pairs of a row and a tree for which the kernel is loaded, which takes half a second: NumPy takes as long for a million.
"""
_PAIRS_OF_A_CALL = 5_000
"""Calls of fewer pairs never wait for that."""

_VALUES_AT_ONCE = 1 << 20


@dataclass
class _Use:
    """Pairs of a row and a tree that NumPy has evaluated, and whether the kernel is loaded for these trees."""

    pairs: int = 0
    compiled: bool = False


@dataclass(frozen=True, eq=False)
class Trees:
    """
    Decision trees whose leaves have rows of values, summed over the trees in their order.

    Both evaluations, by NumPy and by a compiled kernel, add the same numbers in the same order.

    Parameters
    ----------
    nodes : ndarray of `node_type`, shape (nodes,)
        The left child, of which the right one is the next node; of a leaf the bitwise complement of its row of values.
    roots : ndarray of int32, shape (trees,)
    values : ndarray of float32 or float64, shape (rows, columns)
    groups : int
        Trees add to so many groups of columns in turn.
    start : ndarray, shape (groups * columns,)
        What the first trees add to.
    missing : bool
        Rows may lack values, which go where `MISSING_LEFT` says, or splits be categorical. Otherwise what is no number
        goes left.
    sets : ndarray of uint8, shape (sets, bytes)
        Categories that go left, a bit each, lowest first; the threshold of a categorical split is the number of its
        set. Values without a bit, such as -1, go where missing values go; of fractions the whole part counts.
    """

    nodes: NDArray[Any]
    roots: NDArray[np.int32]
    values: NDArray[Any]
    groups: int
    start: NDArray[Any]
    missing: bool
    sets: NDArray[np.uint8]
    _use: _Use = field(default_factory=_Use, repr=False)

    def sums(self, rows: NDArray[Any]) -> NDArray[Any]:
        """
        Return the sums of the values of the leaves that rows reach.

        Parameters
        ----------
        rows : ndarray, shape (n, d), of the type of the thresholds

        Returns
        -------
        ndarray of the type of `values`, shape (n, groups * columns)
        """
        rows = np.ascontiguousarray(rows)
        pairs = len(rows) * len(self.roots)
        if not self._use.compiled and (pairs < _PAIRS_OF_A_CALL or self._use.pairs + pairs < _PAIRS):
            self._use.pairs += pairs
            return self.sums_by_numpy(rows)
        # Only here: the compiler takes longer to import than a few rows to predict.
        from tenfold.models.trees.kernel import kernel_sums

        self._use.compiled = True
        return kernel_sums(self, rows)

    def sums_by_numpy(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return what `sums` does, without a compiler."""
        size = max(1, _VALUES_AT_ONCE // len(self.roots))
        blocks = [rows[begin : begin + size] for begin in range(0, max(1, len(rows)), size)]
        return np.concatenate([self._add(self._leaves(block)) for block in blocks])

    def _leaves(self, rows: NDArray[Any]) -> NDArray[np.int32]:
        """Return the row of values of each leaf that is reached, shape (trees, n): all go down level by level."""
        trees, n = len(self.roots), len(rows)
        node, offset = np.repeat(self.roots, n), np.tile(np.arange(n) * rows.shape[1], trees)
        leaves, pair, flat = np.empty(trees * n, np.int32), np.arange(trees * n), rows.reshape(-1)
        while len(node):
            split = self.nodes[node]
            child = split["child"]
            if child.min() < 0:
                done = child < 0
                leaves[pair[done]] = ~child[done]
                going = ~done
                split, child, pair, offset = split[going], child[going], pair[going], offset[going]
            node = child + self._go_right(split, flat, offset)
        return leaves.reshape(trees, n)

    def _go_right(self, split: NDArray[Any], flat: NDArray[Any], offset: NDArray[np.int64]) -> NDArray[np.bool_]:
        if flat.dtype == np.uint8:
            return np.asarray(flat[offset + (split["split"] >> 8)] > (split["split"] & 255))
        if not self.missing:
            return np.asarray(flat[offset + split["split"]] > split["threshold"])
        kind = split["split"]
        value = flat[offset + (kind & FEATURE)]
        right, unknown = value > split["threshold"], np.isnan(value)
        if len(self.sets):
            self._compare_sets(split, value, right, unknown)
        return np.where(unknown, kind & MISSING_LEFT == 0, right)

    def _compare_sets(
        self, split: NDArray[Any], value: NDArray[Any], right: NDArray[np.bool_], unknown: NDArray[np.bool_]
    ) -> None:
        """Say where the rows at categorical splits go."""
        where = np.flatnonzero(split["split"] & CATEGORICAL)
        value = value[where]
        inside = (value > -1) & (value < self.sets.shape[1] * 8)
        unknown[where] = ~inside
        where = where[inside]
        category, number = value[inside].astype(np.int64), split["threshold"][where].astype(np.int64)
        right[where] = self.sets[number, category >> 3] >> (category & 7) & 1 == 0

    def _add(self, leaves: NDArray[np.int32]) -> NDArray[Any]:
        """Add one tree after another: NumPy's own sum of many numbers would add them in pairs."""
        trees, n = leaves.shape
        columns = self.values.shape[1]
        sums = np.broadcast_to(self.start.reshape(self.groups, 1, columns), (self.groups, n, columns))
        at_once = max(1, _VALUES_AT_ONCE // max(1, n * self.groups * columns)) * self.groups
        for begin in range(0, trees, at_once):
            rounds = min(at_once, trees - begin) // self.groups
            part = self.values[leaves[begin : begin + at_once].reshape(rounds, self.groups, n)]
            sums = np.add.accumulate(np.concatenate([sums[None], part]), axis=0)[-1]
        return np.ascontiguousarray(sums.transpose(1, 0, 2)).reshape(n, self.groups * columns)


def node_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """
    Return the type of a node for rows of a type; of bytes, column and threshold share a number.

    Examples
    --------
    >>> node_type(np.dtype("uint8")).itemsize, node_type(np.dtype("float32")).itemsize
    (8, 12)
    """
    fields: list[Any] = [("child", np.int32), ("split", np.uint32)]
    return np.dtype(fields if dtype == np.uint8 else [*fields, ("threshold", dtype)])


def nodes_of(
    shape: Shape,
    leaves: NDArray[Any],
    features: NDArray[Any],
    thresholds: NDArray[Any],
    missing_left: NDArray[np.bool_] | None = None,
    categorical: NDArray[np.bool_] | None = None,
) -> NDArray[Any]:
    """
    Return the nodes of `Trees`.

    Parameters
    ----------
    shape : Shape
    leaves : ndarray of int, shape (leaves,)
        Row of values of each leaf.
    features : ndarray of int, shape (splitting nodes,)
    thresholds : ndarray, shape (splitting nodes,)
        Of the type of the rows: at most that goes left.
    missing_left, categorical : ndarray of bool, shape (splitting nodes,), optional
        What is categorical takes the sets in their order.
    """
    nodes = np.zeros(len(shape.splits), node_type(thresholds.dtype))
    nodes["child"][shape.splits] = shape.children
    nodes["child"][~shape.splits] = ~leaves.astype(np.int32)
    split = features.astype(np.uint32)
    if thresholds.dtype == np.uint8:
        nodes["split"][shape.splits] = split << 8 | thresholds
        return nodes
    if missing_left is not None:
        split |= missing_left * np.uint32(MISSING_LEFT)
    if categorical is not None:
        split |= categorical * np.uint32(CATEGORICAL)
        thresholds = np.where(categorical, np.cumsum(categorical) - 1, thresholds)
    nodes["split"][shape.splits] = split
    nodes["threshold"][shape.splits] = thresholds
    return nodes
