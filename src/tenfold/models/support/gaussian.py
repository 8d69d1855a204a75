"""Sums of Gaussian kernels with many rows: by exact products of bytes where all rows lie on one grid, else rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from tenfold.models.grid import codes_on, shared_grid
from tenfold.models.threads import algebra_in_one_thread, spread_over
from tenfold.models.tiles import WIDEST, PackedBytes, blocks_of

__all__ = ["GaussianKernel", "as_bytes"]

Floats = NDArray[np.float64]

_WIDTH = 512
"""Rows of a tile: its kernel values with a block of questions stay in cache from their products to their sums."""
_WORTH = 1 << 18
"""Values from which it pays to look for a grid."""
_ROUNDINGS = 4
"""Each of a unit in the last place at most, between a number of steps and the value that is read."""
_FAR = 1e3
"""
Of gamma |a|², a the row of a question: up to it, products tell ``gamma * |a - b|²`` to some 1e-13 from whatever row b.
Where b is much longer than a, their distance is so too, and what is left of the kernel is nothing.
"""
_NOTHING = -750.0
"""Below it, the exponential of a number is 0."""

Values = Iterator[tuple[slice, Floats]]
"""Kernel values of some rows with a block of questions, shape (m, width)."""
Evaluate = Callable[[float, NDArray[Any]], Values]
"""Give the kernel values of a block of questions with all rows, tile by tile, for a gamma."""


@dataclass(frozen=True, eq=False)
class GaussianKernel:
    """
    Rows that kernels are summed over, made ready for products the first time they are asked.

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
        Give ``sum over s of exp(-gamma * |X[i] - rows[s]|²) * weights[s, p]``, shape (m, p).

        Values that are whole numbers of steps between 0 and 255, as pixels are, are multiplied as such, without
        rounding.

        Parameters
        ----------
        X : ndarray of the type of the rows, shape (m, d)
        weights : ndarray of float64, shape (s, p)
        threads : int
            The sums do not depend on them.
        """
        return np.asarray(self._of_blocks(partial(_sums, weights), X, threads), np.float64)

    def values(self, X: NDArray[Any], threads: int, dtype: Any = np.float64) -> NDArray[Any]:
        """Give ``exp(-gamma * |X[i] - rows[s]|²)``, shape (m, s), of this type; parameters as of `sums`."""
        return np.asarray(self._of_blocks(partial(_values, len(self.rows), dtype), X, threads))

    def by_differences(self, X: NDArray[Any]) -> Floats:
        """Give ``exp(-gamma * |X[i] - rows[s]|²)``, shape (m, s), equal rows equal values; slower than products."""
        return np.asarray(np.exp(-self.gamma * cdist(X, self.rows, "sqeuclidean")))

    def _of_blocks(self, work: Callable[[Values, NDArray[Any]], NDArray[Any]], X: NDArray[Any], threads: int) -> Any:
        asked, evaluate, step = self._asked_as_bytes(X) or (X, self._of_doubles, 1.0)
        of_block = partial(_of_block, work, evaluate, self.gamma * step * step)
        # Products of real numbers are rounded otherwise by several threads than by one, even in this one.
        with algebra_in_one_thread():
            return np.concatenate(spread_over(threads, of_block, blocks_of(asked)))

    def _asked_as_bytes(self, X: NDArray[Any]) -> tuple[NDArray[np.uint8], Evaluate, float] | None:
        """Give X as bytes, who evaluates them, and the step that they count; None where not all lie on one grid."""
        if self._grid is None:
            return None
        packed, step = self._grid
        codes = X if X.dtype == np.uint8 else codes_on(X, step, _exactness(self.rows))
        return None if codes is None else (codes, partial(_exact, packed), step)

    @cached_property
    def _grid(self) -> tuple[PackedBytes, float] | None:
        """The rows as numbers of steps, and the step; None where they lie on no grid, or are too few for one."""
        found = (self.rows, 1.0) if self.rows.dtype == np.uint8 else as_bytes(self.rows)
        return None if found is None else (PackedBytes.of(found[0], _WIDTH), found[1])

    @cached_property
    def _of_doubles(self) -> Evaluate:
        doubles = self.rows.astype(np.float64)
        origin = _origin(doubles, self.gamma)
        if origin is not None:
            doubles -= origin
        return partial(_rounded, self.rows, origin, doubles, _squared_norms(doubles))


def as_bytes(X: NDArray[Any]) -> tuple[NDArray[np.uint8], float] | None:
    """Give float32 or float64 rows in steps, and the step; None where they lie on no grid, or are too few for one."""
    if X.size < _WORTH or X.shape[1] > WIDEST:
        return None
    return shared_grid(X, _exactness(X))


def _exactness(X: NDArray[Any]) -> float:
    return 255 * _ROUNDINGS * float(np.finfo(X.dtype).eps)


def _origin(rows: Floats, gamma: float) -> Floats | None:
    """Give the mean of rows that lie too far from zero for products to tell their distances; else None."""
    if not rows.size or gamma * _squared_norms(rows).max() <= _FAR:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        mean = rows.mean(axis=0)
    return np.asarray(mean) if np.isfinite(mean).all() else None


def _exact(packed: PackedBytes, gamma: float, block: NDArray[np.uint8]) -> Values:
    own = _squared_norms(block)
    for tile, products in packed.products(block):
        exponents = _exponents(products, gamma, own, tile.norms)
        yield slice(tile.first, tile.first + tile.width), np.exp(exponents, out=exponents)


def _rounded(
    rows: NDArray[Any], origin: Floats | None, doubles: Floats, norms: Floats, gamma: float, block: NDArray[Any]
) -> Values:
    placed = block.astype(np.float64) if origin is None else block - origin
    own = _squared_norms(placed)
    far = np.flatnonzero(~(gamma * own <= _FAR))
    for first in range(0, len(rows), _WIDTH):
        some = slice(first, first + _WIDTH)
        exponents = _exponents(placed @ doubles[some].T, gamma, own, norms[some])
        if len(far):
            exponents[far] = _by_differences(exponents[far], gamma, block[far], rows[some], own[far], norms[some])
        yield some, np.exp(exponents, out=exponents)


def _exponents(products: NDArray[Any], gamma: float, own: Floats, norms: NDArray[Any]) -> Floats:
    exponents = products * (2.0 * gamma)
    exponents -= gamma * norms
    exponents -= gamma * own[:, None]
    return np.minimum(exponents, 0.0, out=exponents)


def _by_differences(
    rounded: Floats, gamma: float, block: NDArray[Any], rows: NDArray[Any], own: Floats, norms: Floats
) -> Floats:
    """Give exponents as they are, where even their rounding leaves nothing of the kernel, else by differences."""
    error = 4 * np.finfo(np.float64).eps * block.shape[1] * gamma * (own + norms.max())
    nothing = rounded.max(axis=1) + error < _NOTHING
    if nothing.all():
        return rounded
    near = ~nothing
    rounded[near] = -gamma * cdist(block[near], rows, "sqeuclidean")
    return rounded


def _of_block(
    work: Callable[[Values, NDArray[Any]], NDArray[Any]], evaluate: Evaluate, gamma: float, block: NDArray[Any]
) -> NDArray[Any]:  # fmt: skip
    # What overflows is computed again by differences.
    with np.errstate(over="ignore", invalid="ignore"):
        return work(evaluate(gamma, block), block)


def _sums(weights: Floats, kernels: Values, block: NDArray[Any]) -> Floats:
    total = np.zeros((len(block), weights.shape[1]))
    for some, values in kernels:
        total += values @ weights[some]
    return total


def _values(width: int, dtype: Any, kernels: Values, block: NDArray[Any]) -> NDArray[Any]:
    whole = np.empty((len(block), width), dtype)
    for some, values in kernels:
        whole[:, some] = values
    return whole


def _squared_norms(rows: NDArray[Any]) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
