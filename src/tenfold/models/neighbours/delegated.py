"""Neighbours by scikit-learn, where the distance or the rows are not those that our own kernels know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

__all__ = ["DelegatedSearch"]


@dataclass(frozen=True, eq=False)
class DelegatedSearch:
    """
    The nearest training rows as ``sklearn.neighbors.NearestNeighbors`` finds them, ties included.

    Parameters
    ----------
    X : ndarray or CSR matrix, shape (n, d)
        A matrix of distances, shape (n, n), for the metric "precomputed".
    options : dict
        Its parameters: metric, metric_params, p, algorithm, leaf_size.

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
        """scikit-learn's own search, fitted."""
        return NearestNeighbors(**self.options).fit(self.X)

    def nearest(self, Q: Any, k: int, n_jobs: int | None = None) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Find the k nearest rows of each query, or of each training row without itself, as `EuclideanSearch` does."""
        distances, rows = self.theirs.set_params(n_jobs=n_jobs).kneighbors(Q, k)
        return np.asarray(distances, np.float64), np.asarray(rows, np.int64)
