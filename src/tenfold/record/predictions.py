"""Predictions as files: ``out_of_fold.parquet`` and ``test.parquet``, a line a row and candidate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tenfold.regular_files import open_regular
from tenfold.storage import writing
from tenfold.task import Task

__all__ = ["TEST_FOLD", "PredictedRows", "prediction_table", "replace_predicted", "write_predictions"]

TEST_FOLD = -1


class PredictedRows(Protocol):
    """The rows that were predicted: a data set, or a block of one."""

    @property
    def rows(self) -> NDArray[np.int64]:
        """Position of each in the source, shape (n,)."""
        ...

    @property
    def ids(self) -> Any:
        """Content hash of each as text, shape (n,)."""
        ...


def prediction_table(
    data: PredictedRows,
    task: Task,
    *,
    candidate: str,
    fold: NDArray[np.int16] | None,
    true: NDArray[np.int64],
    predicted: NDArray[np.int64],
    scores: NDArray[np.float64] | None,
) -> pa.Table:
    """
    Lay out one candidate's predictions as the public contract says.

    Parameters
    ----------
    data : PredictedRows
        n of them.
    task : Task
    candidate : str
    fold : ndarray of int16, shape (n,), or None
        None for the test part, whose fold is -1.
    true, predicted : ndarray of int64, shape (n,); of several labels (n, k)
        Class codes; `predicted` at the decision in force.
    scores : ndarray of float64, shape (n,) or (n, k), or None
        Missing scores become nulls.
    """
    n = len(data.rows)
    columns: dict[str, Any] = {
        "row": pa.array(data.rows, pa.int64()),
        "id": data.ids if isinstance(data.ids, pa.Array) else pa.array(data.ids, pa.string()),
        "fold": pa.array(np.full(n, TEST_FOLD, np.int16) if fold is None else fold, pa.int16()),
        "candidate": _repeated([candidate], np.zeros(n, np.int64)),
        **_answers("true", task, true),
        **_answers("predicted", task, predicted),
    }
    for index, name in enumerate(task.score_names):
        values = None if scores is None else scores if scores.ndim == 1 else scores[:, index]
        columns[f"score:{name}"] = pa.nulls(n, pa.float64()) if values is None else pa.array(values, pa.float64())
    return pa.table(columns)


def _answers(column: str, task: Task, codes: NDArray[np.int64]) -> dict[str, pa.Array]:
    """One column of class names; of several labels one of yes and no for each."""
    if not task.several:
        return {column: _repeated(task.classes, codes)}
    return {f"{column}:{name}": pa.array(codes[:, c] == 1, pa.bool_()) for c, name in enumerate(task.classes)}


def _repeated(names: Iterable[str], codes: NDArray[np.int64]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(list(names))).cast(pa.string())


def write_predictions(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write prediction tables of one task one below the other, whole or not at all."""
    with writing(path) as draft:
        pq.write_table(pa.concat_tables(tables), draft, compression="zstd", row_group_size=1 << 17)


def replace_predicted(path: Path, task: Task, predicted: Mapping[str, NDArray[np.int64]]) -> None:
    """Write a file of predictions anew with other predicted classes, one array of codes a candidate."""
    with open_regular(path, within=path.parent) as file:
        table = pq.read_table(file)
    candidates = np.asarray(table["candidate"].to_pylist(), dtype=object)
    several = task.several
    columns = [f"predicted:{name}" for name in task.classes] if several else ["predicted"]
    for index, column in enumerate(columns):
        values = np.asarray(table[column].to_pylist(), dtype=object)
        for candidate, codes in predicted.items():
            values[candidates == candidate] = (codes[:, index] == 1) if several else task.decode(codes)
        kind = table.schema.field(column).type
        table = table.set_column(table.schema.get_field_index(column), column, pa.array(values, kind))
    write_predictions(path, [table])
