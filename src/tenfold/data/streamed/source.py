"""The files of a table that may be larger than memory: Parquet, one file or a folder of parts, or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from tenfold.data.sources.files import open_data
from tenfold.data.sources.parts import parquet_parts, refuse_disagreement
from tenfold.data.sources.sniff import is_parquet_folder, sniff
from tenfold.data.sources.tables.csv import csv_batches, csv_header
from tenfold.data.sources.tables.parquet import Footer, parquet_batches, parquet_footer
from tenfold.errors import DataError

__all__ = ["Piece", "TableSource", "table_source"]

_SAMPLE = 1 << 20


@dataclass(frozen=True)
class Piece:
    """
    Some rows of a part.

    Parameters
    ----------
    part : Path
        The file.
    first : int
        Position in that file of the first row, counted from 0.
    rows : pyarrow.RecordBatch
    """

    part: Path
    first: int
    rows: pa.RecordBatch


@dataclass(frozen=True)
class TableSource:
    """
    A table on disk.

    Parameters
    ----------
    path : Path
        As given by the user.
    form : {"csv", "parquet"}
    parts : tuple of Path
        Sorted by name.
    columns : tuple of str
    types : tuple of pyarrow.DataType
        Text throughout in CSV.
    rows : int
        As the footers say; of CSV an estimate.
    with_gaps : frozenset of str
        Columns with missing values by the footers.
    empty : tuple of Path
        Parts without a row.
    """

    path: Path
    form: Literal["csv", "parquet"]
    parts: tuple[Path, ...]
    columns: tuple[str, ...]
    types: tuple[pa.DataType, ...]
    rows: int
    with_gaps: frozenset[str] = frozenset()
    empty: tuple[Path, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether the file has types for its columns."""
        return self.form == "parquet"

    @property
    def bytes(self) -> int:
        """Size on disk."""
        return sum(part.stat().st_size for part in self.parts)

    def pieces(self, batch_rows: int) -> Iterator[Piece]:
        """Read all rows in order, at most `batch_rows` at a time."""
        for part in self.parts:
            first = 0
            for batch in self._batches(part, batch_rows):
                for start in range(0, len(batch), batch_rows):
                    some = batch.slice(start, batch_rows)
                    yield Piece(part, first, some.select(list(self.columns)))
                    first += len(some)

    def _batches(self, part: Path, batch_rows: int) -> Iterator[pa.RecordBatch]:
        return parquet_batches(part, rows=batch_rows) if self.typed else csv_batches(part)


def table_source(path: Path) -> TableSource | None:
    """
    Return the table at a path; None where it is no table that can be streamed.

    Raises
    ------
    DataError
        Parts that do not go together, or no rows at all.
    """
    if path.is_dir():
        return _of_parts(path, parquet_parts(path)) if is_parquet_folder(path) else None
    kind = sniff(path)
    if kind == "parquet":
        return _of_parts(path, (path,))
    return _of_text(path) if kind == "csv" else None


def _of_parts(path: Path, parts: tuple[Path, ...]) -> TableSource:
    footers = [parquet_footer(part) for part in parts]
    refuse_disagreement(parts, footers)
    rows = sum(footer.rows for footer in footers)
    if rows == 0:
        raise DataError("holds no rows", where=path, do="give a file with data")
    gaps = frozenset[str]().union(*(footer.with_gaps for footer in footers))
    empty = tuple(part for part, footer in zip(parts, footers, strict=True) if footer.rows == 0)
    types = _widest(footers)
    return TableSource(path, "parquet", parts, tuple(types), tuple(types.values()), rows, gaps, empty)


def _widest(footers: list[Footer]) -> dict[str, pa.DataType]:
    """Return the type of each column, that of the first part in which it is not empty."""
    types = dict(footers[0].types)
    for footer in footers[1:]:
        types |= {name: footer.types[name] for name, kind in types.items() if pa.types.is_null(kind)}
    return types


def _of_text(path: Path) -> TableSource:
    columns = csv_header(path)
    return TableSource(path, "csv", (path,), tuple(columns), (pa.string(),) * len(columns), _estimated_rows(path))


def _estimated_rows(path: Path) -> int:
    """Return the estimated rows of a text file, from the length and the compression of its first lines."""
    with open_data(path, most=None) as file:
        sample = file.read(_SAMPLE)
        compressed = file.fileobj.tell() if hasattr(file, "fileobj") and len(sample) == _SAMPLE else len(sample)
    size = path.stat().st_size
    unpacked = size * len(sample) / max(compressed, 1) if len(sample) == _SAMPLE else len(sample)
    return max(int(unpacked * sample.count(b"\n") / max(len(sample), 1)) - 1, 1)
