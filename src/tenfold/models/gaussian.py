"""Sums of Gaussian kernels with many rows: by exact products of bytes where all rows lie on one grid, else rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.grid import codes_on, shared_grid
from tenfold.models.threads import algebra_in_one_thread, spread_over
from tenfold.models.tiles import WIDEST, PackedBytes, blocks_of

__all__ = ["GaussianKernel"]

Floats = NDArray[np.float64]

_WIDTH = 512
"""Rows of a tile: its kernel values with a block of questions stay in cache from their products to their sums."""
_WORTH = 1 << 18
"""Values from which it pays to look for a grid."""
_ROUNDINGS = 4
"""Each of a unit in the last place at most, between a number of steps and the value that is read."""

Products = Iterator[tuple[slice, NDArray[Any], NDArray[Any]]]
"""Of some rows with a block of questions, tile by tile: which rows, their squared norms, the products (m, width)."""
Multiply = Callable[[NDArray[Any]], Products]


@dataclass(frozen=True, eq=False)
class GaussianKernel:
    """
    Rows that kernels are summed over, made ready for products the first time they are asked.

    Parameters
    ----------
    rows : ndarray of float32 or float64, shape (s, d)
    gamma : float

    Examples
    --------
    >>> kernel = GaussianKernel(np.array([[1.0], [3.0]]), gamma=0.5)
    >>> kernel.sums(np.array([[1.0]]), np.array([[2.0], [1.0]]), threads=1).round(3)
    array([[2.135]])
    """

    rows: NDArray[Any]
    gamma: float

    def sums(self, X: NDArray[Any], weights: Floats, threads: int) -> Floats:
        """
        Give ``sum over s of exp(-gamma * |X[i] - rows[s]|²) * weights[s, p]``, shape (m, p).

        Values that are whole numbers of steps between 0 and 255, as pixels are, are multiplied as such, without
        rounding.

        Parameters
        ----------
        X : ndarray of float32 or float64, shape (m, d)
        weights : ndarray of float64, shape (s, p)
        threads : int
            The sums do not depend on them.
        """
        asked, products, step = self._asked_as_bytes(X) or (X, self._of_doubles, 1.0)
        work = partial(_sums, products, self.gamma * step * step, weights)
        # Products of real numbers are rounded otherwise by several threads than by one, even in this one.
        with algebra_in_one_thread():
            return np.concatenate(spread_over(threads, work, blocks_of(asked)))

    def _asked_as_bytes(self, X: NDArray[Any]) -> tuple[NDArray[np.uint8], Multiply, float] | None:
        """Give X as bytes, who multiplies them, and the step that they count; None where not all lie on one grid."""
        if self._grid is None:
            return None
        packed, step = self._grid
        codes = codes_on(X, step, self._exact)
        return None if codes is None else (codes, partial(_exact, packed), step)

    @property
    def _exact(self) -> float:
        return 255 * _ROUNDINGS * float(np.finfo(self.rows.dtype).eps)

    @cached_property
    def _grid(self) -> tuple[PackedBytes, float] | None:
        """The rows as numbers of steps, and the step; None where they lie on no grid, or are too few for one."""
        if self.rows.size < _WORTH or self.rows.shape[1] > WIDEST:
            return None
        found = shared_grid(self.rows, self._exact)
        return None if found is None else (PackedBytes.of(found[0], _WIDTH), found[1])

    @cached_property
    def _of_doubles(self) -> Multiply:
        doubles = self.rows.astype(np.float64)
        return partial(_rounded, doubles, _squared_norms(doubles))


def _exact(packed: PackedBytes, block: NDArray[np.uint8]) -> Products:
    for tile, products in packed.products(block):
        yield slice(tile.first, tile.first + tile.width), tile.norms, products


def _rounded(rows: Floats, norms: Floats, block: NDArray[Any]) -> Products:
    block = block.astype(np.float64)
    for first in range(0, len(rows), _WIDTH):
        some = slice(first, first + _WIDTH)
        yield some, norms[some], block @ rows[some].T


def _sums(multiply: Multiply, factor: float, weights: Floats, block: NDArray[Any]) -> Floats:
    total, own = np.zeros((len(block), weights.shape[1])), _squared_norms(block)[:, None]
    for some, norms, products in multiply(block):
        values = products * (2.0 * factor)
        values -= factor * norms
        values -= factor * own
        np.exp(np.minimum(values, 0.0, out=values), out=values)
        total += values @ weights[some]
    return total


def _squared_norms(rows: NDArray[Any]) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
