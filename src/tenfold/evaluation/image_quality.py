"""How near a restored image is to the clean one: error, PSNR, SSIM and pixels right, over images, with intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.evaluation.comparison import Difference
from tenfold.evaluation.estimate import Estimate
from tenfold.evaluation.intervals import mean_interval

__all__ = [
    "IMAGE_FIGURES",
    "ImageQuality",
    "error_map",
    "image_estimates",
    "image_quality",
    "images_at_once",
    "paired_difference_of_images",
    "psnr",
    "ssim",
    "ssim_window",
    "tolerance_of",
]

IMAGE_FIGURES = ("mae", "psnr", "ssim", "pixels_right", "pixels_exact")
_WANG_WINDOW, _WANG_SIGMA = 11, 1.5
_K1, _K2 = 0.01, 0.03
_TOLERANCE = 0.04
_VALUES = 1_000_000
Floats = NDArray[np.float64]
Images = NDArray[np.uint8] | NDArray[np.int16] | Floats


@dataclass(frozen=True, eq=False)
class ImageQuality:
    """
    Figures of each restored image.

    Parameters
    ----------
    mae : ndarray of float64, shape (n,)
        Mean absolute error in grey levels.
    mse : ndarray of float64, shape (n,)
        Mean squared error in squared grey levels.
    ssim : ndarray of float64, shape (n,)
        Structural similarity, -1 to 1; 1 for equal images.
    right : ndarray of float64, shape (n,)
        Share of pixels within the tolerance.
    exact : ndarray of float64, shape (n,)
        Share of pixels with the very value.
    peak : int
        Grey level of white, which PSNR and SSIM refer to.
    """

    mae: Floats
    mse: Floats
    ssim: Floats
    right: Floats
    exact: Floats
    peak: int

    def __len__(self) -> int:
        return len(self.mae)

    @property
    def psnr(self) -> Floats:
        """Peak signal-to-noise ratio of each image in dB, shape (n,); infinite where nothing differs."""
        return psnr(self.mse, self.peak)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> ImageQuality:
        """Give the figures of these images."""
        return ImageQuality(
            self.mae[rows], self.mse[rows], self.ssim[rows], self.right[rows], self.exact[rows], self.peak
        )


def image_quality(clean: NDArray[np.uint8], restored: Images, peak: int) -> ImageQuality:
    """
    Compare each restored image with the clean one, a bounded number at a time.

    Parameters
    ----------
    clean : ndarray of uint8, shape (n, height, width) or (n, height, width, 3)
    restored : ndarray of the same shape
        Whole or broken grey levels; they may lie outside 0 to `peak`.
    peak : int
        Grey level of white.

    Examples
    --------
    >>> clean = np.zeros((1, 2, 2), np.uint8)
    >>> found = image_quality(clean, np.array([[[0, 0], [0, 40]]], np.int16), 255)
    >>> found.mae.tolist(), found.mse.tolist(), found.right.tolist()
    ([10.0], [400.0], [0.75])
    """
    step = images_at_once(clean.shape[1:])
    parts = [_compared(clean[i : i + step], restored[i : i + step], peak) for i in range(0, len(clean), step)]
    mae, mse, like, right, exact = (np.concatenate(column) for column in zip(*parts, strict=True))
    return ImageQuality(mae, mse, like, right, exact, peak)


def images_at_once(shape: tuple[int, ...]) -> int:
    """
    Give how many images of a shape are worked on at a time, so that memory stays bounded whatever their size.

    Examples
    --------
    >>> images_at_once((28, 28)), images_at_once((2000, 2000, 3))
    (1275, 1)
    """
    return max(1, _VALUES // max(math.prod(shape), 1))


def _compared(clean: NDArray[np.uint8], restored: Images, peak: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    n = len(clean)
    apart = np.abs(restored.astype(np.float64) - clean).reshape(n, -1)
    right = (apart <= tolerance_of(peak)).mean(axis=1)
    return apart.mean(axis=1), (apart**2).mean(axis=1), ssim(clean, restored, peak), right, (apart == 0).mean(axis=1)


def tolerance_of(peak: int) -> int:
    """
    Give the grey levels by which a pixel may be off and still be called right: 4 % of white.

    Examples
    --------
    >>> tolerance_of(255), tolerance_of(16), tolerance_of(1)
    (10, 1, 0)
    """
    return round(_TOLERANCE * peak)


def psnr(mse: Floats, peak: int) -> Floats:
    """
    Peak signal-to-noise ratio in dB: ``10 log10(peak² / mse)``; infinite where the error is 0.

    Examples
    --------
    >>> psnr(np.array([650.25, 0.0]), 255).tolist()
    [20.0, inf]
    """
    with np.errstate(divide="ignore"):
        return np.asarray(10 * np.log10(peak**2 / np.asarray(mse, np.float64)))


def ssim_window(height: int, width: int) -> int:
    """
    Give the side of the window of `ssim`: 11 as published, on small images the largest odd one in 3/4 of the side.

    Examples
    --------
    >>> ssim_window(28, 28), ssim_window(8, 8), ssim_window(1, 1)
    (11, 5, 1)
    """
    room = min(_WANG_WINDOW, int(0.75 * min(height, width)))
    return max(room - (room % 2 == 0), 1)


def ssim(clean: Images, restored: Images, peak: int) -> Floats:
    """
    Mean structural similarity of image pairs: Wang et al. (2004), IEEE Trans. Image Processing 13:600, eq. 13.

    Gaussian window of 11 x 11 and 1.5 pixels (smaller in proportion on small images, see `ssim_window`), K1 = 0.01,
    K2 = 0.03, averaged where the window lies inside the image; of colour images the mean over the channels.

    Parameters
    ----------
    clean, restored : ndarray, shape (n, height, width) or (n, height, width, 3)
    peak : int
        Grey level of white.

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> image = np.arange(256.0).reshape(1, 16, 16)
    >>> ssim(image, image, 255).round(12).tolist()
    [1.0]
    """
    x, y = (_by_channel(np.asarray(images, np.float64)) for images in (clean, restored))
    window = ssim_window(*x.shape[1:])
    mean = _windowed(window)
    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = (_K1 * peak) ** 2, (_K2 * peak) ** 2
    similar = ((2 * mx * my + c1) * (2 * cov + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return np.asarray(similar.mean(axis=(1, 2)).reshape(len(clean), -1).mean(axis=1))


def _by_channel(images: Floats) -> Floats:
    """Colour channels as images of their own, those of one image one after the other."""
    if images.ndim == 3:
        return images
    return np.moveaxis(images, 3, 1).reshape(-1, *images.shape[1:3])


def _windowed(window: int) -> Callable[[Floats], Floats]:
    """The weighted mean around each pixel whose window lies inside the image."""
    from scipy.ndimage import gaussian_filter

    edge = window // 2
    sigma = _WANG_SIGMA * window / _WANG_WINDOW

    def mean(images: Floats) -> Floats:
        found = gaussian_filter(images, (0, sigma, sigma), radius=(0, edge, edge))
        return np.asarray(found[:, edge : images.shape[1] - edge, edge : images.shape[2] - edge])

    return mean


def error_map(clean: NDArray[np.uint8], restored: Images) -> Floats:
    """
    Mean absolute error of each pixel over the images, in grey levels.

    Parameters
    ----------
    clean, restored : ndarray, shape (n, height, width) or (n, height, width, 3)

    Returns
    -------
    ndarray of float64, shape (height, width)

    Examples
    --------
    >>> error_map(np.zeros((2, 1, 2), np.uint8), np.array([[[0, 4]], [[0, 8]]])).tolist()
    [[0.0, 6.0]]
    """
    total = np.zeros(clean.shape[1:])
    step = images_at_once(clean.shape[1:])
    for i in range(0, len(clean), step):
        part = slice(i, i + step)
        total += np.abs(restored[part].astype(np.float64) - clean[part]).sum(axis=0)
    mean = total / max(len(clean), 1)
    return np.asarray(mean.mean(axis=2) if mean.ndim == 3 else mean)


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
    >>> clean = np.zeros((4, 1, 1), np.uint8)
    >>> found = image_estimates(image_quality(clean, clean + np.array([1, 2, 3, 2], np.uint8)[:, None, None], 255))
    >>> found["mae"].value, round(found["mae"].low, 3), found["mae"].n
    (2.0, 0.701, 4)
    """
    found = {name: _estimate(name, quality, fold) for name in IMAGE_FIGURES}
    for label in () if labels is None else sorted(set(labels.tolist()) - {""}, key=_by_number):
        part = quality.take(labels == label)
        found |= {f"{name}:{label}": _estimate(name, part, None) for name in ("mae", "psnr", "ssim")}
    return found


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
