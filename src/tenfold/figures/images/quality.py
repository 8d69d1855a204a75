"""How near each restored image is to the clean one: error, PSNR, SSIM and pixels right."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.images.structural_similarity import ssim

__all__ = [
    "ImageQuality",
    "error_map",
    "image_quality",
    "images_at_once",
    "psnr",
    "tolerance_of",
]

_TOLERANCE = 0.04
_VALUES = 2_500_000
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
    (3188, 1)
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
