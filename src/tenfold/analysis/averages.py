"""What a class looks like: the mean of its images, and how they vary around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ClassAverage", "averages_of"]


@dataclass(frozen=True, eq=False)
class ClassAverage:
    """
    The images of one class taken together.

    Parameters
    ----------
    code : int
        Of the class.
    n : int
    mean, spread : ndarray of float64, shape of an image
        Mean and standard deviation of each pixel, in grey levels.
    """

    code: int
    n: int
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]


def averages_of(X: NDArray[np.uint8], y: NDArray[np.int64]) -> list[ClassAverage]:
    """
    Average the images of each class that has any.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, height, width) or (n, height, width, 3)
    y : ndarray of int64, shape (n,)

    Examples
    --------
    >>> X = np.array([[[0]], [[4]], [[9]]], np.uint8)
    >>> [(one.code, one.n, one.mean.item(), one.spread.item()) for one in averages_of(X, np.array([0, 0, 1]))]
    [(0, 2, 2.0, 2.0), (1, 1, 9.0, 0.0)]
    """
    found = []
    for code in np.unique(y):
        images = X[y == code]
        mean = images.mean(axis=0, dtype=np.float64)
        # In float32 chunks no larger than the images themselves.
        spread = images.astype(np.float32).std(axis=0, dtype=np.float64)
        found.append(ClassAverage(int(code), len(images), mean, spread))
    return found
