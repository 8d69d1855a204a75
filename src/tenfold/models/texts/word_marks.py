"""Texts with their links, addresses and numbers marked."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from tenfold.models.texts.marks import mark_words

__all__ = ["WordMarks"]


class WordMarks(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Give texts with their links, addresses and numbers marked as such (`mark_words`).

    Examples
    --------
    >>> WordMarks().transform(["call 555 now"]).tolist()
    ['call NUMBER now']
    """

    def fit(self, X: Any, y: Any = None) -> Self:
        """Do nothing: nothing depends on the rows."""
        return self

    def transform(self, X: Any) -> NDArray[Any]:
        """Return the texts of X, shape (n,), marked; ndarray of object, shape (n,)."""
        texts = np.empty(len(X), object)
        texts[:] = [mark_words(text) for text in X]
        return texts

    def __sklearn_is_fitted__(self) -> bool:
        return True
