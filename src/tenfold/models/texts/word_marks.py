"""Texts with their links, addresses and numbers marked."""

from __future__ import annotations

from typing import Any, Self

from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from tenfold.models.texts.marks import mark_texts

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
        return mark_texts(X)

    def __sklearn_is_fitted__(self) -> bool:
        return True
