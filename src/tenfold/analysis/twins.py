"""Rows of different classes that are almost the same: labels to check, or classes that cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Twins", "nearest_of_other_class"]

_BLOCK = 256


@dataclass(frozen=True)
class Twins:
    """
    Two rows of different classes.

    Parameters
    ----------
    first, second : int
        Positions.
    distance : float
        Euclidean.
    typical : float
        Median distance of the rows looked at to their nearest of the same class.
    """

    first: int
    second: int
    distance: float
    typical: float


def nearest_of_other_class(
    values: NDArray[np.float32], y: NDArray[np.int64], *, most: int = 5_000, limit: int = 12, seed: int = 0
) -> list[Twins]:
    """
    Find pairs of rows of different classes that are nearer than rows of one class usually are, the nearest first.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    y : ndarray of int64, shape (n,)
    most : int
        Rows compared, drawn at random: the cost grows with their square.
    limit : int
    seed : int

    Examples
    --------
    >>> values = np.array([[0.0], [9.0], [1.0], [9.5], [1.1]], np.float32)
    >>> nearest_of_other_class(values, np.array([0, 1, 0, 1, 1]))[0].second
    4
    """
    if not values.shape[1]:
        return []
    rows = np.sort(np.random.default_rng(seed).permutation(len(values))[:most])
    X, codes = values[rows], y[rows]
    distance, other, own = _nearest(X, codes)
    typical = float(np.median(own[np.isfinite(own)])) if np.isfinite(own).any() else np.inf
    pairs: dict[tuple[int, int], float] = {}
    for place in np.argsort(distance, kind="stable"):
        if not distance[place] < typical or len(pairs) == limit:
            break
        first, second = sorted((int(rows[place]), int(rows[other[place]])))
        pairs.setdefault((first, second), float(distance[place]))
    return [Twins(first, second, apart, typical) for (first, second), apart in pairs.items()]


def _nearest(
    X: NDArray[np.float32], codes: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Distance to the nearest row of another class, which that is, and distance to the nearest of the same."""
    norms = np.einsum("ij,ij->i", X, X, dtype=np.float64)
    distance, own = np.full(len(X), np.inf), np.full(len(X), np.inf)
    other = np.zeros(len(X), np.int64)
    for start in range(0, len(X), _BLOCK):
        block = slice(start, start + _BLOCK)
        squared = norms[block, None] + norms - 2.0 * (X[block] @ X.T)
        squared[np.arange(len(squared)), np.arange(start, start + len(squared))] = np.inf
        same = codes[block, None] == codes
        apart = np.where(same, np.inf, squared)
        other[block] = apart.argmin(axis=1)
        distance[block] = np.sqrt(np.maximum(apart.min(axis=1), 0))
        own[block] = np.sqrt(np.maximum(np.where(same, squared, np.inf).min(axis=1), 0))
    return distance, other, own
