"""Rows of bytes packed in tiles, and the exact products of queries with them, tile by tile, in cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numkong
import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "TILE", "WIDEST", "PackedBytes", "Tile", "block_size", "blocks_of", "stack_results"]

TILE = 2048
BLOCK = 256
_PAIRS, _MULTIPLICATIONS = 1 << 28, 1 << 35
"""Pairs and multiplications of a block at most: an interrupt waits for it, tenths of a second."""
WIDEST = (2**31 - 1) // (2 * 255**2)
"""Columns up to which twice a product fits 32 bits."""


@dataclass(frozen=True, eq=False)
class Tile:
    """Rows `first` to `first` + `width`, packed for products, with their squared norms, shape (width,)."""

    first: int
    width: int
    packed: Any
    norms: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class PackedBytes:
    """
    Rows of bytes in tiles, for the exact products of NumKong, of unsigned bytes into 32 bits.

    Examples
    --------
    >>> rows = np.array([[1, 2], [3, 4], [5, 6]], np.uint8)
    >>> [(tile.first, products.tolist()) for tile, products in PackedBytes.of(rows).products(rows[:1])]
    [(0, [[5, 11, 17]])]
    """

    tiles: tuple[Tile, ...]

    @classmethod
    def of(cls, rows: NDArray[np.uint8], width: int = TILE) -> PackedBytes:
        """Pack rows, shape (n, d), contiguous, `width` to a tile."""
        return cls(tuple(_tile(rows[start : start + width], start) for start in range(0, len(rows), width)))

    def products(self, block: NDArray[np.uint8]) -> Iterator[tuple[Tile, NDArray[np.uint32]]]:
        """Yield each tile with the products of queries (m, d) with it, (m, width), valid until the next tile."""
        buffers: dict[int, tuple[Any, NDArray[np.uint32]]] = {}
        for tile in self.tiles:
            if tile.width not in buffers:
                tensor = numkong.empty((len(block), tile.width), dtype="uint32")
                buffers[tile.width] = tensor, np.asarray(tensor)
            tensor, products = buffers[tile.width]
            numkong.dots_packed(block, tile.packed, out=tensor)
            yield tile, products


def block_size(rows: int, columns: int) -> int:
    """
    Return the number of queries in a block, fewer where rows or columns are very many.

    Examples
    --------
    >>> block_size(60_000, 784), block_size(10_000_000, 30)
    (256, 26)
    """
    return max(1, min(BLOCK, _PAIRS // rows, _MULTIPLICATIONS // (rows * columns)))


def blocks_of(Q: NDArray[Any], size: int = BLOCK) -> list[NDArray[Any]]:
    """Cut queries into blocks of this size."""
    return [Q[start : start + size] for start in range(0, len(Q), size)]


def stack_results(
    results: Iterable[tuple[NDArray[np.float64], NDArray[np.int64]]],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Concatenate the distances and rows of all blocks, shapes (m, k)."""
    distances, rows = zip(*results, strict=True)
    return np.concatenate(distances), np.concatenate(rows)


def _tile(rows: NDArray[np.uint8], first: int) -> Tile:
    return Tile(first, len(rows), numkong.dots_pack(rows), np.einsum("ij,ij->i", rows, rows, dtype=np.int32))
