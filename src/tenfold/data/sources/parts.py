"""A folder of Parquet files that are one table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from tenfold.data.sources.limits import FILE_BYTES, STREAMS, refuse_bomb
from tenfold.data.sources.sniff import PARQUET_SUFFIXES
from tenfold.data.sources.tables.parquet import Footer, parquet_batches, parquet_footer
from tenfold.errors import DataError
from tenfold.text import shown

__all__ = ["parquet_parts", "read_parts", "refuse_disagreement"]


def parquet_parts(folder: Path) -> tuple[Path, ...]:
    """
    Return the parts of a table, sorted by name.

    Names that begin with a dot or an underscore are markers of the writing program, and are skipped.

    Raises
    ------
    DataError
        The folder has other files or folders too.
    """
    entries = sorted(entry for entry in folder.iterdir() if entry.name[:1] not in {".", "_"})
    for entry in entries:
        if not entry.is_file() or entry.suffix.lower() not in PARQUET_SUFFIXES:
            what = "a folder" if entry.is_dir() else "no Parquet file"
            raise DataError(
                f"stands among Parquet files and is {what}",
                where=entry,
                do="leave nothing but the parts of one table in the folder",
            )
    return tuple(entries)


def refuse_disagreement(parts: Sequence[Path], footers: Sequence[Footer]) -> None:
    """
    Refuse parts whose columns differ.

    Raises
    ------
    DataError
        A column is missing, is additional, or has another kind of values; the message names the part.
    """
    first, types = parts[0], footers[0].types
    do = "write all parts with the same columns and types"
    kinds = {name: _kind(kind) for name, kind in types.items()}
    for part, footer in zip(parts, footers, strict=True):
        for name in (*types, *footer.types):
            if name not in footer.types:
                raise DataError(f"this column of {shown(first.name, 60)} is missing", where=part, column=name, do=do)
            if name not in types:
                raise DataError(f"{shown(first.name, 60)} has no such column", where=part, column=name, do=do)
            kind = _kind(footer.types[name])
            if kinds[name] == "nothing":
                kinds[name] = kind
            elif kind not in {kinds[name], "nothing"}:
                raise DataError(f"holds {kind}, in parts before it {kinds[name]}", where=part, column=name, do=do)


def read_parts(folder: Path) -> pa.Table:
    """
    Read a folder of Parquet files as one table that fits in memory.

    Raises
    ------
    DataError
        The parts differ, a file is damaged, or there is no row.
    LimitError
        More bytes than the limit.
    """
    parts = parquet_parts(folder)
    refuse_disagreement(parts, [parquet_footer(part) for part in parts])
    tables, size, total = [], sum(part.stat().st_size for part in parts), 0
    for part in parts:
        for batch in parquet_batches(part, most=FILE_BYTES):
            total += batch.nbytes
            refuse_bomb(folder, size, total, do=STREAMS)
            tables.append(pa.Table.from_batches([batch]))
    if not sum(map(len, tables)):
        raise DataError("holds no rows", where=folder, do="give a folder with data")
    return pa.concat_tables(tables, promote_options="permissive")


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_null(kind):
        return "nothing"
    if pa.types.is_boolean(kind):
        return "yes and no"
    if pa.types.is_temporal(kind):
        return "dates or times"
    return "text" if pa.types.is_string(kind) or pa.types.is_large_string(kind) else "numbers"
