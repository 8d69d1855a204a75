"""Exact neighbours by NumPy alone, for few queries: as `NeighbourSearch` finds them, without its compiled kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.grid import as_bytes, bytes_above_lowest
from tenfold.models.neighbours.selection import least

__all__ = ["PlainSearch", "plain_search_pays", "plain_work"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_MOST_WORK = 1 << 30
"""As `plain_work` counts it: some 0.3 s, in which the compiler is loaded as well."""
_LITTLE_WORK = 1 << 24
"""Some 5 ms: calls of less never wait for the compiler, however many there were."""
_MOST_VALUES = 1 << 22
"""Of training rows, which are kept in floats; of more, the kernels take a hundredth of the time for a row."""
_VALUES_AT_ONCE = 1 << 20
_EXACT_IN_SINGLE = 1 << 24
_WIDEST = 30_000
"""Columns of bytes up to which a squared distance takes 31 bits."""
_ROW_BITS = 32


def plain_search_pays(X: NDArray[Any], queries: int, work_before: int = 0) -> bool:
    """
    Return whether NumPy alone has the neighbours of so many queries before the compiler of the kernels is loaded.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    queries : int
    work_before : int
        Of calls before, as `plain_work` counts it: who asks often is better served by the kernels, but for a few rows.

    Examples
    --------
    >>> digits, images = np.zeros((1_437, 64), np.uint8), np.zeros((60_000, 784), np.uint8)
    >>> plain_search_pays(digits, 1_797), plain_search_pays(digits, 100_000), plain_search_pays(images, 1)
    (True, False, False)
    """
    work = plain_work(X, queries)
    few = work <= _LITTLE_WORK or work_before + work <= _MOST_WORK
    return X.size <= _MOST_VALUES and work <= _MOST_WORK and few


def plain_work(X: NDArray[Any], queries: int) -> int:
    """Return the work of a search by NumPy alone: pairs times columns, and as many again as 100 of these."""
    return queries * len(X) * (int(X.shape[1]) + 100)


@dataclass(frozen=True, eq=False)
class _ByteRows:
    """Training rows as bytes above the lowest, in a type in which their products are exact, with squared norms."""

    lowest: int
    rows: NDArray[Any]
    norms: NDArray[Any]

    @classmethod
    def of(cls, X: NDArray[Any]) -> _ByteRows | None:
        encoded = bytes_above_lowest(X) if X.shape[1] <= _WIDEST else None
        if encoded is None:
            return None
        lowest, codes = encoded
        single = 2 * 255 * int(codes.max()) * codes.shape[1] < _EXACT_IN_SINGLE
        rows: NDArray[Any] = codes.astype(np.float32 if single else np.float64)
        return cls(lowest, rows, (rows * rows).sum(axis=1))

    def nearest(self, codes: NDArray[np.uint8], k: int) -> tuple[Floats, Rows]:
        """Select and sort squared distances with the row in their lowest 32 bits, so that none are equal."""
        products = codes.astype(self.rows.dtype) @ self.rows.T
        products *= -2
        products += self.norms
        keys: NDArray[np.int64] = products.astype(np.int64)
        keys += np.einsum("ij,ij->i", codes, codes, dtype=np.int64)[:, None]
        keys <<= _ROW_BITS
        keys += np.arange(len(self.rows))
        if k < len(self.rows):
            keys.partition(k - 1, axis=1)
        nearest = np.sort(keys[:, :k], axis=1)
        return (nearest >> _ROW_BITS).astype(np.float64), nearest & ((1 << _ROW_BITS) - 1)


@dataclass(frozen=True, eq=False)
class PlainSearch:
    """
    Exact Euclidean neighbours among training rows; of rows at equal distance the first is nearer.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        uint8, float32 or float64, finite.

    Examples
    --------
    >>> distances, rows = PlainSearch(np.array([[0.0], [1.0], [5.0]])).nearest(np.array([[1.2]]), k=2)
    >>> rows.tolist(), distances.round(2).tolist()
    ([[1, 0]], [[0.04, 1.44]])
    """

    X: NDArray[Any]

    def nearest(self, Q: NDArray[Any], k: int) -> tuple[Floats, Rows]:
        """
        Find the k nearest rows of each query.

        Parameters
        ----------
        Q : ndarray, shape (m, d)
        k : int
            At most n.

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Squared, ascending; exact for integers that span one byte, else from the differences in float64, summed
            column by column.
        rows : ndarray of int64, shape (m, k)
        """
        of_block: Callable[[NDArray[Any], int], tuple[Floats, Rows]]
        byte_rows = self._byte_rows
        codes = None if byte_rows is None else as_bytes(Q, byte_rows.lowest)
        if byte_rows is None or codes is None:
            queries, of_block = Q, self._nearest_of_floats
        else:
            queries, of_block = codes, byte_rows.nearest
        size = max(1, _VALUES_AT_ONCE // len(self.X))
        parts = [of_block(queries[first : first + size], k) for first in range(0, len(Q), size)]
        if not parts:
            return np.empty((0, k)), np.empty((0, k), np.int64)
        distances, rows = zip(*parts, strict=True)
        return np.concatenate(distances), np.concatenate(rows)

    @cached_property
    def _byte_rows(self) -> _ByteRows | None:
        return _ByteRows.of(self.X)

    def _nearest_of_floats(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows]:
        """Products choose candidates, differences decide; where candidates may be too few, there are more of them."""
        more = min(len(self.X), k + max(8, k // 2))
        # What overflows leaves all rows candidates.
        with np.errstate(over="ignore", invalid="ignore"):
            squares, error = self._rounded_squares(block)
            candidates = _columns_up_to(squares, more)
            farthest = np.take_along_axis(squares, candidates, axis=1).max(axis=1)
            distances, rows = self._nearest_among(block, candidates, k)
            uncertain = ~(farthest - error > distances[:, -1]) if more < len(self.X) else np.zeros(len(block), bool)
            for i in np.flatnonzero(uncertain):
                near = np.flatnonzero(~(squares[i] - error[i] > distances[i, -1]))
                distances[i], rows[i] = (each[0] for each in self._nearest_among(block[i : i + 1], near[None], k))
        return distances, rows

    def _rounded_squares(self, block: NDArray[Any]) -> tuple[Floats, Floats]:
        """
        Return squared distances by products, shape (m, n), and how far off they may be, shape (m,).

        The error of a rounded product of d terms is at most g|a||b| with g = du / (1 - du), u the unit roundoff
        (Higham, Accuracy and Stability of Numerical Algorithms, 2002, eq. 3.5); here several times as much is allowed.
        """
        mean, rows, norms = self._centred_rows
        queries = block - mean
        own = np.einsum("ij,ij->i", queries, queries)
        squares = queries @ rows.T
        squares *= -2
        squares += norms
        squares += own[:, None]
        size = np.sqrt(own) + np.sqrt(norms.max())
        return squares, 8 * (self.X.shape[1] + 8) * float(np.finfo(np.float64).eps) * size**2

    @cached_property
    def _centred_rows(self) -> tuple[Floats, Floats, Floats]:
        mean = self.X.mean(axis=0, dtype=np.float64)
        mean = np.where(np.isfinite(mean), mean, 0)
        rows = self.X - mean
        return mean, rows, np.einsum("ij,ij->i", rows, rows)

    def _nearest_among(self, block: NDArray[Any], candidates: Rows, k: int) -> tuple[Floats, Rows]:
        """Find the k nearest of the candidates of each query, ascending rows, shape (m, c)."""
        width = max(1, _VALUES_AT_ONCE // self.X.shape[1])
        size = max(1, width // candidates.shape[1])
        distances = np.empty(candidates.shape)
        for i in range(0, len(block), size):
            for j in range(0, candidates.shape[1], width):
                some = candidates[i : i + size, j : j + width]
                distances[i : i + size, j : j + width] = _squares_by_differences(self.X[some], block[i : i + size])
        nearest, places = least(distances, k)
        return nearest, np.take_along_axis(candidates, places, axis=1)


def _columns_up_to(squares: Floats, count: int) -> Rows:
    if count == squares.shape[1]:
        return np.tile(np.arange(count), (len(squares), 1))
    return np.sort(np.argpartition(squares, count - 1, axis=1)[:, :count], axis=1)


def _squares_by_differences(rows: NDArray[Any], queries: NDArray[Any]) -> Floats:
    """Sum squared differences in float64 column by column, as the kernels do; rows of shape (m, c, d)."""
    gaps = rows - queries[:, None].astype(np.float64)
    np.square(gaps, out=gaps)
    return np.asarray(np.cumsum(gaps, axis=2, out=gaps)[:, :, -1])
