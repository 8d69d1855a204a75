"""Exact neighbours of integers that span one byte, such as pixels: integer products, without rounding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.grid import as_bytes, bytes_above_lowest
from tenfold.models.neighbours.differences import MANY, queries_at_once
from tenfold.models.neighbours.nearest import keep_nearest
from tenfold.models.threads import map_in_threads
from tenfold.models.tiles import WIDEST, PackedBytes, block_size, blocks_of, stack_results

__all__ = ["ByteSearch", "as_bytes"]

_ROW_BITS = 32
"""Bits for the number of a row; the squared distance of rows of bytes takes at most 31: see `WIDEST`."""


@dataclass(frozen=True, eq=False)
class ByteSearch:
    """
    A search among training rows as bytes above `lowest`, whose |a|² + |b|² - 2ab is exact.

    Parameters
    ----------
    lowest : int
    rows : ndarray of uint8, shape (n, d)
        Contiguous.
    """

    lowest: int
    rows: NDArray[np.uint8]

    @classmethod
    def of(cls, X: NDArray[Any]) -> ByteSearch | None:
        """Convert training rows, shape (n, d); None where they are not integers that span one byte."""
        encoded = None if X.shape[1] > WIDEST else bytes_above_lowest(X)
        return None if encoded is None else cls(*encoded)

    @cached_property
    def packed(self) -> PackedBytes:
        """The rows, packed for products at the first use."""
        return PackedBytes.of(self.rows)

    def nearest(self, Q: NDArray[np.uint8], k: int, threads: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """
        Find the k nearest rows of queries given as bytes above `lowest`, shape (m, d).

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Squared, ascending.
        rows : ndarray of int64, shape (m, k)
        """
        packed, size = self.packed, block_size(*self.rows.shape)
        if k <= MANY:
            return stack_results(
                map_in_threads(threads, lambda block: _nearest_of(packed, block, k), blocks_of(Q, size))
            )
        size = queries_at_once(len(self.rows), 1, size)
        return stack_results(map_in_threads(threads, lambda block: self._many_nearest_of(block, k), blocks_of(Q, size)))

    def _many_nearest_of(self, block: NDArray[np.uint8], k: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Select and sort distances with the row in their lowest 32 bits, so that none are equal."""
        keys = np.empty((len(block), len(self.rows)), np.int64)
        own = np.einsum("ij,ij->i", block, block, dtype=np.int64)[:, None]
        for tile, products in self.packed.products(block):
            keys[:, tile.first : tile.first + tile.width] = own + tile.norms - 2 * products.astype(np.int64)
        keys <<= _ROW_BITS
        keys += np.arange(len(self.rows))
        if k < len(self.rows):
            keys.partition(k - 1, axis=1)
        nearest = np.sort(keys[:, :k], axis=1)
        return (nearest >> _ROW_BITS).astype(np.float64), nearest & ((1 << _ROW_BITS) - 1)


def _nearest_of(packed: PackedBytes, block: NDArray[np.uint8], k: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    nearest = np.full((len(block), k), np.iinfo(np.int32).max, np.int32)
    rows = np.zeros((len(block), k), np.int64)
    for tile, products in packed.products(block):
        keep_nearest(products, tile.norms, tile.first, nearest, rows)
    own = np.einsum("ij,ij->i", block, block, dtype=np.int64)
    return (nearest + own[:, None]).astype(np.float64), rows
