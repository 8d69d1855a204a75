"""What images hold: their shape, content ids, values, pictures, and patches that can be shuffled."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.kinds.kind import Part
from tenfold.errors import DataError
from tenfold.text import shown

__all__ = ["ids", "image_shape", "parts", "pictures", "shuffle", "size", "text", "validate", "values", "width"]

Images = NDArray[np.uint8]
_PATCHES = 8


def validate(X: Any, name: str) -> None:
    """Refuse anything but numbers of shape (n, height, width) or (n, height, width, 3): noise may leave 0 to 255."""
    dtype = getattr(X, "dtype", None)
    shape: tuple[int, ...] = getattr(X, "shape", ())
    numbers = isinstance(X, np.ndarray) and np.issubdtype(X.dtype, np.number)
    if not numbers or not (len(shape) == 3 or (len(shape) == 4 and shape[3] == 3)):
        what = f"images are uint8 of shape (n, height, width) or (n, height, width, 3), not {shown(dtype)} {shape}"
        raise DataError(what, where=name, do="make the dataset with tenfold.load or tenfold.from_arrays")


def image_shape(X: Images) -> tuple[int, ...]:
    """Return height and width in pixels, and 3 for colour."""
    return tuple(map(int, X.shape[1:]))


def size(X: Images) -> str:
    """
    Return width and height in words.

    Examples
    --------
    >>> size(np.zeros((1, 20, 10), np.uint8))
    '10 x 20'
    """
    return f"{X.shape[2]} x {X.shape[1]}"


def ids(X: Images) -> NDArray[np.str_]:
    """Return the BLAKE2b hash of each image, 32 hexadecimal digits, shape (n,)."""
    return np.array([hashlib.blake2b(row, digest_size=16).hexdigest() for row in np.ascontiguousarray(X)], "<U32")


def width(X: Images, layout: None) -> int:
    """Return the number of pixel values of an image."""
    return int(np.prod(X.shape[1:]))


def values(X: Images) -> Images:
    """Return the pixels of each image in a row, shape (n, d), sharing memory."""
    return X.reshape(len(X), -1)


def text(X: Images, row: int) -> str:
    """Return what can be said of an image without drawing it."""
    return f"image of {size(X)}"


def pictures(X: Images, rows: Any) -> Images:
    """Return images as they are drawn."""
    return np.asarray(X[rows])


def parts(X: Images) -> list[Part]:
    """
    Return the patches of images, eight by eight of them at most.

    Examples
    --------
    >>> [part.name for part in parts(np.zeros((1, 2, 2)))][:2]
    ['row 0, column 0', 'row 0, column 1']
    >>> parts(np.zeros((1, 28, 28)))[8]
    Part(name='rows 4-7, columns 4-7', patch=(4, 4, 8, 8))
    """
    height, width = X.shape[1:3]
    tall, wide = max(-(-height // _PATCHES), 1), max(-(-width // _PATCHES), 1)
    patches = [
        (top, left, min(top + tall, height), min(left + wide, width))
        for top in range(0, height, tall)
        for left in range(0, width, wide)
    ]
    return [Part(f"{_range('row', p[0], p[2])}, {_range('column', p[1], p[3])}", p) for p in patches]


def _range(word: str, start: int, stop: int) -> str:
    return f"{word} {start}" if stop - start == 1 else f"{word}s {start}-{stop - 1}"


def shuffle(X: Images, part: Part, order: NDArray[np.int64]) -> Images:
    """
    Return a copy of the images in which one patch of each comes from the image that `order` puts in its place.

    Examples
    --------
    >>> X = np.array([[[1, 2]], [[3, 4]]], np.uint8)
    >>> shuffle(X, Part("right", (0, 1, 1, 2)), np.array([1, 0])).tolist()
    [[[1, 4]], [[3, 2]]]
    """
    if part.patch is None:
        raise ValueError(f"'{part.name}' is no patch of an image")
    top, left, bottom, right = part.patch
    changed = X.copy()
    changed[:, top:bottom, left:right] = X[order, top:bottom, left:right]
    return changed
