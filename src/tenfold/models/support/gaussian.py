"""Gaussian kernel values and their weighted sums: from exact products of bytes where all rows lie on one grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.grid import codes_on, common_grid
from tenfold.models.threads import algebra_in_one_thread, map_in_threads
from tenfold.models.tiles import WIDEST, PackedBytes, blocks_of

__all__ = ["GaussianKernel", "KernelTiles", "Reduction", "as_bytes", "squares_by_differences"]

Floats = NDArray[np.float64]

_WIDTH = 512
"""Rows of a tile: its kernel values with a block of queries stay in cache from their products to their sums."""
_FEWEST_VALUES = 1 << 18
"""Values from which it pays to look for a grid."""
_ROUNDINGS = 4
"""Each of a unit in the last place at most, between a number of steps and the value that is read."""
_FAR = 1e3
"""
Of gamma |a|², a a query: up to it, products tell ``gamma * |a - b|²`` to some 1e-13 from whatever row b.
Where b is much longer than a, their distance is so too, and what is left of the kernel is nothing.
"""
_NOTHING = -750.0
"""Below it, the exponential of a number is 0."""

KernelTiles = Iterator[tuple[slice, Floats]]
"""Slices of the rows, each with the kernel values of a block of queries, shape (m, width)."""
KernelEvaluator = Callable[[float, NDArray[Any]], KernelTiles]
"""Computes the kernel values of a block of queries with all rows, tile by tile, for a gamma."""

Reduction = Callable[[KernelTiles, NDArray[Any]], NDArray[Any]]
"""What is made of the kernel values of a block of queries, shape (m, …)."""


@dataclass(frozen=True, eq=False)
class GaussianKernel:
    """
    The Gaussian kernel with fixed rows, which are packed for products at the first call.

    Parameters
    ----------
    rows : ndarray of float32, float64 or uint8, shape (s, d)
        Contiguous; bytes are multiplied as such.
    gamma : float

    Examples
    --------
    >>> kernel = GaussianKernel(np.array([[1.0], [3.0]]), gamma=0.5)
    >>> kernel.sums(np.array([[1.0]]), np.array([[2.0], [1.0]]), threads=1).round(3)
    array([[2.135]])
    >>> kernel.values(np.array([[1.0]]), threads=1).round(3)
    array([[1.   , 0.135]])
    """

    rows: NDArray[Any]
    gamma: float

    def sums(self, X: NDArray[Any], weights: Floats, threads: int) -> Floats:
        """
        Return ``sum over s of exp(-gamma * |X[i] - rows[s]|²) * weights[s, p]``, shape (m, p).

        Values that are whole numbers of steps between 0 and 255, as pixels are, are multiplied as such, without
        rounding.

        Parameters
        ----------
        X : ndarray of the type of the rows, shape (m, d)
        weights : ndarray of float64, shape (s, p)
        threads : int
            The sums do not depend on them.
        """
        return self.reduced(partial(_sums, weights), X, threads)

    def values(self, X: NDArray[Any], threads: int, dtype: Any = np.float64) -> NDArray[Any]:
        """Return ``exp(-gamma * |X[i] - rows[s]|²)``, shape (m, s), of this dtype; parameters as of `sums`."""
        return np.asarray(self._of_blocks(partial(_values, len(self.rows), dtype), X, threads))

    def by_differences(self, X: NDArray[Any]) -> Floats:
        """Return ``exp(-gamma * |X[i] - rows[s]|²)``, shape (m, s), equal for equal rows; slower than products."""
        return np.asarray(np.exp(-self.gamma * squares_by_differences(X, self.rows)))

    def reduced(self, work: Reduction, X: NDArray[Any], threads: int) -> Floats:
        """Return what a function makes of the kernel values of each block of X, one after the other, shape (m, …)."""
        return np.asarray(self._of_blocks(work, X, threads), np.float64)

    def _of_blocks(self, work: Reduction, X: NDArray[Any], threads: int) -> Any:
        queries, evaluate, step = self._as_codes(X) or (X, self._float_evaluator, 1.0)
        of_block = partial(_of_block, work, evaluate, self.gamma * step * step)
        # Products of real numbers are rounded otherwise by several threads than by one, even in this one.
        blocks = blocks_of(queries)
        with algebra_in_one_thread():
            return np.concatenate(map_in_threads(min(threads, len(blocks)), of_block, blocks))

    def _as_codes(self, X: NDArray[Any]) -> tuple[NDArray[np.uint8], KernelEvaluator, float] | None:
        """Return X as bytes, their evaluator and the step of the grid; None where not all rows lie on one grid."""
        if self._grid is None:
            return None
        packed, step = self._grid
        rounded = X if self.rows.dtype == np.uint8 else self.rows
        codes = X if X.dtype == np.uint8 else codes_on(X, step, _exactness(rounded))
        return None if codes is None else (codes, partial(_byte_kernels, packed), step)

    @cached_property
    def _grid(self) -> tuple[PackedBytes, float] | None:
        """The rows as numbers of steps, packed, and the step; None where they lie on no grid or are too few."""
        encoded = (self.rows, 1.0) if self.rows.dtype == np.uint8 else as_bytes(self.rows)
        return None if encoded is None else (PackedBytes.of(encoded[0], _WIDTH), encoded[1])

    @cached_property
    def _float_evaluator(self) -> KernelEvaluator:
        doubles = self.rows.astype(np.float64)
        origin = _origin(doubles, self.gamma)
        if origin is not None:
            doubles -= origin
        return partial(_float_kernels, self.rows, origin, doubles, _squared_norms(doubles))


def as_bytes(X: NDArray[Any]) -> tuple[NDArray[np.uint8], float] | None:
    """Return float32 or float64 rows in steps, and the step; None where they lie on no grid, or are too few for one."""
    if X.size < _FEWEST_VALUES or X.shape[1] > WIDEST:
        return None
    return common_grid(X, _exactness(X))


def _exactness(X: NDArray[Any]) -> float:
    return 255 * _ROUNDINGS * float(np.finfo(X.dtype).eps)


def _origin(rows: Floats, gamma: float) -> Floats | None:
    """Return the mean of rows that lie too far from zero for products to tell their distances; else None."""
    if not rows.size or gamma * _squared_norms(rows).max() <= _FAR:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        mean = rows.mean(axis=0)
    return np.asarray(mean) if np.isfinite(mean).all() else None


def _byte_kernels(packed: PackedBytes, gamma: float, block: NDArray[np.uint8]) -> KernelTiles:
    own = _squared_norms(block)
    for tile, products in packed.products(block):
        exponents = _exponents(products, gamma, own, tile.norms)
        yield slice(tile.first, tile.first + tile.width), np.exp(exponents, out=exponents)


def _float_kernels(
    rows: NDArray[Any], origin: Floats | None, doubles: Floats, norms: Floats, gamma: float, block: NDArray[Any]
) -> KernelTiles:
    queries = block.astype(np.float64) if origin is None else block - origin
    own = _squared_norms(queries)
    far = np.flatnonzero(~(gamma * own <= _FAR))
    for first in range(0, len(rows), _WIDTH):
        tile = slice(first, first + _WIDTH)
        exponents = _exponents(queries @ doubles[tile].T, gamma, own, norms[tile])
        if len(far):
            exponents[far] = _exponents_by_differences(
                exponents[far], gamma, block[far], rows[tile], own[far], norms[tile]
            )
        yield tile, np.exp(exponents, out=exponents)


def _exponents(products: NDArray[Any], gamma: float, own: Floats, norms: NDArray[Any]) -> Floats:
    exponents = products * (2.0 * gamma)
    exponents -= gamma * norms
    exponents -= gamma * own[:, None]
    return np.minimum(exponents, 0.0, out=exponents)


def _exponents_by_differences(
    exponents: Floats, gamma: float, block: NDArray[Any], rows: NDArray[Any], own: Floats, norms: Floats
) -> Floats:
    """Return exponents as they are where the kernel vanishes for all their rounding, else computed by differences."""
    error = 4 * np.finfo(np.float64).eps * block.shape[1] * gamma * (own + norms.max())
    vanishing = exponents.max(axis=1) + error < _NOTHING
    if vanishing.all():
        return exponents
    near = ~vanishing
    exponents[near] = -gamma * squares_by_differences(block[near], rows)
    return exponents


def _of_block(
    work: Reduction,
    evaluate: KernelEvaluator,
    gamma: float,
    block: NDArray[Any],
) -> NDArray[Any]:
    # What overflows is computed again by differences.
    with np.errstate(over="ignore", invalid="ignore"):
        return work(evaluate(gamma, block), block)


def _sums(weights: Floats, kernels: KernelTiles, block: NDArray[Any]) -> Floats:
    total = np.zeros((len(block), weights.shape[1]))
    for tile, values in kernels:
        total += values @ weights[tile]
    return total


def _values(width: int, dtype: Any, kernels: KernelTiles, block: NDArray[Any]) -> NDArray[Any]:
    whole = np.empty((len(block), width), dtype)
    for tile, values in kernels:
        whole[:, tile] = values
    return whole


def squares_by_differences(X: NDArray[Any], rows: NDArray[Any]) -> Floats:
    """
    Return squared Euclidean distances of lines, shapes (m, d) and (s, d), from their differences, shape (m, s).

    They are summed in float64, column by column.

    Examples
    --------
    >>> squares_by_differences(np.array([[1.0, 2.0]]), np.array([[1.0, 2.0], [4.0, 6.0]]))
    array([[ 0., 25.]])
    """
    squares = np.zeros((len(X), len(rows)))
    for theirs, ours in zip(np.ascontiguousarray(rows.T, np.float64), X.T.astype(np.float64), strict=True):
        gaps = ours[:, None] - theirs
        gaps *= gaps
        squares += gaps
    return squares


def _squared_norms(rows: NDArray[Any]) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
