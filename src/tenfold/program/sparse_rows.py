"""Rows of which most values are 0, as compressed sparse rows, by NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SparseRows", "side_by_side", "sparse_rows_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SparseRows:
    """
    Rows of float64.

    Parameters
    ----------
    values : ndarray of float64, shape (m,)
        Those that are not 0, row by row.
    columns : ndarray of int64, shape (m,)
        The column of each, in any order within a row, none of them twice.
    ends : ndarray of int64, shape (n,)
        Where the values of each row end.
    width : int

    Examples
    --------
    >>> rows = SparseRows(np.array([3.0, 2.0]), np.array([0, 3]), np.array([2, 2]), 4)
    >>> rows.dense().tolist()
    [[3.0, 0.0, 0.0, 2.0], [0.0, 0.0, 0.0, 0.0]]
    >>> rows.products(np.array([1.0, 0, 0, 10.0])).tolist()
    [23.0, 0.0]
    """

    values: Floats
    columns: NDArray[np.int64]
    ends: NDArray[np.int64]
    width: int

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The row of each value, shape (m,)."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=0))

    def sums(self, values: Floats) -> Floats:
        """Return the sum of such values in each row: those given stand in place of its own."""
        return np.bincount(self.rows, weights=values, minlength=len(self.ends)).astype(np.float64)

    def products(self, weights: Floats) -> Floats:
        """Return the product of each row with one weight a column."""
        return self.sums(self.values * weights[self.columns])

    def dense(self) -> Floats:
        """Return all values, shape (n, width)."""
        matrix = np.zeros((len(self.ends), self.width))
        matrix[self.rows, self.columns] = self.values
        return matrix


def sparse_rows_of(matrix: NDArray[np.generic]) -> SparseRows:
    """
    Return rows of numbers without those that are 0.

    Examples
    --------
    >>> sparse_rows_of(np.array([[0.0, 5.0], [0.0, 0.0]])).columns.tolist()
    [1]
    """
    rows, columns = np.nonzero(matrix)
    ends = np.cumsum(np.bincount(rows, minlength=len(matrix)), dtype=np.int64)
    return SparseRows(matrix[rows, columns].astype(np.float64), columns.astype(np.int64), ends, matrix.shape[1])


def side_by_side(parts: Sequence[SparseRows]) -> SparseRows:
    """
    Return the columns of several as those of one.

    Examples
    --------
    >>> one = sparse_rows_of(np.array([[0.0, 5.0], [1.0, 0.0]]))
    >>> side_by_side([one, one]).dense().tolist()
    [[0.0, 5.0, 0.0, 5.0], [1.0, 0.0, 1.0, 0.0]]
    """
    offsets = np.cumsum([0, *(part.width for part in parts)])
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows, kind="stable")
    values = np.concatenate([part.values for part in parts])[order]
    columns = np.concatenate([part.columns + first for part, first in zip(parts, offsets[:-1], strict=True)])[order]
    return SparseRows(values, columns, np.sum([part.ends for part in parts], axis=0), int(offsets[-1]))
