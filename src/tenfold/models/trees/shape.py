"""
The shape of decision trees as one bit a node: whether it splits.

The nodes of a tree stand level by level, from left to right, one tree after another. A splitting node adds two to the
nodes that are to come, so the bits alone tell where the children of a node are and where a tree ends; children always
come after their parent (Jacobson, Space-efficient static trees and graphs, 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CATEGORICAL", "FEATURE", "MISSING_LEFT", "Shape", "deepest", "is_shape", "unpacked"]

FEATURE = (1 << 21) - 1
"""Bits of a split that say which column it is on."""

MISSING_LEFT, CATEGORICAL = 1 << 30, 1 << 31
"""Bits of a split: rows without a value go left; it is on a set of categories."""


@dataclass(frozen=True, eq=False)
class Shape:
    """
    Where the nodes of trees have their children.

    Parameters
    ----------
    splits : ndarray of bool, shape (nodes,)
    roots : ndarray of int64, shape (trees,)
        Nodes that trees begin with.
    before : ndarray of int32, shape (nodes + 1,)
        Splitting nodes before each node, and before the end.

    Examples
    --------
    >>> shape = Shape.of(np.array([1, 0, 0, 1, 1, 0, 0, 0], bool))
    >>> shape.roots.tolist(), shape.children.tolist()
    ([0, 3], [1, 4, 6])
    """

    splits: NDArray[np.bool_]
    roots: NDArray[np.int64]
    before: NDArray[np.int32]

    @classmethod
    def of(cls, splits: NDArray[np.bool_]) -> Shape:
        """Read the bits of trees, of which `is_shape` says that they are some."""
        ends = _tree_ends(splits)
        before = np.zeros(len(splits) + 1, np.int32)
        np.cumsum(splits, out=before[1:])
        return cls(splits, np.concatenate([[0], ends[:-1] + 1]), before)

    @property
    def children(self) -> NDArray[np.int64]:
        """The left child of each splitting node, shape (splitting nodes,); the right one is the next node."""
        first = self.before[self.roots]
        count = np.diff(np.append(first, self.before[-1]))
        return np.asarray(np.repeat(self.roots - 2 * first + 1, count) + 2 * np.arange(self.before[-1]))


def unpacked(bits: NDArray[np.uint8], count: int) -> NDArray[np.bool_]:
    """Return the first bits of bytes, shape (count,)."""
    return np.unpackbits(bits, count=count).view(np.bool_)


def is_shape(splits: NDArray[np.bool_], trees: int) -> bool:
    """
    Return whether bits are those of so many whole trees.

    Examples
    --------
    >>> is_shape(np.array([1, 0, 0], bool), 1), is_shape(np.array([0, 1, 0], bool), 1)
    (True, False)
    """
    ends = _tree_ends(splits)
    return len(ends) == trees > 0 and int(ends[-1]) == len(splits) - 1


def deepest(shape: Shape, limit: int) -> int:
    """
    Return the number of splits on the longest path from a root, or `limit` + 1 where it is longer than that.

    Examples
    --------
    >>> deepest(Shape.of(np.array([1, 0, 1, 0, 0], bool)), 10)
    2
    """
    begin, end = shape.roots, shape.roots + 1
    for depth in range(limit + 1):
        splitting = shape.before[end] - shape.before[begin]
        deeper = splitting > 0
        if not deeper.any():
            return depth
        begin, end = end[deeper], end[deeper] + 2 * splitting[deeper]
    return limit + 1


def _tree_ends(splits: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Nodes after which no other of their tree is to come: where there are more leaves than ever before."""
    pending = np.cumsum(np.where(splits, np.int8(1), np.int8(-1)), dtype=np.int32)
    lowest = np.minimum.accumulate(pending, out=pending)
    np.minimum(lowest, 0, out=lowest)
    return np.flatnonzero(np.concatenate([lowest[:1] < 0, lowest[1:] < lowest[:-1]]))
