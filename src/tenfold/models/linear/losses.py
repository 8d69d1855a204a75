"""The losses of linear classifiers and their slopes, compiled; classes are -1 and 1."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

__all__ = ["FLAT_BEYOND", "LOSSES", "clipped", "loss_and_slope"]

LOSSES: Final = {"hinge": 0, "squared_hinge": 1, "log_loss": 2, "modified_huber": 3, "perceptron": 4}
"""Codes by name."""
FLAT_BEYOND: Final = {0: 1.0, 1: 1.0, 3: 1.0, 4: 0.0}
"""Margin beyond which a loss, by its code, is zero and has no slope."""

_STEEPEST = 1e12


@njit(nogil=True, cache=True, inline="always")
def loss_and_slope(loss: int, y: float, score: float) -> tuple[float, float]:
    """
    Give a row's loss and its derivative by the score, for the code of a loss, y in {-1, 1} and the score.

    Formulas: Zhang, Solving large scale linear prediction problems using SGD, ICML 2004.

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
    """Keep a slope within what a step survives."""
    return min(max(slope, -_STEEPEST), _STEEPEST)
