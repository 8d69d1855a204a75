"""The smallest of many distances, by NumPy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["least"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def least(distances: Floats, k: int) -> tuple[Floats, Rows]:
    """
    Select the k smallest values of each line, ascending; of equal ones the first.

    Parameters
    ----------
    distances : ndarray of float64, shape (m, n)
        No NaN.
    k : int
        At most n.

    Returns
    -------
    values : ndarray of float64, shape (m, k)
    columns : ndarray of int64, shape (m, k)

    Examples
    --------
    >>> least(np.array([[3.0, 1.0, 2.0, 1.0]]), 3)
    (array([[1., 1., 2.]]), array([[1, 3, 2]]))
    """
    columns = _columns_of_least(distances, k)
    values = np.take_along_axis(distances, columns, axis=1)
    order = np.argsort(values, axis=1)
    sorted_values = np.take_along_axis(values, order, axis=1)
    # The fast sort is not stable; lines with equal values are sorted again.
    tied = (sorted_values[:, 1:] == sorted_values[:, :-1]).any(axis=1)
    order[tied] = np.argsort(values[tied], axis=1, kind="stable")
    return sorted_values, np.take_along_axis(columns, order, axis=1)


def _columns_of_least(distances: Floats, k: int) -> Rows:
    """Return the columns of the k smallest values of each line, ascending."""
    if k == distances.shape[1]:
        return np.broadcast_to(np.arange(k), distances.shape)
    columns = np.argpartition(distances, k - 1, axis=1)[:, :k]
    columns.sort(axis=1)
    values = np.take_along_axis(distances, columns, axis=1)
    kth = values.max(axis=1, keepdims=True)
    # Of the values equal to the last one any may have been selected; the first are wanted.
    has_ties = (values == kth).sum(axis=1) < (distances == kth).sum(axis=1)
    for line in np.flatnonzero(has_ties):
        equal = np.flatnonzero(distances[line] == kth[line])
        nearer = np.flatnonzero(distances[line] < kth[line])
        columns[line] = np.sort(np.concatenate([nearer, equal[: k - len(nearer)]]))
    return columns
