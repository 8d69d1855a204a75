"""What classifier and regressor by nearest neighbours share: parameters, training rows, and the search among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.neighbours.metric_search import DelegatedSearch, EuclideanSearch, PrecomputedNeighbours
from tenfold.models.neighbours.parameters import checked_count, is_euclidean, refuse_too_many
from tenfold.models.neighbours.votes import Weights

__all__ = ["NearestRows"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_DTYPES = (np.float64, np.float32, np.uint8)
_NEIGHBOURS_AT_ONCE = 1 << 22
"""Of which predictions are made at a time: tens of MB, and tenths of a second, for which an interrupt waits."""
_OWN_DISTANCES = ("euclidean", "l2")


class NearestRows(BaseEstimator):  # type: ignore[misc]
    """
    Exact nearest neighbours among training rows; see the estimators made of it for what its parameters mean.

    Attributes
    ----------
    effective_metric_ : str or callable
    effective_metric_params_ : dict
    n_features_in_, n_samples_fit_ : int
    """

    def __init__(
        self,
        n_neighbors: int = 5,
        *,
        weights: Weights = "uniform",
        algorithm: str = "auto",
        leaf_size: int = 30,
        p: float = 2,
        metric: str = "minkowski",
        metric_params: Mapping[str, Any] | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.weights = weights
        self.algorithm = algorithm
        self.leaf_size = leaf_size
        self.p = p
        self.metric = metric
        self.metric_params = metric_params
        self.n_jobs = n_jobs

    def _keep_rows(self, X: Any) -> None:
        """Store training rows that are checked, shape (n, d), and make the search among them."""
        self._rows = _as_supported(X)
        self.n_samples_fit_ = X.shape[0]
        self.__dict__["_search"] = self._fitted_search()

    def _fitted_search(self) -> EuclideanSearch | DelegatedSearch:
        """Return a search by the metric, and set the attributes of the effective metric."""
        self.effective_metric_: Any = self.metric
        self.effective_metric_params_: dict[str, Any] = {}
        if is_euclidean(self.metric, self.p, self.metric_params):
            self.effective_metric_ = "l2" if self.metric == "l2" else "euclidean"
            if not issparse(self._rows):
                return EuclideanSearch(self._rows)
        search = DelegatedSearch(self._rows, {
            "metric": self.metric, "metric_params": self.metric_params, "p": self.p,
            "algorithm": self.algorithm, "leaf_size": self.leaf_size,
        })  # fmt: skip
        self.effective_metric_ = search.theirs.effective_metric_
        self.effective_metric_params_ = search.theirs.effective_metric_params_
        return search

    def kneighbors(
        self, X: ArrayLike | None = None, n_neighbors: int | None = None, return_distance: bool = True
    ) -> tuple[Floats, Codes] | Codes:
        """
        Find the nearest training rows.

        Parameters
        ----------
        X : array of shape (m, d), optional
            The training rows by default, none of which is its own neighbour then.
        n_neighbors : int, optional
        return_distance : bool

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Left out unless `return_distance`.
        rows : ndarray of int64, shape (m, k)
        """
        distances, rows = self._nearest(X, n_neighbors)
        return (distances, rows) if return_distance else rows

    def kneighbors_graph(
        self, X: ArrayLike | None = None, n_neighbors: int | None = None, mode: str = "connectivity"
    ) -> csr_matrix:
        """Return the graph of nearest training rows, shape (m, n): ones, or distances with ``mode="distance"``."""
        distances, rows = self._nearest(X, n_neighbors)
        if mode not in ("connectivity", "distance"):
            raise ValueError(f'mode must be "connectivity" or "distance", not {mode!r}')
        values = distances if mode == "distance" else np.ones(rows.shape)
        starts = np.arange(0, rows.size + 1, rows.shape[1])
        return csr_matrix((values.ravel(), rows.ravel(), starts), shape=(len(rows), self.n_samples_fit_))

    def with_neighbours(self, X: ArrayLike, k: int) -> Self:
        """
        Return a copy for these queries whose `k` nearest neighbours are searched once.

        With any `n_neighbors` up to `k` and any `weights` set on the copy, it predicts X as this model would,
        without another search.

        Parameters
        ----------
        X : array of shape (m, d)
        k : int
        """
        check_is_fitted(self)
        model = copy(self)
        model.__dict__["_search"] = PrecomputedNeighbours(*self._search.nearest(self._queries(X), k, self.n_jobs))
        return model

    @cached_property
    def _search(self) -> EuclideanSearch | DelegatedSearch | PrecomputedNeighbours:
        """The search by the metric of the fit, made again for a copy or a loaded model."""
        if not issparse(self._rows) and not self.effective_metric_params_ and self.effective_metric_ in _OWN_DISTANCES:
            return EuclideanSearch(self._rows)
        return DelegatedSearch(self._rows, {
            "metric": self.effective_metric_, "metric_params": self.effective_metric_params_ or None, "p": None,
            "algorithm": self.algorithm, "leaf_size": self.leaf_size,
        })  # fmt: skip

    def __getstate__(self) -> dict[str, Any]:
        """Return the state without the search, which is made again from the training rows."""
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_search", None)
        return state

    def _nearest(self, X: ArrayLike | None, n_neighbors: int | None) -> tuple[Floats, Codes]:
        check_is_fitted(self)
        k = self._neighbour_count(n_neighbors, of_training=X is None)
        return self._search.nearest(None if X is None else self._queries(X), k, self.n_jobs)

    def _neighbours_in_parts(self, X: ArrayLike | None, values: int = 1) -> Iterator[tuple[Floats, Codes]]:
        """Yield distances and rows of neighbours, in parts of the queries where neighbours or their values are many."""
        check_is_fitted(self)
        k = self._neighbour_count(None, of_training=X is None)
        Q: Any = None if X is None else self._queries(X)
        whole = X is None or isinstance(self._search, PrecomputedNeighbours)
        size = max(1, _NEIGHBOURS_AT_ONCE // (k * values))
        for part in [Q] if whole else [Q[start : start + size] for start in range(0, Q.shape[0], size)]:
            yield self._search.nearest(part, k, self.n_jobs)

    def _queries(self, X: ArrayLike) -> Any:
        queries: Any = validate_data(self, X, reset=False, **self._checks())
        return _as_supported(
            queries.toarray() if issparse(queries) and isinstance(self._search, EuclideanSearch) else queries
        )

    def _checks(self) -> dict[str, Any]:
        """Return the options of `validate_data` for training rows and queries."""
        gaps = "allow-nan" if self._allows_nan() else True
        return {"dtype": "numeric", "order": "C", "accept_sparse": "csr", "ensure_all_finite": gaps}

    def _allows_nan(self) -> bool:
        return isinstance(self.metric, str) and self.metric == "nan_euclidean"

    def _neighbour_count(self, n_neighbors: int | None, *, of_training: bool) -> int:
        k = checked_count(self.n_neighbors if n_neighbors is None else n_neighbors)
        refuse_too_many(k, self.n_samples_fit_, of_training=of_training)
        return k

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.input_tags.sparse = True
        tags.input_tags.pairwise = isinstance(self.metric, str) and self.metric == "precomputed"
        tags.input_tags.allow_nan = self._allows_nan()
        return tags


def _as_supported(X: Any) -> Any:
    """Convert to float64 unless the dtype is searched as it is."""
    return X if X.dtype in _DTYPES else X.astype(np.float64)
