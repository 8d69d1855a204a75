"""Predictions as files: ``out_of_fold.parquet`` and ``test.parquet``, a line a row and candidate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions, scores_by_column
from tenfold.decision.decision import Decision
from tenfold.errors import DataError
from tenfold.regular_files import open_regular
from tenfold.storage import writing
from tenfold.task import Task
from tenfold.text import shown

__all__ = [
    "TEST_FOLD",
    "PredictedRows",
    "SavedPredictions",
    "lines_of",
    "prediction_table",
    "predictions_in",
    "read_predictions",
    "replace_predicted",
    "write_predictions",
]

TEST_FOLD = -1
_LINE = ("row", "id", "fold", "candidate")
_TRUE, _PREDICTED = "true", "predicted"
_AGAIN = "repeat the run"


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
    true: NDArray[Any],
    predicted: NDArray[Any],
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
    true, predicted : ndarray of n rows
        In the form of the task's `y`; `predicted` at the decision in force.
    scores : ndarray of float64, shape (n,) or (n, k), or None
        Missing scores become nulls.
    """
    n = len(data.rows)
    columns: dict[str, Any] = {
        "row": pa.array(data.rows, pa.int64()),
        "id": data.ids if isinstance(data.ids, pa.Array) else pa.array(data.ids, pa.string()),
        "fold": pa.array(np.full(n, TEST_FOLD, np.int16) if fold is None else fold, pa.int16()),
        "candidate": pa.repeat(pa.scalar(candidate, pa.string()), n),
        **{name: pa.array(values) for name, values in task.to_columns(_TRUE, true).items()},
        **{name: pa.array(values) for name, values in task.to_columns(_PREDICTED, predicted).items()},
    }
    at_hand = scores_by_column(task.score_columns, scores)
    for name in task.score_columns:
        columns[name] = pa.array(at_hand[name], pa.float64()) if name in at_hand else pa.nulls(n, pa.float64())
    return pa.table(columns)


