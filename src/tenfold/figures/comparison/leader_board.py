"""Who leads, and who cannot be told apart from the leader: paired comparisons on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import UsageError
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.confusion import Margins
from tenfold.figures.curves.ranking import ranking_influence
from tenfold.figures.estimate import Estimate
from tenfold.figures.evaluate import evaluate
from tenfold.figures.intervals.closed import bonett_price, normal_quantile, stratified_variance
from tenfold.figures.intervals.influence import Influence, margins_influence, mean_influence
from tenfold.figures.labels.comparison import label_difference
from tenfold.figures.labels.rows import LabelRows, checked_label_rows
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import better, confusion_figures, metric_keys
from tenfold.figures.rows import Rows, checked_rows
from tenfold.tasks.task import Task
from tenfold.text import near, shown

__all__ = [
    "Contender",
    "Difference",
    "LeaderBoard",
    "Standing",
    "board_of",
    "difference_by_influence",
    "difference_of_shares",
    "leader_board",
    "paired_difference",
]

_RANKINGS = ("roc_auc", "average_precision")


@dataclass(frozen=True)
class Contender:
    """
    One candidate's answers for the rows that all candidates answered.

    Parameters
    ----------
    name : str
    predicted : ndarray of int64, shape (n,); of several labels (n, k)
    scores : ndarray of float64 or None
        As for `evaluate`.
    probabilities : bool
    seconds : float
        What it costs, such as fit and predict seconds; only the order matters.
    estimate : Estimate, optional
        Of the metric compared, where known already; else computed.
    brier : float, optional
        Its Brier score, where it gives probabilities: of equal figures, the lower one is chosen.
    """

    name: str
    predicted: NDArray[np.int64]
    scores: ArrayLike | None
    probabilities: bool
    seconds: float
    estimate: Estimate | None = None
    brier: float | None = None


@dataclass(frozen=True)
class Standing:
    """
    One line of the leader board.

    Parameters
    ----------
    name : str
    estimate : Estimate
    difference : Difference or None
        To the best; None for the best itself and where the metric is undefined.
    tied_with_best : bool
        Cannot be told apart from the best (or is it): the interval of the difference contains 0.
    seconds : float
    to_baseline : Difference or None
        To the baseline; None for the baseline itself, without one, and where the metric is undefined.
    beats_baseline : bool or None
        The interval of that difference lies wholly on the better side of 0; None where there is no difference.
    brier : float or None
    """

    name: str
    estimate: Estimate
    difference: Difference | None
    tied_with_best: bool
    seconds: float
    to_baseline: Difference | None = None
    beats_baseline: bool | None = None
    brier: float | None = None


@dataclass(frozen=True)
class LeaderBoard:
    """
    Candidates from best to worst by one metric; `tenfold.figures.comparison.choice` chooses among them.

    Parameters
    ----------
    metric : str
    standings : tuple of Standing
        Best first; candidates without the metric last.
    """

    metric: str
    standings: tuple[Standing, ...]


def leader_board(
    task: Task,
    y: NDArray[np.int64],
    contenders: Sequence[Contender],
    metric: str,
    *,
    baseline: str | None = None,
    fold: NDArray[Any] | None = None,
    sample_weight: ArrayLike | None = None,
    seed: int = 0,
) -> LeaderBoard:
    """
    Order candidates by a metric, and compare each with the best and with the baseline on the same rows.

    Parameters
    ----------
    task : Task
        Binary, multiclass or multilabel.
    y : ndarray of int64, shape (n,); of several labels (n, k)
        Class codes.
    contenders : sequence of Contender
        At least one, with different names.
    metric : str
        One of `metric_keys`.
    baseline : str, optional
        Name of the contender that knows nothing.
    fold, sample_weight, seed
        As for `evaluate`.

    Returns
    -------
    LeaderBoard

    Raises
    ------
    UsageError
        The task has no such metric.
    ValueError
        No contender, or the arrays do not fit together.

    Examples
    --------
    >>> task, y = Task("binary", ("no", "yes"), positive="yes"), np.arange(100) % 2
    >>> good = Contender("good", y, None, probabilities=False, seconds=9.0)
    >>> bad = Contender("bad", 0 * y, None, probabilities=False, seconds=0.1)
    >>> board = leader_board(task, y, [bad, good], "accuracy")
    >>> [one.name for one in board.standings], board.standings[1].difference.value
    (['good', 'bad'], -0.5)
    """
    keys = metric_keys(task)
    if metric not in keys:
        raise UsageError(f"unknown metric '{shown(metric)}'.{near(metric, keys)}", do="give one of " + ", ".join(keys))
    if not contenders:
        raise ValueError("there is no contender to compare")
    common: dict[str, Any] = {"fold": fold, "sample_weight": sample_weight}
    rows = {one.name: _rows(task, y, one, common) for one in contenders}
    estimates = {one.name: one.estimate or _estimate(task, y, one, metric, common, seed) for one in contenders}
    seconds = {one.name: one.seconds for one in contenders}
    brier = {one.name: one.brier for one in contenders}

    def difference(one: str, other: str) -> Difference | None:
        return _difference(task, rows[one], rows[other], metric)

    return board_of(metric, estimates, seconds, difference, baseline, brier)


def board_of(
    metric: str,
    estimates: Mapping[str, Estimate],
    seconds: Mapping[str, float],
    difference: Callable[[str, str], Difference | None],
    baseline: str | None = None,
    brier: Mapping[str, float | None] | None = None,
) -> LeaderBoard:
    """
    Order candidates whose figures are known, and compare each with the best and with the baseline.

    Parameters
    ----------
    metric : str
    estimates : mapping of candidate to Estimate
        Of that metric.
    seconds : mapping of candidate to float
        What each costs.
    difference : callable
        Compares two candidates by name: the figure of the first less that of the second.
    baseline : str, optional
        As for `leader_board`.
    brier : mapping of candidate to float or None, optional
        As for `Contender`.
    """
    ordered = sorted(estimates, key=lambda name: _place(metric, estimates[name].value, seconds[name]))

    def standing(name: str) -> Standing:
        best, known = ordered[0], estimates[name].value is not None
        to_best = difference(name, best) if known and name != best else None
        others = baseline is not None and baseline in estimates and name != baseline
        to_baseline = difference(name, str(baseline)) if known and others else None
        return Standing(
            name,
            estimates[name],
            to_best,
            name == best or (to_best is not None and to_best.contains_zero),
            seconds[name],
            to_baseline,
            None if to_baseline is None else _is_better(metric, to_baseline),
            (brier or {}).get(name),
        )

    return LeaderBoard(metric, tuple(standing(name) for name in ordered))


def _is_better(metric: str, difference: Difference) -> bool:
    return difference.low > 0 if better(metric) > 0 else difference.high < 0


def _rows(task: Task, y: NDArray[np.int64], one: Contender, common: dict[str, Any]) -> Rows | LabelRows:
    if task.type == "multilabel":
        return checked_label_rows(
            task, y, one.predicted, one.scores, probabilities=one.probabilities, fold=common["fold"]
        )
    return checked_rows(task, y, one.predicted, one.scores, probabilities=one.probabilities, **common)


def paired_difference(task: Task, first: Rows, second: Rows, metric: str) -> Difference | None:
    """
    Compare a metric of two candidates on the same rows.

    Accuracy without weights: Bonett and Price's interval from the rows where only one is right. All else: the
    infinitesimal jackknife of the difference within classes, which for ROC AUC is DeLong et al. (1988), eq. 5.

    Parameters
    ----------
    task : Task
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
    >>> task, y = Task("binary", ("no", "yes"), positive="yes"), np.array([0, 0, 1, 1])
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


def influence_on(task: Task, rows: Rows, metric: str) -> Influence:
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


def _estimate(
    task: Task, y: NDArray[np.int64], one: Contender, metric: str, common: dict[str, Any], seed: int
) -> Estimate:
    found = evaluate(task, y, one.predicted, one.scores, probabilities=one.probabilities, seed=seed, **common)
    return found.metrics[metric]


def _place(metric: str, value: float | None, seconds: float) -> tuple[bool, float, float]:
    """Undefined last, then by metric, then the cheaper first."""
    return value is None, 0.0 if value is None else -better(metric) * value, seconds


def _difference(task: Task, first: Rows | LabelRows, second: Rows | LabelRows, metric: str) -> Difference | None:
    if isinstance(first, LabelRows) and isinstance(second, LabelRows):
        return label_difference(first, second, metric)
    if isinstance(first, LabelRows) or isinstance(second, LabelRows):
        raise TypeError("rows of several labels are compared with their like")
    return paired_difference(task, first, second, metric)
