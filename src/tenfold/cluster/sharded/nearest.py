"""The nearest rows with their labels, and the merge of the results of two shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["NearestLabelled", "merge", "stack_parts"]


@dataclass(frozen=True, eq=False)
class NearestLabelled:
    """
    The nearest rows of some queries, nearest first, of equal ones the lower row.

    Parameters
    ----------
    distances : ndarray of float64, shape (m, k)
        Squared.
    rows : ndarray of int64, shape (m, k)
    codes : ndarray of int32, shape (m, k)
        Label code of each row.
    """

    distances: NDArray[np.float64]
    rows: NDArray[np.int64]
    codes: NDArray[np.int32]


def merge(first: NearestLabelled, second: NearestLabelled, k: int) -> NearestLabelled:
    """
    Return the k nearest of both by distance, then by row, independent of the order of the shards.

    Parameters
    ----------
    first, second : NearestLabelled
        For the same queries; rows counted over all shards.
    k : int

    Examples
    --------
    >>> one = NearestLabelled(np.array([[1.0, 4.0]]), np.array([[7, 2]]), np.array([[0, 1]], np.int32))
    >>> other = NearestLabelled(np.array([[1.0]]), np.array([[3]]), np.array([[5]], np.int32))
    >>> both = merge(one, other, 2)
    >>> both.rows.tolist(), both.codes.tolist()
    ([[3, 7]], [[5, 0]])
    """
    distances = np.concatenate([first.distances, second.distances], axis=1)
    rows = np.concatenate([first.rows, second.rows], axis=1)
    codes = np.concatenate([first.codes, second.codes], axis=1)
    order = np.lexsort((rows, distances), axis=1)[:, :k]
    return NearestLabelled(*(np.take_along_axis(part, order, axis=1) for part in (distances, rows, codes)))


def stack_parts(parts: Sequence[NearestLabelled]) -> NearestLabelled:
    """Concatenate the results of chunks of queries."""
    return NearestLabelled(
        np.concatenate([part.distances for part in parts]),
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.codes for part in parts]),
    )
