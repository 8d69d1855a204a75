"""What a class looks like: the mean of its images, and how they vary around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ClassAverage", "averages_of"]

_PIXELS_AT_ONCE = 10_000_000


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


def averages_of(X: NDArray[np.uint8], y: NDArray[np.int64], classes: Sequence[int] | None = None) -> list[ClassAverage]:
    """
    Return the average of the images of each class that has any, computed a few images at a time.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, height, width) or (n, height, width, 3)
    y : ndarray of int64, shape (n,)
    classes : sequence of int, optional
        Codes of the classes wanted; all by default.

    Examples
    --------
    >>> X = np.array([[[0]], [[4]], [[9]]], np.uint8)
    >>> [(one.code, one.n, one.mean.item(), one.spread.item()) for one in averages_of(X, np.array([0, 0, 1]))]
    [(0, 2, 2.0, 2.0), (1, 1, 9.0, 0.0)]
    """
    rows_of = {code: np.flatnonzero(y == code) for code in (np.unique(y).tolist() if classes is None else classes)}
    return [_average(X, rows, code) for code, rows in rows_of.items() if len(rows)]


def _average(X: NDArray[np.uint8], rows: NDArray[np.int64], code: int) -> ClassAverage:
    """Whole numbers are summed, so that nothing is lost however many there are."""
    total, squares = np.zeros(X.shape[1:], np.int64), np.zeros(X.shape[1:], np.int64)
    step = max(_PIXELS_AT_ONCE // max(int(np.prod(X.shape[1:])), 1), 1)
    for start in range(0, len(rows), step):
        some = X[rows[start : start + step]].astype(np.uint32)
        total += some.sum(axis=0, dtype=np.int64)
        squares += (some**2).sum(axis=0, dtype=np.int64)
    mean = total / len(rows)
    return ClassAverage(code, len(rows), mean, np.sqrt(np.maximum(squares / len(rows) - mean**2, 0)))
