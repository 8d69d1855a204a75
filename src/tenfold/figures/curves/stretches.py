"""A curve too long for memory, followed in stretches from the highest scores down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.curves import ThresholdCurve

__all__ = ["Descent", "StratifiedSums", "joined_stretches"]

Floats = NDArray[np.float64]


@dataclass
class Descent:
    """
    ROC AUC and average precision of rows whose scores come in stretches, each below the one before.

    Parameters
    ----------
    positives, negatives : int
        Of all rows.

    Attributes
    ----------
    true_positives, false_positives : int
        Rows called positive so far.

    Examples
    --------
    >>> from tenfold.figures.curves.curves import threshold_curve
    >>> descent = Descent(2, 2)
    >>> for y, scores in (([1, 0], [0.4, 0.35]), ([1, 0], [0.3, 0.1])):
    ...     whole = descent.follow(threshold_curve(np.array(y), np.array(scores)))
    >>> descent.roc_auc, whole.true_positives.tolist()
    (0.75, [2, 2])
    """

    positives: int
    negatives: int
    true_positives: int = 0
    false_positives: int = 0
    _twice: int = 0
    _areas: list[float] = field(default_factory=list)

    @property
    def place(self) -> tuple[int, int]:
        """True and false positives so far."""
        return self.true_positives, self.false_positives

    def follow(self, stretch: ThresholdCurve) -> ThresholdCurve:
        """Go down a stretch, whose rows are counted from its own top; give it counted from the top of all."""
        whole = ThresholdCurve(
            stretch.thresholds,
            stretch.true_positives + self.true_positives,
            stretch.false_positives + self.false_positives,
            self.positives,
            self.negatives,
        )
        if not len(stretch.thresholds):
            return whole
        new_negatives = np.diff(whole.false_positives, prepend=self.false_positives)
        before = np.append(self.true_positives, whole.true_positives[:-1])
        # Whole numbers to the end, so that the area is exact.
        self._twice += int((new_negatives * (before + whole.true_positives)).sum())
        gained = np.diff(whole.true_positives, prepend=self.true_positives)
        self._areas.append(float((gained * whole.precision).sum()))
        self.true_positives, self.false_positives = int(whole.true_positives[-1]), int(whole.false_positives[-1])
        return whole

    @property
    def roc_auc(self) -> float | None:
        """Area under the ROC curve, once all is followed; None where one class is missing."""
        if not self.positives or not self.negatives:
            return None
        return min(self._twice / (2 * self.positives * self.negatives), 1.0)

    @property
    def average_precision(self) -> float | None:
        """Average precision, once all is followed; None without positives."""
        return min(math.fsum(self._areas) / self.positives, 1.0) if self.positives else None


def joined_stretches(parts: Sequence[ThresholdCurve]) -> ThresholdCurve:
    """Put stretches of one curve, counted from the top of the whole, one below the other; at least one."""
    return ThresholdCurve(
        np.concatenate([part.thresholds for part in parts]),
        np.concatenate([part.true_positives for part in parts]),
        np.concatenate([part.false_positives for part in parts]),
        parts[0].positives,
        parts[0].negatives,
    )


class StratifiedSums:
    """
    The variance of a figure by `stratified_variance`, from influences that come in parts.

    Parameters
    ----------
    k : int
        Strata.

    Attributes
    ----------
    rows, mean, squares : ndarray of float64, shape (k,)
        Of each stratum: rows, the mean of their influence, the sum of its squared distances from that.

    Examples
    --------
    >>> sums = StratifiedSums(2)
    >>> sums.add(np.array([0.5]), np.array([0]))
    >>> sums.add(np.array([-0.5, 0.0]), np.array([0, 1]))
    >>> sums.variance
    1.0
    """

    def __init__(self, k: int) -> None:
        self.rows, self.mean, self.squares = np.zeros(k), np.zeros(k), np.zeros(k)

    def add(self, influence: Floats, strata: NDArray[np.int64]) -> None:
        """Take the influence of some rows, shape (m,), and the stratum of each."""
        k = len(self.rows)
        rows = np.bincount(strata, minlength=k).astype(np.float64)
        mean = np.bincount(strata, influence, minlength=k) / np.maximum(rows, 1)
        squares = np.bincount(strata, (influence - mean[strata]) ** 2, minlength=k)
        together = np.maximum(self.rows + rows, 1)
        apart = mean - self.mean
        self.squares += squares + apart**2 * self.rows * rows / together
        self.mean += apart * rows / together
        self.rows += rows

    @property
    def variance(self) -> float:
        """Of the figure, once all rows are in."""
        return float((self.squares * self.rows / np.maximum(self.rows - 1, 1)).sum())
