"""What each row's probabilities cost: log loss and Brier score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["LOSSES", "row_brier", "row_log_loss"]

Floats = NDArray[np.float64]


def row_log_loss(y: NDArray[np.int64], probabilities: Floats) -> Floats:
    """
    Minus the logarithm (nats) of the probability given to what each row is.

    Probabilities are clipped to ``[eps, 1 - eps]`` of float64 and not made to sum to 1, as scikit-learn does.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
    probabilities : ndarray of float64, shape (n, 1) of the positive class, or (n, k)

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> row_log_loss(np.array([1, 0]), np.array([[0.5], [0.75]])).round(3).tolist()
    [0.693, 1.386]
    """
    truth = _probability_of_truth(y, probabilities)
    eps = np.finfo(np.float64).eps
    return np.asarray(-np.log(np.clip(truth, eps, 1 - eps)))


def row_brier(y: NDArray[np.int64], probabilities: Floats) -> Floats:
    """
    Squared distance of the probabilities from what each row is: Brier (1950), Monthly Weather Review 78:1.

    Binary: that of the positive class alone, in [0, 1]. Several classes: summed over the classes, in [0, 2].
    Both as `sklearn.metrics.brier_score_loss` has it by default.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
    probabilities : ndarray of float64, shape (n, 1) of the positive class, or (n, k)

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> row_brier(np.array([1, 0]), np.array([[0.5], [0.25]])).tolist()
    [0.25, 0.0625]
    """
    if probabilities.shape[1] == 1:
        return np.asarray((probabilities[:, 0] - y) ** 2)
    off_truth = probabilities.copy()
    off_truth[np.arange(len(y)), y] -= 1
    return np.asarray((off_truth**2).sum(axis=1))


def _probability_of_truth(y: NDArray[np.int64], probabilities: Floats) -> Floats:
    if probabilities.shape[1] == 1:
        return np.where(y == 1, probabilities[:, 0], 1 - probabilities[:, 0])
    return probabilities[np.arange(len(y)), y]


LOSSES = {"log_loss": row_log_loss, "brier": row_brier}
