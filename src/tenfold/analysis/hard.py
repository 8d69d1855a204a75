"""Rows that nobody gets right, the surest errors first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["wrong_for_all"]


def wrong_for_all(
    y: NDArray[np.int64], predicted: Sequence[NDArray[np.int64]], sureness: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """
    Give the positions of the rows that every candidate calls wrongly.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        Class codes.
    predicted : sequence of ndarray of int64, shape (n,)
        One a candidate; none gives no rows.
    sureness : ndarray of float64, shape (n,), optional
        The highest first; in order of the rows without it.

    Examples
    --------
    >>> said = [np.array([1, 0, 1]), np.array([1, 0, 0])]
    >>> wrong_for_all(np.array([0, 1, 1]), said, np.array([0.1, 0.9, 0.5])).tolist()
    [1, 0]
    """
    if not predicted:
        return np.empty(0, np.int64)
    found = np.flatnonzero(np.logical_and.reduce([y != said for said in predicted]))
    return found if sureness is None else found[np.argsort(-sureness[found], kind="stable")]
