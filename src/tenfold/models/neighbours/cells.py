"""Rows gathered around a few of their own: where to look first for the neighbours of a query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.nearest import keep_nearest, nearest_in_cell
from tenfold.models.tiles import BLOCK, PackedBytes, blocks_of

__all__ = ["Cells"]

_CELLS = 128


@dataclass(frozen=True, eq=False)
class Cells:
    """
    Rows of bytes, each in the cell of that one of 128 rows which it is nearest to.

    Parameters
    ----------
    rows : ndarray of uint8, shape (n, w)
    centres : PackedBytes
    order : ndarray of int64, shape (n,)
        The rows, cell by cell.
    starts : ndarray of int64, shape (cells + 1,)
        Where each cell begins in `order`.

    Examples
    --------
    >>> cells = Cells.of(np.arange(200, dtype=np.uint8)[:, None])
    >>> cells.alike(np.array([[7]], np.uint8), 1).tolist()
    [[7]]
    """

    rows: NDArray[np.uint8]
    centres: PackedBytes
    order: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: NDArray[np.uint8]) -> Cells:
        """Gather rows, shape (n, w), contiguous."""
        centres = PackedBytes.of(np.ascontiguousarray(rows[:: max(1, len(rows) // _CELLS)][:_CELLS]))
        cells = np.concatenate([_nearest_centre(centres, block) for block in blocks_of(rows, BLOCK)])
        sizes = np.bincount(cells, minlength=centres.tiles[0].width)
        return cls(rows, centres, np.argsort(cells, kind="stable"), np.concatenate([[0], np.cumsum(sizes)]))

    def alike(self, Q: NDArray[np.uint8], k: int) -> NDArray[np.int64]:
        """Give k different rows that are near each query (m, w), most often among its nearest: shape (m, k)."""
        return nearest_in_cell(self.rows, Q, self.order, self.starts, _nearest_centre(self.centres, Q), k)


def _nearest_centre(centres: PackedBytes, block: NDArray[np.uint8]) -> NDArray[np.int64]:
    apart = np.full((len(block), 1), np.iinfo(np.int32).max, np.int32)
    cells = np.zeros((len(block), 1), np.int64)
    for tile, products in centres.products(block):
        keep_nearest(products, tile.norms, tile.first, apart, cells)
    return cells[:, 0]
