"""A column of a table as texts, as vectorizers take them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

__all__ = ["TextCells"]


class TextCells(TransformerMixin, BaseEstimator):
    """
    Give the one column of a table as texts: a missing one is empty.

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
        """Return the texts of X, of shape (n,), (n, 1), or a data frame of one column; ndarray of object, (n,)."""
        cells = np.asarray(X, object)
        if cells.ndim > 1 and cells.shape[1] != 1:
            raise ValueError(f"texts are one column, not {cells.shape[1]}")
        cells = cells.reshape(-1)
        texts = np.empty(len(cells), object)
        texts[:] = [cell if isinstance(cell, str) else "" for cell in cells.tolist()]
        return texts

    def __sklearn_is_fitted__(self) -> bool:
        return True
