"""A classifier chain that chooses the order of its labels by cross-validation on the training rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import KFold
from sklearn.utils import Tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

__all__ = ["OrderedChain", "order_count"]

_MOST_ORDERS = 6
_INNER_FOLDS = 3
_MOST_ROWS = 6_000


def _estimator_has(method: str, unless: str = "") -> Callable[[Any], bool]:
    """Return a check that the estimator has a method, and, where `unless` is given, lacks that one."""
    return lambda chain: hasattr(chain.estimator, method) and not (unless and hasattr(chain.estimator, unless))


class OrderedChain(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Predict one label after the other, each from X and the predictions of the labels before it.

    Read, Pfahringer, Holmes and Frank (2011), Machine Learning 85:333. The order of the labels is the one whose chain
    has most exact matches in an inner cross-validation on the rows given to `fit`. Of up to three labels all orders are
    compared, beyond that six: as given, reversed, the most frequent label first, the rarest first, and two at random.

    Unlike scikit-learn's `ClassifierChain` it leaves missing values in X to its estimator, and computes scores and
    predictions in one pass.

    Parameters
    ----------
    estimator : classifier
        Binary, cloned for each label. It predicts 1 where its probability is above 0.5, or its score above 0.
    random_state : int, optional
        Seed of the random orders and of the sample of rows, 6,000 at most, that chooses.

    Attributes
    ----------
    order_ : list of int
        Columns of `Y` in the order of the chain.
    estimators_ : list of classifier
        Fitted, in that order.
    classes_ : list of ndarray
        Values of each label.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> X = np.arange(60.0).reshape(-1, 1)
    >>> Y = np.column_stack([X[:, 0] > 30, X[:, 0] % 20 > 9]).astype(int)
    >>> OrderedChain(DecisionTreeClassifier(random_state=0)).fit(X, Y).predict(X[[0, 59]]).tolist()
    [[0, 0], [1, 1]]
    """

    def __init__(self, estimator: Any, random_state: int | None = None) -> None:
        self.estimator = estimator
        self.random_state = random_state

    def fit(self, X: NDArray[Any], Y: NDArray[np.int64]) -> Self:
        """Choose the order and fit the chain; X of shape (n, values), Y of 0 and 1, shape (n, labels)."""
        Y = np.asarray(Y)
        rng = np.random.default_rng(self.random_state)
        rows = np.sort(rng.permutation(len(Y))[:_MOST_ROWS])
        orders = _orders(Y, rng)
        exact_matches = [self._exact_matches(X[rows], Y[rows], order) for order in orders]
        self.order_ = orders[int(np.argmax(exact_matches))]
        self.estimators_ = self._links(X, Y, self.order_)
        self.classes_ = [np.unique(column) for column in Y.T]
        return self

    def predict(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """Return 0 or 1 for each label, int64 of shape (n, labels)."""
        check_is_fitted(self)
        return _predict_chain(X, self.estimators_, self.order_)[1]

    @available_if(_estimator_has("predict_proba"))  # type: ignore[untyped-decorator]
    def predict_proba(self, X: NDArray[Any]) -> NDArray[np.float64]:
        """Return the probability of each label, given the predictions before it; shape (n, labels)."""
        check_is_fitted(self)
        return _predict_chain(X, self.estimators_, self.order_)[0]

    @available_if(_estimator_has("decision_function", "predict_proba"))  # type: ignore[untyped-decorator]
    def decision_function(self, X: NDArray[Any]) -> NDArray[np.float64]:
        """Return the score of each label, given the predictions before it; shape (n, labels)."""
        check_is_fitted(self)
        return _predict_chain(X, self.estimators_, self.order_)[0]

    def _links(self, X: NDArray[Any], Y: NDArray[np.int64], order: list[int]) -> list[Any]:
        """Fit one estimator for each label, on X and the true labels before its own."""
        return [
            clone(self.estimator).fit(np.column_stack([X, Y[:, order[:place]]]), Y[:, label])
            for place, label in enumerate(order)
        ]

    def _exact_matches(self, X: NDArray[Any], Y: NDArray[np.int64], order: list[int]) -> int:
        """Return the number of exact matches in an inner cross-validation, without folds where a label is constant."""
        count = 0
        for train, held_out in KFold(_INNER_FOLDS).split(Y):
            if (Y[train].min(axis=0) == Y[train].max(axis=0)).any():
                continue
            _, predicted = _predict_chain(X[held_out], self._links(X[train], Y[train], order), order)
            count += int((predicted == Y[held_out]).all(axis=1).sum())
        return count

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.single_output = False
        tags.target_tags.multi_output = True
        return tags


def _predict_chain(
    X: NDArray[Any], estimators: list[Any], order: list[int]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return scores, or probabilities where there are some, and predictions, each of shape (n, labels)."""
    scores, predicted = np.zeros((len(X), len(order))), np.zeros((len(X), len(order)), np.int64)
    for place, (estimator, label) in enumerate(zip(estimators, order, strict=True)):
        extended = np.column_stack([X, predicted[:, order[:place]]])
        if hasattr(estimator, "predict_proba"):
            scores[:, label] = estimator.predict_proba(extended)[:, 1]
            predicted[:, label] = scores[:, label] > 0.5
        elif hasattr(estimator, "decision_function"):
            scores[:, label] = estimator.decision_function(extended)
            predicted[:, label] = scores[:, label] > 0
        else:
            predicted[:, label] = estimator.predict(extended)
    return scores, predicted


def order_count(labels: int) -> int:
    """
    Return the number of orders compared for so many labels.

    Examples
    --------
    >>> [order_count(labels) for labels in (2, 3, 4, 10)]
    [2, 6, 6, 6]
    """
    return math.factorial(labels) if labels <= 3 else _MOST_ORDERS


def _orders(Y: NDArray[np.int64], rng: np.random.Generator) -> list[list[int]]:
    labels = Y.shape[1]
    if labels <= 3:
        return [list(order) for order in permutations(range(labels))]
    rarest = np.argsort(Y.sum(axis=0), kind="stable").tolist()
    natural = list(range(labels))
    return [natural, natural[::-1], rarest[::-1], rarest, *(rng.permutation(labels).tolist() for _ in range(2))]
