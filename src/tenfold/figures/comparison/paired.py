"""Two candidates that tell classes apart, compared on the same rows."""

from __future__ import annotations

import numpy as np

from tenfold.figures.classes import HasClasses
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.confusion import Margins
from tenfold.figures.curves.ranking import ranking_influence
from tenfold.figures.intervals.closed import bonett_price, normal_quantile, stratified_variance
from tenfold.figures.intervals.influence import Influence, margins_influence, mean_influence
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import confusion_figures
from tenfold.figures.rows import Rows

__all__ = ["difference_by_influence", "difference_of_shares", "influence_on", "paired_difference"]

_RANKINGS = ("roc_auc", "average_precision")


def paired_difference(task: HasClasses, first: Rows, second: Rows, metric: str) -> Difference | None:
    """
    Compare a metric of two candidates on the same rows.

    Accuracy without weights: Bonett and Price's interval from the rows where only one is right. All else: the
    infinitesimal jackknife of the difference within classes, which for ROC AUC is DeLong et al. (1988), eq. 5.

    Parameters
    ----------
    task : HasClasses
    first, second : Rows
        With the same `y` and weights.
    metric : str
        One of `metric_keys`.

    Returns
    -------
    Difference or None
        First less second; None where either is undefined.

    Examples
    --------
    >>> from tenfold.figures.classes import Classes
    >>> from tenfold.figures.rows import checked_rows
    >>> task, y = Classes(("no", "yes"), positive="yes"), np.array([0, 0, 1, 1])
    >>> first, second = (checked_rows(task, y, called, None, probabilities=False) for called in (y, 1 - y))
    >>> paired_difference(task, first, second, "accuracy").value
    1.0
    """
    one, other = influence_on(task, first, metric), influence_on(task, second, metric)
    if one.value is None or other.value is None:
        return None
    value = one.value - other.value
    if metric == "accuracy" and first.weight is None:
        only_first = (first.predicted == first.y) & (second.predicted != second.y)
        only_second = (first.predicted != first.y) & (second.predicted == second.y)
        return difference_of_shares(value, int(only_first.sum()), int(only_second.sum()), len(first.y))
    # A mean over rows also varies with how many rows of each class there are.
    strata = np.zeros_like(first.y) if metric in LOSSES else first.y
    return difference_by_influence(value, stratified_variance(one.rows - other.rows, strata, len(first.classes)))


def difference_of_shares(value: float, only_first: int, only_second: int, n: int) -> Difference:
    """Compare two shares of the same n rows by those that only the first, or only the second, has right."""
    low, high = bonett_price(only_first, only_second, n)
    return Difference(value, min(low, value), max(high, value), "Bonett-Price paired 95%")


def difference_by_influence(value: float, variance: float) -> Difference:
    """Compare two figures by the variance of the difference of the rows' influences."""
    half = normal_quantile(0.95) * float(np.sqrt(variance))
    return Difference(value, value - half, value + half, "paired infinitesimal jackknife 95%")


def influence_on(task: HasClasses, rows: Rows, metric: str) -> Influence:
    """Give any metric of a candidate with each row's influence on it."""
    if metric in LOSSES:
        if rows.scores is None or not rows.probabilities:
            return Influence(None, np.zeros(len(rows.y)))
        return mean_influence(LOSSES[metric](rows.y, rows.scores), rows.weight)
    for which, name in enumerate(_RANKINGS):
        if metric == name:
            return ranking_influence(rows, which, None)
        if metric.startswith(f"{name}:"):
            return ranking_influence(rows, which, None, rows.classes.index(metric.removeprefix(f"{name}:")))
        if metric.startswith(f"{name}_"):
            return ranking_influence(rows, which, metric.removeprefix(f"{name}_"))
    figure = next(figure for figure in confusion_figures(task) if figure.key == metric)
    margins = Margins.of(rows.matrix(rows.weight))
    return margins_influence(figure.formula, margins, rows.y, rows.predicted, rows.weight)
