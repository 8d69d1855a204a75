"""Exact neighbours of whole numbers that span one byte, such as pixels: integer products, no rounding at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.nearest import keep_nearest
from tenfold.models.threads import spread_over
from tenfold.models.tiles import TILE, WIDEST, PackedBytes, blocks_of, joined

__all__ = ["WholeNumbers", "as_bytes"]


@dataclass(frozen=True, eq=False)
class WholeNumbers:
    """
    Training rows as bytes above `lowest`; |a|² + |b|² - 2ab of them is exact, so is their order.

    Parameters
    ----------
    lowest : int
    rows : ndarray of uint8, shape (n, d)
        Contiguous.
    """

    lowest: int
    rows: NDArray[np.uint8]

    @classmethod
    def of(cls, X: NDArray[Any]) -> WholeNumbers | None:
        """Take training rows, shape (n, d); None where they are not whole numbers that span one byte."""
        if X.shape[1] > WIDEST:
            return None
        lowest = int(np.floor(X.min())) if abs(float(X.min())) < 2**52 else 0
        small = as_bytes(X, lowest)
        return None if small is None else cls(lowest, small)

    @cached_property
    def packed(self) -> PackedBytes:
        """The rows, packed for the products the first time they are needed."""
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
        packed = self.packed
        return joined(spread_over(threads, lambda block: _nearest_of(packed, block, k), blocks_of(Q)))


def _nearest_of(packed: PackedBytes, block: NDArray[np.uint8], k: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    nearest = np.full((len(block), k), np.iinfo(np.int32).max, np.int32)
    rows = np.zeros((len(block), k), np.int64)
    for tile, products in packed.products(block):
        keep_nearest(products, tile.norms, tile.first, nearest, rows)
    own = np.einsum("ij,ij->i", block, block, dtype=np.int64)
    return (nearest + own[:, None]).astype(np.float64), rows


def as_bytes(values: NDArray[Any], lowest: int) -> NDArray[np.uint8] | None:
    """
    Give whole numbers as bytes above `lowest`, contiguous; None where one does not fit.

    Examples
    --------
    >>> as_bytes(np.array([[-2.0, 3.0]]), -2)
    array([[0, 5]], dtype=uint8)
    >>> as_bytes(np.array([[0.5]]), 0) is None
    True
    """
    if values.dtype == np.uint8 and lowest == 0:
        return np.ascontiguousarray(values)
    small = np.empty(values.shape, np.uint8)
    for first in range(0, len(values), TILE):  # most that do not fit show it at once
        part = values[first : first + TILE]
        if part.min() < lowest or part.max() > lowest + 255:
            return None
        small[first : first + TILE] = part - lowest
        if not np.array_equal(small[first : first + TILE] + np.float64(lowest), part):
            return None
    return small
