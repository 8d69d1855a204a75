"""Naive Bayes for mixed tables: a normal distribution for each number, a frequency for each text, gaps left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

__all__ = ["MixedNaiveBayes"]

Floats = NDArray[np.float64]


class MixedNaiveBayes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Naive Bayes on numbers and codes of categories, learnt from sums alone: in one pass, in parts, in any order.

    Each class gives a number a normal distribution and a category a frequency, independent of each other. A missing
    value says nothing of the class: its factor is left out, as is that of a category that no row had.

    Parameters
    ----------
    categorical : sequence of int, optional
        Columns that hold codes 0, 1, … of categories; the others hold numbers.
    alpha : float
        Rows added to each category of each class (Laplace), 0 or more.
    var_smoothing : float
        Part of the largest variance of a column that is added to all variances.

    Attributes
    ----------
    classes_ : ndarray
    class_count_ : ndarray of float64, shape (classes,)
        Rows of each class.
    count_, mean_, squares_ : ndarray of float64, shape (classes, numbers)
        Values of each number, their mean, and the sum of their squared distances from it.
    category_count_ : ndarray of float64, shape (classes, categorical, codes)
        Rows of each category.

    Examples
    --------
    >>> X = [[1.0, 0], [1.2, 0], [3.0, 1], [3.3, np.nan]]
    >>> model = MixedNaiveBayes(categorical=[1]).fit(X, ["low", "low", "high", "high"])
    >>> model.predict([[1.1, np.nan], [np.nan, 1]]).tolist()
    ['low', 'high']
    """

    def __init__(
        self, *, categorical: Sequence[int] | None = None, alpha: float = 1.0, var_smoothing: float = 1e-9
    ) -> None:
        self.categorical = categorical
        self.alpha = alpha
        self.var_smoothing = var_smoothing

    def fit(self, X: Any, y: Any) -> Self:
        """
        Learn from all rows.

        Parameters
        ----------
        X : array of shape (n, d)
            NaN is missing.
        y : array of n labels
        """
        X, y = self._checked(X, y, reset=True)
        self._begin(np.unique(y), X.shape[1])
        return self._learn(X, y)

    def partial_fit(self, X: Any, y: Any, classes: ArrayLike | None = None) -> Self:
        """
        Learn from some rows.

        Parameters
        ----------
        X : array of shape (n, d)
        y : array of n labels
        classes : array
            All labels there will be; needed at the first call.
        """
        first = not hasattr(self, "class_count_")
        if first and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit.")
        X, y = self._checked(X, y, reset=first)
        if first:
            self._begin(np.unique(np.asarray(classes)), X.shape[1])
        elif classes is not None and not np.array_equal(self.classes_, np.unique(np.asarray(classes))):
            raise ValueError("`classes` is not the same as on last call to partial_fit")
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(f"y holds the label {unknown[0]!r}, which is not in `classes`: name all at the first call")
        return self._learn(X, y)

    def predict_log_proba(self, X: Any) -> Floats:
        """Give the logarithms of the probabilities, shape (m, classes)."""
        from scipy.special import log_softmax

        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return np.asarray(log_softmax(self._joint(X), axis=1))

    def predict_proba(self, X: Any) -> Floats:
        """Give the probabilities, shape (m, classes)."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Give the most probable class, shape (m,)."""
        best = self.predict_log_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def _checked(self, X: Any, y: Any, *, reset: bool) -> tuple[Floats, NDArray[Any]]:
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", reset=reset)
        check_classification_targets(y)
        return X, y

    def _begin(self, classes: NDArray[Any], columns: int) -> None:
        texts = len(self.categorical or ())
        self.classes_ = classes
        self.class_count_ = np.zeros(len(classes))
        self.count_, self.mean_, self.squares_ = (np.zeros((len(classes), columns - texts)) for _ in range(3))
        self.category_count_ = np.zeros((len(classes), texts, 0))

    def _learn(self, X: Floats, y: NDArray[Any]) -> Self:
        codes = np.searchsorted(self.classes_, y)
        self.class_count_ += np.bincount(codes, minlength=len(self.classes_))
        numbers, texts = self._parts(X)
        for c in np.unique(codes).tolist():
            self._add_numbers(c, numbers[codes == c])
        self._add_texts(texts, codes)
        return self

    def _parts(self, X: Floats) -> tuple[Floats, Floats]:
        """Numbers, shape (m, p), and codes of categories, shape (m, q)."""
        texts = list(self.categorical or ())
        return np.delete(X, texts, axis=1) if texts else X, X[:, texts]

    def _add_numbers(self, c: int, values: Floats) -> None:
        """Join means and squares: Chan, Golub and LeVeque (1983), American Statistician 37:242, eq. 2.1."""
        missing = np.isnan(values)
        count = len(values) - missing.sum(axis=0)
        mean = np.where(missing, 0.0, values).sum(axis=0) / np.maximum(count, 1)
        squares = (np.where(missing, 0.0, values - mean) ** 2).sum(axis=0)
        together = np.maximum(self.count_[c] + count, 1)
        apart = mean - self.mean_[c]
        self.squares_[c] += squares + apart**2 * self.count_[c] * count / together
        self.mean_[c] += apart * count / together
        self.count_[c] += count

    def _add_texts(self, texts: Floats, codes: NDArray[np.intp]) -> None:
        known = ~np.isnan(texts)
        if not texts.shape[1] or not known.any():
            return
        if (texts[known] < 0).any() or (texts[known] % 1 != 0).any():
            raise ValueError("a categorical column holds a value that is no code 0, 1, …")
        room = int(texts[known].max()) + 1 - self.category_count_.shape[2]
        self.category_count_ = np.pad(self.category_count_, ((0, 0), (0, 0), (0, max(room, 0))))
        for place in range(texts.shape[1]):
            rows = known[:, place]
            np.add.at(self.category_count_[:, place], (codes[rows], texts[rows, place].astype(np.int64)), 1)

    def _joint(self, X: Floats) -> Floats:
        """Log of class frequency times the likelihood of each row, shape (m, classes)."""
        numbers, texts = self._parts(X)
        mean, variance = self._distributions()
        joint = np.tile(np.log(np.maximum(self.class_count_, 1e-300) / self.class_count_.sum()), (len(X), 1))
        missing = np.isnan(numbers)
        for c in range(len(self.classes_)):
            likelihood = -0.5 * (np.log(2 * np.pi * variance[c]) + (numbers - mean[c]) ** 2 / variance[c])
            joint[:, c] += np.where(missing, 0.0, likelihood).sum(axis=1)
        for place in range(texts.shape[1]):
            joint += self._of_texts(place)[self._known_codes(texts[:, place], place)]
        return joint

    def _distributions(self) -> tuple[Floats, Floats]:
        """Mean and variance of each number in each class; where a class has no value, those of all rows."""
        count = self.count_.sum(axis=0)
        everywhere = (self.count_ * self.mean_).sum(axis=0) / np.maximum(count, 1)
        apart = (self.count_ * (self.mean_ - everywhere) ** 2).sum(axis=0)
        spread = (self.squares_.sum(axis=0) + apart) / np.maximum(count, 1)
        mean = np.where(self.count_ > 0, self.mean_, everywhere)
        variance = np.where(self.count_ > 0, self.squares_ / np.maximum(self.count_, 1), spread)
        floor = self.var_smoothing * float(spread.max(initial=0.0)) or self.var_smoothing
        return mean, variance + floor

    def _of_texts(self, place: int) -> Floats:
        """Log frequency of each code in each class, shape (codes + 1, classes); the last row, of no code, is 0."""
        counts = self.category_count_[:, place]
        met = counts.sum(axis=0) > 0
        total = counts.sum(axis=1, keepdims=True) + self.alpha * met.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(met, np.log(np.maximum(counts + self.alpha, 1e-300) / np.maximum(total, 1e-300)), 0.0)
        return np.append(found, np.zeros((len(found), 1)), axis=1).T

    def _known_codes(self, codes: Floats, place: int) -> NDArray[np.int64]:
        most = self.category_count_.shape[2]
        known = (codes >= 0) & (codes < most) & (codes % 1 == 0)
        return np.where(known, codes, most).astype(np.int64)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
