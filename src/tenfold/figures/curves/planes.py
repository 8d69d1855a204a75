"""The planes that a threshold curve is drawn in: precision-recall, ROC, DET, cumulative gain, lift."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.curves import ThresholdCurve

__all__ = ["PLANES", "equal_error_rate", "in_plane"]

Floats = NDArray[np.float64]

PLANES = ("pr", "roc", "det", "gain", "lift")
"""Precision against recall; found against false alarms; missed against false alarms; found, and how many times more
often than by chance, against the share of rows called positive."""


def in_plane(curve: ThresholdCurve, plane: str) -> tuple[Floats, Floats]:
    """
    Give the points of a curve in one of `PLANES`, from the threshold above all scores downwards.

    Parameters
    ----------
    curve : ThresholdCurve
        With rows of both classes.
    plane : str
        ``pr``, ``roc``, ``det``, ``gain`` or ``lift``.

    Returns
    -------
    x, y : ndarray of float64, shape (m + 1,)
        The first point is the one without any row called: (0, 0), for ``det`` (0, 1). Precision and lift do not
        exist there, so their first point is level with the next.

    Raises
    ------
    ValueError
        No such plane, or rows of one class are missing.

    Examples
    --------
    >>> from tenfold.figures.curves.curves import threshold_curve
    >>> curve = threshold_curve(np.array([0, 0, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4]))
    >>> [axis.tolist() for axis in in_plane(curve, "lift")]
    [[0.0, 0.25, 0.5, 0.75, 1.0], [4.0, 4.0, 2.0, 1.333..., 1.0]]
    """
    if plane not in PLANES:
        raise ValueError(f"no plane '{plane}' among {', '.join(PLANES)}")
    if not curve.positives or not curve.negatives:
        raise ValueError("a curve needs rows of both classes")
    rows = curve.positives + curve.negatives
    recall = np.append(0.0, curve.recall)
    if plane in {"roc", "det"}:
        alarms = np.append(0.0, curve.false_positive_rate)
        return alarms, recall if plane == "roc" else 1 - recall
    called = np.append(0.0, (curve.true_positives + curve.false_positives) / rows)
    if plane == "gain":
        return called, recall
    precision = np.append(curve.precision[0], curve.precision)
    return (recall, precision) if plane == "pr" else (called, precision * rows / curve.positives)


def equal_error_rate(curve: ThresholdCurve) -> float:
    """
    Give the rate at which as large a share of positives is missed as of negatives is called, between points linearly.

    Examples
    --------
    >>> from tenfold.figures.curves.curves import threshold_curve
    >>> equal_error_rate(threshold_curve(np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4])))
    0.5
    """
    alarms, missed = in_plane(curve, "det")
    after = int(np.argmax(alarms >= missed))
    before = after - 1
    gap_before, gap_after = missed[before] - alarms[before], alarms[after] - missed[after]
    share = gap_before / (gap_before + gap_after)
    return float(alarms[before] + share * (alarms[after] - alarms[before]))
