"""The few points of a curve, too long for memory, among which any rule finds its threshold."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tenfold.decision.guarantee import GRID
from tenfold.decision.rule import Rule
from tenfold.decision.threshold import costs_on, values_on
from tenfold.figures.curves.curves import ThresholdCurve, at_prior
from tenfold.figures.curves.stretches import joined_stretches

__all__ = ["deciding_curve"]


def deciding_curve(rule: Rule, stretches: Iterable[ThresholdCurve], rows: int) -> ThresholdCurve:
    """
    Reduce a curve to points on which a rule chooses the same threshold, or is refused in the same words.

    Parameters
    ----------
    rule : Rule
        Of a threshold.
    stretches : iterable of ThresholdCurve
        From the highest scores down, their rows counted from the top of the whole; at least one point.
    rows : int
        Of the whole.

    Examples
    --------
    >>> from tenfold.decision.rule import parse_rule
    >>> from tenfold.figures.curves.curves import threshold_curve
    >>> curve = threshold_curve(np.array([0, 1, 0, 1, 0, 0]), np.array([0.1, 0.3, 0.4, 0.8, 0.2, 0.0]))
    >>> deciding_curve(parse_rule("recall>=0.9"), [curve], 6).thresholds.tolist()
    [0.8, 0.3, 0.0]
    """
    parts: list[ThresholdCurve] = []
    whole: list[ThresholdCurve] | None = None if rule.confidence is None else []
    above = points = 0
    for stretch in stretches:
        points += len(stretch.thresholds)
        # A guarantee looks at a short curve point by point.
        whole = None if whole is None or points > GRID else [*whole, stretch]
        places = _on_grid(stretch, rows, above) if rule.confidence is not None else _best(rule, stretch)
        parts.append(_some(stretch, places))
        above = int(stretch.true_positives[-1] + stretch.false_positives[-1])
    return joined_stretches(parts if whole is None else whole)


def _best(rule: Rule, stretch: ThresholdCurve) -> NDArray[np.intp]:
    """What a rule may choose in a stretch, and what its refusal may tell; the first point is the top of the whole."""
    places = _best_places(rule, stretch)
    if rule.prior is not None:  # what the rule would choose without it is told too
        places += _best_places(rule, at_prior(stretch, rule.prior))
    return np.unique(np.array([0, *places], np.intp))


def _best_places(rule: Rule, stretch: ThresholdCurve) -> list[int]:
    if rule.kind == "f1":
        return [int(np.argmax(stretch.f1))]
    if rule.kind == "cost":
        return [int(np.argmin(costs_on(stretch, rule.fp or 0.0, rule.fn or 0.0)))]
    values = values_on(rule, stretch)
    reached = np.flatnonzero(values >= (rule.target or 0.0))
    return [int(np.argmax(values)), *(reached[[0, -1]].tolist() if len(reached) else ())]


def _on_grid(stretch: ThresholdCurve, rows: int, above: int) -> NDArray[np.intp]:
    """The quantiles of the rows that fall into a stretch with so many rows above it."""
    called = stretch.true_positives + stretch.false_positives
    wanted = np.linspace(1, rows, GRID)
    return np.unique(np.searchsorted(called, wanted[(wanted > above) & (wanted <= called[-1])]))


def _some(curve: ThresholdCurve, places: NDArray[np.intp]) -> ThresholdCurve:
    return ThresholdCurve(
        curve.thresholds[places],
        curve.true_positives[places],
        curve.false_positives[places],
        curve.positives,
        curve.negatives,
    )
