"""Structural similarity: how alike two images look in brightness, contrast and pattern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ssim", "ssim_window"]

_WANG_WINDOW, _WANG_SIGMA = 11, 1.5
_K1, _K2 = 0.01, 0.03
Floats = NDArray[np.float64]


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


def ssim(clean: NDArray[Any], restored: NDArray[Any], peak: int) -> Floats:
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
        blurred = gaussian_filter(images, (0, sigma, sigma), radius=(0, edge, edge))
        return np.asarray(blurred[:, edge : images.shape[1] - edge, edge : images.shape[2] - edge])

    return mean
