"""Rows of bytes packed in tiles, and the exact products of queries with them, a tile at a time while it is in cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numkong
import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "TILE", "WIDEST", "PackedBytes", "Tile", "block_size", "blocks_of", "joined"]

TILE = 2048
BLOCK = 256
_PAIRS, _MULTIPLICATIONS = 1 << 28, 1 << 35
"""Of a block at most: an interrupt waits for the blocks in hand, tenths of a second of these."""
WIDEST = (2**31 - 1) // (2 * 255**2)
"""Values of a row up to which twice a product fits 32 bits."""


@dataclass(frozen=True, eq=False)
class Tile:
    """Rows `first` to `first` + `width`, packed for the products, with their squared norms."""

    first: int
    width: int
    packed: Any
    norms: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class PackedBytes:
    """
    Rows of bytes in tiles. Products are NumKong's, of unsigned bytes into 32 bits, and exact.

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
        """Give each tile with the products of queries (m, d) with it, (m, width): good until the next is given."""
        room: dict[int, tuple[Any, NDArray[np.uint32]]] = {}
        for tile in self.tiles:
            if tile.width not in room:
                tensor = numkong.empty((len(block), tile.width), dtype="uint32")
                room[tile.width] = tensor, np.asarray(tensor)
            tensor, products = room[tile.width]
            numkong.dots_packed(block, tile.packed, out=tensor)
            yield tile, products


def block_size(rows: int, columns: int) -> int:
    """
    Give the queries of a block that is multiplied with so many rows: fewer where these are very many.

    Examples
    --------
    >>> block_size(60_000, 784), block_size(10_000_000, 30)
    (256, 26)
    """
    return max(1, min(BLOCK, _PAIRS // rows, _MULTIPLICATIONS // (rows * columns)))


def blocks_of(Q: NDArray[Any], size: int = BLOCK) -> list[NDArray[Any]]:
    """Cut queries into blocks, each asked of all tiles in turn."""
    return [Q[start : start + size] for start in range(0, len(Q), size)]


def joined(
    found: Iterable[tuple[NDArray[np.float64], NDArray[np.int64]]],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Put distances and rows of one block after another below each other."""
    distances, rows = zip(*found, strict=True)
    return np.concatenate(distances), np.concatenate(rows)


def _tile(rows: NDArray[np.uint8], first: int) -> Tile:
    return Tile(first, len(rows), numkong.dots_pack(rows), np.einsum("ij,ij->i", rows, rows, dtype=np.int32))
