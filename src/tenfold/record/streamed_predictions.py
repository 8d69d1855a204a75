"""The answers of a finished streamed run, read back from its files of predictions a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tenfold.data.streamed.row_store import BLOCK_ROWS
from tenfold.errors import DataError
from tenfold.figures.streamed.predictions import AnswerBlock, StreamedAnswers
from tenfold.record.run import Run
from tenfold.regular_files import open_regular
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["answers_in", "decided_anew", "prediction_batches"]


def answers_in(run: Run, task: Task, candidate: str, *, test: bool = False) -> StreamedAnswers:
    """Give a candidate's out-of-fold answers, or those of the test part as one fold."""
    path = run.folder.test if test else run.folder.out_of_fold
    metrics = run.record.metrics
    record = metrics.candidates[candidate]
    estimate = metrics.test["accuracy"] if test else record.out_of_fold["accuracy"]
    folds = 1 if test else len(estimate.folds)
    return StreamedAnswers(
        candidate,
        estimate.n,
        folds,
        len(task.classes),
        record.probabilities,
        lambda: _blocks(path, task, candidate),
    )


def _blocks(path: Path, task: Task, candidate: str) -> Iterator[AnswerBlock]:
    scores = [f"score:{name}" for name in task.score_names]
    names = pa.array(list(task.classes))
    for batch in prediction_batches(path, ["candidate", "fold", "true", *scores], candidate):
        y = pc.index_in(batch.column("true"), value_set=names)
        if y.null_count:
            raise DataError(f"holds a class that is none of the run's {len(names)}", where=path, do="repeat the run")
        fold = np.maximum(batch.column("fold").to_numpy(), 0).astype(np.int64)
        values = np.stack([batch.column(name).to_numpy(zero_copy_only=False) for name in scores], axis=1)
        if not np.isfinite(values).all():
            raise DataError("holds a score that is no finite number", where=path, do="repeat the run")
        yield AnswerBlock(y.to_numpy().astype(np.int64), fold, values)


def prediction_batches(
    path: Path, columns: list[str] | None = None, candidate: str | None = None
) -> Iterator[pa.RecordBatch]:
    """
    Read lines of predictions, those of one candidate where it is named; row groups of others are passed over.

    Raises
    ------
    DataError
        The file is damaged.
    """
    try:
        with open_regular(path, within=path.parent) as opened:
            file = pq.ParquetFile(opened, pre_buffer=False)
            place = file.schema_arrow.get_field_index("candidate")
            groups = [
                number
                for number in range(file.num_row_groups)
                if candidate is None or _may_hold(file.metadata.row_group(number).column(place).statistics, candidate)
            ]
            for batch in file.iter_batches(BLOCK_ROWS, groups, columns, use_threads=False):
                lines = batch if candidate is None else batch.filter(pc.equal(batch.column("candidate"), candidate))
                if len(lines):
                    yield lines
    except (pa.ArrowException, OSError, KeyError) as fault:
        raise DataError(f"damaged: {shown(fault, 120)}", where=path, do="repeat the run") from fault


def _may_hold(statistics: Any, candidate: str) -> bool:
    if statistics is None or not statistics.has_min_max:
        return True
    return bool(statistics.min <= candidate <= statistics.max)


def decided_anew(path: Path, task: Task, decided: Mapping[str, Any]) -> Iterator[pa.Table]:
    """
    Give all lines of predictions with other predicted classes.

    Parameters
    ----------
    path : Path
    task : Task
    decided : mapping of candidate to callable
        From scores, shape (m, s), to class codes, shape (m,).
    """
    scores = [f"score:{name}" for name in task.score_names]
    names = pa.array(list(task.classes))
    for batch in prediction_batches(path):
        table = pa.table(batch)
        candidates = np.asarray(table["candidate"].to_pylist(), object)
        values = np.stack([table[name].to_numpy() for name in scores], axis=1)
        codes = np.zeros(len(table), np.int64)
        for candidate in np.unique(candidates).tolist():
            own: NDArray[np.bool_] = candidates == candidate
            codes[own] = decided[candidate](values[own])
        place = table.schema.get_field_index("predicted")
        yield table.set_column(place, table.schema.field(place), pc.take(names, pa.array(codes)))
