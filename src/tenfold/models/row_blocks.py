"""Rows of a sparse matrix, some at a time, wherever they are: what is fitted on them needs the memory of one block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tenfold.errors import StorageError

__all__ = ["BLOCK_ROWS", "RowBlocks", "in_blocks", "row_blocks"]

BLOCK_ROWS = 2_048
"""Of 500 terms each: 12 MB, and as much again for what is made of them on the way."""


@dataclass(frozen=True, eq=False)
class RowBlocks:
    """
    A sparse matrix that is read block by block, as often as it is gone through.

    Parameters
    ----------
    shape : tuple of int
    read : callable
        From the first row and that behind the last to those rows, a CSR matrix.
    scratch : Path, optional
        Folder in which blocks can be kept meanwhile; None where the rows are in memory.

    Examples
    --------
    >>> rows = row_blocks(sp.csr_matrix(np.eye(3)))
    >>> rows.shape, [block.shape for block in rows.map(lambda block: 2 * block)]
    ((3, 3), [(3, 3)])
    """

    shape: tuple[int, int]
    read: Callable[[int, int], Any]
    scratch: Path | None = None

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        for first in range(0, self.shape[0], BLOCK_ROWS):
            yield self.read(first, min(first + BLOCK_ROWS, self.shape[0]))

    def map(self, change: Callable[[Any], Any], width: int | None = None) -> RowBlocks:
        """Return the blocks after a function that gives as many rows of each, of `width` columns."""
        read, columns = self.read, self.shape[1] if width is None else width
        return replace(self, shape=(len(self), columns), read=lambda first, last: change(read(first, last)))

    def kept(self) -> RowBlocks:
        """
        Return the same blocks, made once and read often: in a file that has no name and is gone with them.

        Those of rows in memory are kept there.

        Raises
        ------
        StorageError
            The disk is full.
        """
        if self.scratch is None:
            blocks = list(self)
            return replace(self, read=lambda first, last: blocks[first // BLOCK_ROWS])
        try:
            file, places = self._written(self.scratch)
        except OSError as fault:
            what = f"blocks of rows cannot be written: {fault.strerror}"
            raise StorageError(what, where=self.scratch, do="free some space, run again") from fault

        def read(first: int, last: int) -> Any:
            place, ends = places[first // BLOCK_ROWS]
            file.seek(place)
            values = np.frombuffer(file.read(8 * int(ends[-1])), np.float64)
            columns = np.frombuffer(file.read(4 * int(ends[-1])), np.int32)
            return sp.csr_matrix((values, columns, ends), (last - first, self.shape[1]))

        return replace(self, read=read)

    def _written(self, folder: Path) -> tuple[IO[bytes], list[tuple[int, NDArray[Any]]]]:
        """A file of all blocks, and of each where it begins and where its rows end; it is closed with its last user."""
        file, places = TemporaryFile(dir=folder), list[tuple[int, NDArray[Any]]]()  # noqa: SIM115
        for block in self:
            places.append((file.tell(), block.indptr))
            file.write(block.data.astype(np.float64, copy=False).tobytes())
            file.write(block.indices.astype(np.int32, copy=False).tobytes())
        file.flush()
        return file, places

    def matrix(self) -> sp.csr_matrix:
        """Return all rows in memory."""
        return sp.vstack([sp.csr_matrix((0, self.shape[1])), *self], format="csr")


def row_blocks(X: Any) -> RowBlocks:
    """Return rows in blocks: those of a CSR matrix in memory, or such as are in blocks already."""
    if isinstance(X, RowBlocks):
        return X
    rows = sp.csr_matrix(X)

    def read(first: int, last: int) -> Any:
        ends = rows.indptr[first : last + 1]
        some = slice(ends[0], ends[-1])
        return sp.csr_matrix((rows.data[some], rows.indices[some], ends - ends[0]), (last - first, rows.shape[1]))

    return RowBlocks(rows.shape, read)


def in_blocks(predict: Callable[[Any], NDArray[Any]], X: Any) -> NDArray[Any]:
    """Return what a function gives for each block, one after the other."""
    rows = row_blocks(X)
    if not len(rows):
        return predict(rows.matrix())
    return np.concatenate([predict(block) for block in rows])
