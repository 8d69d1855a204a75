"""Exact threshold curves: ROC and precision-recall at every distinct score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.confusion import share

__all__ = [
    "ThresholdCurve", "at_prior", "average_precision", "one_vs_rest_curves", "roc_auc", "score_quantiles",
    "threshold_curve",
]  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ThresholdCurve:
    """
    What calling positive every row with ``score >= threshold`` gives, for each threshold that matters.

    Parameters
    ----------
    thresholds : ndarray of float64, shape (m,)
        Distinct scores, decreasing.
    true_positives, false_positives : ndarray of int64 (float64 with weights), shape (m,)
        Rows called positive rightly and wrongly at each threshold.
    positives, negatives : int or float
        All rows of the positive class, and all others.

    Examples
    --------
    >>> curve = threshold_curve(np.array([0, 1, 1]), np.array([0.1, 0.4, 0.4]))
    >>> curve.thresholds.tolist(), curve.recall.tolist(), curve.false_positive_rate.tolist()
    ([0.4, 0.1], [1.0, 1.0], [0.0, 1.0])
    """

    thresholds: Floats
    true_positives: NDArray[Any]
    false_positives: NDArray[Any]
    positives: float
    negatives: float

    @property
    def precision(self) -> Floats:
        """Share of the rows called positive that are, shape (m,)."""
        return share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Floats:
        """Share of the positives called so, shape (m,); NaN without positives."""
        return share(self.true_positives, np.asarray(self.positives))

    @property
    def f1(self) -> Floats:
        """Harmonic mean of precision and recall, shape (m,)."""
        called = self.true_positives + self.false_positives
        return share(2 * self.true_positives, called + self.positives)

    @property
    def false_positive_rate(self) -> Floats:
        """Share of the negatives called positive, shape (m,); NaN without negatives."""
        return share(self.false_positives, np.asarray(self.negatives))

    @property
    def specificity(self) -> Floats:
        """Share of the negatives not called positive, shape (m,)."""
        return share(self.negatives - self.false_positives, np.asarray(self.negatives))


def at_prior(curve: ThresholdCurve, prior: float) -> ThresholdCurve:
    """
    Return the curve of as many rows of which another share is positive: recall and false positive rate stay.

    Positives, and negatives, must be of the same sort there; only how many there are differs. Elkan (2001), "The
    foundations of cost-sensitive learning", IJCAI 17:973.

    Parameters
    ----------
    curve : ThresholdCurve
        With positives and negatives.
    prior : float
        Share of positives, in (0, 1).

    Examples
    --------
    >>> curve = threshold_curve(np.array([0, 1, 0, 1]), np.array([0.1, 0.3, 0.4, 0.8]))
    >>> curve.precision.tolist()[-1], at_prior(curve, 0.2).precision.tolist()[-1]
    (0.5, 0.2)
    """
    rows = curve.positives + curve.negatives
    positives, negatives = prior * rows, (1 - prior) * rows
    true_positives = curve.true_positives * (positives / curve.positives)
    false_positives = curve.false_positives * (negatives / curve.negatives)
    return ThresholdCurve(curve.thresholds, true_positives, false_positives, positives, negatives)


def threshold_curve(y: NDArray[np.int64], scores: Floats, sample_weight: Floats | None = None) -> ThresholdCurve:
    """
    Follow the threshold down through all distinct scores.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        1 for the positive class, 0 for the others.
    scores : ndarray of float64, shape (n,)
        Finite; higher means more positive.
    sample_weight : ndarray of float64, shape (n,), optional
        Rows of weight 0 are as if absent.

    Returns
    -------
    ThresholdCurve

    Raises
    ------
    ValueError
        A score is not finite.

    Examples
    --------
    >>> threshold_curve(np.array([0, 1]), np.array([1.0, 2.0])).true_positives.tolist()
    [1, 1]
    """
    if not np.isfinite(scores).all():
        raise ValueError(f"the score of row {int(np.flatnonzero(~np.isfinite(scores))[0])} (from 0) is not a number")
    if sample_weight is not None:
        counted = sample_weight != 0
        y, scores, sample_weight = y[counted], scores[counted], sample_weight[counted]
    return ranked(y, scores, sample_weight)[0]


def ranked(
    y: NDArray[np.int64], scores: Floats, weight: Floats | None = None
) -> tuple[ThresholdCurve, NDArray[np.int64]]:
    """Give the curve, and for each row, shape (n,), the position on it where the row is first called positive."""
    order = np.argsort(scores)[::-1]
    descending = scores[order]
    is_last = np.append(descending[1:] != descending[:-1], True)[: len(scores)]
    last = np.flatnonzero(is_last)
    step = np.empty(len(scores), np.int64)
    step[order] = np.cumsum(is_last) - is_last
    positive = y[order] == 1
    if weight is None:
        true_positives = np.cumsum(positive, dtype=np.int64)[last]
        return _curve(descending[last], true_positives, last + 1 - true_positives), step
    # Two sums, as a difference of sums could fall below zero by rounding.
    true_positives = np.cumsum(np.where(positive, weight[order], 0.0))[last]
    false_positives = np.cumsum(np.where(positive, 0.0, weight[order]))[last]
    return _curve(descending[last], true_positives, false_positives), step


def _curve(thresholds: Floats, true_positives: NDArray[Any], false_positives: NDArray[Any]) -> ThresholdCurve:
    positives, negatives = ((column[-1].item() if len(column) else 0) for column in (true_positives, false_positives))
    return ThresholdCurve(thresholds, true_positives, false_positives, positives, negatives)


def score_quantiles(curve: ThresholdCurve, shares: tuple[float, ...]) -> list[float]:
    """
    Give the scores that so large shares of the rows lie at or below.

    Of a thinned curve they are the nearest scores that it kept.

    Examples
    --------
    >>> score_quantiles(threshold_curve(np.array([0, 1, 1, 0]), np.array([1.0, 2.0, 3.0, 4.0])), (0.0, 0.5, 1.0))
    [1.0, 2.0, 4.0]
    """
    called = curve.true_positives + curve.false_positives
    places = np.searchsorted(called, (1 - np.asarray(shares)) * called[-1], side="right")
    thresholds: list[float] = curve.thresholds[np.minimum(places, len(called) - 1)].tolist()
    return thresholds


def one_vs_rest_curves(
    y: NDArray[np.int64], scores: Floats, sample_weight: Floats | None = None
) -> tuple[ThresholdCurve, ...]:
    """
    Follow each class's own score against all other classes: `y` codes, `scores` of shape (n, k).

    Examples
    --------
    >>> curves = one_vs_rest_curves(np.array([0, 1, 2]), np.eye(3))
    >>> [roc_auc(curve) for curve in curves]
    [1.0, 1.0, 1.0]
    """
    return tuple(
        threshold_curve((y == c).astype(np.int64), scores[:, c], sample_weight) for c in range(scores.shape[1])
    )


def roc_auc(curve: ThresholdCurve) -> float | None:
    """
    Area under the ROC curve by trapezoids: the chance that a positive outscores a negative, ties half.

    Returns None where one class is missing.

    Examples
    --------
    >>> roc_auc(threshold_curve(np.array([0, 1, 0, 1]), np.array([0.1, 0.4, 0.35, 0.3])))
    0.75
    """
    if not curve.positives or not curve.negatives:
        return None
    new_negatives = np.diff(curve.false_positives, prepend=0)
    before = np.append(0, curve.true_positives[:-1])
    # Whole numbers up to the division, so that the area is exact without weights.
    twice = (new_negatives * (before + curve.true_positives)).sum()
    return float(min(twice / (2 * curve.positives * curve.negatives), 1.0))


def average_precision(curve: ThresholdCurve) -> float | None:
    """
    Sum of precision over the steps of recall, without interpolation (as scikit-learn's).

    Returns None without positives.

    Examples
    --------
    >>> average_precision(threshold_curve(np.array([0, 1, 1]), np.array([0.1, 0.4, 0.05])))
    0.833...
    """
    if not curve.positives:
        return None
    gained = np.diff(curve.true_positives, prepend=0) / curve.positives
    return float(min((gained * curve.precision).sum(), 1.0))
