"""Thresholds whose target holds for new data with a given confidence, not just for the rows they were chosen on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.curves import ThresholdCurve
from tenfold.figures.intervals.closed import clopper_pearson

__all__ = ["GRID", "Guaranteed", "guaranteed_threshold"]

Floats = NDArray[np.float64]
GRID = 1000
"""Thresholds that are looked at, at most."""
_STARTS = 5


@dataclass(frozen=True)
class Guaranteed:
    """
    What a search for a guaranteed threshold found.

    Parameters
    ----------
    threshold : float or None
        None where no threshold can be guaranteed.
    best_bound, best_threshold : float
        The highest lower bound of the metric among the thresholds looked at, and where.
    """

    threshold: float | None
    best_bound: float
    best_threshold: float


def guaranteed_threshold(curve: ThresholdCurve, metric: str, target: float, confidence: float) -> Guaranteed:
    """
    Find the most useful threshold at which new data of the same distribution reach the target.

    "Learn then Test" (Angelopoulos et al. 2021, arXiv:2110.01052): each threshold of a grid of score quantiles,
    fixed before any label is looked at, gets an exact binomial test of "the metric is below target", in a
    fixed order, from the safe end on. Recall and specificity stop at the first failure. Precision can fail at the safe
    end for want of rows only, so its error is spread over a few starts, by the fallback procedure (Wiens and
    Dmitrienko 2005, J. Biopharmaceutical Statistics 15:929). Either way the chance that any threshold passes
    wrongly is at most ``1 - confidence``.

    Parameters
    ----------
    curve : ThresholdCurve
        Of whole rows, without weights.
    metric : {"precision", "recall", "specificity"}
    target : float
        In (0, 1).
    confidence : float
        In (0, 1).

    Returns
    -------
    Guaranteed
        For precision and specificity the lowest threshold that passed, for recall the highest.

    Examples
    --------
    >>> from tenfold.figures.curves.curves import threshold_curve
    >>> y = np.repeat([0, 1], 500)
    >>> guaranteed_threshold(threshold_curve(y, np.arange(1000.0)), "recall", 0.9, 0.95).threshold
    538.0
    """
    grid = _grid(curve)
    # The safe end first: high thresholds for precision and specificity, low ones for recall.
    grid = grid[::-1] if metric == "recall" else grid
    successes, trials = (column[grid] for column in _trials(curve, metric))
    error = 1 - confidence
    levels = _levels(trials, target, error) if metric == "precision" else _one_start(len(grid), error)
    passed = _fallback(_p_values(successes, trials, target), levels)
    bounds, _ = clopper_pearson(successes, trials, 2 * confidence - 1)
    best = int(np.argmax(bounds))
    return Guaranteed(
        float(curve.thresholds[grid[passed[-1]]]) if len(passed) else None,
        float(bounds[best]),
        float(curve.thresholds[grid[best]]),
    )


def _grid(curve: ThresholdCurve) -> NDArray[np.intp]:
    """Positions on the curve: every distinct score, or of more than 1,000 the quantiles of the rows."""
    called = curve.true_positives + curve.false_positives
    if len(called) <= GRID:
        return np.arange(len(called))
    wanted = np.linspace(1, called[-1], GRID)
    return np.unique(np.searchsorted(called, wanted))


def _trials(curve: ThresholdCurve, metric: str) -> tuple[Floats, Floats]:
    """Rows that count for the metric at each threshold, and those of them that are right."""
    if metric == "precision":
        return curve.true_positives, curve.true_positives + curve.false_positives
    if metric == "recall":
        return curve.true_positives, np.full(len(curve.thresholds), curve.positives)
    return curve.negatives - curve.false_positives, np.full(len(curve.thresholds), curve.negatives)


def _p_values(successes: Floats, trials: Floats, target: float) -> Floats:
    """Chance of as many successes if the share were just the target: small ones speak for a higher share."""
    from scipy.special import betainc

    # P(X >= s) of a binomial as an incomplete beta function, exact also at s = 0.
    tail = betainc(np.maximum(successes, 1), trials - np.maximum(successes, 1) + 1, target)
    return np.where(successes > 0, tail, 1.0)


def _one_start(size: int, error: float) -> Floats:
    levels = np.zeros(size)
    levels[0] = error
    return levels


def _levels(called: Floats, target: float, error: float) -> Floats:
    """Spread the error over starts from the fewest rows that could pass, in geometric steps to half of all."""
    enough = np.log(error / _STARTS) / np.log(target)
    half = max(called[-1] / 2, 1)
    wanted = np.geomspace(min(enough, half), half, _STARTS)
    levels = np.zeros(len(called))
    np.add.at(levels, np.minimum(np.searchsorted(called, wanted), len(called) - 1), error / _STARTS)
    return levels


def _fallback(p_values: Floats, levels: Floats) -> NDArray[np.intp]:
    """Positions that pass: each test has its own level, plus that of the one before if it passed."""
    passed, carried = [], 0.0
    for position, (p_value, own) in enumerate(zip(p_values, levels, strict=True)):
        level = own + carried
        carried = level if p_value <= level and level > 0 else 0.0
        if carried:
            passed.append(position)
    return np.array(passed, dtype=np.intp)
