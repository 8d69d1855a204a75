"""What neighbours vote: from distances and labels to classes and shares of votes, as scikit-learn counts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from sklearn.utils.extmath import weighted_mode

__all__ = ["Weights", "elected", "shares_of_votes", "weights_of"]

Floats = NDArray[np.float64]
Weights = str | Callable[[Any], Any] | None
_EVEN = (None, "uniform")


def weights_of(distances: Floats, weights: Weights) -> Floats | None:
    """
    Give the weight of each neighbour's vote; None where all count the same.

    Parameters
    ----------
    distances : ndarray of float64, shape (m, k)
    weights : "uniform", "distance", callable or None
        Of "distance", a neighbour at distance 0 outweighs all others.

    Raises
    ------
    ValueError
        All neighbours of some query weigh nothing.

    Examples
    --------
    >>> weights_of(np.array([[1.0, 2.0], [0.0, 1.0]]), "distance")
    array([[1. , 0.5],
           [1. , 0. ]])
    """
    if weights in _EVEN:
        return None
    found = weights(distances) if callable(weights) else _inverse(distances)
    if (np.asarray(found) == 0).all(axis=1).any():
        raise ValueError(
            "All neighbors of some sample is getting zero weights. Please modify 'weights' to avoid this case if "
            "you are using a user-defined function."
        )
    return np.asarray(found)


def _inverse(distances: Floats) -> Floats:
    with np.errstate(divide="ignore", over="ignore"):
        inverse = 1.0 / distances
    same = np.isinf(inverse)
    there = same.any(axis=1)
    inverse[there] = same[there]
    return inverse


def shares_of_votes(codes: NDArray[np.int64], weights: Floats | None, classes: int) -> Floats:
    """
    Give the share of the votes for each class.

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
    >>> shares_of_votes(np.array([[0, 1, 1, 1]]), None, 2)
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


def elected(codes: NDArray[np.int64], weights: Floats | None, classes: int) -> NDArray[np.int64]:
    """
    Give the class with most votes; of equal ones the one of the lowest code.

    Parameters and returns as `shares_of_votes`, but one code a query, shape (m,).
    """
    if weights is None:
        return np.asarray(shares_of_votes(codes, None, classes).argmax(axis=1))
    return np.asarray(weighted_mode(codes, weights, axis=1)[0][:, 0], dtype=np.int64)
