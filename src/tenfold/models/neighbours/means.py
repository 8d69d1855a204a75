"""Means of the targets of neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["inverse_distances", "weighted_means"]

Floats = NDArray[np.float64]


def weighted_means(targets: Floats, positions: NDArray[np.int64], weights: Floats | None = None) -> Floats:
    """
    Return the mean of the targets of neighbours, added up in the order in which scikit-learn does.

    Parameters
    ----------
    targets : ndarray of float64, shape (instances, targets)
    positions : ndarray of int64, shape (n, neighbours)
    weights : ndarray of float64, shape (n, neighbours), optional

    Returns
    -------
    ndarray of float64, shape (n, targets)

    Examples
    --------
    >>> weighted_means(np.array([[0.0], [4.0]]), np.array([[0, 1]]), np.array([[3.0, 1.0]])).tolist()
    [[1.0]]
    """
    if weights is None:
        return np.asarray(targets[positions].mean(axis=1))
    total = weights.sum(axis=1)
    columns = [(column[positions] * weights).sum(axis=1) / total for column in targets.T]
    return np.stack(columns, axis=1)


def inverse_distances(distances: Floats) -> Floats:
    """Return one over each distance; where some are 0, these alone count, and where all are infinite, all the same."""
    with np.errstate(divide="ignore", over="ignore"):
        inverse = 1.0 / distances
    infinite = np.isinf(inverse)
    exact = infinite.any(axis=1)
    inverse[exact] = infinite[exact]
    inverse[~inverse.any(axis=1)] = 1.0
    return inverse
