"""The images that a denoiser takes: noisy int16 and clean uint8 ones of one shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

__all__ = ["checked_images", "checked_pairs"]

_GREY, _COLOUR = 3, 4
_CHANNELS = 3


def checked_pairs(X: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """
    Return noisy and clean training images as arrays.

    Parameters
    ----------
    X : array_like of int16, shape (n, height, width) or (n, height, width, 3)
        Noisy images.
    y : array_like of uint8, of the same shape
        The clean images behind them.

    Raises
    ------
    ValueError
        No images, of another type, or not as many or not of one shape.
    """
    noisy, clean = _whole_numbers(X, np.int16, "noisy images"), _whole_numbers(y, np.uint8, "clean images")
    if noisy.shape != clean.shape:
        raise ValueError(f"noisy images of shape {noisy.shape}, but clean images of shape {clean.shape}")
    if not noisy.size:
        raise ValueError("no images to learn from")
    return noisy, clean


def checked_images(model: Any, X: ArrayLike) -> NDArray[np.int16]:
    """
    Return noisy images as an array for a fitted denoiser.

    Raises
    ------
    NotFittedError
        The denoiser has seen no images.
    ValueError
        Images of another type, or of another shape than those it was fitted on.
    """
    check_is_fitted(model, "image_shape_")
    noisy = _whole_numbers(X, np.int16, "noisy images")
    if noisy.shape[1:] != model.image_shape_:
        raise ValueError(
            f"images of shape {noisy.shape[1:]}, but it was fitted on images of shape {model.image_shape_}"
        )
    return noisy


def _whole_numbers(X: ArrayLike, dtype: type[np.integer[Any]], what: str) -> NDArray[Any]:
    images = np.asarray(X)
    if not np.can_cast(images.dtype, dtype, "safe"):
        raise ValueError(f"{what} of type {images.dtype}; give whole numbers ({np.dtype(dtype)})")
    grey = images.ndim == _GREY or (images.ndim == _COLOUR and images.shape[-1] == _CHANNELS)
    if not grey:
        raise ValueError(f"{what} of shape {images.shape}; give (n, height, width) or (n, height, width, 3)")
    return images.astype(dtype, copy=False)
