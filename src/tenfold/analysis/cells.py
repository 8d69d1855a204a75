"""The instances behind a cell of the confusion matrix, the surest first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cell", "hardest_right", "margin", "surest_wrong"]

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


def margin(predicted: Codes, scores: Floats, threshold: float = 0.0) -> Floats:
    """
    Say how sure each answer was: how far its score lies from where the answer would have been another.

    Parameters
    ----------
    predicted : ndarray of int64, shape (n,)
        Class codes.
    scores : ndarray of float64, shape (n,) or (n, k)
        Of a detector, the distance to its threshold counts; of several classes, the score of the class called less
        the highest other one.
    threshold : float
        Of a detector.

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> margin(np.array([0, 1]), np.array([[0.7, 0.3], [0.4, 0.6]])).round(2).tolist()
    [0.4, 0.2]
    >>> margin(np.array([0, 1]), np.array([0.2, 0.9]), threshold=0.5).round(2).tolist()
    [0.3, 0.4]
    """
    if scores.ndim == 1:
        return np.where(predicted == 1, scores - threshold, threshold - scores)
    rows = np.arange(len(predicted))
    others = scores.copy()
    others[rows, predicted] = -np.inf
    return np.asarray(scores[rows, predicted] - others.max(axis=1))


def cell(y: Codes, predicted: Codes, actual: int, called: int, sureness: Floats | None = None) -> Codes:
    """
    Give the positions of the instances of class `actual` that were called `called`.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n,)
    actual, called : int
        Class codes.
    sureness : ndarray of float64, shape (n,), optional
        The highest first; in the order of the rows without it.

    Examples
    --------
    >>> cell(np.array([0, 0, 1, 0]), np.array([1, 0, 1, 1]), 0, 1, np.array([0.1, 0.9, 0.5, 0.7])).tolist()
    [3, 0]
    """
    found = np.flatnonzero((y == actual) & (predicted == called))
    return found if sureness is None else found[np.argsort(-sureness[found], kind="stable")]


def surest_wrong(y: Codes, predicted: Codes, sureness: Floats, limit: int = 25) -> Codes:
    """
    Give the wrong answers that were surest, the surest first: wrong labels are often among them.

    Examples
    --------
    >>> surest_wrong(np.array([0, 1, 1]), np.array([1, 1, 0]), np.array([0.2, 0.9, 0.7])).tolist()
    [2, 0]
    """
    wrong = np.flatnonzero(y != predicted)
    return wrong[np.argsort(-sureness[wrong], kind="stable")][:limit]


def hardest_right(y: Codes, predicted: Codes, sureness: Floats, limit: int = 25) -> Codes:
    """
    Give the right answers that were least sure, the least sure first: the next errors.

    Examples
    --------
    >>> hardest_right(np.array([0, 1, 1]), np.array([0, 1, 0]), np.array([0.2, 0.1, 0.7])).tolist()
    [1, 0]
    """
    right = np.flatnonzero(y == predicted)
    return right[np.argsort(sureness[right], kind="stable")][:limit]
