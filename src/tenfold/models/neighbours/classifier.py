"""k nearest neighbours as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.neighbours.parameters import checked_count, refuse_too_many, refuse_unknown_weights
from tenfold.models.neighbours.search import FoundNeighbours, NeighbourSearch
from tenfold.models.neighbours.votes import Weights, elected, shares_of_votes, weights_of

__all__ = ["KNeighborsClassifier"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_DTYPES = (np.float64, np.float32, np.uint8)
_ALGORITHMS = ("auto", "brute", "kd_tree", "ball_tree")


class KNeighborsClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Exact k nearest neighbours by Euclidean distance.

    Parameters, attributes and answers are those of ``sklearn.neighbors.KNeighborsClassifier(algorithm="brute")``. Whole
    numbers that span one byte, such as pixels, are compared without any rounding. Of training rows at equal
    distance the one that comes first counts as nearer.

    Parameters
    ----------
    n_neighbors : int
    weights : "uniform", "distance", callable or None
    algorithm : "auto", "brute", "kd_tree" or "ball_tree"
    leaf_size : int
        Neither has an effect; kept so that parameters can be carried over. Which way a search takes follows from the
        rows; the answers do not depend on it.
    p : 2
    metric : "minkowski" or "euclidean"
    metric_params : None
    n_jobs : int, optional
        Threads; by default as many as the linear algebra libraries may use.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,), or list of them for several outputs
    effective_metric_ : str
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
        X : array of shape (n, d)
            Dense; uint8, float32 and float64 are kept as they are.
        y : array of shape (n,) or (n, outputs)
        """
        self._refuse_unknown_parameters()
        X, y = validate_data(self, X, y, dtype="numeric", order="C", multi_output=True)
        check_classification_targets(y)
        self.outputs_2d_ = y.ndim == 2 and y.shape[1] > 1
        columns = y.reshape(len(y), -1)
        coded = [np.unique(column, return_inverse=True) for column in columns.T]
        self.classes_: Any = [classes for classes, _ in coded] if self.outputs_2d_ else coded[0][0]
        self._codes = np.stack([codes.reshape(-1) for _, codes in coded], axis=1).astype(np.int64)
        self._rows = _kept(X)
        self.__dict__["_search"] = NeighbourSearch(self._rows)
        self.n_samples_fit_ = len(X)
        self.effective_metric_ = "euclidean"
        self.effective_metric_params_: dict[str, Any] = {}
        return self

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
        if mode not in {"connectivity", "distance"}:
            raise ValueError(f'mode must be "connectivity" or "distance", not {mode!r}')
        values = distances if mode == "distance" else np.ones(rows.shape)
        starts = np.arange(0, rows.size + 1, rows.shape[1])
        return csr_matrix((values.ravel(), rows.ravel(), starts), shape=(len(rows), self.n_samples_fit_))

    def predict(self, X: ArrayLike | None) -> NDArray[Any]:
        """Give the class that wins the vote, shape (m,) or (m, outputs); of equal ones the first."""
        rows, weights = self._voters(X)
        answers = [
            classes[elected(codes[rows], weights, len(classes))]
            for classes, codes in zip(self._classes_of_outputs(), self._codes.T, strict=True)
        ]
        return np.stack(answers, axis=1) if self.outputs_2d_ else answers[0]

    def predict_proba(self, X: ArrayLike | None) -> Floats | list[Floats]:
        """Give the share of the votes for each class, shape (m, classes); a list of them for several outputs."""
        rows, weights = self._voters(X)
        shares = [
            shares_of_votes(codes[rows], weights, len(classes))
            for classes, codes in zip(self._classes_of_outputs(), self._codes.T, strict=True)
        ]
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
        squared, rows = self._search.nearest(self._queries(X), k, self.n_jobs)
        found.__dict__["_search"] = FoundNeighbours(squared, rows)
        return found

    @cached_property
    def _search(self) -> NeighbourSearch | FoundNeighbours:
        return NeighbourSearch(self._rows)

    def __getstate__(self) -> dict[str, Any]:
        """Give the training rows without what is packed of them for the search."""
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_search", None)
        return state

    def _nearest(self, X: ArrayLike | None, n_neighbors: int | None) -> tuple[Floats, Codes]:
        check_is_fitted(self)
        k = self._neighbours_asked(n_neighbors, of_training=X is None)
        if X is None:
            distances, rows = _without_self(*self._search.nearest(self._rows, k + 1, self.n_jobs))
        else:
            distances, rows = self._search.nearest(self._queries(X), k, self.n_jobs)
        return np.sqrt(distances), rows

    def _queries(self, X: ArrayLike) -> NDArray[Any]:
        return _kept(validate_data(self, X, dtype="numeric", order="C", reset=False))

    def _voters(self, X: ArrayLike | None) -> tuple[Codes, Floats | None]:
        distances, rows = self._nearest(X, None)
        return rows, weights_of(distances, self.weights)

    def _classes_of_outputs(self) -> list[Any]:
        return list(self.classes_) if self.outputs_2d_ else [self.classes_]

    def _neighbours_asked(self, asked: int | None, *, of_training: bool) -> int:
        k = checked_count(self.n_neighbors if asked is None else asked)
        refuse_too_many(k, self.n_samples_fit_, of_training=of_training)
        return k

    def _refuse_unknown_parameters(self) -> None:
        checked_count(self.n_neighbors)
        euclidean = self.metric == "euclidean" or (self.metric == "minkowski" and self.p == 2)
        if not euclidean or self.metric_params:
            raise ValueError(f"only the Euclidean distance is known here, not metric={self.metric!r} with p={self.p!r}")
        if self.algorithm not in _ALGORITHMS:
            raise ValueError(f"algorithm must be one of {', '.join(_ALGORITHMS)}, not {self.algorithm!r}")
        refuse_unknown_weights(self.weights)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.classifier_tags.multi_label = True
        return tags


def _kept(X: NDArray[Any]) -> NDArray[Any]:
    """Give numbers of a type that is searched as they are, others in double precision."""
    return X if X.dtype in _DTYPES else X.astype(np.float64)


def _without_self(distances: Floats, rows: Codes) -> tuple[Floats, Codes]:
    """Leave out each training row as its own neighbour; one with many twins may not even be among them."""
    own = rows == np.arange(len(rows))[:, None]
    own[~own.any(axis=1), -1] = True
    shape = (len(rows), rows.shape[1] - 1)
    return distances[~own].reshape(shape), rows[~own].reshape(shape)
