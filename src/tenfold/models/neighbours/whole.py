"""Exact neighbours of whole numbers that span one byte, such as pixels: integer products, no rounding at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numkong
import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.nearest import keep_nearest
from tenfold.models.threads import spread_over

__all__ = ["WholeNumbers", "as_bytes"]

_TILE = 2048
_BLOCK = 256
_WIDEST = (2**31 - 1) // (2 * 255**2)
"""Features up to which twice a product fits 32 bits."""


@dataclass(frozen=True, eq=False)
class _Tile:
    """Training rows `first` to `first` + `width`, packed for the products, with their squared norms."""

    first: int
    width: int
    packed: Any
    norms: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class WholeNumbers:
    """
    Training rows as bytes above `lowest`, in tiles.

    The products are NumKong's, of unsigned bytes into 32 bits; |a|² + |b|² - 2ab is therefore exact, so is the order.
    """

    lowest: int
    features: int
    rows: int
    tiles: tuple[_Tile, ...]

    @classmethod
    def of(cls, X: NDArray[Any]) -> WholeNumbers | None:
        """Pack training rows, shape (n, d); None where they are not whole numbers that span one byte."""
        if X.shape[1] > _WIDEST:
            return None
        lowest = int(np.floor(X.min())) if abs(float(X.min())) < 2**52 else 0
        small = as_bytes(X, lowest)
        if small is None:
            return None
        starts = range(0, len(small), _TILE)
        return cls(lowest, X.shape[1], len(X), tuple(_tile(small[start : start + _TILE], start) for start in starts))

    def nearest(self, Q: NDArray[np.uint8], k: int, threads: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """
        Find the k nearest rows of queries given as bytes above `lowest`, shape (m, d).

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Squared, ascending.
        rows : ndarray of int64, shape (m, k)
        """
        blocks = [Q[start : start + _BLOCK] for start in range(0, len(Q), _BLOCK)]
        found = spread_over(threads, lambda block: self._nearest_of(block, k), blocks)
        return np.concatenate([d for d, _ in found]), np.concatenate([r for _, r in found])

    def _nearest_of(self, block: NDArray[np.uint8], k: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        nearest = np.full((len(block), k), np.iinfo(np.int32).max, np.int32)
        rows = np.zeros((len(block), k), np.int64)
        room: dict[int, tuple[Any, NDArray[np.uint32]]] = {}
        for tile in self.tiles:
            if tile.width not in room:
                tensor = numkong.empty((len(block), tile.width), dtype="uint32")
                room[tile.width] = tensor, np.asarray(tensor)
            tensor, products = room[tile.width]
            numkong.dots_packed(block, tile.packed, out=tensor)
            keep_nearest(products, tile.norms, tile.first, nearest, rows)
        own = np.einsum("ij,ij->i", block, block, dtype=np.int64)
        return (nearest + own[:, None]).astype(np.float64), rows


def _tile(small: NDArray[np.uint8], first: int) -> _Tile:
    norms = np.einsum("ij,ij->i", small, small, dtype=np.int32)
    return _Tile(first, len(small), numkong.dots_pack(small), norms)


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
    if values.min() < lowest or values.max() > lowest + 255:
        return None
    small = (values - lowest).astype(np.uint8)
    return np.ascontiguousarray(small) if np.array_equal(small + np.float64(lowest), values) else None
