"""Which predictions are wrong: by cell and margin, for every candidate, at another threshold, for another model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Exchange", "Flips", "cell", "exchange_of", "flips", "hardest_right", "margin", "surest_wrong", "wrong_for_all",
]  # fmt: skip

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


def margin(predicted: Codes, scores: Floats, threshold: float = 0.0) -> Floats:
    """
    Return the margin of each prediction: how far its score lies from where the prediction would be another.

    Parameters
    ----------
    predicted : ndarray of int64, shape (n,)
        Class codes.
    scores : ndarray of float64, shape (n,) or (n, k)
        Of a detector, the distance to its threshold counts; of several classes, the score of the predicted class less
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
    Return the positions of the instances of class `actual` that are predicted as `called`.

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
    return _surest_first(np.flatnonzero((y == actual) & (predicted == called)), sureness)


def surest_wrong(y: Codes, predicted: Codes, sureness: Floats, limit: int = 25) -> Codes:
    """
    Return the positions of the wrong predictions that are surest, the surest first: wrong labels are often among them.

    Examples
    --------
    >>> surest_wrong(np.array([0, 1, 1]), np.array([1, 1, 0]), np.array([0.2, 0.9, 0.7])).tolist()
    [2, 0]
    """
    return _surest_first(np.flatnonzero(y != predicted), sureness)[:limit]


def hardest_right(y: Codes, predicted: Codes, sureness: Floats, limit: int = 25) -> Codes:
    """
    Return the positions of the right predictions that are least sure, the least sure first: the next errors.

    Examples
    --------
    >>> hardest_right(np.array([0, 1, 1]), np.array([0, 1, 0]), np.array([0.2, 0.1, 0.7])).tolist()
    [1, 0]
    """
    return _surest_first(np.flatnonzero(y == predicted), -sureness)[:limit]


def wrong_for_all(y: Codes, predicted: Sequence[Codes], sureness: Floats | None = None) -> Codes:
    """
    Return the positions of the rows that every candidate predicts wrongly.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        Class codes.
    predicted : sequence of ndarray of int64, shape (n,)
        One a candidate; none gives no rows.
    sureness : ndarray of float64, shape (n,), optional
        The highest first; in order of the rows without it.

    Examples
    --------
    >>> predicted = [np.array([1, 0, 1]), np.array([1, 0, 0])]
    >>> wrong_for_all(np.array([0, 1, 1]), predicted, np.array([0.1, 0.9, 0.5])).tolist()
    [1, 0]
    """
    if not predicted:
        return np.empty(0, np.int64)
    return _surest_first(np.flatnonzero(np.logical_and.reduce([y != one for one in predicted])), sureness)


def _surest_first(positions: Codes, sureness: Floats | None) -> Codes:
    return positions if sureness is None else positions[np.argsort(-sureness[positions], kind="stable")]


@dataclass(frozen=True, eq=False)
class Flips:
    """
    Positions whose prediction changes with the threshold, those nearest to the new threshold last.

    Parameters
    ----------
    mended, broken : ndarray of int64
        Wrong before and right after; right before and wrong after.
    """

    mended: Codes
    broken: Codes


def flips(y: Codes, scores: Floats, before: NDArray[np.bool_], threshold: float) -> Flips:
    """
    Return the rows whose prediction would change at another threshold, from which on a score is called positive.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        1 for the positive class.
    scores : ndarray of float64, shape (n,)
    before : ndarray of bool, shape (n,)
        The rows predicted positive so far.
    threshold : float

    Examples
    --------
    >>> scores = np.array([0.2, 0.4, 0.9, 0.3])
    >>> changes = flips(np.array([0, 1, 1, 0]), scores, scores >= 0.5, threshold=0.25)
    >>> changes.mended.tolist(), changes.broken.tolist()
    ([1], [3])
    """
    after = scores >= threshold
    moved = np.flatnonzero(before != after)
    moved = moved[np.argsort(-np.abs(scores[moved] - threshold), kind="stable")]
    right = after[moved] == (y[moved] == 1)
    return Flips(moved[right], moved[~right])


@dataclass(frozen=True, eq=False)
class Exchange:
    """
    How the predictions of a second classifier differ from those of a first, on the same rows.

    Parameters
    ----------
    fixed : ndarray of int64
        Positions of the rows that only the second has right.
    broken : ndarray of int64
        Positions of the rows that only the first has right.
    both_wrong : int
    n : int
    by_class : tuple of (rows, right by the first, right by the second), one a class
    """

    fixed: Codes
    broken: Codes
    both_wrong: int
    n: int
    by_class: tuple[tuple[int, int, int], ...]


def exchange_of(y: Codes, first: Codes, second: Codes, classes: int) -> Exchange:
    """
    Compare the predictions of two classifiers with the labels.

    Parameters
    ----------
    y, first, second : ndarray of int64, shape (n,)
        Class codes: true, and as predicted.
    classes : int

    Examples
    --------
    >>> exchange = exchange_of(np.array([0, 1, 1]), np.array([0, 0, 0]), np.array([1, 1, 0]), 2)
    >>> exchange.fixed.tolist(), exchange.broken.tolist(), exchange.both_wrong, exchange.by_class
    ([1], [0], 1, ((1, 1, 0), (2, 0, 1)))
    """
    one, other = first == y, second == y
    counts: list[Any] = [np.bincount(y, weights, minlength=classes).astype(int) for weights in (None, one, other)]
    return Exchange(
        fixed=np.flatnonzero(other & ~one),
        broken=np.flatnonzero(one & ~other),
        both_wrong=int((~one & ~other).sum()),
        n=len(y),
        by_class=tuple((int(n), int(a), int(b)) for n, a, b in zip(*counts, strict=True)),
    )
