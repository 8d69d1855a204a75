"""One figure alone, without its interval: for whoever orders many settings by it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.comparison.leader_board import influence_on
from tenfold.figures.labels.evaluate import influence_of
from tenfold.figures.labels.rows import checked_label_rows
from tenfold.figures.rows import checked_rows
from tenfold.tasks.task import Task

__all__ = ["point_value"]


def point_value(
    task: Task,
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    scores: NDArray[np.float64] | None,
    *,
    probabilities: bool,
    metric: str,
) -> float | None:
    """
    Compute one figure; None where it is undefined.

    Parameters
    ----------
    task : Task
    y, predicted : ndarray of int64, shape (n,); of several labels (n, k)
        Class codes.
    scores : ndarray of float64, shape (n,) or (n, k), or None
    probabilities : bool
        The scores are probabilities.
    metric : str
        One of `metric_keys` of the task.

    Examples
    --------
    >>> y = np.array([0, 1, 1])
    >>> task = Task("binary", ("no", "yes"), positive="yes")
    >>> point_value(task, y, np.array([0, 1, 0]), None, probabilities=False, metric="recall")
    0.5
    """
    if task.type == "multilabel":
        return influence_of(checked_label_rows(task, y, predicted, scores, probabilities=probabilities), metric).value
    return influence_on(task, checked_rows(task, y, predicted, scores, probabilities=probabilities), metric).value
