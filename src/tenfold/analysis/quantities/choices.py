"""What other decisions would come to: intervals of another coverage, predictions moved for another cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.rows import sample_rows
from tenfold.decision.interval import Interval, conformal_interval, rows_needed
from tenfold.decision.quantities import least_cost_shift
from tenfold.decision.rule import Rule
from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import mean_interval, wilson

__all__ = ["CostChoice", "CoverageChoice", "OwnPredictions", "cost_choices", "coverage_choices"]

Floats = NDArray[np.float64]

_WIDTHS = 50_000
_TENTHS = (0.1, 0.9)


@dataclass(frozen=True, eq=False)
class OwnPredictions:
    """
    What a model predicts by itself, without a shift, beside what is true.

    Parameters
    ----------
    y, predicted : ndarray of float64, shape (n,)
    difficulty : ndarray of float64, shape (n,), or None
        What the widths of intervals are multiplied by.
    """

    y: Floats
    predicted: Floats
    difficulty: Floats | None = None

    @property
    def lacks(self) -> Floats:
        """True less predicted, shape (n,)."""
        return self.y - self.predicted

    def ends(self, interval: Interval) -> Floats:
        """Return the ends of intervals, shape (n, 2)."""
        return interval.ends(self.predicted, self.difficulty)


@dataclass(frozen=True)
class CoverageChoice:
    """
    Intervals that are to hold a share of new values.

    Parameters
    ----------
    asked : float
    below, above : float
        What is added to a prediction to get the ends; of scaled intervals, multiplied by the difficulty of the row.
    width : float
        Mean width out of fold.
    narrow, wide : float
        Widths that a tenth of the intervals are below, and above.
    out_of_fold, test : Estimate
        Shares of the values inside.
    """

    asked: float
    below: float
    above: float
    width: float
    narrow: float
    wide: float
    out_of_fold: Estimate
    test: Estimate


@dataclass(frozen=True)
class CostChoice:
    """
    Predictions moved for a cost.

    Parameters
    ----------
    under, over : float
        Cost of each unit that a prediction is too low, and too high.
    shift : float
        What is added to each prediction.
    before, after : Estimate
        Mean cost of the training rows, out of fold, without and with it.
    test_before, test_after : Estimate
        The same of the test part.
    """

    under: float
    over: float
    shift: float
    before: Estimate
    after: Estimate
    test_before: Estimate
    test_after: Estimate


def coverage_choices(own: OwnPredictions, tested: OwnPredictions, coverages: Sequence[float]) -> list[CoverageChoice]:
    """
    Return what intervals of several coverages come to; those that need more rows are left out.

    Parameters
    ----------
    own, tested : OwnPredictions
        Out of fold, and of the test part.
    coverages : sequence of float
        Each in (0, 1).

    Examples
    --------
    >>> own = OwnPredictions(np.arange(-9.0, 10.0), np.zeros(19))
    >>> [(one.above, one.width) for one in coverage_choices(own, own, (0.5, 0.9, 0.99))]
    [(5.0, 10.0), (9.0, 18.0)]
    """
    some = sample_rows(len(own.y), _WIDTHS)
    choices = []
    for asked in coverages:
        if rows_needed(asked) <= len(own.y):
            interval = conformal_interval(own.y, own.predicted, asked, own.difficulty)
            ends = own.ends(interval)
            widths = (ends[:, 1] - ends[:, 0])[some]
            narrow, wide = np.quantile(widths, _TENTHS).tolist()
            choices.append(
                CoverageChoice(
                    asked,
                    interval.below[0],
                    interval.above[0],
                    float(widths.mean()),
                    narrow,
                    wide,
                    _inside(own.y, ends),
                    _inside(tested.y, tested.ends(interval) if len(tested.y) else ends[:0]),
                )
            )
    return choices


def _inside(y: Floats, ends: Floats) -> Estimate:
    if not len(y):
        return Estimate(None, None, None, n=0, reason="there are no rows")
    inside = int(((y >= ends[:, 0]) & (y <= ends[:, 1])).sum())
    low, high = wilson(inside, len(y))
    return Estimate(inside / len(y), float(low), float(high), len(y), "Wilson 95%")


def cost_choices(own: OwnPredictions, tested: OwnPredictions, costs: Sequence[tuple[float, float]]) -> list[CostChoice]:
    """
    Return how predictions move for costs of too little and too much, and what that saves.

    Parameters
    ----------
    own, tested : OwnPredictions
        Out of fold, and of the test part.
    costs : sequence of (float, float)
        Under and over.

    Examples
    --------
    >>> own = OwnPredictions(np.array([-1.0, 0.0, 1.0, 2.0]), np.zeros(4))
    >>> one = cost_choices(own, own, [(3.0, 1.0)])[0]
    >>> one.shift, one.before.value, one.after.value
    (1.0, 2.5, 1.5)
    """
    choices = []
    for under, over in costs:
        rule = Rule("newsvendor", under=under, over=over, text="")
        (shift,) = least_cost_shift(own.y, own.predicted, rule)
        means = (_mean_cost(part.lacks - by, under, over) for part in (own, tested) for by in (0.0, shift))
        choices.append(CostChoice(under, over, shift, *means))
    return choices


def _mean_cost(lacks: Floats, under: float, over: float) -> Estimate:
    if not len(lacks):
        return Estimate(None, None, None, n=0, reason="there are no rows")
    costs = np.where(lacks > 0, under * lacks, -over * lacks)
    low, high = mean_interval(costs)
    return Estimate(float(costs.mean()), None if low is None else max(low, 0.0), high, len(costs), "t 95%")
