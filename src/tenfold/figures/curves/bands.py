"""How far a curve would move with other rows: a pointwise 95 % band by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.curves import ThresholdCurve
from tenfold.figures.curves.planes import in_plane
from tenfold.figures.curves.thinning import thinned

__all__ = ["Band", "curve_bands"]

Floats = NDArray[np.float64]

_PLACES = 101
_POINTS = 200


@dataclass(frozen=True, eq=False)
class Band:
    """
    The range that holds 95 % of the resampled curves at each place.

    Parameters
    ----------
    x, low, high : ndarray of float64, shape (m,)
    """

    x: Floats
    low: Floats
    high: Floats


def curve_bands(
    curve: ThresholdCurve, planes: tuple[str, ...], *, resamples: int = 300, seed: int = 0
) -> dict[str, Band]:
    """
    Resample positives and negatives, each among themselves, and read the curves at the same places of the x axis.

    Rows between two neighbouring thresholds of a thinned curve are drawn together, which changes nothing but what
    lies within a pixel. A pointwise band: 95 % at each place, not for the whole curve at once. Where no row is on
    the wrong side the band has no width, as a bootstrap sees only what is there.

    Parameters
    ----------
    curve : ThresholdCurve
        Without weights, with rows of both classes.
    planes : tuple of str
        Of `PLANES`.
    resamples : int
    seed : int

    Returns
    -------
    dict of str to Band

    Examples
    --------
    >>> from tenfold.figures.curves.curves import threshold_curve
    >>> y = np.arange(200) % 2
    >>> band = curve_bands(threshold_curve(y, y + np.random.default_rng(0).normal(size=200)), ("roc",))["roc"]
    >>> bool((band.low <= band.high).all()), float(band.high[-1])
    (True, 1.0)
    """
    rng = np.random.default_rng(seed)
    steps = thinned(curve, points=_POINTS)
    replicates = [_resampled(steps, rng) for _ in range(resamples)]
    return {plane: _band(replicates, plane, steps) for plane in planes}


def _resampled(curve: ThresholdCurve, rng: np.random.Generator) -> ThresholdCurve:
    true, false = (
        np.cumsum(rng.multinomial(int(rows), np.diff(counts, prepend=0) / rows))
        for counts, rows in ((curve.true_positives, curve.positives), (curve.false_positives, curve.negatives))
    )
    called = np.flatnonzero(true + false)
    return ThresholdCurve(curve.thresholds[called], true[called], false[called], curve.positives, curve.negatives)


def _band(replicates: list[ThresholdCurve], plane: str, curve: ThresholdCurve) -> Band:
    # Places close together at the left, where most curves turn.
    places = np.unique(np.append(np.linspace(0, 1, _PLACES), np.geomspace(1e-3, 1, _PLACES // 2)))
    if plane in {"gain", "lift"}:
        places = places[places >= curve.true_positives[0] / max(curve.positives + curve.negatives, 1)]
    # Straight between the points, as a thinned curve is drawn: that is what keeps it within a pixel.
    read = np.stack([np.interp(places, *in_plane(one, plane)) for one in replicates])
    low, high = np.percentile(read, [2.5, 97.5], axis=0)
    return Band(places, low, high)
