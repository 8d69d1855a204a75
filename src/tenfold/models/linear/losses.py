"""The losses of linear models, their slopes, compiled, and the probabilities that follow from scores."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numba import njit
from numba.extending import overload
from numpy.typing import NDArray
from scipy.special import expit

__all__ = [
    "FLAT_BEYOND",
    "LOSSES",
    "TARGET_LOSSES",
    "clipped",
    "loss_and_slope",
    "losses_and_slopes",
    "probabilities_from",
    "row_loss",
]

LOSSES: Final = {"hinge": 0, "squared_hinge": 1, "log_loss": 2, "modified_huber": 3, "perceptron": 4}
"""Codes by name."""
TARGET_LOSSES: Final = {"squared_error": 0, "huber": 1, "epsilon_insensitive": 2, "squared_epsilon_insensitive": 3}
"""Those of numbers."""
FLAT_BEYOND: Final = {0: 1.0, 1: 1.0, 3: 1.0, 4: 0.0}
"""Margin beyond which a loss, by its code, is zero and has no slope."""

_STEEPEST = 1e12


@njit(nogil=True, cache=True, inline="always")
def loss_and_slope(loss: int, y: float, score: float) -> tuple[float, float]:
    """
    Return the loss and its derivative by the score.

    Formulas: Zhang, Solving large scale linear prediction problems using SGD, ICML 2004.

    Parameters
    ----------
    loss : int
        Code of a loss, a value of `LOSSES`.
    y : float
        -1 or 1.
    score : float

    Examples
    --------
    >>> loss_and_slope(LOSSES["hinge"], 1.0, 0.25)
    (0.75, -1.0)
    """
    z = y * score
    if loss == 0:
        return (1.0 - z, -y) if z <= 1.0 else (0.0, 0.0)
    if loss == 4:
        return (-z, -y) if z <= 0.0 else (0.0, 0.0)
    if loss == 1:
        gap = 1.0 - z
        return (gap * gap, -2.0 * y * gap) if gap > 0.0 else (0.0, 0.0)
    if loss == 3:
        if z >= 1.0:
            return 0.0, 0.0
        return ((1.0 - z) ** 2, -2.0 * y * (1.0 - z)) if z >= -1.0 else (-4.0 * z, -4.0 * y)
    if z > 30.0:
        return math.exp(-z), -y * math.exp(-z)
    if z < -30.0:
        return -z, -y
    return math.log1p(math.exp(-z)), -y / (1.0 + math.exp(z))


@njit(nogil=True, cache=True, inline="always")
def _target_loss_and_slope(loss: int, y: float, score: float, epsilon: float) -> tuple[float, float]:
    """Return the loss of a number, by its code in `TARGET_LOSSES`, and its derivative by the score."""
    residual = score - y
    if loss == 0:
        return 0.5 * residual * residual, residual
    size, sign = abs(residual), 1.0 if residual > 0.0 else -1.0
    if loss == 1:
        if size <= epsilon:
            return 0.5 * residual * residual, residual
        return epsilon * size - 0.5 * epsilon * epsilon, epsilon * sign
    beyond = size - epsilon
    if beyond <= 0.0:
        return 0.0, 0.0
    return (beyond, sign) if loss == 2 else (beyond * beyond, 2.0 * sign * beyond)


def row_loss(
    labels: NDArray[Any], i: int, classes: NDArray[np.int64], k: int, loss: int, epsilon: float, score: float
) -> tuple[float, float, int]:  # fmt: skip
    """
    Return the loss of row i in problem k, its slope, and which of the two weights of the problem's classes counts.

    Labels are codes of classes, int64 of shape (n,), or numbers, float64 of shape (n, targets).

    Examples
    --------
    >>> row_loss(np.array([2]), 0, np.array([2]), 0, LOSSES["hinge"], 0.0, 0.25)
    (0.75, -1.0, 1)
    >>> row_loss(np.array([[2.0]]), 0, np.array([0]), 0, TARGET_LOSSES["squared_error"], 0.0, 5.0)
    (4.5, 3.0, 0)
    """
    if labels.ndim == 2:
        value, slope = _target_loss_and_slope(loss, float(labels[i, classes[k]]), score, epsilon)
        return value, slope, 0
    positive = labels[i] == classes[k]
    value, slope = loss_and_slope(loss, 1.0 if positive else -1.0, score)
    return value, slope, int(positive)


# Compiled code takes one of these by the type of the labels.
@overload(row_loss)
def _row_loss(labels: Any, i: Any, classes: Any, k: Any, loss: Any, epsilon: Any, score: Any) -> Any:
    if labels.ndim == 2:

        def of_number(labels: Any, i: Any, classes: Any, k: Any, loss: Any, epsilon: Any, score: Any) -> Any:
            value, slope = _target_loss_and_slope(loss, labels[i, classes[k]], score, epsilon)
            return value, slope, 0

        return of_number

    def of_class(labels: Any, i: Any, classes: Any, k: Any, loss: Any, epsilon: Any, score: Any) -> Any:
        positive = labels[i] == classes[k]
        value, slope = loss_and_slope(loss, 1.0 if positive else -1.0, score)
        return value, slope, int(positive)

    return of_class


@njit(nogil=True, cache=True)
def losses_and_slopes(
    loss: int, targets: NDArray[np.float64], scores: NDArray[np.float64], epsilon: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return the losses of numbers and their derivatives by the scores, each float64 of the shape (m, targets).

    Examples
    --------
    >>> losses_and_slopes(TARGET_LOSSES["huber"], np.array([[0.0]]), np.array([[3.0]]), 1.0)
    (array([[2.5]]), array([[1.]]))
    """
    losses, slopes = np.empty(targets.shape), np.empty(targets.shape)
    for i in range(targets.shape[0]):
        for k in range(targets.shape[1]):
            losses[i, k], slopes[i, k] = _target_loss_and_slope(loss, targets[i, k], scores[i, k], epsilon)
    return losses, slopes


@njit(nogil=True, cache=True, inline="always")
def clipped(slope: float) -> float:
    """Return a slope clipped to what a step survives."""
    return min(max(slope, -_STEEPEST), _STEEPEST)


def probabilities_from(scores: NDArray[np.float64], loss: str) -> NDArray[np.float64]:
    """
    Return probabilities, shape (m, classes), from scores of shape (m, classes), or (m,) for two classes.

    "log_loss" takes the logistic function of each score, "modified_huber" the formula of Zhang (2004); those of
    several classes are divided by their sum (Zadrozny and Elkan, 2002).

    Examples
    --------
    >>> probabilities_from(np.array([0.0]), "log_loss")
    array([[0.5, 0.5]])
    """
    each = expit(scores) if loss == "log_loss" else (np.clip(scores, -1, 1) + 1) / 2
    if each.ndim == 1:
        return np.stack([1 - each, each], axis=1)
    total = each.sum(axis=1, keepdims=True)
    even = np.full(each.shape, 1 / each.shape[1])
    return np.asarray(np.divide(each, total, out=even, where=total > 0))
