"""k nearest neighbours as a scikit-learn regressor."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.neighbours.means import weighted_means
from tenfold.models.neighbours.nearest_rows import NearestRows
from tenfold.models.neighbours.parameters import check_parameters
from tenfold.models.neighbours.votes import vote_weights

__all__ = ["KNeighborsRegressor"]


class KNeighborsRegressor(RegressorMixin, NearestRows):  # type: ignore[misc]
    """
    The mean of the targets of exact k nearest neighbours, with kernels of our own for Euclidean distance.

    Parameters, attributes and predictions are those of ``sklearn.neighbors.KNeighborsRegressor``, to the last bit where
    no training rows are at equal distance; targets are float64. Neighbours are searched as `KNeighborsClassifier` does
    it: of training rows at equal distance the first counts as nearer, where scikit-learn takes any.

    Parameters
    ----------
    n_neighbors : int
    weights : "uniform", "distance", callable or None
        With "distance", neighbours at distance 0 alone count where there are some.
    algorithm : "auto", "brute", "kd_tree" or "ball_tree"
    leaf_size : int
        Both are for scikit-learn's search; our own kernels ignore them.
    p : float or None
        Power of the metric "minkowski".
    metric : str or callable
        Any metric of ``sklearn.neighbors.KNeighborsRegressor``, "precomputed" too.
    metric_params : dict, optional
    n_jobs : int, optional
        Threads; by default as many as the linear algebra libraries may use.

    Attributes
    ----------
    effective_metric_ : str or callable
    effective_metric_params_ : dict
    n_features_in_, n_samples_fit_ : int
    feature_names_in_ : ndarray of str

    Examples
    --------
    >>> model = KNeighborsRegressor(2).fit([[0], [1], [5]], [1.0, 2.0, 8.0])
    >>> model.predict([[0.4], [4.0]]).tolist()
    [1.5, 5.0]
    >>> once = model.with_neighbours([[0.4]], 3)
    >>> once.set_params(n_neighbors=1).predict([[0.4]]).tolist()
    [1.0]
    """

    def fit(self, X: Any, y: Any) -> Self:
        """
        Store the training rows.

        Parameters
        ----------
        X : array or sparse matrix of shape (n, d)
            uint8, float32 and float64 are kept as they are. Distances, shape (n, n), for the metric "precomputed".
        y : array of shape (n,) or (n, targets)

        Raises
        ------
        ValueError
            Invalid parameters, values or shapes.
        """
        check_parameters(self)
        X, y = validate_data(self, X, y, multi_output=True, y_numeric=True, **self._checks())
        self._y = np.asarray(y, np.float64)
        self._keep_rows(X)
        return self

    def predict(self, X: ArrayLike | None) -> NDArray[np.float64]:
        """
        Return the mean of the targets of the neighbours, float64 of shape (m,) or (m, targets).

        Parameters
        ----------
        X : array of shape (m, d), or None
            None for the training rows, none of which is its own neighbour then.
        """
        check_is_fitted(self)
        targets = self._y.reshape(len(self._y), -1)
        means = [
            weighted_means(targets, rows, vote_weights(distances, self.weights))
            for distances, rows in self._neighbours_in_parts(X, targets.shape[1])
        ]
        predicted = np.concatenate(means)
        return predicted[:, 0] if self._y.ndim == 1 else predicted
