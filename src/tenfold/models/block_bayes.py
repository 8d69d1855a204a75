"""Naive Bayes of words on sparse rows that are read block by block: sums of counts, the same in any blocks."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.naive_bayes import ComplementNB, MultinomialNB

from tenfold.models.row_blocks import in_blocks, row_blocks

__all__ = ["BlockComplementNB", "BlockMultinomialNB"]


class _InBlocks:
    """What both have: they are fitted on blocks and predict them, one after the other."""

    def fit(self, X: Any, y: Any) -> Self:
        """Fit on sparse rows, shape (n, d), in memory or as `RowBlocks`, and labels y, shape (n,)."""
        base: Any = super()
        classes, first = np.unique(y), 0
        vars(self).pop("classes_", None)
        for block in row_blocks(X):
            base.partial_fit(block, y[first : first + block.shape[0]], classes)
            first += block.shape[0]
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Return classes, shape (n,)."""
        base: Any = super()
        return in_blocks(base.predict, X)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (n, classes)."""
        base: Any = super()
        return in_blocks(lambda block: np.exp(base.predict_log_proba(block)), X)


class BlockMultinomialNB(_InBlocks, MultinomialNB):  # type: ignore[misc]
    """
    Scikit-learn's ``MultinomialNB`` of rows that need not be in memory.

    Examples
    --------
    >>> X, y = np.array([[2, 0], [0, 1], [1, 0]]), np.array([0, 1, 0])
    >>> bool((BlockMultinomialNB().fit(X, y).predict_proba(X) == MultinomialNB().fit(X, y).predict_proba(X)).all())
    True
    """


class BlockComplementNB(_InBlocks, ComplementNB):  # type: ignore[misc]
    """
    Scikit-learn's ``ComplementNB`` of rows that need not be in memory.

    Examples
    --------
    >>> BlockComplementNB().fit([[2, 0], [0, 1]], np.array([0, 1])).predict([[1, 0], [0, 3]]).tolist()
    [0, 1]
    """
