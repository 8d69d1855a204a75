"""What a model of images must be given: uint8 images of the shape of the training data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.kinds.rows import array_of, refuse_no_rows, spread_rows
from tenfold.data.sources.arrays import images_from
from tenfold.errors import DataError

__all__ = ["ImageSchema"]

_LONGEST_SIDE = 100_000
_VALUES = 200_000


@dataclass(frozen=True)
class ImageSchema:
    """
    The shape of images.

    Parameters
    ----------
    shape : tuple of int
        Height and width in pixels, and 3 for colour.

    Examples
    --------
    >>> schema = ImageSchema.of(np.zeros((5, 2, 2), np.uint8))
    >>> schema.summary, ImageSchema.from_dict(schema.as_dict()) == schema
    ('images of 2 x 2 pixels', True)
    >>> schema.instances(np.zeros((1, 2, 2))).dtype.name
    'uint8'
    """

    shape: tuple[int, ...]

    @staticmethod
    def of(X: NDArray[np.uint8], layout: None = None) -> ImageSchema:
        """Describe the training images; there is nothing to know of a layout."""
        return ImageSchema(tuple(map(int, X.shape[1:])))

    @property
    def names(self) -> tuple[str, ...]:
        """Column names: images have none."""
        return ()

    @property
    def summary(self) -> str:
        """What must be given, in a few words."""
        return f"images of {_sides(self.shape)} pixels"

    def check(self, X: Any, where: str | None = None, start: int = 0) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
        """Return the images as they are, and no notes; raises `DataError` for those of another shape or dtype."""
        if not isinstance(X, np.ndarray):
            raise DataError("this model needs images, the data are a table", where=where)
        if tuple(X.shape[1:]) != self.shape:
            raise DataError(
                f"images of {_sides(tuple(X.shape[1:]))} pixels, but this model was trained on {_sides(self.shape)}",
                where=where,
                do="bring the images to that shape",
            )
        if X.dtype != np.uint8:
            raise DataError(
                f"pixels of type {X.dtype}, but this model needs whole numbers from 0 to 255 (uint8)", where=where
            )
        return X, ()

    def instances(self, rows: Any) -> NDArray[np.uint8]:
        """
        Bring rows as people have them in Python into the form that `check` takes.

        Parameters
        ----------
        rows : array-like, shape (n, height, width[, 3])
            Whole numbers 0 to 255, whatever their dtype.

        Raises
        ------
        DataError
            No rows, or another shape; the message says what to give.
        """
        if hasattr(rows, "columns"):
            raise DataError("this model needs images, the data are a table")
        images = array_of(rows)
        refuse_no_rows(images)
        sides = ", ".join(map(str, self.shape))
        if images.shape == self.shape:
            raise DataError("one image, where rows of images are needed", do="give it as image[np.newaxis]")
        if images.ndim == 2 and images.shape[1] == np.prod(self.shape):
            what = f"rows of {images.shape[1]:,} values, but this model was trained on images of shape ({sides})"
            raise DataError(what, do=f"give X.reshape(-1, {sides})")
        return images_from(images, "rows to predict")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"kind": "image", "shape": list(self.shape), "dtype": "uint8"}

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> ImageSchema:
        """Read what `as_dict` gave; raises ValueError where it is no schema of images."""
        if plain["kind"] != "image" or plain["dtype"] != "uint8":
            raise ValueError(f"no schema of images: {plain!r}")
        return ImageSchema(tuple(_side(side) for side in plain["shape"]))

    def few_rows(self, X: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
        """Return about `count` images, evenly spread; fewer of large ones."""
        few = max(1, min(count, len(X), _VALUES // max(1, int(np.prod(self.shape)))))
        return X[spread_rows(len(X), few)]

    def plain_rows(self, X: NDArray[np.uint8]) -> Any:
        """Return images as plain values for JSON."""
        return X.tolist()

    def read_rows(self, plain: Any) -> NDArray[np.uint8]:
        """Read what `plain_rows` gave; raises ValueError or TypeError where that holds no images."""
        return np.array(plain, np.uint8)


def _side(value: Any) -> int:
    if type(value) is not int or not 0 < value <= _LONGEST_SIDE:
        raise ValueError(f"an image side of {value!r} pixels")
    return value


def _sides(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "no"
