"""How much each row moves a figure: its derivative by the row's count, from which variances follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.confusion import Margins
from tenfold.figures.curves.curves import ThresholdCurve, average_precision, ranked, roc_auc

__all__ = [
    "Influence",
    "auc_slopes",
    "average_precision_slopes",
    "margins_influence",
    "margins_tables",
    "mean_influence",
    "onwards",
    "ranking_influences",
]

Floats = NDArray[np.float64]
_STEP = 1e-3


@dataclass(frozen=True)
class Influence:
    """
    A figure, and the derivative of it by the count of each row.

    Parameters
    ----------
    value : float or None
        None where the figure is undefined; `rows` is then all zero.
    rows : ndarray of float64, shape (n,)
    """

    value: float | None
    rows: Floats


def mean_influence(losses: Floats, weight: Floats | None = None) -> Influence:
    """
    Influence of each row on the (weighted) mean of a loss, shape (n,).

    Examples
    --------
    >>> mean_influence(np.array([1.0, 3.0])).rows.tolist()
    [-0.5, 0.5]
    """
    if not len(losses):
        return Influence(None, np.zeros(0))
    weight = np.ones(len(losses)) if weight is None else weight
    value = float(np.average(losses, weights=weight))
    return Influence(value, weight * (losses - value) / weight.sum())


def ranking_influences(
    positive: NDArray[np.int64], scores: Floats, weight: Floats | None = None
) -> tuple[Influence, Influence]:
    """
    Influence of each row on the ROC AUC and on the average precision, from one sort.

    Parameters
    ----------
    positive : ndarray of int64, shape (n,)
        1 for the positive class, 0 for the others.
    scores : ndarray of float64, shape (n,)
        Finite.
    weight : ndarray of float64, shape (n,), optional
        Positive.

    Returns
    -------
    roc_auc, average_precision : Influence

    Examples
    --------
    >>> auc, ap = ranking_influences(np.array([0, 1, 0, 1]), np.array([0.1, 0.4, 0.35, 0.3]))
    >>> auc.value, auc.rows.tolist()
    (0.75, [0.125, 0.125, -0.125, -0.125])
    """
    curve, step = ranked(positive, scores, weight)
    is_positive, own = positive == 1, 1.0 if weight is None else weight
    auc = _influence(roc_auc(curve), curve, step, is_positive, auc_slopes)
    ap = _influence(average_precision(curve), curve, step, is_positive, average_precision_slopes)
    return Influence(auc.value, auc.rows * own), Influence(ap.value, ap.rows * own)


Slopes = Callable[[ThresholdCurve, float], tuple[Floats, Floats]]


def _influence(
    value: float | None, curve: ThresholdCurve, step: NDArray[np.int64], positive: NDArray[np.bool_], slopes: Slopes
) -> Influence:
    if value is None:
        return Influence(None, np.zeros(len(step)))
    of_positive, of_negative = slopes(curve, value)
    return Influence(value, np.where(positive, of_positive[step], of_negative[step]))


def auc_slopes(curve: ThresholdCurve, value: float, before: tuple[float, float] = (0, 0)) -> tuple[Floats, Floats]:
    """
    Give what a positive and a negative row at each step of a curve add to the ROC AUC, each of shape (m,).

    Placement values, DeLong et al. (1988), Biometrics 44:837, eq. 4.

    Parameters
    ----------
    curve : ThresholdCurve
        Or a stretch of one, its rows counted from the top of the whole.
    value : float
        The ROC AUC.
    before : tuple of float
        Positives and negatives above the stretch.
    """
    beaten = curve.negatives - curve.false_positives + np.diff(curve.false_positives, prepend=before[1]) / 2
    beating = curve.true_positives - np.diff(curve.true_positives, prepend=before[0]) / 2
    return (
        (beaten / curve.negatives - value) / curve.positives,
        (beating / curve.positives - value) / curve.negatives,
    )


def average_precision_slopes(
    curve: ThresholdCurve, value: float, before: tuple[float, float] = (0, 0), below: tuple[float, float] = (0.0, 0.0)
) -> tuple[Floats, Floats]:
    """
    Give what a positive and a negative row at each step of a curve add to the average precision, each of shape (m,).

    Derivatives of sum(gained * TP / (TP + FP)) / P: a row counts at its own step and at all lower thresholds.

    Parameters
    ----------
    curve, value, before
        As for `auc_slopes`.
    below : tuple of float
        What `onwards` gives for all that lies below the stretch.
    """
    positive, negative = onwards(curve, before, below)
    return (curve.precision + positive - value) / curve.positives, -negative / curve.positives


def onwards(
    curve: ThresholdCurve, before: tuple[float, float] = (0, 0), below: tuple[float, float] = (0.0, 0.0)
) -> tuple[Floats, Floats]:
    """Sum over each step and all lower ones what a row above them changes of their precision, each of shape (m,)."""
    called = curve.true_positives + curve.false_positives
    gained = np.diff(curve.true_positives, prepend=before[0]) / called**2
    return (
        np.cumsum((gained * curve.false_positives)[::-1])[::-1] + below[0],
        np.cumsum((gained * curve.true_positives)[::-1])[::-1] + below[1],
    )


def margins_influence(
    figure: Callable[[Margins], Floats],
    margins: Margins,
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    weight: Floats | None = None,
) -> Influence:
    """
    Influence of each row on a figure of the confusion matrix, by central differences of its margins.

    Parameters
    ----------
    figure : callable
        From margins of shape (..., k) to values of shape (...); smooth.
    margins : Margins
        Of the confusion matrix, shape (k,).
    y, predicted : ndarray of int64, shape (n,)
    weight : ndarray of float64, shape (n,), optional

    Returns
    -------
    Influence

    Examples
    --------
    >>> from tenfold.figures.confusion import accuracy
    >>> found = margins_influence(
    ...     accuracy, Margins.of(np.array([[1, 1], [0, 2]])), np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    ... )
    >>> found.rows.round(4).tolist()
    [0.0625, -0.1875, 0.0625, 0.0625]
    """
    tables = margins_tables(figure, margins)
    if tables is None:
        return Influence(None, np.zeros(len(y)))
    by_hits, by_actual, by_called = tables
    rows = np.where(y == predicted, by_hits[y], 0.0) + by_actual[y] + by_called[predicted]
    return Influence(float(figure(margins)), rows if weight is None else rows * weight)


def margins_tables(figure: Callable[[Margins], Floats], margins: Margins) -> tuple[Floats, Floats, Floats] | None:
    """Give the influence on a figure of a hit, of being of a class, of being called it; None where it is undefined."""
    if not np.isfinite(float(figure(margins))):
        return None
    by_hits, by_actual, by_called = (_slopes(figure, margins, part) for part in range(3))
    return by_hits, by_actual, by_called


def _slopes(figure: Callable[[Margins], Floats], margins: Margins, part: int) -> Floats:
    """Derivative by each of the k counts of one margin; a step of a thousandth row, counts being at least one."""
    fields = [margins.hits, margins.actual, margins.called]
    nudge = np.diag(np.where(fields[part] > 0, _STEP * np.minimum(fields[part], 1), _STEP))
    above, below = (figure(Margins(*_nudged(fields, part, sign * nudge))) for sign in (1, -1))
    slopes = (above - below) / (2 * np.diag(nudge))
    # A class that is empty in this margin has no rows there to move anything.
    return np.where(np.isfinite(slopes), slopes, 0.0)


def _nudged(fields: list[Floats], part: int, nudge: Floats) -> list[Floats]:
    return [
        field + nudge if index == part else np.broadcast_to(field, nudge.shape) for index, field in enumerate(fields)
    ]
