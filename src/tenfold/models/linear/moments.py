"""Linear and ridge regression from means and products of deviations, which blocks of rows add to."""

from __future__ import annotations

from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.linear.parameters import checked_weights

__all__ = ["MomentsRegression"]

Floats = NDArray[np.float64]
_ROWS_AT_ONCE = 1 << 14


class MomentsRegression(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """
    Least squares, with an L2 penalty or none, for more rows than memory holds: each is read once.

    What is kept are the mean of each column and target and the sums of products of their deviations from it, as Chan,
    Golub and LeVeque add them up (Updating formulae and a pairwise algorithm for computing sample variances, 1979).
    Products of deviations lose less to rounding than those of values do; columns are brought to one scale before the
    equations are solved. Columns that depend on others get the weights of least norm on that scale. A column counts
    however small its values are, where ``sklearn.linear_model.LinearRegression`` leaves out those under a millionth.

    Parameters
    ----------
    alpha : float
        Strength of the penalty, as of ``sklearn.linear_model.Ridge``; 0 for none.
    fit_intercept : bool

    Attributes
    ----------
    coef_ : ndarray of float64, shape (d,), or (targets, d) for a y of two dimensions
    intercept_ : float, or ndarray of float64, shape (targets,)
    rank_ : int
        Of the columns, up to rounding.
    n_samples_seen_ : int
    n_features_in_ : int

    Examples
    --------
    >>> model = MomentsRegression().partial_fit([[0.0], [1.0]], [1.0, 3.0]).partial_fit([[5.0]], [11.0])
    >>> model.coef_.round(9).tolist(), round(float(model.intercept_), 9), model.n_samples_seen_
    ([2.0], 1.0, 3)
    """

    def __init__(self, alpha: float = 0.0, *, fit_intercept: bool = True) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """
        Fit to some rows alone.

        Parameters
        ----------
        X : array of shape (n, d)
        y : array of shape (n,) or (n, targets)
        sample_weight : array of shape (n,), optional
        """
        if hasattr(self, "n_samples_seen_"):
            del self.n_samples_seen_
        return self.partial_fit(X, y, sample_weight)

    def partial_fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """
        Add some rows to those of before, and solve the equations again.

        Parameters
        ----------
        X : array of shape (n, d)
        y : array of shape (n,) or (n, targets)
        sample_weight : array of shape (n,), optional

        Raises
        ------
        ValueError
            Invalid parameters, values or shapes.
        """
        return self.add(X, y, sample_weight).solve()

    def add(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """
        Add some rows to those of before without solving: many blocks need be solved once only, by `solve`.

        Parameters
        ----------
        X : array of shape (n, d)
        y : array of shape (n,) or (n, targets)
        sample_weight : array of shape (n,), optional

        Raises
        ------
        ValueError
            Invalid parameters, values or shapes.

        Examples
        --------
        >>> model = MomentsRegression().add([[0.0], [1.0]], [1.0, 3.0]).add([[5.0]], [11.0]).solve()
        >>> model.coef_.round(9).tolist()
        [2.0]
        """
        alpha: Any = self.alpha
        if not (isinstance(alpha, Real) and 0 <= float(alpha) < np.inf):
            raise ValueError(f"alpha must be a number of at least 0, not {alpha!r}")
        first = not hasattr(self, "n_samples_seen_")
        X, y = validate_data(self, X, y, multi_output=True, y_numeric=True, dtype=(np.float64, np.float32), reset=first)
        targets = np.asarray(y, np.float64).reshape(len(y), -1)
        if first:
            self._begin(X.shape[1] + targets.shape[1], single=y.ndim == 1)
        elif targets.shape[1] != len(self._mean) - X.shape[1]:
            raise ValueError(f"y has {targets.shape[1]} targets, not the {len(self._mean) - X.shape[1]} of before")
        weights = checked_weights(sample_weight, len(X))
        for start in range(0, len(X), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            self._add(np.hstack([X[rows], targets[rows]]).astype(np.float64, copy=False), weights[rows])
        self.n_samples_seen_ += len(X)
        return self

    def solve(self) -> Self:
        """Compute the weights of the rows that were added."""
        check_is_fitted(self, "n_samples_seen_")
        self._solve()
        return self

    def predict(self, X: Any) -> Floats:
        """Return the targets of rows, float64 of shape (m,) or (m, targets)."""
        check_is_fitted(self, "coef_")
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(X @ self.coef_.T + self.intercept_)

    def _begin(self, width: int, *, single: bool) -> None:
        self.n_samples_seen_ = 0
        self._single, self._weight = single, 0.0
        self._mean: Floats = np.zeros(width)
        self._products: Floats = np.zeros((width, width))

    def _add(self, block: Floats, weights: Floats) -> None:
        """Add a block of rows, their targets beside them."""
        weight = float(weights.sum())
        if not weight:
            return
        # Without an intercept deviations are those from 0.
        mean = weights @ block / weight if self.fit_intercept else np.zeros(block.shape[1])
        deviations = (block - mean) * np.sqrt(weights)[:, None]
        apart, total = mean - self._mean, self._weight + weight
        self._products += deviations.T @ deviations + np.outer(apart, apart) * (self._weight * weight / total)
        self._mean += apart * (weight / total)
        self._weight = total

    def _solve(self) -> None:
        d = self.n_features_in_
        squares, products = self._products[:d, :d] + float(self.alpha) * np.eye(d), self._products[:d, d:]
        scale = np.sqrt(np.diagonal(squares))
        scale = np.where(scale > 0, scale, 1.0)
        values, vectors = np.linalg.eigh(squares / np.outer(scale, scale))
        kept = values > values[-1] * max(d, 1) * np.finfo(np.float64).eps
        vectors = vectors[:, kept]
        weights = (vectors @ ((vectors.T @ (products / scale[:, None])) / values[kept, None])) / scale[:, None]
        offset = self._mean[d:] - self._mean[:d] @ weights
        self.rank_ = int(kept.sum())
        self.coef_ = weights[:, 0] if self._single else np.ascontiguousarray(weights.T)
        self.intercept_: Any = float(offset[0]) if self._single else offset

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
