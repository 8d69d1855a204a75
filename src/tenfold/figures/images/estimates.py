"""Figures of restored images averaged over images, with intervals, by fold and by class; two denoisers compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.comparison.leader_board import Difference
from tenfold.figures.estimate import Estimate
from tenfold.figures.images.quality import ImageQuality, psnr
from tenfold.figures.intervals.closed import mean_interval

__all__ = ["IMAGE_FIGURES", "image_estimates", "paired_difference_of_images"]

IMAGE_FIGURES = ("mae", "psnr", "ssim", "pixels_right", "pixels_exact")
Floats = NDArray[np.float64]


def image_estimates(
    quality: ImageQuality, fold: NDArray[np.int16] | None = None, labels: NDArray[np.object_] | None = None
) -> dict[str, Estimate]:
    """
    Average over images, with t intervals: images are the units drawn, their pixels are not independent.

    PSNR is that of the mean squared error over all images, for the mean of single PSNRs is infinite as soon as one
    image is restored exactly.

    Parameters
    ----------
    quality : ImageQuality
    fold : ndarray of int16, shape (n,), optional
        For the value on each fold alone.
    labels : ndarray of str, shape (n,), optional
        Classes, empty where there is none; each gets figures of its own, such as ``mae:5``.

    Examples
    --------
    >>> from tenfold.figures.images.quality import image_quality
    >>> clean = np.zeros((4, 1, 1), np.uint8)
    >>> found = image_estimates(image_quality(clean, clean + np.array([1, 2, 3, 2], np.uint8)[:, None, None], 255))
    >>> found["mae"].value, round(found["mae"].low, 3), found["mae"].n
    (2.0, 0.701, 4)
    """
    estimates = {name: _estimate(name, quality, fold) for name in IMAGE_FIGURES}
    for label in () if labels is None else sorted(set(labels.tolist()) - {""}, key=_by_number):
        part = quality.take(labels == label)
        estimates |= {f"{name}:{label}": _estimate(name, part, None) for name in ("mae", "psnr", "ssim")}
    return estimates


def _by_number(label: str) -> tuple[bool, float, str]:
    try:
        return (False, float(label), label)
    except ValueError:
        return (True, 0.0, label)


def _estimate(name: str, quality: ImageQuality, fold: NDArray[np.int16] | None) -> Estimate:
    count = 0 if fold is None else int(fold.max()) + 1
    parts = [quality.take(fold == number) for number in range(count)] if fold is not None else []
    value, low, high = _with_interval(name, quality)
    reason = None if value is not None else "every image is restored exactly" if len(quality) else "no images"
    how = "t 95%, over images" if name != "psnr" else "t 95% of the mean squared error, over images"
    folds = tuple(_with_interval(name, part)[0] if len(part) else None for part in parts)
    return Estimate(value, low, high, len(quality), how, folds=folds, reason=reason)


def _with_interval(name: str, quality: ImageQuality) -> tuple[float | None, float | None, float | None]:
    """Value and interval of a figure, inside what it can be."""
    if not len(quality):
        return None, None, None
    if name == "psnr":
        value, low, high = _mean_of(quality.mse, (0.0, np.inf))
        ends = (None if end is None else float(psnr(np.array(end), quality.peak)) for end in (value, high, low))
        return tuple(None if end is None or np.isinf(end) else end for end in ends)  # type: ignore[return-value]
    values, bounds = {
        "mae": (quality.mae, (0.0, np.inf)),
        "ssim": (quality.ssim, (-1.0, 1.0)),
        "pixels_right": (quality.right, (0.0, 1.0)),
        "pixels_exact": (quality.exact, (0.0, 1.0)),
    }[name]
    return _mean_of(values, bounds)


def _mean_of(values: Floats, bounds: tuple[float, float]) -> tuple[float, float | None, float | None]:
    value = float(values.mean())
    low, high = mean_interval(values)
    if low is None or high is None:
        return value, None, None
    return value, max(low, bounds[0]), min(high, bounds[1])


def paired_difference_of_images(mine: Floats, theirs: Floats) -> Difference:
    """
    Mean difference of a figure of the same images by two denoisers, with the t interval of paired values.

    Parameters
    ----------
    mine, theirs : ndarray of float64, shape (n,)

    Examples
    --------
    >>> found = paired_difference_of_images(np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 2.0]))
    >>> found.value, found.contains_zero
    (1.0, True)
    """
    apart = mine - theirs
    low, high = mean_interval(apart)
    value = float(apart.mean())
    return Difference(value, value if low is None else low, value if high is None else high, "paired t 95%")
