"""Kernels that are functions of a product: linear, polynomial, sigmoid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenfold.models.support.gaussian import KernelTiles, Reduction
from tenfold.models.threads import algebra_in_one_thread, map_in_threads
from tenfold.models.tiles import blocks_of

__all__ = ["ProductKernel"]

Floats = NDArray[np.float64]

_WIDTH = 512
"""Rows of a tile: its kernel values with a block of queries stay in cache from their products to their sums."""


@dataclass(frozen=True, eq=False)
class ProductKernel:
    """
    A kernel of products with fixed rows.

    Parameters
    ----------
    rows : ndarray of float32 or float64, shape (s, d)
    kind : {"linear", "polynomial", "sigmoid"}
        ``a @ b``, ``(gamma * a @ b + coef0) ** degree`` or ``tanh(gamma * a @ b + coef0)``.
    gamma, coef0 : float
    degree : int

    Examples
    --------
    >>> kernel = ProductKernel(np.array([[1.0], [3.0]]), "polynomial", 1.0, 1.0, 2)
    >>> kernel.by_differences(np.array([[1.0]]))
    array([[ 4., 16.]])
    """

    rows: NDArray[Any]
    kind: Literal["linear", "polynomial", "sigmoid"]
    gamma: float
    coef0: float
    degree: int

    def reduced(self, work: Reduction, X: NDArray[Any], threads: int) -> Floats:
        """Return what a function makes of the kernel values of each block of X, one after the other, shape (m, …)."""
        blocks = blocks_of(X.astype(np.float64, copy=False))
        # Products are rounded otherwise by several threads than by one, even in this one.
        with algebra_in_one_thread():
            return np.concatenate(map_in_threads(min(threads, len(blocks)), partial(self._of_block, work), blocks))

    def _of_block(self, work: Reduction, block: Floats) -> NDArray[Any]:
        with np.errstate(over="ignore", invalid="ignore"):
            return work(self._tiles(block), block)

    def by_differences(self, X: NDArray[Any]) -> Floats:
        """Return the kernel values, shape (m, s), each product summed by itself, so that equal rows have equal ones."""
        products = np.zeros((len(X), len(self.rows)))
        with np.errstate(over="ignore", invalid="ignore"):
            for theirs, ours in zip(np.ascontiguousarray(self._doubles.T), X.T.astype(np.float64), strict=True):
                products += ours[:, None] * theirs
            return self._values(products)

    @cached_property
    def _doubles(self) -> Floats:
        return self.rows.astype(np.float64, copy=False)

    def _tiles(self, block: Floats) -> KernelTiles:
        for first in range(0, len(self.rows), _WIDTH):
            tile = slice(first, first + _WIDTH)
            yield tile, self._values(block @ self._doubles[tile].T)

    def _values(self, products: Floats) -> Floats:
        if self.kind == "linear":
            return products
        products *= self.gamma
        products += self.coef0
        return np.tanh(products) if self.kind == "sigmoid" else _power(products, self.degree)


def _power(base: Floats, degree: int) -> Floats:
    """By repeated squares, as libsvm does: a general power takes ten times as long."""
    power = np.ones_like(base)
    while degree:
        if degree % 2:
            power *= base
        degree //= 2
        if degree:
            base = base * base
    return power
