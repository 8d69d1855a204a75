"""Denoising by a linear map: every clean pixel as a weighted sum of all noisy ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from tenfold.errors import LimitError

__all__ = ["LinearMap"]

_MOST_VALUES = 4_096
_PENALTY = 1.0
_ROWS = 4_000


@dataclass(frozen=True, eq=False)
class LinearMap:
    """
    Ridge regression of all clean pixels on all noisy ones at once, as scikit-learn's ``Ridge(alpha=1)``.

    It is solved here because scikit-learn keeps several float copies of all images, a gigabyte for MNIST; sums over a
    few thousand images at a time need none, and whole numbers add up exactly in float64, in whatever order.

    Parameters
    ----------
    weights : ndarray of float32, shape (d, d)
        Row i makes clean pixel i.
    offset : ndarray of float32, shape (d,)
    """

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]

    @classmethod
    def fitted(cls, noisy: NDArray[np.int16], clean: NDArray[np.uint8]) -> Self:
        """
        Fit the map.

        Raises
        ------
        LimitError
            An image has more than 4,096 values: the map would have a weight for each pair of them.
        """
        values = int(np.prod(clean.shape[1:]))
        if values > _MOST_VALUES:
            raise LimitError(f"{values:,} values an image, over the limit of {_MOST_VALUES:,} of ridge")
        squares, products, x_mean, y_mean = _moments(noisy, clean, values)
        weights = solve(squares + _PENALTY * np.eye(values), products, assume_a="pos").T
        return cls(weights.astype(np.float32), (y_mean - weights @ x_mean).astype(np.float32))

    def restored(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        """Restore images of shape (m, height, width[, 3]); grey levels, not rounded."""
        X = noisy.reshape(len(noisy), -1).astype(np.float32)
        return np.asarray(X @ self.weights.T + self.offset, np.float64).reshape(noisy.shape)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what is kept in a file."""
        return {"weights": self.weights, "offset": self.offset}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """
        Read what `arrays` gave.

        Raises
        ------
        ValueError
            The weights are no square of numbers, or the offset is not as long as a side of it.
        """
        weights, offset = (arrays[name].astype(np.float32, casting="safe") for name in ("weights", "offset"))
        finite = np.isfinite(weights).all() and np.isfinite(offset).all()
        if weights.shape != (*offset.shape, *offset.shape) or offset.ndim != 1 or not finite or len(arrays) != 2:
            raise ValueError(f"weights of shape {weights.shape} for {offset.shape} values, or some are no numbers")
        return cls(weights, offset)


def _moments(
    noisy: NDArray[np.int16], clean: NDArray[np.uint8], values: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Centred sums of products, noisy by noisy and noisy by clean, and the means of both."""
    squares, products = np.zeros((values, values)), np.zeros((values, values))
    x_sum, y_sum, n = np.zeros(values), np.zeros(values), len(noisy)
    for start in range(0, n, _ROWS):
        X, Y = (part[start : start + _ROWS].reshape(-1, values).astype(np.float64) for part in (noisy, clean))
        squares += X.T @ X
        products += X.T @ Y
        x_sum += X.sum(axis=0)
        y_sum += Y.sum(axis=0)
    return squares - np.outer(x_sum, x_sum) / n, products - np.outer(x_sum, y_sum) / n, x_sum / n, y_sum / n