def write_predictions(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write prediction tables of one task one below the other, whole or not at all."""
    with writing(path) as draft:
        pq.write_table(pa.concat_tables(tables), draft, compression="zstd", row_group_size=1 << 17)


def replace_predicted(path: Path, task: Task, predictions: Mapping[str, Predictions]) -> None:
    """Write a file of predictions anew with those at another decision, by candidate."""
    with open_regular(path, within=path.parent) as file:
        table = pq.read_table(file)
    candidates = np.asarray(table["candidate"].to_pylist(), dtype=object)
    for candidate, at in predictions.items():
        for name, fresh in (task.to_columns(_PREDICTED, at.predicted) | _ends(task, at)).items():
            values = np.asarray(table[name].to_pylist(), dtype=object)
            values[candidates == candidate] = fresh
            place = table.schema.get_field_index(name)
            table = table.set_column(place, name, pa.array(values, table.schema.field(name).type))
    write_predictions(path, [table])


def _ends(task: Task, at: Predictions) -> dict[str, NDArray[np.float64]]:
    """Ends of intervals, which follow from the decision; scores of classes stay as they are."""
    if task.score_names:
        return {}
    missing = np.full((len(at.predicted), len(task.score_columns)), np.nan)
    return scores_by_column(task.score_columns, missing if at.scores is None else at.scores)


@dataclass(frozen=True, eq=False)
class SavedPredictions:
    """
    The predictions of one candidate as a run folder has them, n of them.

    Parameters
    ----------
    fold : ndarray of int16, shape (n,)
        -1 of the test part.
    y, predicted : ndarray of n rows
        In the form of the task's `y`; `predicted` at the decision in force.
    scores : ndarray of float64, shape (n,) of a detector, else (n, k); None where the candidate gave none
    """

    fold: NDArray[np.int16]
    y: NDArray[Any]
    predicted: NDArray[Any]
    scores: NDArray[np.float64] | None

    def own(self, task: Task, decision: Decision, probabilities: bool) -> Predictions:
        """Return the model's own predictions, where those of the file were made at this decision."""
        predictions: Predictions = task.revert(decision, Predictions(self.predicted, self.scores, probabilities))
        return predictions


def read_predictions(path: Path, task: Task) -> pd.DataFrame:
    """
    Read ``out_of_fold.parquet`` or ``test.parquet`` of a run.

    Parameters
    ----------
    path : Path
    task : Task
        Of the run; the lines are checked against it.

    Returns
    -------
    DataFrame
        The columns of the file.

    Raises
    ------
    DataError
        The file is damaged, has a class that the run does not know, or a number that is not finite.
    """
    try:
        with open_regular(path, within=path.parent) as file:
            lines = pd.read_parquet(file)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise DataError(f"damaged: {shown(fault, 120)}", where=path, do=_AGAIN) from fault
    scores = list(task.score_columns)
    for name in (*_LINE, *scores):
        if name not in lines:
            raise DataError(f"damaged: no column '{shown(name)}'", where=path, do=_AGAIN)
    if scores:
        _refuse_infinite(lines, scores, path)
        predictions_in(lines, task, path)
    if task.numeric:
        _refuse_turned_intervals(lines, task, path)
    return lines


def _refuse_turned_intervals(lines: pd.DataFrame, task: Task, path: Path) -> None:
    count = len(task.classes)
    for low, high in zip(task.score_columns[:count], task.score_columns[count : 2 * count], strict=True):
        if (lines[low].to_numpy(np.float64) > lines[high].to_numpy(np.float64)).any():
            raise DataError(f"damaged: '{shown(low, 40)}' is above '{shown(high, 40)}'", where=path, do=_AGAIN)


def lines_of(lines: pd.DataFrame, candidate: str) -> pd.DataFrame:
    """Return the lines of one candidate."""
    return lines[lines["candidate"] == candidate]


def predictions_in(lines: pd.DataFrame, task: Task, path: Path | None = None) -> SavedPredictions:
    """
    Turn lines of a file of predictions into arrays.

    Parameters
    ----------
    lines : DataFrame
        Such as those of one candidate, n of them.
    task : Task
    path : Path, optional
        The file, for messages.

    Raises
    ------
    DataError
        A column is missing, or a class is none of the task's.
    """
    columns = _Columns(lines)
    try:
        y, predicted = task.from_columns(_TRUE, columns), task.from_columns(_PREDICTED, columns)
    except KeyError as fault:
        raise DataError(f"damaged: no column '{shown(fault.args[0])}'", where=path, do=_AGAIN) from fault
    except (ValueError, TypeError) as fault:
        raise DataError(f"{fault} of the run", where=path, do=_AGAIN) from fault
    return SavedPredictions(lines["fold"].to_numpy(np.int16), y, predicted, _scores(lines, task))


class _Columns(dict[str, NDArray[Any]]):
    """Columns of a DataFrame as arrays, each made when it is asked for."""

    def __init__(self, lines: pd.DataFrame) -> None:
        super().__init__()
        self._lines = lines

    def __missing__(self, name: str) -> NDArray[Any]:
        return np.asarray(self._lines[name].to_numpy())


def _scores(lines: pd.DataFrame, task: Task) -> NDArray[np.float64] | None:
    values = lines[list(task.score_columns)].to_numpy(np.float64)
    if np.isnan(values).any():
        return None
    return values[:, 0] if task.positive is not None else values


def _refuse_infinite(lines: pd.DataFrame, scores: list[str], path: Path) -> None:
    places = np.argwhere(np.isinf(lines[scores].to_numpy(np.float64)))
    if len(places):
        at, column = places[0]
        line, name = lines.iloc[at], scores[column]
        raise DataError(
            f"candidate '{shown(line['candidate'], 40)}', row {line['row']}: the {shown(name, 60)} is {line[name]}, "
            "not a finite number",
            where=path, do=_AGAIN,
        )  # fmt: skip
