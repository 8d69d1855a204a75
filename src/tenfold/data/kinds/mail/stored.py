"""Messages whose texts are on disk: looked at a few at a time, their terms counted once, little of each in memory."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.mail.message import COLUMNS, PARTS
from tenfold.data.kinds.storage import read_array, write_array
from tenfold.errors import DataError
from tenfold.regular_files import open_regular
from tenfold.storage import storage_faults

if TYPE_CHECKING:
    from tenfold.models.row_blocks import RowBlocks

__all__ = ["COUNTS", "TERMS", "TEXTS", "StoredMessages", "open_counts", "write_counts"]

TEXTS, TERMS, COUNTS = "X.texts.bin", "X.terms.bin", "X.counts.bin"
"""Texts, packed; column and number of each term of each message, int32."""

_NEAR = 64
"""Stored messages between two of which the terms are read at once."""

_AT_ONCE = 1_000


@dataclass(frozen=True, eq=False)
class StoredMessages:
    """
    Messages on disk, n rows, which stand for a frame of them to whoever looks at a few.

    Parameters
    ----------
    folder : Path
        Of the files, which `tenfold.data.kinds.mail.message_writer.MessageWriter` has written.
    rows : ndarray of int64, shape (n,)
        Positions among all that are stored, in the order of these messages.
    ends : ndarray of int64, shape (stored + 1,)
        Where the terms of each stored message begin.
    places : ndarray of int64, shape (packs + 1, 2), optional
        The first message of each pack of texts, and where the pack begins; without them there are terms alone.
    known : DataFrame of one row a stored message, optional
        Its date, folder, number of words, and whether it is HTML.
    ids : ndarray of uint8, shape (stored, 16), optional
        Content hashes.
    keeper : object
        Whatever removes the folder when it is gone itself.
    """

    folder: Path
    rows: NDArray[np.int64]
    ends: NDArray[np.int64]
    places: NDArray[np.int64] | None = None
    known: pd.DataFrame | None = None
    ids: NDArray[np.uint8] | None = None
    keeper: Any = None

    columns = COLUMNS

    @property
    def shape(self) -> tuple[int, int]:
        """Messages, and columns of each."""
        return len(self.rows), len(COLUMNS)

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, rows: Any) -> StoredMessages:
        """Return messages by position, or of a slice, where they are."""
        return replace(self, rows=self.rows[rows])

    @property
    def iloc(self) -> _Rows:
        """Messages by position in memory, as a DataFrame gives them."""
        return _Rows(self)

    def __getitem__(self, names: Any) -> Any:
        """Return a column of all messages as a series, several as a frame, in memory; messages of a slice on disk."""
        if isinstance(names, slice):
            return self.take(names)
        listed = [names] if isinstance(names, str) else list(names)
        if self.known is not None and set(listed) <= set(self.known):
            columns = self.known[listed].iloc[self.rows].reset_index(drop=True)
        else:
            columns = pd.concat([frame[listed] for frame in self.frames()], ignore_index=True)
        return columns[names]

    def frame(self, positions: Sequence[int] | NDArray[np.integer[Any]]) -> pd.DataFrame:
        """Return messages by position, in memory."""
        rows = self.rows[np.asarray(positions, np.int64)]
        texts = pd.DataFrame(list(self._texts(rows)), columns=list(PARTS), dtype=object)
        known: pd.DataFrame = self.take(positions)[["sent", "folder"]]
        return pd.concat([texts, known], axis=1)

    def frames(self, size: int = _AT_ONCE) -> Iterator[pd.DataFrame]:
        """Yield all messages, so many at a time."""
        for first in range(0, max(len(self), 1), size):
            yield self.frame(np.arange(first, min(first + size, len(self))))

    def _texts(self, rows: NDArray[np.int64]) -> Iterator[list[str]]:
        """The parts of stored messages; a pack is read once for those that follow one another."""
        if self.places is None:
            raise ValueError(f"{self.folder} holds the terms of messages alone")
        numbers = np.searchsorted(self.places[:, 0], rows, "right") - 1
        known, pack = -1, list[list[str]]()
        with open_regular(self.folder / TEXTS) as file:
            for row, number in zip(rows.tolist(), numbers.tolist(), strict=True):
                (first, begin), (_, end) = self.places[number : number + 2].tolist()
                if number != known:
                    known, pack = number, json.loads(zlib.decompress(_read(file, begin, end)))
                yield pack[row - first]

    def term_counts(self) -> RowBlocks:
        """Return how often each hashed term stands in each message, as `tenfold.models.texts.term_counts` counts."""
        from tenfold.models.row_blocks import RowBlocks
        from tenfold.models.texts.message_terms import WIDTH

        return RowBlocks(
            (len(self), WIDTH), lambda first, last: self._counts(self.rows[first:last], WIDTH), self.folder
        )

    def _counts(self, rows: NDArray[np.int64], width: int) -> Any:
        from scipy.sparse import csr_matrix, vstack

        apart = np.flatnonzero((np.diff(rows) < 1) | (np.diff(rows) > _NEAR)) + 1
        with open_regular(self.folder / TERMS) as terms, open_regular(self.folder / COUNTS) as counts:
            spans = [self._span(some, terms, counts, width) for some in np.split(rows, apart) if len(some)]
        return spans[0] if len(spans) == 1 else vstack([csr_matrix((0, width)), *spans], format="csr")

    def _span(self, rows: NDArray[np.int64], terms: Any, counts: Any, width: int) -> Any:
        """Stored messages, ascending and close to one another, read at once."""
        from scipy.sparse import csr_matrix

        ends = self.ends[rows[0] : rows[-1] + 2]
        begin, end = 4 * int(ends[0]), 4 * int(ends[-1])
        columns, values = (np.frombuffer(_read(file, begin, end), np.int32) for file in (terms, counts))
        span = csr_matrix((values, columns, ends - ends[0]), (len(ends) - 1, width))
        return (span if len(rows) == len(ends) - 1 else span[rows - rows[0]]).astype(np.float64)


def _read(file: Any, begin: int, end: int) -> bytes:
    file.seek(begin)
    content: bytes = file.read(end - begin)
    if len(content) != end - begin:
        raise DataError("is shorter than it was written", where=file.name, do="delete the run folder to start anew")
    return content


@dataclass(frozen=True)
class _Rows:
    """What `StoredMessages.iloc` gives."""

    messages: StoredMessages

    def __getitem__(self, rows: Any) -> Any:
        positions = np.arange(len(self.messages))[rows]
        frame = self.messages.frame(np.atleast_1d(positions))
        return frame.iloc[0] if np.ndim(positions) == 0 else frame


def write_counts(folder: Path, X: StoredMessages) -> None:
    """Write the terms of messages into a folder, for workers: the files themselves, where the system can link them."""
    for name in (TERMS, COUNTS):
        with storage_faults(folder / name):
            (folder / name).unlink(missing_ok=True)
            try:
                os.link(X.folder / name, folder / name)
            except OSError:  # another disk, or one without links
                shutil.copyfile(X.folder / name, folder / name)
    write_array(folder, "X.ends", X.ends)
    write_array(folder, "X.rows", X.rows)


def open_counts(folder: Path) -> StoredMessages:
    """Open what `write_counts` wrote."""
    return StoredMessages(folder, read_array(folder, "X.rows"), read_array(folder, "X.ends"))
