"""Denoisers that look at one image alone, and the one that does nothing."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import median_filter
from sklearn.base import BaseEstimator

from tenfold.models.denoising.images import checked_images, checked_pairs

__all__ = ["MedianDenoiser", "UnchangedImages"]

_WINDOW = 3
_FIT_IMAGES = 4_000


class UnchangedImages(BaseEstimator):  # type: ignore[misc]
    """
    The baseline that does nothing: it predicts the noisy image itself.

    Attributes
    ----------
    image_shape_ : tuple of int
        Height and width in pixels (and 3 for colour) of the images it was fitted on.

    Examples
    --------
    >>> X, y = np.array([[[3, -1]]], np.int16), np.array([[[2, 0]]], np.uint8)
    >>> UnchangedImages().fit(X, y).predict(X).tolist()
    [[[3.0, -1.0]]]
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Remember the shape of the images alone."""
        self.image_shape_ = checked_pairs(X, y)[0].shape[1:]
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the images as they are, float64."""
        return checked_images(self, X).astype(np.float64)


class MedianDenoiser(BaseEstimator):  # type: ignore[misc]
    """
    The median of each pixel and its eight neighbours, less the brightness that the noise adds on average.

    Attributes
    ----------
    brightness_ : float
        Mean of the filtered less the mean of the clean training images, in grey levels.
    image_shape_ : tuple of int
        Height and width in pixels (and 3 for colour) of the images it was fitted on.

    Examples
    --------
    >>> clean = np.full((2, 3, 3), 5, np.uint8)
    >>> MedianDenoiser().fit(clean + np.int16(2), clean).predict(clean + np.int16(2))[0, 0].tolist()
    [5.0, 5.0, 5.0]
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """
        Estimate how much brighter the filtered images are, from up to 4,000 of them, evenly spread.

        Parameters
        ----------
        X : array_like of int16, shape (n, height, width) or (n, height, width, 3)
            Noisy images.
        y : array_like of uint8, of the same shape
            The clean images behind them.
        """
        noisy, clean = checked_pairs(X, y)
        rows = np.linspace(0, len(noisy) - 1, min(_FIT_IMAGES, len(noisy))).astype(np.int64)
        self.brightness_ = float(_filter(noisy[rows]).mean(dtype=np.float64) - clean[rows].mean(dtype=np.float64))
        self.image_shape_ = noisy.shape[1:]
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Predict clean images: grey levels of the shape of X, not rounded and not clipped."""
        return np.asarray(_filter(checked_images(self, X)).astype(np.float64) - self.brightness_)


def _filter(noisy: NDArray[np.int16]) -> NDArray[Any]:
    size = (1, _WINDOW, _WINDOW, *(1 for _ in noisy.shape[3:]))
    return np.asarray(median_filter(noisy, size=size, mode="nearest"))
