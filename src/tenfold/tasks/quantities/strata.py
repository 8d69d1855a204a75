"""Rows of like values, so that every part of a split has low, middle and high ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["quantile_strata"]

_MOST_BINS = 10


def quantile_strata(
    y: NDArray[np.float64], fewest: int, groups: NDArray[Any] | None = None
) -> tuple[NDArray[np.int64], int]:
    """
    Cut values at their quantiles, so that each bin has so many rows or groups.

    Equal values stay in one bin. Of several targets the bins are those of the mean rank.

    Parameters
    ----------
    y : ndarray of float64, shape (n,), of several targets (n, k)
    fewest : int
        Rows, or groups, that each bin has at least where that can be had at all.
    groups : ndarray, shape (n,), optional

    Returns
    -------
    strata : ndarray of int64, shape (n,)
        Number of the bin of each row, the lowest values first.
    count : int
        Bins, at most ten.

    Examples
    --------
    >>> quantile_strata(np.array([1.0, 5.0, 2.0, 9.0]), 2)
    (array([0, 1, 0, 1]), 2)
    """
    ranks = _mean_ranks(y)
    for bins in range(min(_MOST_BINS, len(ranks) // max(fewest, 1)), 1, -1):
        edges = np.quantile(ranks, np.arange(1, bins) / bins, method="inverted_cdf")
        _, strata = np.unique(np.searchsorted(edges, ranks, side="left"), return_inverse=True)
        if _fewest(strata, groups) >= fewest:
            return strata.astype(np.int64), int(strata.max()) + 1
    return np.zeros(len(ranks), np.int64), 1


def _mean_ranks(y: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = y.reshape(len(y), -1).T
    return np.asarray(np.mean([np.unique(column, return_inverse=True)[1] for column in columns], axis=0), np.float64)


def _fewest(strata: NDArray[np.int64], groups: NDArray[Any] | None) -> int:
    if groups is None:
        return int(np.bincount(strata).min())
    return min(len(np.unique(groups[strata == number])) for number in range(int(strata.max()) + 1))
