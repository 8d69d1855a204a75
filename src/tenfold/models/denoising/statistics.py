"""What a pixel is made of: one of the statistics of those at its place in the nearest images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_NEIGHBOURS", "STATISTICS", "vote"]


def vote(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """
    Return the most frequent of k values at each place; of equally frequent ones the smallest.

    Parameters
    ----------
    values : ndarray of uint8, shape (m, k, d)

    Returns
    -------
    ndarray of uint8, shape (m, d)

    Examples
    --------
    >>> vote(np.array([[[9], [3], [9], [3], [7]]], np.uint8)).tolist()
    [[3]]
    """
    ordered = np.sort(values, axis=1)
    best, most = ordered[:, 0].copy(), np.zeros(ordered[:, 0].shape, np.int8)
    for i in range(values.shape[1]):
        count = (ordered == ordered[:, i : i + 1]).sum(axis=1, dtype=np.int8)
        better = count > most
        best[better], most[better] = ordered[:, i][better], count[better]
    return best


def _mean(values: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(values.mean(axis=1, dtype=np.float64))


def _median(values: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(np.median(values, axis=1), np.float64)


STATISTICS: dict[str, Callable[[NDArray[np.uint8]], NDArray[Any]]] = {"vote": vote, "mean": _mean, "median": _median}
"""How a pixel is made of those of the nearest images."""

MOST_NEIGHBOURS = 100
"""Votes are counted in one byte."""
