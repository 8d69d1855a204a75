"""A linear support vector machine whose offset is chosen on rows that it was not fitted on."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC
from sklearn.utils.validation import check_is_fitted

from tenfold.models.scores import highest_class

__all__ = ["OffsetSVC", "best_threshold"]

_WIDTH = 0.2
"""Of a margin: how far scores of held-out rows are smoothed, so that the offset rests on no single row."""

_STEPS = 201


class OffsetSVC(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Fit ``LinearSVC``, and move its offset to where fewest training rows, each predicted out of fold, are wrong.

    A margin in thousands of columns is wide on the side of the frequent class: its middle misses more rows of the rare
    class than it has to. Of more than two classes, and where a class has fewer rows than folds, the offset stays.

    Parameters
    ----------
    C : float
        As in ``LinearSVC``.
    folds : int
        On which the offset is chosen.
    random_state : int, optional

    Attributes
    ----------
    coef_, intercept_ : ndarray
        As in ``LinearSVC``, the offset moved.
    shift_ : float
        By how much it was moved, in margins.

    Examples
    --------
    >>> X, y = np.linspace(-1, 1, 40)[:, np.newaxis], np.arange(40) >= 30
    >>> OffsetSVC().fit(X, y).score(X, y)
    1.0
    """

    def __init__(self, C: float = 1.0, folds: int = 5, random_state: int | None = None) -> None:
        self.C, self.folds, self.random_state = C, folds, random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Fit on X, dense or sparse, of shape (n, columns), and labels y, shape (n,)."""
        model = LinearSVC(C=self.C, random_state=self.random_state)
        classes, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
        self.shift_ = 0.0
        if len(classes) == 2 and counts.min() >= self.folds:
            folds = StratifiedKFold(self.folds, shuffle=True, random_state=self.random_state)
            scores = cross_val_predict(model, X, codes, cv=folds, method="decision_function")
            self.shift_ = best_threshold(scores[codes == 1], scores[codes == 0])
        model.fit(X, y)
        self.classes_, self.n_features_in_ = model.classes_, model.n_features_in_
        self.coef_, self.intercept_ = model.coef_, model.intercept_ - self.shift_
        return self

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return scores, shape (n,) for two classes, else (n, classes)."""
        check_is_fitted(self)
        scores: NDArray[np.float64] = np.asarray(X @ self.coef_.T, np.float64) + self.intercept_
        return scores[:, 0] if len(self.coef_) == 1 else scores

    def predict(self, X: Any) -> NDArray[Any]:
        """Return classes, shape (n,)."""
        return np.asarray(self.classes_[highest_class(self.decision_function(X))])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def best_threshold(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    """Return the threshold within a margin of 0 with fewest errors, scores smoothed; shapes (n,) and (m,)."""
    grid = np.linspace(-1, 1, _STEPS)
    errors = [ndtr((at - positives) / _WIDTH).sum() + ndtr((negatives - at) / _WIDTH).sum() for at in grid]
    best = np.flatnonzero(np.isclose(errors, min(errors), rtol=0, atol=1e-9))
    return float(grid[best].mean())
