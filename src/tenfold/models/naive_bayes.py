"""Naive Bayes for mixed tables: a normal distribution for each number, a frequency for each category."""

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
    Naive Bayes on numbers and codes of categories, fitted on sums alone: in one pass, in parts, in any order.

    Within a class, numbers have normal distributions and categories frequencies, all independent. The factors of
    missing values, and of categories that no training row had, are left out.

    Parameters
    ----------
    categorical : sequence of int, optional
        Columns with codes 0, 1, … of categories; the others are numbers.
    alpha : float
        Pseudo-count of each category in each class (Laplace), 0 or more.
    var_smoothing : float
        Part of the largest variance of a column that is added to all variances.

    Attributes
    ----------
    classes_ : ndarray
    class_count_ : ndarray of float64, shape (classes,)
        Number of rows of each class.
    count_, mean_, squares_ : ndarray of float64, shape (classes, numbers)
        For each number the count of its values, their mean, and the sum of squared deviations from it.
    category_count_ : ndarray of float64, shape (classes, categorical, codes)
        Number of rows of each category.

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
        Fit on all rows.

        Parameters
        ----------
        X : array of shape (n, d)
            NaN is missing.
        y : array of n labels
        """
        X, y = self._validate(X, y, reset=True)
        self._reset(np.unique(y), X.shape[1])
        return self._update(X, y)

    def partial_fit(self, X: Any, y: Any, classes: ArrayLike | None = None) -> Self:
        """
        Update with some rows.

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
        X, y = self._validate(X, y, reset=first)
        if first:
            self._reset(np.unique(np.asarray(classes)), X.shape[1])
        elif classes is not None and not np.array_equal(self.classes_, np.unique(np.asarray(classes))):
            raise ValueError("`classes` is not the same as on last call to partial_fit")
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(f"y holds the label {unknown[0]!r}, which is not in `classes`: name all at the first call")
        return self._update(X, y)

    def predict_log_proba(self, X: Any) -> Floats:
        """Return the logarithms of the probabilities, shape (m, classes)."""
        from scipy.special import log_softmax

        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return np.asarray(log_softmax(self._joint(X), axis=1))

    def predict_proba(self, X: Any) -> Floats:
        """Return the probabilities, shape (m, classes)."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class, shape (m,)."""
        best = self.predict_log_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def _validate(self, X: Any, y: Any, *, reset: bool) -> tuple[Floats, NDArray[Any]]:
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", reset=reset)
        check_classification_targets(y)
        return X, y

    def _reset(self, classes: NDArray[Any], columns: int) -> None:
        texts = len(self.categorical or ())
        self.classes_ = classes
        self.class_count_ = np.zeros(len(classes))
        self.count_, self.mean_, self.squares_ = (np.zeros((len(classes), columns - texts)) for _ in range(3))
        self.category_count_ = np.zeros((len(classes), texts, 0))

    def _update(self, X: Floats, y: NDArray[Any]) -> Self:
        codes = np.searchsorted(self.classes_, y)
        self.class_count_ += np.bincount(codes, minlength=len(self.classes_))
        numbers, texts = self._split_columns(X)
        for c in np.unique(codes).tolist():
            self._add_numbers(c, numbers[codes == c])
        self._add_texts(texts, codes)
        return self

    def _split_columns(self, X: Floats) -> tuple[Floats, Floats]:
        """Return the numbers, shape (m, p), and the codes of categories, shape (m, q)."""
        texts = list(self.categorical or ())
        return np.delete(X, texts, axis=1) if texts else X, X[:, texts]

    def _add_numbers(self, c: int, values: Floats) -> None:
        """Combine means and squares: Chan, Golub and LeVeque (1983), American Statistician 37:242, eq. 2.1."""
        missing = np.isnan(values)
        count = len(values) - missing.sum(axis=0)
        mean = np.where(missing, 0.0, values).sum(axis=0) / np.maximum(count, 1)
        squares = (np.where(missing, 0.0, values - mean) ** 2).sum(axis=0)
        total = np.maximum(self.count_[c] + count, 1)
        difference = mean - self.mean_[c]
        self.squares_[c] += squares + difference**2 * self.count_[c] * count / total
        self.mean_[c] += difference * count / total
        self.count_[c] += count

    def _add_texts(self, texts: Floats, codes: NDArray[np.intp]) -> None:
        present = ~np.isnan(texts)
        if not texts.shape[1] or not present.any():
            return
        if (texts[present] < 0).any() or (texts[present] % 1 != 0).any():
            raise ValueError("a categorical column holds a value that is no code 0, 1, …")
        n_new = int(texts[present].max()) + 1 - self.category_count_.shape[2]
        self.category_count_ = np.pad(self.category_count_, ((0, 0), (0, 0), (0, max(n_new, 0))))
        for place in range(texts.shape[1]):
            rows = present[:, place]
            np.add.at(self.category_count_[:, place], (codes[rows], texts[rows, place].astype(np.int64)), 1)

    def _joint(self, X: Floats) -> Floats:
        """Return the log of class frequency times likelihood, shape (m, classes)."""
        numbers, texts = self._split_columns(X)
        mean, variance = self._distributions()
        joint = np.tile(np.log(np.maximum(self.class_count_, 1e-300) / self.class_count_.sum()), (len(X), 1))
        missing = np.isnan(numbers)
        for c in range(len(self.classes_)):
            likelihood = -0.5 * (np.log(2 * np.pi * variance[c]) + (numbers - mean[c]) ** 2 / variance[c])
            joint[:, c] += np.where(missing, 0.0, likelihood).sum(axis=1)
        for place in range(texts.shape[1]):
            joint += self._text_log_frequencies(place)[self._known_codes(texts[:, place], place)]
        return joint

    def _distributions(self) -> tuple[Floats, Floats]:
        """Return mean and variance of each number in each class; where a class has no value, those of all rows."""
        count = self.count_.sum(axis=0)
        overall_mean = (self.count_ * self.mean_).sum(axis=0) / np.maximum(count, 1)
        between = (self.count_ * (self.mean_ - overall_mean) ** 2).sum(axis=0)
        run = (self.squares_.sum(axis=0) + between) / np.maximum(count, 1)
        mean = np.where(self.count_ > 0, self.mean_, overall_mean)
        variance = np.where(self.count_ > 0, self.squares_ / np.maximum(self.count_, 1), run)
        floor = self.var_smoothing * float(run.max(initial=0.0)) or self.var_smoothing
        return mean, variance + floor

    def _text_log_frequencies(self, place: int) -> Floats:
        """Return the log frequency of each code in each class, shape (codes + 1, classes); the last row is 0."""
        counts = self.category_count_[:, place]
        has_rows = counts.sum(axis=0) > 0
        total = counts.sum(axis=1, keepdims=True) + self.alpha * has_rows.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            frequencies = np.where(
                has_rows, np.log(np.maximum(counts + self.alpha, 1e-300) / np.maximum(total, 1e-300)), 0.0
            )
        return np.append(frequencies, np.zeros((len(frequencies), 1)), axis=1).T

    def _known_codes(self, codes: Floats, place: int) -> NDArray[np.int64]:
        n_codes = self.category_count_.shape[2]
        is_known = (codes >= 0) & (codes < n_codes) & (codes % 1 == 0)
        return np.where(is_known, codes, n_codes).astype(np.int64)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
