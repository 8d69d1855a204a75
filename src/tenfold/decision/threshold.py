"""The threshold that meets a rule, or the reason why none does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.decision.decision import Decision
from tenfold.decision.guarantee import guaranteed_threshold
from tenfold.decision.rule import Rule
from tenfold.errors import DataError, UsageError
from tenfold.figures.curves.curves import ThresholdCurve, at_prior, threshold_curve
from tenfold.text import shown

__all__ = ["choose_decision", "costs_on", "decision_on_curve", "values_on"]

Floats = NDArray[np.float64]


def choose_decision(
    rule: Rule,
    y: NDArray[np.int64],
    scores: ArrayLike | None,
    *,
    probabilities: bool,
    classes: Sequence[str],
) -> Decision:
    """
    Choose the operating point on rows whose scores come from models that did not see them.

    A row is called positive where ``score >= threshold``, the threshold being one of the scores.
    ``precision>=`` takes the lowest threshold that reaches the target (the one with most recall), ``specificity>=``
    the lowest, ``recall>=`` the highest; ``f1`` the highest F1 and ``cost`` the lowest cost, ties to the higher
    threshold; ``cost`` may also call nothing positive, by a threshold just above the highest score.

    Parameters
    ----------
    rule : Rule
    y : ndarray of int64, shape (n,)
        Class codes; 1 is the positive class.
    scores : array_like of float64, shape (n,), or None
        Of the positive class; not looked at for ``argmax``.
    probabilities : bool
        Whether the scores are probabilities, which must then be in [0, 1].
    classes : sequence of str
        ``(negative, positive)``; more only for ``argmax``.

    Returns
    -------
    Decision

    Raises
    ------
    UsageError
        The rule does not fit the task, or no threshold reaches its target.
    DataError
        A class has no rows, or a score is not usable.
    ValueError
        The arrays do not fit together.

    Examples
    --------
    >>> from tenfold.decision.rule import parse_rule
    >>> y, scores = np.array([0, 1, 0, 1]), np.array([0.1, 0.3, 0.4, 0.8])
    >>> choose_decision(parse_rule("recall>=0.9"), y, scores, probabilities=True, classes=("ham", "spam")).threshold
    0.3
    """
    positive = classes[1] if len(classes) == 2 else None
    if rule.kind == "argmax":
        return Decision(rule.text, "argmax", positive=positive)
    if positive is None:
        raise UsageError(
            f"a threshold needs one positive class, there are {len(classes)} classes",
            where=_where(rule),
            do="name one class with --positive",
        )
    if scores is None:
        raise UsageError(
            "a threshold needs scores, the candidate gives none", where=_where(rule), do="decide by argmax"
        )
    curve = _checked_curve(y, np.asarray(scores, dtype=np.float64), probabilities, classes)
    return decision_on_curve(rule, curve, positive)


def decision_on_curve(rule: Rule, curve: ThresholdCurve, positive: str) -> Decision:
    """
    Choose the operating point on a curve.

    Parameters
    ----------
    rule : Rule
        Of a threshold.
    curve : ThresholdCurve
        All of its points, or those that `tenfold.decision.stretches.deciding_curve` keeps.
    positive : str

    Raises
    ------
    UsageError
        No threshold reaches the target.
    """
    if rule.prior is None:
        return Decision(rule.text, "threshold", _threshold(rule, curve), positive, rule.confidence)
    unadjusted, threshold = _reachable(rule, curve), _threshold(rule, at_prior(curve, rule.prior))
    return Decision(rule.text, "threshold", threshold, positive, rule.confidence, unadjusted=unadjusted)


def _reachable(rule: Rule, curve: ThresholdCurve) -> float | None:
    """The threshold by the same rule for the share of positives that these rows have; None where none meets it."""
    try:
        return _threshold(rule, curve)
    except UsageError:
        return None


def _where(rule: Rule) -> str:
    return f"--decide '{rule.text}'"


def _checked_curve(y: NDArray[np.int64], scores: Floats, probabilities: bool, classes: Sequence[str]) -> ThresholdCurve:
    if scores.shape != np.shape(y):
        raise ValueError(f"scores must have shape {np.shape(y)}, not {scores.shape}")
    bad = ~np.isfinite(scores) | ((scores < 0) | (scores > 1) if probabilities else False)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        wanted = "a probability between 0 and 1" if probabilities else "a finite number"
        raise DataError(f"the score of row {row} (from 0) is {scores[row]:g}, not {wanted}")
    for c, name in enumerate(classes):
        if not (y == c).any():
            raise DataError(f"no row of class '{shown(name)}' to choose a threshold on")
    return threshold_curve(y, scores)


def _threshold(rule: Rule, curve: ThresholdCurve) -> float:
    if rule.kind == "f1":
        # The first of equals is the highest threshold.
        return float(curve.thresholds[np.argmax(curve.f1)])
    if rule.kind == "cost":
        return _cheapest(curve, rule.fp or 0.0, rule.fn or 0.0)
    return _reaching(rule, curve) if rule.confidence is None else _guaranteed(rule, curve)


def _cheapest(curve: ThresholdCurve, fp: float, fn: float) -> float:
    costs = costs_on(curve, fp, fn)
    best = int(np.argmin(costs))
    if fn * curve.positives <= costs[best]:
        return float(np.nextafter(curve.thresholds[0], np.inf))
    return float(curve.thresholds[best])


def costs_on(curve: ThresholdCurve, fp: float, fn: float) -> Floats:
    """Cost of each threshold of a curve, shape (m,)."""
    return np.asarray(fp * curve.false_positives + fn * (curve.positives - curve.true_positives))


def values_on(rule: Rule, curve: ThresholdCurve) -> Floats:
    """Value at each threshold of the figure that a rule is about, shape (m,)."""
    return {"precision": curve.precision, "recall": curve.recall, "specificity": curve.specificity}[rule.metric or ""]


def _reaching(rule: Rule, curve: ThresholdCurve) -> float:
    values = values_on(rule, curve)
    reached = np.flatnonzero(values >= (rule.target or 0.0))
    if not len(reached):
        best = int(np.argmax(values))
        raise UsageError(
            f"no threshold reaches it; the best {rule.metric} is {values[best]:.4g}, at {curve.thresholds[best]:.6g}",
            where=_where(rule),
            do="lower the target",
        )
    return float(curve.thresholds[reached[0] if rule.metric == "recall" else reached[-1]])


def _guaranteed(rule: Rule, curve: ThresholdCurve) -> float:
    guaranteed = guaranteed_threshold(curve, rule.metric or "", rule.target or 0.0, rule.confidence or 0.0)
    if guaranteed.threshold is None:
        raise UsageError(
            f"no threshold guarantees it; the best {rule.metric} that one threshold alone would is "
            f"{guaranteed.best_bound:.4g}, at {guaranteed.best_threshold:.6g}",
            where=_where(rule),
            do="lower the target or the confidence, or label more rows",
        )
    return guaranteed.threshold
