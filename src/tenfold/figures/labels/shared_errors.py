"""Do errors on several labels come together? Counts of rows by the labels that are wrong in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SharedErrors", "shared_errors"]


@dataclass(frozen=True, eq=False)
class SharedErrors:
    """
    How often two labels are wrong in the same row.

    Parameters
    ----------
    together : ndarray of int64, shape (k, k)
        Rows in which both labels are wrong; on the diagonal all rows in which the label is.
    by_chance : ndarray of float64, shape (k, k)
        Rows that would have both wrong if errors fell independently; the diagonal is that of `together`.
    n : int
        Rows.
    """

    together: NDArray[np.int64]
    by_chance: NDArray[np.float64]
    n: int


def shared_errors(y: NDArray[np.int64], predicted: NDArray[np.int64]) -> SharedErrors:
    """
    Count the rows in which two labels are wrong together.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n, k)
        0 or 1 a label.

    Examples
    --------
    >>> y, called = np.zeros((4, 2), int), np.array([[1, 1], [1, 0], [0, 0], [0, 0]])
    >>> found = shared_errors(y, called)
    >>> found.together.tolist(), found.by_chance.tolist()
    ([[2, 1], [1, 1]], [[2.0, 0.5], [0.5, 1.0]])
    """
    wrong = (y != predicted).astype(np.int64)
    together = wrong.T @ wrong
    alone = np.diag(together).astype(np.float64)
    by_chance = np.outer(alone, alone) / max(len(y), 1)
    np.fill_diagonal(by_chance, alone)
    return SharedErrors(together, by_chance, len(y))
