"""k nearest neighbours as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.neighbours.delegated import DelegatedSearch
from tenfold.models.neighbours.euclidean import EuclideanSearch
from tenfold.models.neighbours.parameters import check_parameters, checked_count, is_euclidean, refuse_too_many
from tenfold.models.neighbours.search import FoundNeighbours
from tenfold.models.neighbours.votes import Weights, elected, shares_of_votes, weights_of

__all__ = ["KNeighborsClassifier"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_DTYPES = (np.float64, np.float32, np.uint8)
_NEIGHBOURS_AT_ONCE = 1 << 22
"""Whose votes are counted at a time: tens of MB, and tenths of a second, for which an interrupt waits."""
_OWN_DISTANCES = ("euclidean", "l2")


class KNeighborsClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Exact k nearest neighbours; those by Euclidean distance among dense rows by kernels of our own.

    Parameters, attributes and predictions are those of ``sklearn.neighbors.KNeighborsClassifier``.

    Our own kernels find neighbours among dense rows by the metrics "euclidean", "l2" and "minkowski" with ``p=2``.
    Whole numbers that span one byte, such as pixels, are compared without any rounding. Of training rows at equal
    distance the one that comes first counts as nearer. Every other metric, and sparse rows, go to scikit-learn's own
    search; of rows at equal distance those are then neighbours which it happens to take.

    Parameters
    ----------
    n_neighbors : int
    weights : "uniform", "distance", callable or None
    algorithm : "auto", "brute", "kd_tree" or "ball_tree"
    leaf_size : int
        Neither has an effect on our own kernels: which way a search takes follows from the rows, and its result does
        not depend on that. Handed to scikit-learn with other metrics.
    p : float or None
        Of the metric "minkowski".
    metric : str or callable
        Any that ``sklearn.neighbors.KNeighborsClassifier`` takes, "precomputed" too.
    metric_params : dict, optional
    n_jobs : int, optional
        Threads; by default as many as the linear algebra libraries may use.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,), or list of them for several outputs
    effective_metric_ : str or callable
    effective_metric_params_ : dict
    n_features_in_, n_samples_fit_ : int
    feature_names_in_ : ndarray of str
    outputs_2d_ : bool

    Examples
    --------
    >>> KNeighborsClassifier(1).fit([[0], [3]], ["a", "b"]).predict([[1], [2]]).tolist()
    ['a', 'b']
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

    def fit(self, X: Any, y: Any) -> Self:
        """
        Keep the training rows.

        Parameters
        ----------
        X : array or sparse matrix of shape (n, d)
            uint8, float32 and float64 are kept as they are. Distances, shape (n, n), for the metric "precomputed".
        y : array of shape (n,) or (n, outputs)

        Raises
        ------
        ValueError
            Parameters, values or shapes that make no sense.
        """
        check_parameters(self)
        X, y = validate_data(self, X, y, multi_output=True, **self._checks())
        check_classification_targets(y)
        self.outputs_2d_ = y.ndim == 2 and y.shape[1] > 1
        columns = y.reshape(len(y), -1)
        coded = [np.unique(column, return_inverse=True) for column in columns.T]
        self.classes_: Any = [classes for classes, _ in coded] if self.outputs_2d_ else coded[0][0]
        self._codes = np.stack([codes.reshape(-1) for _, codes in coded], axis=1).astype(np.int64)
        self._rows = _kept(X)
        self.n_samples_fit_ = X.shape[0]
        self.__dict__["_search"] = self._fitted_search()
        return self

    def _fitted_search(self) -> EuclideanSearch | DelegatedSearch:
        """Begin a search by the metric asked for, and set the attributes that tell which it is."""
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
        """Give the graph of nearest training rows, shape (m, n): ones, or distances with ``mode="distance"``."""
        distances, rows = self._nearest(X, n_neighbors)
        if mode not in ("connectivity", "distance"):
            raise ValueError(f'mode must be "connectivity" or "distance", not {mode!r}')
        values = distances if mode == "distance" else np.ones(rows.shape)
        starts = np.arange(0, rows.size + 1, rows.shape[1])
        return csr_matrix((values.ravel(), rows.ravel(), starts), shape=(len(rows), self.n_samples_fit_))

    def predict(self, X: ArrayLike | None) -> NDArray[Any]:
        """Give the class that wins the vote, shape (m,) or (m, outputs); of equal ones the first."""
        votes = self._votes(X, elected)
        predicted = [classes[codes] for classes, codes in zip(self._classes_of_outputs(), votes, strict=True)]
        return np.stack(predicted, axis=1) if self.outputs_2d_ else predicted[0]

    def predict_proba(self, X: ArrayLike | None) -> Floats | list[Floats]:
        """Give the share of the votes for each class, shape (m, classes); a list of them for several outputs."""
        shares = self._votes(X, shares_of_votes)
        return shares if self.outputs_2d_ else shares[0]

    def answering(self, X: ArrayLike, k: int) -> Self:
        """
        Give a copy that answers these rows from their `k` nearest neighbours, found here and now once for all.

        Whatever is then set on the copy, `n_neighbors` up to `k` and any `weights`, its answers to X are those that
        this classifier would give, without another search.

        Parameters
        ----------
        X : array of shape (m, d)
        k : int

        Examples
        --------
        >>> model = KNeighborsClassifier(1).fit([[0], [3], [4]], ["a", "b", "b"])
        >>> once = model.answering([[1.0]], 3)
        >>> once.predict([[1.0]]).tolist(), once.set_params(n_neighbors=3).predict([[1.0]]).tolist()
        (['a'], ['b'])
        """
        check_is_fitted(self)
        found = copy(self)
        found.__dict__["_search"] = FoundNeighbours(*self._search.nearest(self._queries(X), k, self.n_jobs))
        return found

    @cached_property
    def _search(self) -> EuclideanSearch | DelegatedSearch | FoundNeighbours:
        """Of a copy or a loaded model: the search by the metric that it was fitted with."""
        if not issparse(self._rows) and not self.effective_metric_params_ and self.effective_metric_ in _OWN_DISTANCES:
            return EuclideanSearch(self._rows)
        return DelegatedSearch(self._rows, {
            "metric": self.effective_metric_, "metric_params": self.effective_metric_params_ or None, "p": None,
            "algorithm": self.algorithm, "leaf_size": self.leaf_size,
        })  # fmt: skip

    def __getstate__(self) -> dict[str, Any]:
        """Give the training rows without what is packed of them for the search."""
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_search", None)
        return state

    def _nearest(self, X: ArrayLike | None, n_neighbors: int | None) -> tuple[Floats, Codes]:
        check_is_fitted(self)
        k = self._neighbours_asked(n_neighbors, of_training=X is None)
        return self._search.nearest(None if X is None else self._queries(X), k, self.n_jobs)

    def _votes(self, X: ArrayLike | None, count: Callable[[Codes, Floats | None, int], NDArray[Any]]) -> list[Any]:
        """Count the votes of the neighbours for each output, of some queries after others where neighbours are many."""
        check_is_fitted(self)
        k = self._neighbours_asked(None, of_training=X is None)
        Q: Any = None if X is None else self._queries(X)
        whole = X is None or isinstance(self._search, FoundNeighbours)
        size = max(1, _NEIGHBOURS_AT_ONCE // k)
        parts = [Q] if whole else [Q[start : start + size] for start in range(0, Q.shape[0], size)]
        counted = [self._votes_of(part, k, count) for part in parts]
        return [np.concatenate(of_output) for of_output in zip(*counted, strict=True)]

    def _votes_of(self, Q: Any, k: int, count: Callable[[Codes, Floats | None, int], NDArray[Any]]) -> list[Any]:
        distances, rows = self._search.nearest(Q, k, self.n_jobs)
        weights = weights_of(distances, self.weights)
        return [
            count(codes[rows], weights, len(classes))
            for classes, codes in zip(self._classes_of_outputs(), self._codes.T, strict=True)
        ]

    def _queries(self, X: ArrayLike) -> Any:
        queries: Any = validate_data(self, X, reset=False, **self._checks())
        return _kept(queries.toarray() if issparse(queries) and isinstance(self._search, EuclideanSearch) else queries)

    def _checks(self) -> dict[str, Any]:
        """How values are checked, of training rows and of queries."""
        gaps = "allow-nan" if self._takes_gaps() else True
        return {"dtype": "numeric", "order": "C", "accept_sparse": "csr", "ensure_all_finite": gaps}

    def _takes_gaps(self) -> bool:
        return isinstance(self.metric, str) and self.metric == "nan_euclidean"

    def _classes_of_outputs(self) -> list[Any]:
        return list(self.classes_) if self.outputs_2d_ else [self.classes_]

    def _neighbours_asked(self, asked: int | None, *, of_training: bool) -> int:
        k = checked_count(self.n_neighbors if asked is None else asked)
        refuse_too_many(k, self.n_samples_fit_, of_training=of_training)
        return k

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.classifier_tags.multi_label = True
        tags.input_tags.sparse = True
        tags.input_tags.pairwise = isinstance(self.metric, str) and self.metric == "precomputed"
        tags.input_tags.allow_nan = self._takes_gaps()
        return tags


def _kept(X: Any) -> Any:
    """Give numbers of a type that is searched as they are, others in double precision."""
    return X if X.dtype in _DTYPES else X.astype(np.float64)
