"""A classifier chain that chooses the order of its labels itself, by cross-validation on the rows it learns from."""

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

__all__ = ["OrderedChain", "orders_tried"]

_MOST_ORDERS = 6
_INNER_FOLDS = 3
_MOST_ROWS = 6_000


def _estimator_has(method: str, unless: str = "") -> Callable[[Any], bool]:
    """Offered where the estimator has the method; scores are not offered beside probabilities, which are better."""
    return lambda chain: hasattr(chain.estimator, method) and not (unless and hasattr(chain.estimator, unless))


class OrderedChain(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Answer one label after the other, each detector being told the answers before it.

    Read, Pfahringer, Holmes and Frank (2011), Machine Learning 85:333. The order of the labels is the one whose
    chain has most rows wholly right in an inner cross-validation on the rows given to `fit`; rows that are judged
    later have no part in it. Up to three labels all orders are tried, beyond that six: as given, the reverse, the most
    frequent label first, the rarest first, and two at random.

    Unlike scikit-learn's `ClassifierChain` it leaves missing values in X to its estimator, and computes the
    scores and the answers that follow from them in one pass.

    Parameters
    ----------
    estimator : classifier
        Of one label; cloned. Its answer is "true" where its probability is above 0.5, or its score above 0.
    random_state : int, optional
        Of the random orders and of the rows that choose (6,000 at most).

    Attributes
    ----------
    order_ : list of int
        Columns of `Y` in the order in which they are answered.
    estimators_ : list of classifier
        Fitted, in that order.
    classes_ : list of ndarray
        The answers to each label.

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
        right = [self._wholly_right(X[rows], Y[rows], order) for order in orders]
        self.order_ = orders[int(np.argmax(right))]
        self.estimators_ = self._links(X, Y, self.order_)
        self.classes_ = [np.unique(column) for column in Y.T]
        return self

    def predict(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """Give 0 or 1 for each label, shape (n, labels)."""
        check_is_fitted(self)
        return _answered(X, self.estimators_, self.order_)[1]

    @available_if(_estimator_has("predict_proba"))  # type: ignore[untyped-decorator]
    def predict_proba(self, X: NDArray[Any]) -> NDArray[np.float64]:
        """Give the probability of each label, told the answers before it; shape (n, labels)."""
        check_is_fitted(self)
        return _answered(X, self.estimators_, self.order_)[0]

    @available_if(_estimator_has("decision_function", "predict_proba"))  # type: ignore[untyped-decorator]
    def decision_function(self, X: NDArray[Any]) -> NDArray[np.float64]:
        """Give the score of each label, told the answers before it; shape (n, labels)."""
        check_is_fitted(self)
        return _answered(X, self.estimators_, self.order_)[0]

    def _links(self, X: NDArray[Any], Y: NDArray[np.int64], order: list[int]) -> list[Any]:
        """One fitted estimator a label, each on X and the true labels before its own."""
        return [
            clone(self.estimator).fit(np.column_stack([X, Y[:, order[:place]]]), Y[:, label])
            for place, label in enumerate(order)
        ]

    def _wholly_right(self, X: NDArray[Any], Y: NDArray[np.int64], order: list[int]) -> int:
        """Rows with every label right in an inner cross-validation; folds that lack an answer are passed over."""
        right = 0
        for learn, held_out in KFold(_INNER_FOLDS).split(Y):
            if (Y[learn].min(axis=0) == Y[learn].max(axis=0)).any():
                continue
            _, said = _answered(X[held_out], self._links(X[learn], Y[learn], order), order)
            right += int((said == Y[held_out]).all(axis=1).sum())
        return right

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.single_output = False
        tags.target_tags.multi_output = True
        return tags


def _answered(X: NDArray[Any], links: list[Any], order: list[int]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Scores (probabilities where there are some) and answers of each label, shape (n, labels)."""
    scores, said = np.zeros((len(X), len(order))), np.zeros((len(X), len(order)), np.int64)
    for place, (link, label) in enumerate(zip(links, order, strict=True)):
        told = np.column_stack([X, said[:, order[:place]]])
        if hasattr(link, "predict_proba"):
            scores[:, label] = link.predict_proba(told)[:, 1]
            said[:, label] = scores[:, label] > 0.5
        elif hasattr(link, "decision_function"):
            scores[:, label] = link.decision_function(told)
            said[:, label] = scores[:, label] > 0
        else:
            said[:, label] = link.predict(told)
    return scores, said


def orders_tried(labels: int) -> int:
    """
    Tell how many orders of so many labels are compared.

    Examples
    --------
    >>> [orders_tried(labels) for labels in (2, 3, 4, 10)]
    [2, 6, 6, 6]
    """
    return math.factorial(labels) if labels <= 3 else _MOST_ORDERS


def _orders(Y: NDArray[np.int64], rng: np.random.Generator) -> list[list[int]]:
    labels = Y.shape[1]
    if labels <= 3:
        return [list(order) for order in permutations(range(labels))]
    rarest = np.argsort(Y.sum(axis=0), kind="stable").tolist()
    given = list(range(labels))
    return [given, given[::-1], rarest[::-1], rarest, *(rng.permutation(labels).tolist() for _ in range(2))]
