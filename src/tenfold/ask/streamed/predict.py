"""A saved model asked about a table of any length: answers are written as the rows are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
import pyarrow as pa
from pandas.api.types import is_numeric_dtype

from tenfold.ask.predict import answer_columns, harmless
from tenfold.data.kinds.table.schema import TableSchema
from tenfold.data.sources.tables.column_types import from_arrow, from_text, present_text
from tenfold.data.streamed.reading import BATCH_ROWS
from tenfold.data.streamed.source import Piece, TableSource
from tenfold.errors import UsageError
from tenfold.line.streamed.predictions import GroupWriter
from tenfold.output import data_stream
from tenfold.record.bundle import Classifier
from tenfold.storage import writing

__all__ = ["Written", "write_streamed_answers"]


@dataclass(frozen=True)
class Written:
    """How many answers were written, and how many of each class."""

    rows: int
    counts: dict[str, int]


def write_streamed_answers(
    classifier: Classifier,
    source: TableSource,
    target: str | None,
    out: Path | None,
    note: Callable[[str], None] = lambda line: None,
) -> Written:
    """
    Write the rows of a table with the class predicted for each, the scores, and the threshold in force.

    The columns of the table are written as they stand in it.

    Parameters
    ----------
    classifier : Classifier
        Of tables, with one label a row.
    source : TableSource
    target : str, optional
        Column left out, where it is there.
    out : Path, optional
        A .csv or .parquet file, whole or not at all; CSV on standard output by default.
    note : callable
        Told what the reader must know, once.

    Raises
    ------
    UsageError
        Neither ``.csv`` nor ``.parquet``, or a model of several labels.
    DataError
        A row does not fit the model; the message names part, row and column.
    """
    if classifier.task.several:
        raise UsageError("a model of several labels answers tables that fit in memory", where=source.path)
    seen: set[str] = set()
    rows, counts = 0, Counter[str]()
    with _sink(out) as sink:
        for piece in source.pieces(BATCH_ROWS):
            batch = piece.rows.drop_columns([target]) if target in source.columns else piece.rows
            columns, notes = _prediction_columns(classifier, source, piece, batch)
            for line in notes:
                if line not in seen:
                    note(line)
            seen.update(notes)
            sink(batch, columns)
            rows += len(batch)
            counts.update(columns["predicted"].tolist())
    return Written(rows, dict(counts))


def _prediction_columns(
    classifier: Classifier, source: TableSource, piece: Piece, batch: pa.RecordBatch
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    schema = classifier.schema
    columns = schema.columns if isinstance(schema, TableSchema) else ()
    texts = {column.name for column in columns if column.type == "text"}
    table = pd.DataFrame(
        {name: _values(batch.column(name), name in texts, source.typed) for name in batch.schema.names}
    )
    answers, notes = classifier.predictions_and_notes(table, str(piece.part), piece.first)
    return pd.DataFrame(answer_columns(classifier, answers)), notes


def _values(column: pa.Array, is_text: bool, typed: bool) -> Any:
    chunked = pa.chunked_array([column])
    if is_text:
        return pd.Series(present_text(chunked, typed=typed).to_pylist(), dtype=object)
    return from_arrow(chunked) if typed else from_text(chunked)


@contextmanager
def _sink(out: Path | None) -> Iterator[Callable[[pa.RecordBatch, pd.DataFrame], None]]:
    """Return what writes the next rows: the columns given, and those answered."""
    if out is not None and out.suffix not in {".csv", ".parquet"}:
        raise UsageError("answers are written as .csv or .parquet", where=out)
    if out is None:
        yield _CsvSink(data_stream())
        return
    with writing(out) as draft:
        if out.suffix == ".csv":
            with draft.open("w", encoding="utf-8", newline="") as file:
                yield _CsvSink(file)
        else:
            writer = GroupWriter(draft)
            yield lambda batch, columns: writer.add(_side_by_side(batch, columns))
            writer.close()


def _side_by_side(batch: pa.RecordBatch, columns: pd.DataFrame) -> pa.Table:
    table = pa.table(batch)
    names = [f"{name} (input)" if name in columns else name for name in table.column_names]
    table = table.rename_columns(names)
    for name in columns:
        kind = pa.float64() if is_numeric_dtype(columns[name].dtype) else pa.string()
        table = table.append_column(str(name), pa.array(columns[name], kind))
    return table


class _CsvSink:
    """Writes rows as CSV that is safe to open in a spreadsheet, the head first."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._head = file, True

    def __call__(self, batch: pa.RecordBatch, columns: pd.DataFrame) -> None:
        table = harmless(_side_by_side(batch, columns).to_pandas())
        table.to_csv(self._file, index=False, header=self._head)
        self._head = False
