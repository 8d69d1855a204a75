"""What predictions rest on: how much of a metric is lost when a column, or a patch of the image, is shuffled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.data.kinds import Part
from tenfold.figures.comparison.paired import influence_on
from tenfold.figures.intervals.closed import bonett_price, normal_quantile, stratified_variance
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import better
from tenfold.figures.quantities.estimates import quantity_influence
from tenfold.figures.quantities.rows import QuantityRows
from tenfold.figures.rows import Rows
from tenfold.task import Task

__all__ = ["Importance", "importance_of"]


@dataclass(frozen=True)
class Importance:
    """
    What shuffling one part costs.

    Parameters
    ----------
    part : Part
    drop, low, high : float or None
        How much worse the metric gets, with a 95 % interval over the rows; None where it is undefined.
    """

    part: Part
    drop: float | None
    low: float | None
    high: float | None


def importance_of(
    part: Part, before: Rows | QuantityRows, after: Sequence[Rows | QuantityRows], task: Task, metric: str
) -> Importance:
    """
    Compare predictions of rows that the model has not seen with those of the same rows, one part shuffled.

    Permutation importance, Breiman (2001), Machine Learning 45:5. Parts that say the same share it: shuffling one of
    them alone costs little.

    Parameters
    ----------
    part : Part
    before : Rows or QuantityRows
        Predictions of the rows as they are.
    after : sequence of the same
        One a shuffle; their mean counts.
    task : Task
    metric : str
        One of `tenfold.figures.metric_keys`.

    Examples
    --------
    >>> from tenfold.figures.rows import checked_rows
    >>> from tenfold.tasks import ClassTask
    >>> task, y = ClassTask(("no", "yes"), "yes"), np.arange(100) % 2
    >>> as_it_is, shuffled = (checked_rows(task, y, one, None, probabilities=False) for one in (y, 0 * y))
    >>> importance_of(Part("a"), as_it_is, [shuffled], task, "accuracy").drop
    0.5
    """
    if isinstance(before, QuantityRows):
        return _of_quantities(part, before, [rows for rows in after if isinstance(rows, QuantityRows)], metric)
    classified = [rows for rows in after if isinstance(rows, Rows)]
    if metric == "accuracy":
        return _of_accuracy(part, before, classified)
    first, others = influence_on(task, before, metric), [influence_on(task, rows, metric) for rows in classified]
    values = [one.value for one in others if one.value is not None]
    if first.value is None or len(values) < len(others):
        return Importance(part, None, None, None)
    loss = better(metric) * (first.rows - np.mean([one.rows for one in others], axis=0))
    drop = better(metric) * (first.value - float(np.mean(values)))
    strata = np.zeros_like(before.y) if metric in LOSSES else before.y
    half = normal_quantile(0.95) * float(np.sqrt(stratified_variance(loss, strata, len(task.classes))))
    return Importance(part, drop, drop - half, drop + half)


def _of_quantities(part: Part, before: QuantityRows, after: Sequence[QuantityRows], metric: str) -> Importance:
    """By the infinitesimal jackknife of the difference over the rows."""
    first, others = quantity_influence(before, metric), [quantity_influence(rows, metric) for rows in after]
    values = [one.value for one in others if one.value is not None]
    n = len(before)
    if first.value is None or len(values) < len(others) or n < 2:
        return Importance(part, None, None, None)
    loss = better(metric) * (first.rows - np.mean([one.rows for one in others], axis=0))
    drop = better(metric) * (first.value - float(np.mean(values)))
    half = normal_quantile(0.95) * float(np.sqrt((loss**2).sum() * n / (n - 1)))
    return Importance(part, drop, drop - half, drop + half)


def _of_accuracy(part: Part, before: Rows, after: Sequence[Rows]) -> Importance:
    """By the rows that change sides, so that few changes among few rows do not look certain."""
    right = before.predicted == before.y
    lost = np.mean([(right & (rows.predicted != rows.y)).sum() for rows in after])
    won = np.mean([(~right & (rows.predicted == rows.y)).sum() for rows in after])
    drop = float(lost - won) / len(right)
    low, high = bonett_price(lost, won, len(right))
    return Importance(part, drop, min(low, drop), max(high, drop))
