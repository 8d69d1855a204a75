"""The losses of linear classifiers, their slopes, compiled, and the probabilities that follow from scores."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import expit

__all__ = ["FLAT_BEYOND", "LOSSES", "clipped", "loss_and_slope", "probabilities_from"]

LOSSES: Final = {"hinge": 0, "squared_hinge": 1, "log_loss": 2, "modified_huber": 3, "perceptron": 4}
"""Codes by name."""
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
