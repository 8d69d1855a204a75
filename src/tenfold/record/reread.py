"""A finished run's task and predictions, read back as the types they were written from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.folds.result import OutOfFold
from tenfold.record.metrics import task_in
from tenfold.record.run import Run
from tenfold.task import Task

__all__ = ["out_of_fold_of", "own_answers", "scores_in", "task_of", "true_codes"]


def task_of(run: Run) -> Task:
    """Read the task of a run from its figures."""
    return task_in(run.record.metrics)


def out_of_fold_of(run: Run, task: Task, name: str) -> OutOfFold:
    """Read a candidate's out-of-fold predictions, at its own decision, in the order of the training rows."""
    lines, candidate = run.out_of_fold.query("candidate == @name"), run.record.metrics.candidates[name]
    return OutOfFold(
        name,
        lines["fold"].to_numpy(np.int16),
        own_answers(lines, task, candidate.probabilities),
        scores_in(lines, task),
        candidate.probabilities,
        (candidate.fit_seconds,),
        (candidate.predict_seconds,),
        candidate.peak_bytes,
    )


def own_answers(lines: pd.DataFrame, task: Task, probabilities: bool) -> NDArray[np.int64]:
    """
    Give the classifier's own answers, shape (n,), of several labels (n, k), whatever decision the file was written at.

    Only a detector, of one label or of several, can have another decision than its own; its own is more than half, or
    more than 0.
    """
    scores = scores_in(lines, task)
    if scores is None or (task.positive is None and not task.several):
        return _codes_in(lines, "predicted", task)
    return (scores > (0.5 if probabilities else 0.0)).astype(np.int64)


def true_codes(lines: pd.DataFrame, task: Task) -> NDArray[np.int64]:
    """Give the true class codes, shape (n,); of several labels (n, k)."""
    return _codes_in(lines, "true", task)


def scores_in(lines: pd.DataFrame, task: Task) -> NDArray[np.float64] | None:
    """Give the scores, shape (n,) for a detector, else (n, k); None where the candidate gave none."""
    values = lines[[f"score:{name}" for name in task.score_names]].to_numpy(np.float64)
    if np.isnan(values).any():
        return None
    return values[:, 0] if task.positive is not None else values


def _codes_in(lines: pd.DataFrame, column: str, task: Task) -> NDArray[np.int64]:
    if task.several:
        return lines[[f"{column}:{name}" for name in task.classes]].to_numpy(np.int64)
    names: pd.Series[Any] = lines[column]
    code = {name: code for code, name in enumerate(task.classes)}
    return np.fromiter((code[name] for name in names), np.int64, len(names))
