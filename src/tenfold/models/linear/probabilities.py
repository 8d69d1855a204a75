"""Probabilities from the scores of a linear classifier."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

__all__ = ["probabilities_from"]


def probabilities_from(scores: NDArray[np.float64], loss: str) -> NDArray[np.float64]:
    """
    Give probabilities, shape (m, classes), from scores of shape (m, classes), or (m,) for two classes.

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
