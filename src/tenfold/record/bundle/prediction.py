"""What a fitted model predicts: a program of arrays, or a pipeline of scikit-learn where there is no program of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.data.kinds.kind import Kind, Schema
from tenfold.errors import DataError, ModelError, TenfoldError
from tenfold.program.gaps import GapError, NotFiniteError, UnknownCategoryError
from tenfold.program.program import Program
from tenfold.program.values import WIDEST
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["predict_instances", "predict_rows"]

_VALUES_AT_ONCE = 1 << 28
"""Of prepared rows: 2 GiB as float64, more than the rows of any usual prediction take."""

_FILL = "fill the gaps, or leave such rows out"
_LIKE_BEFORE = "give rows like those it was trained on"


def predict_instances(
    model: Any, task: Task, schema: Schema, kind: Kind, X: Any, where: str | None = None, start: int = 0
) -> tuple[Predictions, tuple[str, ...]]:
    """Check instances by the schema of a model, let it predict them, and return with that the notes of the check."""
    if isinstance(model, Program) and kind.program_columns is not None:
        rows, notes = kind.program_columns(schema, X, where, start)
        return _of_program(model, task, rows, where, start), notes
    checked, notes = schema.check(X, where, start)
    return predict_rows(model, task, kind, checked, where, start), notes


def predict_rows(model: Any, task: Task, kind: Kind, X: Any, where: str | None = None, start: int = 0) -> Predictions:
    """
    Let a model predict rows, before any decision.

    Parameters
    ----------
    model : Program or Pipeline
    task : Task
    kind : Kind
        Of the data.
    X : n instances, as the schema of the model checks them
    where : str, optional
        File that they came from, for messages.
    start : int
        Rows of that file before them, for messages.

    Raises
    ------
    DataError
        A gap, where the model cannot do without a value.
    ModelError
        A pipeline of a user's own fails on these rows.
    """
    if isinstance(model, Program):
        frames = X.frames() if hasattr(X, "frames") else [X]  # of rows on disk some at a time
        return _join([_of_program(model, task, kind.program_rows(one), where, start) for one in frames])
    return _of_pipeline(model, task, kind, X, where, start)


def _of_program(program: Program, task: Task, rows: Any, where: str | None, start: int) -> Predictions:
    try:
        values = program.run(rows)
    except GapError as gap:
        raise _gap(where, start + gap.row, gap.column) from gap
    except UnknownCategoryError as unknown:
        raise _unknown_category(where, start + unknown.row, unknown.column, unknown.category) from unknown
    except NotFiniteError as fault:
        what = "a score is no number: the values are too large for this model"
        raise ModelError(what, where=where, row=start + fault.row + 1, do=_LIKE_BEFORE) from fault
    if task.numeric:
        return _quantities(values["predicted"], values.get("scores"), where, start)
    scores = values.get("scores")
    if scores is not None and scores.shape[1] == 1 and not task.several:
        scores = scores[:, 0]
    return Predictions(values["predicted"], scores, program.outputs.probabilities)


def _quantities(
    predicted: NDArray[np.float64], difficulty: NDArray[np.float64] | None, where: str | None, start: int
) -> Predictions:
    """Numbers as the task has them, one a row without a second dimension; each of them finite."""
    odd = ~np.isfinite(predicted).all(axis=1)
    if difficulty is not None:
        odd |= ~(np.isfinite(difficulty) & (difficulty > 0)).all(axis=1)
    if odd.any():
        what = "a prediction is no number: the values are too large for this model"
        raise ModelError(what, where=where, row=start + int(np.argmax(odd)) + 1, do=_LIKE_BEFORE)
    single = predicted.shape[1] == 1
    numbers, sizes = (one if one is None or not single else one[:, 0] for one in (predicted, difficulty))
    return Predictions(np.asarray(numbers), sizes, probabilities=False)


def _gap(where: str | None, row: int, column: str) -> DataError:
    what = "no value, and this model cannot do without"
    return DataError(what, where=where, row=row + 1, column=column, do=_FILL)


def _unknown_category(where: str | None, row: int, column: str, category: object) -> DataError:
    missing = category is None or category != category  # noqa: PLR0124 - NaN differs from itself
    value = "no value" if missing else f"the value '{shown(category, 40)}'"
    what = f"{value}, which was not in the training data, and this model was made to refuse such"
    return DataError(what, where=where, row=row + 1, column=column, do="correct it, or leave such rows out")


def _of_pipeline(pipeline: Any, task: Task, kind: Kind, X: Any, where: str | None, start: int) -> Predictions:
    """An encoder may raise on text that it has not met, as its author wished: that is no fault of this program."""
    try:
        rows = _rows_at_once(pipeline, X)
        blocks = [X[begin : begin + rows] for begin in range(0, max(X.shape[0], 1), rows)]
        parts = [task.predict(pipeline, block) for block in blocks]
    except (TenfoldError, MemoryError):
        raise
    except Exception as fault:
        _refuse_gaps(kind, X, where, start, fault)
        what = f"the model fails on these rows ({type(fault).__name__}: {shown(fault, 160)})"
        raise ModelError(what, where=where, do=_LIKE_BEFORE) from fault
    return parts[0] if len(parts) == 1 else _join(parts)


def _rows_at_once(pipeline: Any, X: Any) -> int:
    """
    All rows, unless what the preparation makes of them takes gigabytes: a text becomes thousands of columns.

    How wide a row becomes is seen on the first one, whatever the model says of itself.
    """
    few = max(1, _VALUES_AT_ONCE // WIDEST)
    count = int(X.shape[0])
    if count <= few or len(pipeline.steps) == 1:
        return max(count, 1)
    width = int(pipeline[:-1].transform(X[:1]).shape[1])
    return max(few, _VALUES_AT_ONCE // max(width, 1))


def _refuse_gaps(kind: Kind, X: Any, where: str | None, start: int, fault: Exception) -> None:
    """A classifier that came as a whole pipeline may have nothing that fills gaps."""
    table = kind.table(X)
    if table is not None and len(gaps := np.argwhere(table.isna().to_numpy())):
        row, column = gaps[0]
        raise _gap(where, start + int(row), str(table.columns[column])) from fault


def _join(parts: Sequence[Predictions]) -> Predictions:
    """Join the predictions of blocks of rows."""
    scores = [part.scores for part in parts if part.scores is not None]
    predicted = np.concatenate([part.predicted for part in parts])
    return Predictions(predicted, np.concatenate(scores) if scores else None, parts[0].probabilities)
