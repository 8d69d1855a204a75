"""The decision on a quantity: how far new values may lie from a prediction, or how far it is moved to cost least."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tenfold.decision.decision import Decision
from tenfold.decision.interval import USUAL_COVERAGE, Interval, conformal_interval, rows_needed
from tenfold.decision.rule import Rule

__all__ = ["choose_quantity_decision", "decision_around", "least_cost_share", "least_cost_shift"]

Floats = NDArray[np.float64]


def choose_quantity_decision(rule: Rule, y: Floats, predicted: Floats, difficulty: Floats | None = None) -> Decision:
    """
    Choose the interval, or the shift, on rows that were predicted by models that had not seen them.

    Without a rule of its own an interval of 90 % is given where there are rows enough for one.

    Parameters
    ----------
    rule : Rule
        Of kind ``argmax`` (none asked for), ``coverage`` or ``newsvendor``.
    y, predicted : ndarray of float64, shape (n,), of several targets (n, k)
        Finite.
    difficulty : ndarray of float64 of the same shape, optional
        Above 0; intervals are as much wider where it is larger.

    Returns
    -------
    Decision

    Raises
    ------
    UsageError
        There are too few rows for the coverage asked for.

    Examples
    --------
    >>> from tenfold.decision.rule import parse_rule
    >>> y, predicted = np.arange(1.0, 20.0), np.full(19, 10.0)
    >>> choose_quantity_decision(parse_rule("coverage>=0.9"), y, predicted).interval.above
    (9.0,)
    >>> choose_quantity_decision(parse_rule("cost under=3 over=1"), y, predicted).shift
    (5.0,)
    """
    shift = least_cost_shift(y, predicted, rule) if rule.kind == "newsvendor" else None
    moved = predicted if shift is None else predicted + (shift[0] if y.ndim == 1 else np.array(shift))
    return decision_around(rule, len(y), shift, lambda coverage: conformal_interval(y, moved, coverage, difficulty))


def decision_around(
    rule: Rule, rows: int, shift: tuple[float, ...] | None, interval: Callable[[float], Interval]
) -> Decision:
    """
    Return the decision of a rule from what predictions are moved by, and the interval of a coverage.

    Parameters
    ----------
    rule : Rule
    rows : int
        That were judged.
    shift : tuple of float, or None
    interval : callable
        From a coverage to an `Interval` around the moved predictions; called where there are rows enough for the usual
        one, or one is asked for.
    """
    if rule.kind != "coverage" and rows < rows_needed(USUAL_COVERAGE):
        return Decision(rule.text if shift else "value", "value", shift=shift)
    coverage = USUAL_COVERAGE if rule.target is None else rule.target
    text = f"coverage>={coverage:.12g}" if rule.kind == "argmax" else rule.text
    return Decision(text, "interval", interval=interval(coverage), shift=shift)


def least_cost_shift(y: Floats, predicted: Floats, rule: Rule) -> tuple[float, ...]:
    """
    Return what is added to predictions so that they cost least where too little costs otherwise than too much.

    The quantile ``under / (under + over)`` of the errors: Arrow, Harris and Marschak (1951), Optimal inventory policy,
    Econometrica 19:250.

    Parameters
    ----------
    y, predicted : ndarray of float64, shape (n,), of several targets (n, k)
    rule : Rule
        With the cost of each unit that a prediction is below (`under`) and above (`over`) the value.
    """
    errors = (y - predicted).reshape(len(y), -1)
    # the least error at which no less than that share of errors is covered minimises the cost on these rows
    return tuple(np.quantile(errors, least_cost_share(rule), axis=0, method="inverted_cdf").tolist())


def least_cost_share(rule: Rule) -> float:
    """Return the share of errors that the shift of least cost covers."""
    under, over = rule.under or 0.0, rule.over or 0.0
    return under / (under + over)
