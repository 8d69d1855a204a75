"""Which instances the page carries with it: all where there is room, else the errors before the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PAGE_BYTES", "certainty", "certainty_of_all", "combined", "instances_that_fit"]

PAGE_BYTES = 4_500_000
"""Bytes of the page for pictures or rows; a report of 60,000 images of ten classes then stays under 12 MB."""
_ERRORS_A_CELL = 1_000
_RIGHT_ONES = 8_000


def certainty(
    predicted: NDArray[np.int64], scores: NDArray[np.float64] | None, threshold: float | None
) -> NDArray[np.float64]:
    """
    Return how sure each prediction is: its score; of a detector how far the score lies beyond the threshold.

    Parameters
    ----------
    predicted : ndarray of int64, shape (n,)
        Class codes.
    scores : ndarray of float64, shape (n,) or (n, k), or None
        None leaves all equally sure.
    threshold : float or None
        Of a detector.

    Examples
    --------
    >>> certainty(np.array([1, 0]), np.array([[0.1, 0.9], [0.6, 0.4]]), None).tolist()
    [0.9, 0.6]
    >>> certainty(np.array([1, 0]), np.array([0.75, 0.25]), 0.5).tolist()
    [0.25, 0.25]
    """
    if scores is None:
        return np.zeros(len(predicted))
    if scores.ndim == 2:
        return np.asarray(scores[np.arange(len(predicted)), predicted])
    return np.where(predicted == 1, 1.0, -1.0) * (scores - (threshold or 0.0))


def certainty_of_all(wrong: NDArray[np.bool_], sure: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return how sure the predictions of all labels of a row are: the surest of the wrong ones, else the least sure.

    Parameters
    ----------
    wrong : ndarray of bool, shape (k, n)
    sure : ndarray of float64, shape (k, n)

    Examples
    --------
    >>> wrong = np.array([[True, False], [True, False]])
    >>> certainty_of_all(wrong, np.array([[0.1, 0.2], [0.4, 0.3]])).tolist()
    [0.4, 0.2]
    """
    return np.asarray(np.where(wrong.any(axis=0), np.where(wrong, sure, -np.inf).max(axis=0), sure.min(axis=0)))


def combined(y: NDArray[np.int64], predicted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Return a code for each combination of labels, actual or predicted; shapes (k, n) to (n,).

    Examples
    --------
    >>> combined(np.array([[0, 1], [1, 1]]), np.array([[1, 1], [1, 1]]))
    (array([0, 1]), array([1, 1]))
    """
    codes = np.unique(np.concatenate([y, predicted], axis=1), axis=1, return_inverse=True)[1].ravel()
    return codes[: y.shape[1]], codes[y.shape[1] :]


def instances_that_fit(
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    sure: NDArray[np.float64],
    bytes_each: float,
    most: int = PAGE_BYTES,
    near: NDArray[np.integer] | None = None,
) -> NDArray[np.int64]:
    """
    Choose the instances that fit: errors, the surest of each cell first; then the surest and least sure right ones.

    Where the nearest rows are known, those of the errors come before the right ones.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n,)
        Class codes.
    sure : ndarray of float64, shape (n,)
        How sure each prediction is.
    bytes_each : float
        What one instance takes of the page.
    most : int
        Bytes of all of them.
    near : ndarray of int, shape (n, k), optional
        Positions of the rows nearest to each.

    Returns
    -------
    ndarray of int64
        Positions, by actual class and then in order.

    Examples
    --------
    >>> y, predicted = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    >>> instances_that_fit(y, predicted, np.array([0.9, 0.6, 0.8, 0.7]), bytes_each=10, most=20).tolist()
    [0, 2]
    """
    wrong = y != predicted
    place = _place_in_cell(y, predicted, -sure)
    place = np.where(wrong, place, _from_both_ends(place, _place_in_cell(y, predicted, sure)))
    classes = max(int(max(y.max(initial=0), predicted.max(initial=0))) + 1, 1)
    worth = np.where(wrong, place < _ERRORS_A_CELL, place < max(_RIGHT_ONES // classes, 25))
    beside = np.zeros(len(y), bool)
    if near is not None:
        beside[near[wrong & worth].ravel()] = True
        beside &= ~wrong
    worth |= beside
    order = np.lexsort((place, ~beside, ~wrong))
    order = order[worth[order]][: int(most / max(bytes_each, 1e-9))]
    return np.asarray(sorted(order.tolist(), key=lambda i: (y[i], i)), dtype=np.int64)


def _from_both_ends(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take one from the front, one from the back, and so on."""
    return np.where(first <= last, 2 * first, 2 * last + 1)


def _place_in_cell(y: NDArray[np.int64], predicted: NDArray[np.int64], key: NDArray[np.float64]) -> NDArray[np.int64]:
    """Place of each row among those of its cell, by key."""
    order = np.lexsort((key, predicted, y))
    cell = np.stack([y[order], predicted[order]])
    starts = np.append(True, (cell[:, 1:] != cell[:, :-1]).any(axis=0)) if len(order) else np.empty(0, bool)
    counted = np.arange(len(order))
    place = np.empty(len(order), np.int64)
    place[order] = counted - np.maximum.accumulate(np.where(starts, counted, 0))
    return place
