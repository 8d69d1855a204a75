"""The row store: a table as plain arrays on disk, read in blocks into reused buffers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from tenfold.regular_files import open_regular, read_regular_json
from tenfold.storage import make_folder, storage_faults, write_json

__all__ = ["BLOCK_ROWS", "RowStore", "RowStoreReader", "RowStoreWriter", "open_row_store"]

BLOCK_ROWS = 1 << 14
"""Rows of a block: with a hundred values in a row it takes 13 MB once it is prepared."""

_ABOUT = "row_store.json"


@dataclass(frozen=True)
class RowStore:
    """
    A table on disk, one file for each field.

    Parameters
    ----------
    folder : Path
    rows : int
    numbers, categories : tuple of str
        Columns of numbers and of text, in the order of the arrays.
    wide : bool
        Whether numbers are float64; else all are exact in float32.
    values : mapping of str to tuple of str
        The values of each column of text, in the order of their codes; a missing one has the code -1.
    labels : tuple of str
        In the order of their codes; none where the target is a number, of which there are too many to have codes.

    Notes
    -----
    Fields of n rows: ``numbers`` (n, p), ``codes`` (n, q) of int32, ``labels`` (n,) of int16 or ``targets`` (n,) of
    float64, ``ids`` (n, 2) of uint64, the halves of the content hash, ``rows`` (n,) of int64, the position in the
    source; ``keys`` (n,) of uint64, the hash of each row's group, where there are groups; and, once rows are assigned,
    ``parts`` (n,) of int8: the fold, or -1 for the test part.
    """

    folder: Path
    rows: int
    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    wide: bool
    values: Mapping[str, tuple[str, ...]]
    labels: tuple[str, ...]

    def shape(self, field: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
        """Return the shape of a row of a field, and its dtype."""
        return {
            "numbers": ((len(self.numbers),), np.dtype(np.float64 if self.wide else np.float32)),
            "codes": ((len(self.categories),), np.dtype(np.int32)),
            "labels": ((), np.dtype(np.int16)),
            "targets": ((), np.dtype(np.float64)),
            "ids": ((2,), np.dtype(np.uint64)),
            "rows": ((), np.dtype(np.int64)),
            "keys": ((), np.dtype(np.uint64)),
            "parts": ((), np.dtype(np.int8)),
        }[field]

    def path(self, field: str) -> Path:
        """Return the file of a field."""
        return self.folder / f"{field}.bin"

    def reader(self, fields: Sequence[str], rows: int = BLOCK_ROWS) -> RowStoreReader:
        """Open some fields to read blocks of at most so many rows."""
        return RowStoreReader(self, fields, rows)

    def blocks(self, *fields: str, rows: int = BLOCK_ROWS) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield these fields block by block, in order; the arrays are reused for the next block."""
        with self.reader(fields, rows) as reader:
            for start in range(0, self.rows, rows):
                yield reader.read(start, min(rows, self.rows - start))

    def save(self) -> None:
        """Write the description of the store, which marks it complete."""
        about = {**asdict(self), "values": {name: list(texts) for name, texts in self.values.items()}}
        del about["folder"]
        write_json(self.folder / _ABOUT, about)


def open_row_store(folder: Path) -> RowStore | None:
    """Open a complete store; None where there is none."""
    path = folder / _ABOUT
    if not path.exists():
        return None
    about = read_regular_json(path, within=folder)
    names = {key: tuple(about[key]) for key in ("numbers", "categories", "labels")}
    values = {name: tuple(texts) for name, texts in about["values"].items()}
    return RowStore(folder, about["rows"], wide=about["wide"], values=values, **names)


class RowStoreReader:
    """
    Some fields of a row store, read into reused buffers.

    Plain reads rather than memory maps, whose pages count as memory of the process.
    """

    def __init__(self, store: RowStore, fields: Sequence[str], rows: int) -> None:
        self._shapes = {field: store.shape(field) for field in fields}
        self._buffers = {field: np.empty((rows, *shape), kind) for field, (shape, kind) in self._shapes.items()}
        self._stack = ExitStack()
        self._files: dict[str, Any] = {}
        with storage_faults(store.folder):
            for field in fields:
                self._files[field] = self._stack.enter_context(open_regular(store.path(field), within=store.folder)).raw

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def read(self, start: int, count: int, into: int = 0) -> dict[str, NDArray[Any]]:
        """Return `count` rows from `start` on, read to the place `into` of the buffers."""
        for field, buffer in self._buffers.items():
            part = buffer[into : into + count]
            file = self._files[field]
            file.seek(start * (part.nbytes // max(count, 1)))
            _fill(file, part)
        return {field: buffer[into : into + count] for field, buffer in self._buffers.items()}

    def buffered(self, count: int) -> dict[str, NDArray[Any]]:
        """Return the first `count` rows of the buffers."""
        return {field: buffer[:count] for field, buffer in self._buffers.items()}


def _fill(file: Any, part: NDArray[Any]) -> None:
    view = memoryview(part.data).cast("B") if part.size else memoryview(b"")
    while len(view):
        got = file.readinto(view)
        if not got:
            raise EOFError(f"{file.name} ends early")
        view = view[got:]


class RowStoreWriter:
    """Writes the fields of a row store, batch by batch."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_folder(folder)
        self._stack = ExitStack()
        self._files: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def write(self, **fields: NDArray[Any]) -> None:
        """Append rows to some fields."""
        with storage_faults(self.folder):
            for field, values in fields.items():
                if field not in self._files:
                    path = self.folder / f"{field}.bin"
                    self._files[field] = self._stack.enter_context(path.open("wb"))
                if values.size:
                    self._files[field].write(np.ascontiguousarray(values).data)
