"""``out_of_fold.parquet`` and ``test.parquet``, written a group of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.row_ids import hexadecimal
from tenfold.data.streamed.row_store import RowStore
from tenfold.decision.decision import Decision
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.record.predictions import TEST_FOLD, prediction_table
from tenfold.storage import writing
from tenfold.task import Task

__all__ = ["GroupWriter", "predicted_tables", "write_streamed_predictions"]

_GROUP_ROWS = 1 << 17


@dataclass(frozen=True, eq=False)
class _Rows:
    rows: NDArray[np.int64]
    ids: Any


class GroupWriter:
    """Writes tables one below the other, in row groups of about 131,072 rows."""

    def __init__(self, draft: Path) -> None:
        self._draft = draft
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def add(self, table: pa.Table) -> None:
        """Take some rows."""
        self._waiting.append(table)
        if sum(len(table) for table in self._waiting) >= _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        if self._writer is None:
            # Ids never repeat within a candidate and scores hardly do: a dictionary of them is but a detour.
            few = [name for name in table.column_names if name != "id" and not name.startswith("score:")]
            self._writer = pq.ParquetWriter(self._draft, table.schema, compression="zstd", use_dictionary=few)
        self._writer.write_table(table, row_group_size=len(table))
        self._waiting = []


def write_streamed_predictions(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write prediction tables one below the other, whole or not at all."""
    with writing(path) as draft:
        writer = GroupWriter(draft)
        for table in tables:
            writer.add(table)
        writer.close()


def predicted_tables(
    store: RowStore, task: Task, answers: StreamedAnswers, decision: Decision, *, test: bool = False
) -> Iterator[pa.Table]:
    """
    Lay out one candidate's answers to the training rows, or to the test part, block by block.

    Parameters
    ----------
    store : RowStore
    task : Task
    answers : StreamedAnswers
        Their blocks go with those of the store.
    decision : Decision
        In force.
    test : bool
    """
    for rows, block in zip(_rows_of(store, test), answers.blocks(), strict=True):
        at = task.apply(decision, answers.own(block))
        yield prediction_table(
            rows,
            task,
            candidate=answers.candidate,
            fold=np.full(len(block.y), TEST_FOLD, np.int16) if test else block.fold.astype(np.int16),
            true=block.y,
            predicted=at.predicted,
            scores=at.scores,
        )


def _rows_of(store: RowStore, test: bool) -> Iterator[_Rows]:
    for block in store.blocks("rows", "ids", "parts"):
        mask = (block["parts"] == TEST) == test
        yield _Rows(block["rows"][mask], _as_text(block["ids"][mask]))


def _as_text(ids: NDArray[np.uint64]) -> pa.Array:
    """Ids as an Arrow column of text, shape (m,), without a Python object each."""
    digits = hexadecimal(ids)
    offsets = np.arange(0, 32 * (len(ids) + 1), 32, dtype=np.int32)
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()))
