"""Images to rows of pixels."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

__all__ = ["FlattenPixels"]


class FlattenPixels(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Lay each image out as one row of pixel values.

    Parameters
    ----------
    unit : bool
        Divide by the largest value met in `fit` (255 for full-range images), so that values lie in 0-1;
        raw values otherwise.
    dtype : str
        Of the rows: "float32" holds every pixel value exactly in half the memory of "float64".

    Examples
    --------
    >>> FlattenPixels(unit=True).fit_transform(np.full((1, 2, 2), 255, np.uint8)).tolist()
    [[1.0, 1.0, 1.0, 1.0]]
    """

    def __init__(self, unit: bool = False, dtype: str = "float32") -> None:
        self.unit = unit
        self.dtype = dtype

    def fit(self, X: NDArray[Any], y: NDArray[Any] | None = None) -> Self:
        """Remember how many values an image has and the largest; X has shape (n, height, width[, 3])."""
        X = validate_data(self, X, allow_nd=True)
        self.n_values_ = int(np.prod(X.shape[1:]))
        self.largest_ = float(X.max()) or 1.0
        return self

    def transform(self, X: NDArray[Any]) -> NDArray[Any]:
        """Give rows of `dtype`, shape (n, values an image)."""
        check_is_fitted(self)
        X = validate_data(self, X, allow_nd=True, reset=False)
        rows = X.reshape(len(X), self.n_values_).astype(self.dtype, copy=self.unit)
        if self.unit:
            rows /= rows.dtype.type(self.largest_)
        return rows

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        if tags.transformer_tags is not None:
            tags.transformer_tags.preserves_dtype = []
        return tags
