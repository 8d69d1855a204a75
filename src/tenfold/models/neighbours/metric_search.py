"""The search of a classifier, by its metric: Euclidean by our own kernels, others by scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from tenfold.models.neighbours.euclidean import EuclideanSearch, unit_of

__all__ = ["DelegatedSearch", "EuclideanSearch", "PrecomputedNeighbours", "unit_of"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DelegatedSearch:
    """
    Neighbours by ``sklearn.neighbors.NearestNeighbors``, ties included.

    Parameters
    ----------
    X : ndarray or CSR matrix, shape (n, d)
        A matrix of distances, shape (n, n), for the metric "precomputed".
    options : dict
        Parameters of ``NearestNeighbors``: metric, metric_params, p, algorithm, leaf_size.

    Examples
    --------
    >>> search = DelegatedSearch(np.array([[0.0, 0.0], [2.0, 2.0]]), {"metric": "manhattan"})
    >>> search.nearest(np.array([[0.0, 1.0]]), 2)
    (array([[1., 3.]]), array([[0, 1]]))
    """

    X: Any
    options: dict[str, Any]

    @cached_property
    def theirs(self) -> Any:
        """The fitted ``NearestNeighbors``."""
        return NearestNeighbors(**self.options).fit(self.X)

    def nearest(self, Q: Any, k: int, n_jobs: int | None = None) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Find the k nearest rows of each query, or of each training row without itself, as `EuclideanSearch` does."""
        distances, rows = self.theirs.set_params(n_jobs=n_jobs).kneighbors(Q, k)
        return np.asarray(distances, np.float64), np.asarray(rows, np.int64)


@dataclass(frozen=True, eq=False)
class PrecomputedNeighbours:
    """
    The result of a search, for use in its place with the same queries.

    Parameters
    ----------
    distances : ndarray of float64, shape (m, k)
        Ascending.
    rows : ndarray of int64, shape (m, k)
    """

    distances: NDArray[np.float64]
    rows: NDArray[np.int64]

    def nearest(self, Q: Any, k: int, n_jobs: int | None = None) -> tuple[Floats, Rows]:
        """
        Return the k nearest rows of each query, shapes (m, k).

        Raises
        ------
        ValueError
            More neighbours than the search has, or another number of queries.
        """
        m, k_max = self.rows.shape
        if Q is None or Q.shape[0] != m or k > k_max:
            raise ValueError(
                f"{k_max} neighbours of {m} rows were found, {k} of {'all' if Q is None else Q.shape[0]} are asked for"
            )
        return self.distances[:, :k], self.rows[:, :k]
