"""Denoising by a linear map: every clean pixel as a weighted sum of all noisy ones."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve
from sklearn.base import BaseEstimator

from tenfold.errors import LimitError
from tenfold.models.denoising.images import checked_images, checked_pairs

__all__ = ["RidgeDenoiser"]

_MOST_VALUES = 4_096
_ROWS_AT_ONCE = 4_000


class RidgeDenoiser(BaseEstimator):  # type: ignore[misc]
    """
    Ridge regression of all clean pixels on all noisy ones at once, as scikit-learn's ``Ridge(alpha=1)``.

    It is solved here because scikit-learn keeps several float copies of all images, a gigabyte for MNIST; sums over a
    few thousand images at a time need none, and whole numbers add up exactly in float64, in whatever order.

    Parameters
    ----------
    alpha : float
        Penalty on the squared weights, above 0.

    Attributes
    ----------
    coef_ : ndarray of float32, shape (d, d)
        Row i makes clean pixel i of the d values of an image.
    intercept_ : ndarray of float32, shape (d,)
    image_shape_ : tuple of int
        Height and width in pixels (and 3 for colour) of the images it was fitted on.

    Examples
    --------
    >>> clean = np.arange(12, dtype=np.uint8).reshape(6, 1, 2)
    >>> model = RidgeDenoiser(alpha=1e-9).fit(clean + np.int16(3), clean)
    >>> model.predict(clean[:1] + np.int16(3)).round(2).tolist()
    [[[0.0, 1.0]]]
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """
        Fit the map.

        Parameters
        ----------
        X : array_like of int16, shape (n, height, width) or (n, height, width, 3)
            Noisy images.
        y : array_like of uint8, of the same shape
            The clean images behind them.

        Raises
        ------
        LimitError
            An image has more than 4,096 values: the map would have a weight for each pair of them.
        ValueError
            `alpha` is not above 0, or the images do not fit together.
        """
        noisy, clean = checked_pairs(X, y)
        if not self.alpha > 0:
            raise ValueError(f"alpha is {self.alpha}; give a penalty above 0")
        values = int(np.prod(clean.shape[1:]))
        if values > _MOST_VALUES:
            raise LimitError(f"{values:,} values an image, over the limit of {_MOST_VALUES:,} of ridge")
        squares, products, x_mean, y_mean = _moments(noisy, clean, values)
        weights = solve(squares + self.alpha * np.eye(values), products, assume_a="pos").T
        self.coef_ = weights.astype(np.float32)
        self.intercept_ = (y_mean - weights @ x_mean).astype(np.float32)
        self.image_shape_ = noisy.shape[1:]
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Predict clean images: grey levels of the shape of X, not rounded and not clipped."""
        noisy = checked_images(self, X)
        rows = noisy.reshape(len(noisy), -1).astype(np.float32)
        return np.asarray(rows @ self.coef_.T + self.intercept_, np.float64).reshape(noisy.shape)


def _moments(
    noisy: NDArray[np.int16], clean: NDArray[np.uint8], values: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return centred sums of products, noisy by noisy and noisy by clean, and the means of both."""
    squares, products = np.zeros((values, values)), np.zeros((values, values))
    x_sum, y_sum, n = np.zeros(values), np.zeros(values), len(noisy)
    for start in range(0, n, _ROWS_AT_ONCE):
        X, Y = (part[start : start + _ROWS_AT_ONCE].reshape(-1, values).astype(np.float64) for part in (noisy, clean))
        squares += X.T @ X
        products += X.T @ Y
        x_sum += X.sum(axis=0)
        y_sum += Y.sum(axis=0)
    return squares - np.outer(x_sum, x_sum) / n, products - np.outer(x_sum, y_sum) / n, x_sum / n, y_sum / n
