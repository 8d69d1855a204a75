"""The confusion matrix read in every way: as counts, as shares of a row, a column or all, and errors only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.confusion import share
from tenfold.figures.intervals.closed import wilson

__all__ = [
    "READINGS",
    "Confusion",
    "cells_over_folds",
    "cells_with_intervals",
    "most_confused",
    "read_matrix",
]

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

READINGS = {
    "counts": "rows",
    "actual": "share of the rows of each actual class",
    "predicted": "share of the rows called each class",
    "all": "share of all rows",
    "errors-actual": "share of the errors on each actual class",
    "errors-predicted": "share of the errors called each class",
}
"""What each reading's numbers are."""


def read_matrix(counts: NDArray[Any], by: str) -> Floats:
    """
    Give a confusion matrix in one of its readings.

    Parameters
    ----------
    counts : ndarray of int or float, shape (..., k, k)
        Rows actual, columns predicted.
    by : str
        One of `READINGS`.

    Returns
    -------
    ndarray of float64, shape (..., k, k)
        NaN where a share has nothing to be a share of, and on the diagonal where only errors are read.

    Examples
    --------
    >>> read_matrix(np.array([[8, 2], [0, 5]]), "errors-actual")
    array([[nan,  1.],
           [nan, nan]])
    """
    if by == "counts":
        return np.asarray(counts, np.float64)
    return share(_read_counts(counts, by), _whole(counts, by))


def cells_with_intervals(counts: Counts, by: str) -> tuple[Floats, Floats]:
    """
    Give Wilson's 95 % interval of every cell of a reading, low and high, each of shape (k, k); NaN for counts.

    Examples
    --------
    >>> low, high = cells_with_intervals(np.array([[8, 2], [0, 5]]), "actual")
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([[0.49, 0.057], [0.0, 0.566]], [[0.943, 0.51], [0.434, 1.0]])
    """
    if by == "counts":
        nothing = np.full(counts.shape, np.nan)
        return nothing, nothing
    part = _read_counts(counts, by)
    low, high = wilson(part, np.broadcast_to(_whole(counts, by), counts.shape))
    return np.where(np.isnan(part), np.nan, low), np.where(np.isnan(part), np.nan, high)


def cells_over_folds(counts: Counts, by: str) -> tuple[Floats, Floats]:
    """
    Give the lowest and the highest value of every cell of a reading among the folds, each of shape (k, k).

    Parameters
    ----------
    counts : ndarray of int64, shape (folds, k, k)
        One confusion matrix a fold.
    by : str
        One of `READINGS`.

    Returns
    -------
    low, high : ndarray of float64, shape (k, k)
        NaN where no fold has anything to be a share of.

    Examples
    --------
    >>> low, high = cells_over_folds(np.array([[[8, 2], [0, 5]], [[9, 1], [1, 4]]]), "actual")
    >>> low.tolist(), high.tolist()
    ([[0.8, 0.1], [0.0, 0.8]], [[0.9, 0.2], [0.2, 1.0]])
    """
    shares = read_matrix(counts, by)
    return np.fmin.reduce(shares), np.fmax.reduce(shares)


def _read_counts(counts: NDArray[Any], by: str) -> Floats:
    """The numerators: errors only has none on the diagonal."""
    part = np.array(counts, dtype=np.float64)
    if by.startswith("errors"):
        places = np.arange(counts.shape[-1])
        part[..., places, places] = np.nan
    return part


def _whole(counts: NDArray[Any], by: str) -> Floats:
    part = np.nan_to_num(_read_counts(counts, by))
    if by == "all":
        return np.asarray(part.sum(axis=(-2, -1), keepdims=True))
    return np.asarray(part.sum(axis=-1 if by.endswith("actual") else -2, keepdims=True))


@dataclass(frozen=True)
class Confusion:
    """
    One kind of error.

    Parameters
    ----------
    actual, predicted : int
        Class codes.
    count : int
        Rows.
    errors : int
        All errors on the actual class.
    share, low, high : float
        Of those errors, with Wilson's 95 % interval.
    """

    actual: int
    predicted: int
    count: int
    errors: int
    share: float
    low: float
    high: float


def most_confused(counts: Counts, limit: int = 10) -> list[Confusion]:
    """
    Give the most frequent errors, the most frequent first; of equal ones the one of the lower codes.

    Parameters
    ----------
    counts : ndarray of int64, shape (k, k)
    limit : int

    Examples
    --------
    >>> worst = most_confused(np.array([[8, 2, 0], [3, 5, 1], [0, 0, 9]]))
    >>> [(one.actual, one.predicted, one.count, one.share) for one in worst]
    [(1, 0, 3, 0.75), (0, 1, 2, 1.0), (1, 2, 1, 0.25)]
    """
    wrong = counts - np.diag(np.diag(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:limit]
    pairs = [divmod(int(place), len(counts)) for place in order if wrong.flat[place]]
    errors = wrong.sum(axis=1)
    confusions = []
    for actual, predicted in pairs:
        count, total = int(wrong[actual, predicted]), int(errors[actual])
        low, high = wilson(count, total)
        confusions.append(Confusion(actual, predicted, count, total, count / total, float(low), float(high)))
    return confusions
