"""Strict reading of CSV: UTF-8, one header, rows of equal length, and errors with their line number."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from tenfold.data.sources.files import open_data, refuse_packed_bomb
from tenfold.data.sources.limits import (
    FIELD_BYTES,
    FILE_BYTES,
    LINE_BYTES,
    STREAMS,
    TABLE_COLUMNS,
    UNPACKED_BYTES,
    refuse_bomb,
)
from tenfold.errors import DataError, LimitError
from tenfold.text import shown

__all__ = ["csv_batches", "csv_header", "read_csv"]

_ROWS_A_CHUNK = 4_096
_CHARACTERS_A_CHUNK = 64 * 1024**2
_DELIMITERS = (",", "\t", ";")


def read_csv(path: Path) -> pa.Table:
    """
    Read a CSV or TSV file, plain or gzip, with every value as text.

    Parameters
    ----------
    path : Path
        Separated by commas, tabs or semicolons, whichever its header uses.

    Returns
    -------
    pyarrow.Table
        A string column for each field of the header; an empty field is an empty text.

    Raises
    ------
    DataError
        Not UTF-8, no rows, a row of another length, an open quote, or a duplicate header.
    LimitError
        More columns, a longer field or more bytes than the limit.
    """
    chunks = list(csv_batches(path, most=FILE_BYTES, unpacked=UNPACKED_BYTES))
    if not chunks:
        raise DataError("holds a header but no rows", where=path, do="give a file with data")
    return pa.Table.from_batches(chunks)


def csv_batches(path: Path, *, most: int | None = None, unpacked: int | None = None) -> Iterator[pa.RecordBatch]:
    """
    Read a CSV or TSV file as `read_csv` does, one batch at a time.

    Parameters
    ----------
    path : Path
    most, unpacked : int, optional
        Size limits in bytes, compressed and decompressed.

    Raises
    ------
    DataError, LimitError
        As `read_csv`.
    """
    refuse_packed_bomb(path, STREAMS)
    with open_data(path, most=most, do=STREAMS) as file, _field_limit():
        lines = _Lines(file, path, unpacked)
        delimiter = _delimiter(lines.peek(), path)
        rows = _rows(lines, delimiter, path)
        header = _header(_first_row(rows, path), path)
        yield from _chunks(rows, lines, header, path)


def csv_header(path: Path) -> list[str]:
    """Return the names of the columns of a CSV or TSV file; errors as of `read_csv`."""
    with open_data(path, most=None) as file, _field_limit():
        lines = _Lines(file, path, None)
        return _header(_first_row(_rows(lines, _delimiter(lines.peek(), path), path), path), path)


class _Lines:
    """The lines of a file as text, decoded one by one so that errors have a line number."""

    def __init__(self, file: IO[bytes], path: Path, most: int | None) -> None:
        self.path, self.number, self.read_bytes, self._most = path, 0, 0, most
        self._file, self._packed = file, path.stat().st_size
        self._first: str | None = self._next_line()

    def peek(self) -> str:
        return self._first or ""

    def __iter__(self) -> Iterator[str]:
        if self._first is not None:
            yield self._first
        while (line := self._next_line()) is not None:
            yield line

    def _next_line(self) -> str | None:
        raw = self._file.readline(LINE_BYTES + 1)
        if not raw:
            return None
        self.number += 1
        self.read_bytes += len(raw)
        if len(raw) > LINE_BYTES:
            raise LimitError(f"a line over the limit of {LINE_BYTES:,} bytes", where=self.path, row=self.number)
        refuse_bomb(self.path, self._packed, self.read_bytes, most=self._most, do=STREAMS)
        return self._decoded(raw)

    def _decoded(self, raw: bytes) -> str:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw:
            raise DataError("looks like UTF-16 or binary", where=self.path, row=self.number, do="save it as UTF-8")
        try:
            return raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as fault:
            what = f"byte 0x{raw[fault.start]:02x} is no UTF-8"
            raise DataError(what, where=self.path, row=self.number, do="save it as UTF-8") from None


@contextmanager
def _field_limit() -> Iterator[None]:
    """Set the field limit of the csv module, which is global, and restore it."""
    before = csv.field_size_limit(FIELD_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _delimiter(first: str, path: Path) -> str:
    """Return the separator with which the header has the most fields; tabs for .tsv."""
    if ".tsv" in path.suffixes:
        return "\t"
    try:
        counts = {delimiter: len(next(csv.reader([first], delimiter=delimiter), [])) for delimiter in _DELIMITERS}
    except csv.Error:
        return ","
    return max(_DELIMITERS, key=lambda delimiter: counts[delimiter])


def _rows(lines: _Lines, delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its first line number; empty lines are skipped."""
    reader, begin = csv.reader(lines, delimiter=delimiter, strict=True), 1
    try:
        for row in reader:
            if row:
                yield begin, row
            begin = reader.line_num + 1
    except csv.Error as fault:
        raise _refusal(str(fault), begin, path) from None


def _refusal(fault: str, line: int, path: Path) -> DataError | LimitError:
    if "end of data" in fault:
        return DataError("a quote opens in this row and never closes", where=path, row=line, do="close or double it")
    if "field larger" in fault:
        what = f"a field over the limit of {FIELD_BYTES:,} characters, or a quote that never closes"
        return LimitError(what, where=path, row=line, do="close the quote or shorten the field")
    if "new-line" in fault:
        return DataError("lines end with a lone carriage return", where=path, row=line, do="save with LF line ends")
    return DataError(f"a quote is not where it may be ({fault})", where=path, row=line, do="double quotes in a field")


def _first_row(rows: Iterator[tuple[int, list[str]]], path: Path) -> list[str]:
    for _, row in rows:
        return row
    raise DataError("is empty", where=path, do="give a file with a header and data")


def _header(fields: list[str], path: Path) -> list[str]:
    if len(fields) > TABLE_COLUMNS:
        raise LimitError(f"{len(fields):,} columns, over the limit of {TABLE_COLUMNS:,}", where=path, row=1)
    names = [name if name.strip() else f"column {i}" for i, name in enumerate(fields, start=1)]
    earlier: set[str] = set()
    for name in names:
        if name in earlier:
            raise DataError(f"two columns are named '{shown(name)}'", where=path, row=1, do="rename one of them")
        earlier.add(name)
    return names


def _chunks(rows: Iterator[tuple[int, list[str]]], lines: _Lines, header: list[str], path: Path) -> Iterator[Any]:
    """Yield rows in Arrow batches: a Python text for each cell would take ten times the size of the file."""
    batch: list[list[str]] = []
    flushed = lines.read_bytes
    for line, row in rows:
        if len(row) != len(header):
            raise _ragged(line, row, header, path)
        batch.append(row)
        if len(batch) == _ROWS_A_CHUNK or lines.read_bytes - flushed > _CHARACTERS_A_CHUNK:
            yield _batch(batch, header)
            batch, flushed = [], lines.read_bytes
    if batch:
        yield _batch(batch, header)


def _batch(rows: list[list[str]], header: list[str]) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=header)


def _ragged(line: int, row: list[str], header: list[str], path: Path) -> DataError:
    return DataError(
        f"{len(row)} field{'s' if len(row) != 1 else ''}, the header has {len(header)}",
        where=path,
        row=line,
        do="quote fields that hold the separator, and give every row one field a column",
    )
