"""Is more data worth getting? The same rows predicted by models fitted on more and more training rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.comparison.difference import Difference
from tenfold.figures.comparison.paired import paired_difference
from tenfold.figures.estimate import Estimate
from tenfold.figures.quantities.estimates import quantity_difference, quantity_estimates
from tenfold.figures.quantities.rows import QuantityRows
from tenfold.figures.rows import Rows
from tenfold.task import Task

__all__ = ["LearningPoint", "learning_point", "learning_rows", "learning_sizes"]

_HALVINGS = 5
_LEAST = 20


@dataclass(frozen=True)
class LearningPoint:
    """
    A metric with so many training rows.

    Parameters
    ----------
    rows : int
        That each model is fitted on.
    estimate : Estimate
        Of all rows, out of fold.
    gain : Difference or None
        Less the metric at the size before, on the same rows; None for the first, and where either is undefined.
    fitted : Estimate or None
        The metric on the rows that a model was fitted on, of quantities: far better than on others where it knows
        them by heart.
    """

    rows: int
    estimate: Estimate
    gain: Difference | None
    fitted: Estimate | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        gain = None if self.gain is None else asdict(self.gain)
        fitted = {} if self.fitted is None else {"fitted": self.fitted.as_dict()}
        return {"rows": self.rows, **self.estimate.as_dict(), "gain": gain, **fitted}


def learning_sizes(folds: NDArray[np.int16], classes: int) -> list[int]:
    """
    Return the sizes of a learning curve: all rows of the smallest training part, and that halved up to five times.

    Parameters
    ----------
    folds : ndarray of int16, shape (n,)
    classes : int
        Sizes with fewer than two rows a class, or 20 in all, are left out.

    Examples
    --------
    >>> learning_sizes(np.arange(300) % 3, 2)
    [25, 50, 100, 200]
    """
    most, least = len(folds) - int(np.bincount(folds).max()), max(_LEAST, 2 * classes)
    sizes = {most >> halvings for halvings in range(_HALVINGS + 1)}
    return sorted(size for size in sizes if size >= least) or [most]


def learning_rows(codes: NDArray[np.int64], folds: NDArray[np.int16], fold: int, size: int, seed: int) -> NDArray[Any]:
    """
    Sample training rows of the other folds: each class in its proportion, and at least one of each.

    The sample of a smaller size lies in that of a larger one.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Class codes.
    folds : ndarray of int16, shape (n,)
    fold : int
        Held out.
    size, seed : int

    Returns
    -------
    ndarray of int64, shape (size,)
        Positions, in order; fewer where the other folds have fewer.

    Examples
    --------
    >>> learning_rows(np.array([0, 0, 0, 0, 1, 1]), np.array([0, 1, 1, 1, 0, 1]), 0, 2, seed=0).shape
    (2,)
    """
    others = np.flatnonzero(folds != fold)
    random, place = np.random.default_rng((seed, fold)), np.empty(len(others))
    for code in np.unique(codes[others]):
        of_class = np.flatnonzero(codes[others] == code)
        order = random.permutation(len(of_class))
        # Evenly over 0-1, so that taking the first ones keeps the proportions; the very first of each class leads.
        place[of_class] = np.where(order == 0, 0.0, (order + 0.5) / len(of_class))
    return np.sort(others[np.argsort(place, kind="stable")[:size]])


def learning_point(
    task: Task, metric: str, size: int, now: Rows | QuantityRows, before: Rows | QuantityRows | None
) -> LearningPoint:
    """
    Return a point of the curve from the predictions at one size and, paired, at the size before.

    Parameters
    ----------
    task : Task
    metric : str
        One of `tenfold.figures.metric_keys`.
    size : int
    now, before : Rows or QuantityRows

    Examples
    --------
    >>> from tenfold.figures.rows import checked_rows
    >>> from tenfold.tasks import ClassTask
    >>> task, y = ClassTask(("no", "yes"), "yes"), np.arange(100) % 2
    >>> few, many = (checked_rows(task, y, one, None, probabilities=False) for one in (0 * y, y))
    >>> point = learning_point(task, "accuracy", 80, many, few)
    >>> point.estimate.value, point.gain.value
    (1.0, 0.5)
    """
    if isinstance(now, QuantityRows):
        paired = None if not isinstance(before, QuantityRows) else quantity_difference(now, before, metric)
        return LearningPoint(size, quantity_estimates(now)[metric], paired)
    scores = now.scores
    if scores is not None and task.positive is not None:
        scores = scores[:, 0]
    evaluation = task.evaluate(now.y, now.predicted, scores, probabilities=now.probabilities)
    gain = None if not isinstance(before, Rows) else paired_difference(task, now, before, metric)
    return LearningPoint(size, evaluation.metrics[metric], gain)
