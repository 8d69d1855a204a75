"""Images to rows of pixels."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.data.kinds.kind import Need

__all__ = ["FlattenPixels", "pixels_held", "prepare"]


def prepare(layout: None, need: Need) -> list[tuple[str, Any]]:
    """Return the preparation of images for what a model needs: rows of pixels, or none at all."""
    if need.form == "raw":
        return []
    pixels = FlattenPixels(unit=need.scaling == "unit", dtype=need.dtype)
    return [("pixels", pixels), *([("scale", StandardScaler())] if need.scaling == "standard" else [])]


def pixels_held(pipeline: Pipeline, rows: int, values: int) -> int:
    """Return the least bytes of a fit on so many images: their pixels as uint8, and as the model takes them."""
    sizes = (np.dtype(step.dtype).itemsize for _, step in pipeline.steps if isinstance(step, FlattenPixels))
    return rows * values * (1 + max(sizes, default=0))


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
        """Return rows of `dtype`, shape (n, values an image)."""
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
