"""Means of the targets of neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["inverse_distances", "neighbour_means"]

Floats = NDArray[np.float64]


def neighbour_means(targets: Floats, positions: NDArray[np.int64], distances: Floats | None = None) -> Floats:
    """
    Return the mean of the targets of neighbours, weighted by one over their distances where those are given.

    Parameters
    ----------
    targets : ndarray of float64, shape (instances, targets)
    positions : ndarray of int64, shape (n, neighbours)
    distances : ndarray of float64, shape (n, neighbours), optional

    Returns
    -------
    ndarray of float64, shape (n, targets)

    Examples
    --------
    >>> neighbour_means(np.array([[0.0], [4.0]]), np.array([[0, 1]]), np.array([[1.0, 3.0]])).tolist()
    [[1.0]]
    """
    weights = None if distances is None else inverse_distances(distances)
    sums = np.zeros((len(positions), targets.shape[1]))
    # one neighbour after another: all their targets at once would take as much memory as they are many
    for place, nearest in enumerate(positions.T):
        each = targets[nearest]
        sums += each if weights is None else each * weights[:, place : place + 1]
    total = positions.shape[1] if weights is None else weights.sum(axis=1, keepdims=True)
    return np.asarray(sums / total)


def inverse_distances(distances: Floats) -> Floats:
    """Return one over each distance; where some are 0, these alone count, and where all are infinite, all the same."""
    with np.errstate(divide="ignore", over="ignore"):
        inverse = 1.0 / distances
    infinite = np.isinf(inverse)
    exact = infinite.any(axis=1)
    inverse[exact] = infinite[exact]
    inverse[~inverse.any(axis=1)] = 1.0
    return inverse
