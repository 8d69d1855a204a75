"""Parquet, read in small batches with a running count of bytes, since a footer may be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tenfold.data.sources.files import open_data
from tenfold.data.sources.limits import FILE_BYTES, STREAMS, TABLE_COLUMNS, UNPACKED_BYTES, refuse_bomb
from tenfold.errors import DataError, LimitError
from tenfold.text import shown

__all__ = ["Footer", "parquet_batches", "parquet_footer", "read_parquet"]

_ROWS_A_BATCH = 4_096
_BUFFER = 1 << 20
_PLAIN = (
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_temporal,
    pa.types.is_null,
)


def read_parquet(path: Path) -> pa.Table:
    """
    Read a Parquet file of plain columns.

    Parameters
    ----------
    path : Path

    Returns
    -------
    pyarrow.Table
        Columns of numbers, booleans, text or times; dictionaries of text are resolved.

    Raises
    ------
    DataError
        Damaged, empty, two columns of one name, or nested, binary or extension types.
    LimitError
        Over 20,000 columns, or more bytes in memory than the limit.
    """
    batches, total = [], 0
    for batch in parquet_batches(path, most=FILE_BYTES):
        total += batch.nbytes
        refuse_bomb(path, path.stat().st_size, total, do=STREAMS)
        batches.append(batch)
    if total == 0 or not batches:
        raise DataError("holds no rows", where=path, do="give a file with data")
    return pa.Table.from_batches(batches)


def parquet_batches(path: Path, *, rows: int = _ROWS_A_BATCH, most: int | None = None) -> Iterator[pa.RecordBatch]:
    """
    Read a Parquet file of plain columns, one batch at a time.

    Parameters
    ----------
    path : Path
    rows : int
        Rows of a batch at most.
    most : int, optional
        Size limit of the file in bytes.

    Raises
    ------
    DataError, LimitError
        As `read_parquet`; a single batch over 4 GiB is refused too.
    """
    with _sound(path, most) as file:
        schema = pq.ParquetFile(file).schema_arrow
        _refuse_schema(schema, path)
        # Text is read as dictionary and indices, so that its size can be counted before it is resolved.
        texts = [field.name for field in schema if _is_text(_value_type(field.type))]
        parquet = pq.ParquetFile(file, read_dictionary=texts, buffer_size=_BUFFER, pre_buffer=False)
        names = [name for name in schema.names if not name.startswith("__index_level_")]
        size = path.stat().st_size
        for batch in parquet.iter_batches(batch_size=rows, use_threads=False, columns=names):
            columns = {name: batch.column(name) for name in names}
            refuse_bomb(path, size, sum(map(_plain_bytes, columns.values())), most=UNPACKED_BYTES, do=STREAMS)
            yield pa.RecordBatch.from_arrays([_plain(column) for column in columns.values()], names=names)


@dataclass(frozen=True)
class Footer:
    """
    The footer of a Parquet file.

    Parameters
    ----------
    types : dict of str to pyarrow.DataType
        Type of each column, in order.
    rows : int
        Number of rows, not verified.
    with_gaps : frozenset of str
        Columns with missing values, not verified.
    """

    types: dict[str, pa.DataType]
    rows: int
    with_gaps: frozenset[str]


def parquet_footer(path: Path) -> Footer:
    """
    Read the footer of a Parquet file, of which only the types are reliable.

    Raises
    ------
    DataError, LimitError
        As `read_parquet`.
    """
    with _sound(path, None) as file:
        parquet = pq.ParquetFile(file)
        _refuse_schema(parquet.schema_arrow, path)
        fields = [field for field in parquet.schema_arrow if not field.name.startswith("__index_level_")]
        groups = [parquet.metadata.row_group(number) for number in range(parquet.num_row_groups)]
        claims = (group.column(place) for group in groups for place in range(group.num_columns))
        gaps = frozenset(c.path_in_schema for c in claims if c.statistics is not None and c.statistics.null_count)
        return Footer({field.name: _value_type(field.type) for field in fields}, parquet.metadata.num_rows, gaps)


@contextmanager
def _sound(path: Path, most: int | None) -> Iterator[Any]:
    """Open the file, and convert errors of the reader to a `DataError` that names it."""
    with open_data(path, most=most, do=STREAMS) as file:
        try:
            yield file
        except (pa.ArrowException, OSError) as fault:
            if isinstance(fault, OSError) and fault.errno:
                raise
            raise DataError(f"is no sound Parquet file: {shown(fault)}", where=path, do="save it again") from fault


def _refuse_schema(schema: pa.Schema, path: Path) -> None:
    if len(schema) > TABLE_COLUMNS:
        raise LimitError(f"{len(schema):,} columns, over the limit of {TABLE_COLUMNS:,}", where=path)
    if len(set(schema.names)) < len(schema):
        raise DataError("two columns have one name", where=path, do="rename one of them")
    for field in schema:
        if not any(is_plain(_value_type(field.type)) for is_plain in _PLAIN):
            raise DataError(
                f"values of type {shown(field.type, 40)}, neither number, text nor time",
                where=path,
                column=field.name,
                do="drop the column or turn it into plain columns",
            )


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _plain_bytes(column: pa.Array) -> int:
    """Return the bytes of a column once its dictionary is resolved."""
    if not pa.types.is_dictionary(column.type) or not _is_text(column.type.value_type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary)
    return int(pc.sum(pc.take(lengths, column.indices)).as_py() or 0) + 4 * len(column)


def _plain(column: pa.Array) -> pa.Array:
    value_type = _value_type(column.type)
    if _is_text(value_type):
        return pc.cast(column, pa.string())
    return pc.cast(column, value_type)
