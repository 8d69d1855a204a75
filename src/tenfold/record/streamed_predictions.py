"""The answers of a finished streamed run, read back from its files of predictions a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions, scores_by_column
from tenfold.data.streamed.row_store import BLOCK_ROWS
from tenfold.decision.decision import Decision
from tenfold.errors import DataError
from tenfold.figures.streamed.predictions import AnswerBlock, StreamedAnswers
from tenfold.record.run import Run
from tenfold.regular_files import open_regular
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["Redecided", "answers_in", "decided_anew", "prediction_batches", "sampled_lines"]

_DIGITS = 8
"""Of an id, by which its row is drawn."""


def answers_in(run: Run, task: Task, candidate: str, *, test: bool = False) -> StreamedAnswers:
    """Return a candidate's own out-of-fold answers, or those of the test part as one fold."""
    path = run.folder.test if test else run.folder.out_of_fold
    metrics = run.record.metrics
    record = metrics.candidates[candidate]
    key = task.metric_keys[0]
    estimate = metrics.test[key] if test else record.out_of_fold[key]
    folds = 1 if test else len(estimate.folds)
    classes = 0 if task.numeric else len(task.classes)
    blocks = partial(_blocks, path, task, candidate, record.decision.decision)
    return StreamedAnswers(candidate, estimate.n, folds, classes, record.probabilities, blocks)


def _blocks(path: Path, task: Task, candidate: str, decision: Decision) -> Iterator[AnswerBlock]:
    columns = ["candidate", "fold", "true", *(["predicted"] if task.numeric else []), *task.score_columns]
    for batch in prediction_batches(path, columns, candidate):
        fold = np.maximum(batch.column("fold").to_numpy(), 0).astype(np.int64)
        yield AnswerBlock(_true(batch, task, path), fold, _numbers(batch, task, decision, path))


def _true(batch: pa.RecordBatch, task: Task, path: Path) -> NDArray[Any]:
    if task.numeric:
        return _floats(batch, ["true"], path)[:, 0]
    y = pc.index_in(batch.column("true"), value_set=pa.array(list(task.classes)))
    if y.null_count:
        what = f"holds a class that is none of the run's {len(task.classes)}"
        raise DataError(what, where=path, do="repeat the run")
    return np.asarray(y.to_numpy().astype(np.int64))


def _numbers(batch: pa.RecordBatch, task: Task, decision: Decision, path: Path) -> NDArray[np.float64]:
    """Scores of classes; of a quantity what the model itself predicts, and beside it the difficulty of a row."""
    if not task.numeric:
        return _floats(batch, list(task.score_columns), path)
    has_ends = decision.interval is not None
    scores = _floats(batch, list(task.score_columns), path) if has_ends else None
    at = Predictions(_floats(batch, ["predicted"], path)[:, 0], scores, probabilities=False)
    own: Predictions = task.revert(decision, at)
    return np.column_stack([own.predicted] if own.scores is None else [own.predicted, own.scores])


def _floats(batch: pa.RecordBatch, names: Sequence[str], path: Path) -> NDArray[np.float64]:
    values = np.stack([batch.column(name).to_numpy(zero_copy_only=False) for name in names], axis=1)
    if not np.isfinite(values).all():
        raise DataError("holds a score that is no finite number", where=path, do="repeat the run")
    return np.asarray(values, np.float64)


def sampled_lines(path: Path, candidate: str, lines: int, most: int) -> pd.DataFrame:
    """
    Return a sample of one candidate's lines of predictions, drawn by the content of their rows, in order.

    Parameters
    ----------
    path : Path
    candidate : str
    lines : int
        How many it has.
    most : int
        Lines to draw, roughly; all where there are no more.

    Raises
    ------
    DataError
        The file is damaged.
    """
    below = pa.scalar(f"{int(min(most / max(lines, 1), 1.0) * 16**_DIGITS):0{_DIGITS}x}")
    tables = []
    for batch in prediction_batches(path, None, candidate):
        digits = pc.utf8_slice_codeunits(batch.column("id"), -_DIGITS)
        tables.append(pa.table(batch if lines <= most else batch.filter(pc.less(digits, below))))
    return pd.DataFrame() if not tables else pa.concat_tables(tables).to_pandas()


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


@dataclass(frozen=True)
class Redecided:
    """The decision of a candidate that was in force, and the one that is to be."""

    former: Decision
    fresh: Decision
    probabilities: bool


def decided_anew(path: Path, task: Task, decided: Mapping[str, Redecided]) -> Iterator[pa.Table]:
    """
    Return all lines of predictions at other decisions.

    Parameters
    ----------
    path : Path
    task : Task
    decided : mapping of candidate to Redecided
    """
    for batch in prediction_batches(path):
        candidates = np.asarray(batch.column("candidate").to_pylist(), object)
        parts = []
        starts = np.flatnonzero(np.append(True, candidates[1:] != candidates[:-1]))
        for start, end in zip(starts, np.append(starts[1:], len(candidates)), strict=True):
            part = batch.slice(int(start), int(end - start))
            parts.append(_anew(part, task, decided[str(candidates[start])], path))
        yield pa.concat_tables(parts)


def _anew(batch: pa.RecordBatch, task: Task, decided: Redecided, path: Path) -> pa.Table:
    """One candidate's lines at another decision."""
    numbers = _numbers(batch, task, decided.former, path)
    classes = 0 if task.numeric else len(task.classes)
    answers = StreamedAnswers("", len(batch), 1, classes, decided.probabilities, lambda: iter(()))
    none = np.zeros(len(batch), np.int64)
    at: Predictions = task.apply(decided.fresh, answers.own(AnswerBlock(none, none, numbers)))
    columns = task.to_columns("predicted", at.predicted) | scores_by_column(task.score_columns, at.scores)
    table = pa.table(batch)
    for name in ("predicted", *task.score_columns):
        place = table.schema.get_field_index(name)
        field = table.schema.field(place)
        values = pa.array(columns[name], field.type) if name in columns else pa.nulls(len(batch), field.type)
        table = table.set_column(place, field, values)
    return table
