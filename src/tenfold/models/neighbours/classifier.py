"""k nearest neighbours as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from tenfold.models.neighbours.nearest_rows import NearestRows
from tenfold.models.neighbours.parameters import check_parameters
from tenfold.models.neighbours.votes import majority_class, vote_shares, vote_weights

__all__ = ["KNeighborsClassifier"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class KNeighborsClassifier(ClassifierMixin, NearestRows):  # type: ignore[misc]
    """
    Exact k nearest neighbours, with kernels of our own for Euclidean distance among dense rows.

    Parameters, attributes and predictions are those of ``sklearn.neighbors.KNeighborsClassifier``.

    Our own kernels find neighbours among dense rows by the metrics "euclidean", "l2" and "minkowski" with ``p=2``.
    Integers that span one byte, such as pixels, are compared without any rounding. Of training rows at equal distance
    the first counts as nearer. Every other metric, and sparse rows, go to scikit-learn's own search, whose choice among
    rows at equal distance is unspecified.

    Parameters
    ----------
    n_neighbors : int
    weights : "uniform", "distance", callable or None
    algorithm : "auto", "brute", "kd_tree" or "ball_tree"
    leaf_size : int
        Both are for scikit-learn's search; our own kernels ignore them.
    p : float or None
        Power of the metric "minkowski".
    metric : str or callable
        Any metric of ``sklearn.neighbors.KNeighborsClassifier``, "precomputed" too.
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
    >>> model = KNeighborsClassifier(1).fit([[0], [3], [4]], ["a", "b", "b"])
    >>> once = model.with_neighbours([[1.0]], 3)
    >>> once.predict([[1.0]]).tolist(), once.set_params(n_neighbors=3).predict([[1.0]]).tolist()
    (['a'], ['b'])
    """

    def fit(self, X: Any, y: Any) -> Self:
        """
        Store the training rows.

        Parameters
        ----------
        X : array or sparse matrix of shape (n, d)
            uint8, float32 and float64 are kept as they are. Distances, shape (n, n), for the metric "precomputed".
        y : array of shape (n,) or (n, outputs)

        Raises
        ------
        ValueError
            Invalid parameters, values or shapes.
        """
        check_parameters(self)
        X, y = validate_data(self, X, y, multi_output=True, **self._checks())
        check_classification_targets(y)
        self.outputs_2d_ = y.ndim == 2 and y.shape[1] > 1
        columns = y.reshape(len(y), -1)
        encodings = [np.unique(column, return_inverse=True) for column in columns.T]
        self.classes_: Any = [classes for classes, _ in encodings] if self.outputs_2d_ else encodings[0][0]
        self._codes = np.stack([codes.reshape(-1) for _, codes in encodings], axis=1).astype(np.int64)
        self._keep_rows(X)
        return self

    def predict(self, X: ArrayLike | None) -> NDArray[Any]:
        """Return the class with most votes, shape (m,) or (m, outputs); of equal ones the first."""
        votes = self._votes(X, majority_class)
        predicted = [classes[codes] for classes, codes in zip(self._classes_of_outputs(), votes, strict=True)]
        return np.stack(predicted, axis=1) if self.outputs_2d_ else predicted[0]

    def predict_proba(self, X: ArrayLike | None) -> Floats | list[Floats]:
        """Return the share of the votes for each class, shape (m, classes); a list of them for several outputs."""
        shares = self._votes(X, vote_shares)
        return shares if self.outputs_2d_ else shares[0]

    def _votes(self, X: ArrayLike | None, count: Callable[[Codes, Floats | None, int], NDArray[Any]]) -> list[Any]:
        """Count the votes of the neighbours for each output."""
        votes = [self._votes_of(distances, rows, count) for distances, rows in self._neighbours_in_parts(X)]
        return [np.concatenate(of_output) for of_output in zip(*votes, strict=True)]

    def _votes_of(
        self, distances: Floats, rows: Codes, count: Callable[[Codes, Floats | None, int], NDArray[Any]]
    ) -> list[Any]:
        weights = vote_weights(distances, self.weights)
        return [
            count(codes[rows], weights, len(classes))
            for classes, codes in zip(self._classes_of_outputs(), self._codes.T, strict=True)
        ]

    def _classes_of_outputs(self) -> list[Any]:
        return list(self.classes_) if self.outputs_2d_ else [self.classes_]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
