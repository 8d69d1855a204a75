"""Curves of tens of thousands of points, thinned to the few hundred that a drawing needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.curves import ThresholdCurve

__all__ = ["thinned"]

Floats = NDArray[np.float64]


def thinned(curve: ThresholdCurve, points: int = 1000) -> ThresholdCurve:
    """
    Leave out points whose absence nobody sees in a square of `points` by `points` pixels.

    Lines drawn through the points that stay pass within a pixel of all that are left out: in the ROC plane, in the
    precision-recall plane, and for recall, precision and F1 against the threshold. Every point that stays
    is an exact one; both end points stay.

    Parameters
    ----------
    curve : ThresholdCurve
    points : int
        Side of the square, in pixels.

    Returns
    -------
    ThresholdCurve

    Examples
    --------
    >>> from tenfold.figures.curves.curves import threshold_curve
    >>> rng = np.random.default_rng(0)
    >>> curve = threshold_curve(rng.integers(0, 2, 50_000), rng.random(50_000))
    >>> 2 < len(thinned(curve).thresholds) < 1_000
    True
    """
    if len(curve.thresholds) <= 2:
        return curve
    pixels = _planes(curve) * points
    # Half a pixel is spent on points in the same half pixel, half on points along a straight line.
    nodes = np.flatnonzero(_moves(pixels, 0.5))
    nodes = nodes[_bends(pixels[nodes], 0.5)]
    return ThresholdCurve(
        curve.thresholds[nodes],
        curve.true_positives[nodes],
        curve.false_positives[nodes],
        curve.positives,
        curve.negatives,
    )


def _planes(curve: ThresholdCurve) -> Floats:
    """Place all points in each of the five planes, shape (m, 5, 2), in the unit square."""
    # Halves first: the range of thresholds may exceed what a float holds.
    offset = curve.thresholds / 2 - curve.thresholds[-1] / 2
    along = offset / offset[0] if offset[0] > 0 else np.zeros_like(offset)
    recall, rate, precision, f1 = (
        np.nan_to_num(axis) for axis in (curve.recall, curve.false_positive_rate, curve.precision, curve.f1)
    )
    pairs = ((rate, recall), (recall, precision), (along, precision), (along, recall), (along, f1))
    return np.stack([np.stack(pair, axis=1) for pair in pairs], axis=1)


def _moves(points: Floats, side: float) -> NDArray[np.bool_]:
    """Mark the first point of each run within the same small squares, and the last point of all."""
    # A square's diagonal is longer than its side.
    squares = np.floor(points / (side / np.sqrt(2)))
    moved = np.append(True, (squares[1:] != squares[:-1]).any(axis=(1, 2)))
    moved[-1] = True
    return moved


def _bends(points: Floats, tolerance: float) -> NDArray[np.bool_]:
    """Mark the points of a polyline within `tolerance` of all: Douglas and Peucker (1973), Cartographica 10:112."""
    nodes = np.zeros(len(points), dtype=bool)
    nodes[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        distances = _distances(points[first + 1 : last], points[first], points[last])
        farthest = int(distances.argmax())
        if distances[farthest] > tolerance:
            middle = first + 1 + farthest
            nodes[middle] = True
            spans += [(first, middle), (middle, last)]
    return nodes


def _distances(points: Floats, start: Floats, end: Floats) -> Floats:
    """Distance of each point from the segment, the largest over the planes; shape (m,)."""
    chord, ahead = end - start, points - start
    length = np.maximum((chord**2).sum(-1), np.finfo(np.float64).tiny)
    along = np.clip((ahead * chord).sum(-1) / length, 0, 1)
    return np.asarray(np.sqrt(((ahead - along[..., None] * chord) ** 2).sum(-1)).max(-1))
