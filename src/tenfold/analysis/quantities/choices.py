"""What other decisions would come to: intervals of another coverage, predictions moved for another cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.decision.interval import conformal_interval, rows_needed
from tenfold.decision.quantities import least_cost_shift
from tenfold.decision.rule import Rule
from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import mean_interval, wilson

__all__ = ["CostChoice", "CoverageChoice", "cost_choices", "coverage_choices", "inside_share"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CoverageChoice:
    """
    Intervals that are to hold a share of new values.

    Parameters
    ----------
    asked : float
    below, above : float
        What is added to a prediction to get the ends.
    out_of_fold, test : Estimate
        Shares of the values inside.
    """

    asked: float
    below: float
    above: float
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
    as_predicted, moved : Estimate
        Mean cost of the rows of the test part without and with it.
    """

    under: float
    over: float
    shift: float
    as_predicted: Estimate
    moved: Estimate


def inside_share(lacks: Floats, below: float, above: float) -> Estimate:
    """
    Return the share of values inside intervals, with Wilson's interval.

    Parameters
    ----------
    lacks : ndarray of float64, shape (n,)
        True less predicted.
    below, above : float

    Examples
    --------
    >>> inside_share(np.array([-2.0, 0.0, 1.0]), -1.0, 1.0).value
    0.6666666666666666
    """
    if not len(lacks):
        return Estimate(None, None, None, n=0, reason="there are no rows")
    inside = int(((lacks >= below) & (lacks <= above)).sum())
    low, high = wilson(inside, len(lacks))
    return Estimate(inside / len(lacks), float(low), float(high), len(lacks), "Wilson 95%")


def coverage_choices(lacks: Floats, tested: Floats, coverages: Sequence[float]) -> list[CoverageChoice]:
    """
    Return what intervals of several coverages come to; those that need more rows are left out.

    Parameters
    ----------
    lacks, tested : ndarray of float64, shapes (n,) and (m,)
        True less predicted, out of fold and on the test part.
    coverages : sequence of float

    Examples
    --------
    >>> [one.above for one in coverage_choices(np.arange(-9.0, 10.0), np.zeros(3), (0.5, 0.9, 0.99))]
    [5.0, 9.0]
    """
    choices = []
    for asked in coverages:
        if rows_needed(asked) <= len(lacks):
            interval = conformal_interval(lacks, np.zeros(len(lacks)), asked)
            below, above = interval.below[0], interval.above[0]
            inside, on_test = (inside_share(one, below, above) for one in (lacks, tested))
            choices.append(CoverageChoice(asked, below, above, inside, on_test))
    return choices


def cost_choices(lacks: Floats, tested: Floats, costs: Sequence[tuple[float, float]]) -> list[CostChoice]:
    """
    Return how predictions move for costs of too little and too much, and what that saves on the test part.

    Parameters
    ----------
    lacks, tested : ndarray of float64, shapes (n,) and (m,)
        True less predicted, out of fold and on the test part.
    costs : sequence of (float, float)
        Under and over.

    Examples
    --------
    >>> one = cost_choices(np.array([-1.0, 0.0, 1.0, 2.0]), np.array([0.0, 2.0]), [(3.0, 1.0)])[0]
    >>> one.shift, one.as_predicted.value, one.moved.value
    (1.0, 3.0, 2.0)
    """
    choices = []
    for under, over in costs:
        rule = Rule("newsvendor", under=under, over=over, text="")
        (shift,) = least_cost_shift(lacks, np.zeros(len(lacks)), rule)
        choices.append(
            CostChoice(under, over, shift, _mean_cost(tested, under, over), _mean_cost(tested - shift, under, over))
        )
    return choices


def _mean_cost(lacks: Floats, under: float, over: float) -> Estimate:
    if not len(lacks):
        return Estimate(None, None, None, n=0, reason="there are no rows")
    costs = np.where(lacks > 0, under * lacks, -over * lacks)
    low, high = mean_interval(costs)
    return Estimate(float(costs.mean()), None if low is None else max(low, 0.0), high, len(costs), "t 95%")
