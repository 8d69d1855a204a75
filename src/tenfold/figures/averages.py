"""One curve for several classes: the mean over classes, and all decisions pooled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.curves import ThresholdCurve, threshold_curve
from tenfold.figures.curves.planes import in_plane

__all__ = ["at_places", "macro_average", "micro_curve"]

Floats = NDArray[np.float64]


def micro_curve(y: NDArray[np.int64], scores: Floats) -> ThresholdCurve:
    """
    Pool the question "is it this class?" over all rows and classes, at one threshold for all.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        Class codes.
    scores : ndarray of float64, shape (n, k)

    Examples
    --------
    >>> micro_curve(np.array([0, 1]), np.array([[0.9, 0.1], [0.4, 0.6]])).true_positives.tolist()
    [1, 2, 2, 2]
    """
    return threshold_curve(np.eye(scores.shape[1], dtype=np.int64)[y].ravel(), scores.ravel())


def macro_average(curves: Sequence[ThresholdCurve], plane: str, places: Floats) -> Floats:
    """
    Average the curves of single classes at the same places of the x axis, each class counting the same.

    Parameters
    ----------
    curves : sequence of ThresholdCurve
        One a class; those without rows of both kinds are left out.
    plane : str
        One of `PLANES`.
    places : ndarray of float64, shape (m,)

    Returns
    -------
    ndarray of float64, shape (m,)
        NaN where no class has a curve.

    Examples
    --------
    >>> from tenfold.figures.curves.curves import one_vs_rest_curves
    >>> curves = one_vs_rest_curves(np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.2, 0.8], [0.1, 0.9]]))
    >>> macro_average(curves, "roc", np.array([0.0, 1.0])).tolist()
    [1.0, 1.0]
    """
    defined = [curve for curve in curves if curve.positives * curve.negatives]
    heights = [at_places(*in_plane(curve, plane), plane, places) for curve in defined]
    return np.mean(heights, axis=0) if heights else np.full(len(places), np.nan)


def at_places(x: Floats, y: Floats, plane: str, places: Floats) -> Floats:
    """
    Read a curve at given places: linearly between its points; precision as a step, held until the next recall.

    Where several points share a place, the one of the lowest threshold counts; for precision that of the highest.

    Examples
    --------
    >>> at_places(np.array([0.0, 0.5, 1.0]), np.array([1.0, 1.0, 0.6]), "pr", np.array([0.7])).tolist()
    [0.6]
    """
    if plane == "pr":
        return y[np.minimum(np.searchsorted(x, places - 1e-12, side="left"), len(y) - 1)]
    return np.asarray(np.interp(places, x, y))
