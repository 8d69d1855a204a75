"""Who leads, and who cannot be told apart from the leader: paired comparisons on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import UsageError
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.estimate import Estimate
from tenfold.figures.metrics import better
from tenfold.task import Task
from tenfold.text import near, shown

__all__ = [
    "Contender",
    "Difference",
    "LeaderBoard",
    "Standing",
    "board_of",
    "leader_board",
]


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
    y : ndarray
        As `Task.encode` gives it.
    contenders : sequence of Contender
        At least one, with different names.
    metric : str
        One of the task's `metric_keys`.
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
    >>> from tenfold.tasks import ClassTask
    >>> task, y = ClassTask(("no", "yes"), positive="yes"), np.arange(100) % 2
    >>> good = Contender("good", y, None, probabilities=False, seconds=9.0)
    >>> bad = Contender("bad", 0 * y, None, probabilities=False, seconds=0.1)
    >>> board = leader_board(task, y, [bad, good], "accuracy")
    >>> [one.name for one in board.standings], board.standings[1].difference.value
    (['good', 'bad'], -0.5)
    """
    keys = task.metric_keys
    if metric not in keys:
        raise UsageError(f"unknown metric '{shown(metric)}'.{near(metric, keys)}", do="give one of " + ", ".join(keys))
    if not contenders:
        raise ValueError("there is no contender to compare")
    common: dict[str, Any] = {"fold": fold, "sample_weight": sample_weight}
    rows = {
        one.name: task.checked_rows(y, one.predicted, one.scores, probabilities=one.probabilities, **common)
        for one in contenders
    }
    estimates = {one.name: one.estimate or _estimate(task, y, one, metric, common, seed) for one in contenders}
    seconds = {one.name: one.seconds for one in contenders}
    brier = {one.name: one.brier for one in contenders}

    def difference(one: str, other: str) -> Difference | None:
        comparison: Difference | None = task.difference(rows[one], rows[other], metric)
        return comparison

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


def _estimate(
    task: Task, y: NDArray[np.int64], one: Contender, metric: str, common: dict[str, Any], seed: int
) -> Estimate:
    evaluation = task.evaluate(y, one.predicted, one.scores, probabilities=one.probabilities, seed=seed, **common)
    estimate: Estimate = evaluation.metrics[metric]
    return estimate


def _place(metric: str, value: float | None, seconds: float) -> tuple[bool, float, float]:
    """Undefined last, then by metric, then the cheaper first."""
    return value is None, 0.0 if value is None else -better(metric) * value, seconds
