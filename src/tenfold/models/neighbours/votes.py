"""The votes of neighbours: from distances and labels to classes and shares of votes, as in scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from sklearn.utils.extmath import weighted_mode

__all__ = ["Weights", "majority_class", "vote_shares", "vote_weights"]

Floats = NDArray[np.float64]
Weights = str | Callable[[Any], Any] | None
_UNIFORM = (None, "uniform")


def vote_weights(distances: Floats, weights: Weights) -> Floats | None:
    """
    Return the weight of each neighbour's vote, shape (m, k); None where all count the same.

    Parameters
    ----------
    distances : ndarray of float64, shape (m, k)
    weights : "uniform", "distance", callable or None
        With "distance", neighbours at distance 0 alone count where there are some.

    Raises
    ------
    ValueError
        All neighbours of some query have the weight 0.

    Examples
    --------
    >>> vote_weights(np.array([[1.0, 2.0], [0.0, 1.0]]), "distance")
    array([[1. , 0.5],
           [1. , 0. ]])
    """
    if weights in _UNIFORM:
        return None
    vote_weight = weights(distances) if callable(weights) else _inverse(distances)
    if (np.asarray(vote_weight) == 0).all(axis=1).any():
        raise ValueError(
            "All neighbors of some sample is getting zero weights. Please modify 'weights' to avoid this case if "
            "you are using a user-defined function."
        )
    return np.asarray(vote_weight)


def _inverse(distances: Floats) -> Floats:
    with np.errstate(divide="ignore", over="ignore"):
        inverse = 1.0 / distances
    infinite = np.isinf(inverse)
    exact = infinite.any(axis=1)
    inverse[exact] = infinite[exact]
    return inverse


def vote_shares(codes: NDArray[np.int64], weights: Floats | None, classes: int) -> Floats:
    """
    Return the share of the votes for each class.

    Parameters
    ----------
    codes : ndarray of int64, shape (m, k)
        Class codes of the neighbours, the nearest first.
    weights : ndarray of float64, shape (m, k), or None
    classes : int

    Returns
    -------
    ndarray of float64, shape (m, classes)

    Examples
    --------
    >>> vote_shares(np.array([[0, 1, 1, 1]]), None, 2)
    array([[0.25, 0.75]])
    """
    votes = np.zeros((len(codes), classes))
    if weights is None:
        _count(codes, votes)
    else:
        _add(codes, np.ascontiguousarray(weights, np.float64), votes)
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))


@njit(nogil=True, cache=True)
def _count(codes: NDArray[np.int64], votes: Floats) -> None:
    for i in range(len(codes)):
        for code in codes[i]:
            votes[i, code] += 1


@njit(nogil=True, cache=True)
def _add(codes: NDArray[np.int64], weights: Floats, votes: Floats) -> None:
    for i in range(len(codes)):
        for place in range(codes.shape[1]):
            votes[i, codes[i, place]] += weights[i, place]


def majority_class(codes: NDArray[np.int64], weights: Floats | None, classes: int) -> NDArray[np.int64]:
    """
    Return the class with most votes, of equal ones that of the lowest code.

    Parameters as of `vote_shares`; returns one class code for each query, int64 of shape (m,).
    """
    if weights is None:
        return np.asarray(vote_shares(codes, None, classes).argmax(axis=1))
    return np.asarray(weighted_mode(codes, weights, axis=1)[0][:, 0], dtype=np.int64)
