"""Images moved by whole pixels, and a training set augmented by them."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, UsageError
from tenfold.text import shown

__all__ = ["DIRECTIONS", "refuse_shift", "shifted", "with_shifts"]

_LEAST_SIDE = 2

DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))
"""Down, up, right, left: (rows down, columns right) of one pixel, in the order of `with_shifts`."""


def shifted(images: NDArray[np.uint8], down: int, right: int) -> NDArray[np.uint8]:
    """
    Move images by whole pixels; what comes in at the edges is 0.

    Equal to ``scipy.ndimage.shift(image, [down, right], cval=0)`` of each image (of a colour image: of each channel).

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width[, 3])
    down, right : int
        Pixels; negative ones move up and left. Less than height and width, so that something of the image stays.

    Returns
    -------
    ndarray of uint8, shape of `images`

    Raises
    ------
    UsageError
        A shift that is no whole number, or leaves nothing of the images.
    DataError
        Other than uint8 images.

    Examples
    --------
    >>> image = np.array([[[1, 2], [3, 4]]], np.uint8)
    >>> shifted(image, 1, 0).tolist(), shifted(image, 0, -1).tolist()
    ([[[0, 0], [1, 2]]], [[[2, 0], [4, 0]]])
    """
    _refuse_other_than_images(images)
    steps = _checked_steps(images, down, right)
    moved = np.empty(images.shape, np.uint8)
    _move(images, *steps, moved)
    return moved


def with_shifts(
    images: NDArray[np.uint8], labels: NDArray[Any], pixels: int = 1
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """
    Add to a training set four copies of each image, moved down, up, right and left.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width[, 3])
    labels : ndarray, shape (n,) or (n, outputs)
    pixels : int
        How far, at least 1.

    Returns
    -------
    images : ndarray of uint8, shape (5 n, height, width[, 3])
        All originals in their order, then all moved down, all moved up, all moved right, all moved left: the copies
        of image i are at ``i + n``, ``i + 2 n``, ``i + 3 n`` and ``i + 4 n``.
    labels : ndarray, shape (5 n, ...)
        Five times over, to match.

    Raises
    ------
    UsageError
        `pixels` is no whole number above 0, or leaves nothing of the images.
    DataError
        Other than uint8 images, or another number of labels.

    Examples
    --------
    >>> augmented, labels = with_shifts(np.array([[[1, 2], [3, 4]]], np.uint8), np.array(["a"]))
    >>> augmented[3].tolist(), labels.tolist()
    ([[0, 1], [0, 3]], ['a', 'a', 'a', 'a', 'a'])
    """
    _refuse_other_than_images(images)
    if len(labels) != len(images):
        raise DataError(f"{len(images):,} images, but {len(labels):,} labels", do="give one label for each image")
    far = _whole(pixels)
    if far < 1:
        raise UsageError(f"images are moved by at least 1 pixel, not by {far}", do="give 1")
    steps = [_checked_steps(images, far * down, far * right) for down, right in DIRECTIONS]
    augmented = np.empty((1 + len(steps), *images.shape), np.uint8)
    augmented[0] = images
    for place, (down, right) in enumerate(steps, start=1):
        _move(images, down, right, augmented[place])
    return augmented.reshape(-1, *images.shape[1:]), np.concatenate([np.asarray(labels)] * len(augmented))


def refuse_shift(images: NDArray[np.uint8], name: str) -> None:
    """Refuse images of which nothing would be left."""
    height, width = images.shape[1:3]
    if min(height, width) < _LEAST_SIDE:
        raise UsageError(f"--augment shift: nothing is left of images of {width} x {height}", do="leave out --augment")


def _move(images: NDArray[np.uint8], down: int, right: int, into: NDArray[np.uint8]) -> None:
    (rows_from, rows_to, rows_empty), (columns_from, columns_to, columns_empty) = _parts(down), _parts(right)
    into[:, rows_to, columns_to] = images[:, rows_from, columns_from]
    into[:, rows_empty] = 0
    into[:, :, columns_empty] = 0


def _parts(step: int) -> tuple[slice, slice, slice]:
    """Where pixels come from along an axis, where they go, and what stays empty."""
    if step >= 0:
        return slice(None, -step or None), slice(step, None), slice(None, step)
    return slice(-step, None), slice(None, step), slice(step, None)


def _refuse_other_than_images(images: Any) -> None:
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8:
        form = getattr(images, "dtype", type(images).__name__)
        raise DataError(f"images to be moved hold whole numbers of 0 to 255 (uint8), not {shown(form)}", do="convert")
    if images.ndim != 3 and (images.ndim != 4 or images.shape[3] != 3):
        raise DataError(
            f"images to be moved have shape (n, height, width) or (n, height, width, 3), not {images.shape}",
            do="reshape them",
        )


def _checked_steps(images: NDArray[np.uint8], down: object, right: object) -> tuple[int, int]:
    steps = _whole(down), _whole(right)
    for step, size, name in zip(steps, images.shape[1:3], ("high", "wide"), strict=True):
        if abs(step) >= size:
            raise UsageError(
                f"a shift by {step} pixels leaves nothing of images {size} {name}", do=f"give less than {size}"
            )
    return steps


def _whole(step: object) -> int:
    if isinstance(step, bool) or not isinstance(step, Integral):
        raise UsageError(f"images are moved by whole pixels, not by {shown(step)}", do="give a whole number")
    return int(step)
