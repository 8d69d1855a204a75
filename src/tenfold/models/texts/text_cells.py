"""Columns of a table as texts, as vectorizers take them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

__all__ = ["MessageCells", "TextCells"]


class TextCells(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Give the columns of a table as one text a row, a line each: a missing one is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> TextCells().fit_transform(pd.DataFrame({"note": ["so it is", None]})).tolist()
    ['so it is', '']
    """

    def fit(self, X: Any, y: Any = None) -> Self:
        """Do nothing: nothing depends on the rows."""
        return self

    def transform(self, X: Any) -> NDArray[Any]:
        """Return the texts of X, of shape (n,) or (n, columns), or a data frame; ndarray of object, shape (n,)."""
        cells = np.asarray(X, object)
        texts = np.empty(len(cells), object)
        rows = cells.reshape(len(cells), -1).tolist()
        texts[:] = ["\n".join(cell if isinstance(cell, str) else "" for cell in row) for row in rows]
        return texts

    def __sklearn_is_fitted__(self) -> bool:
        return True


class MessageCells(TextCells):
    r"""
    Give the columns of messages, of which the last holds footers, as one text a message.

    Parameters
    ----------
    footers : {"cut", "kept"}
        Whether signatures and footers of lists are part of the text.

    Examples
    --------
    >>> MessageCells().fit_transform([["Hi", "till tomorrow", "a list"]]).tolist()
    ['Hi\ntill tomorrow']
    """

    def __init__(self, footers: str = "cut") -> None:
        self.footers = footers

    def transform(self, X: Any) -> NDArray[Any]:
        """Return the texts of X, of shape (n, columns), or a data frame; ndarray of object, shape (n,)."""
        cells = np.asarray(X, object)
        return super().transform(cells[:, :-1] if self.footers == "cut" else cells)
