"""Noisy and clean images side by side: what a denoiser learns from and is judged on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.errors import DataError, UsageError
from tenfold.tasks.images.noise import Noise

__all__ = ["Pairs", "classes_of", "images_of", "pairs", "peak_of"]

_PEAKS = (1, 16, 255)


@dataclass(frozen=True, eq=False)
class Pairs:
    """
    Clean images and the same with noise.

    Parameters
    ----------
    data : Dataset
        The clean images, of kind image.
    noisy : ndarray of int16, shape (n, height, width) or (n, height, width, 3)
    """

    data: Dataset
    noisy: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.noisy)

    @property
    def clean(self) -> NDArray[np.uint8]:
        """The clean images, of the shape of the noisy ones."""
        return images_of(self.data)

    @property
    def labels(self) -> NDArray[np.object_] | None:
        """The class of each image as text, where the source tells."""
        return classes_of(self.data)

    def take(self, rows: NDArray[np.int64]) -> Pairs:
        """Give the pairs at these positions."""
        return Pairs(self.data.take(rows), self.noisy[rows])


def pairs(data: Dataset, noise: Noise, peak: int, seed: list[int]) -> Pairs:
    """
    Put noise on images.

    Examples
    --------
    >>> data = Dataset("two", "image", np.zeros((2, 1, 1), np.uint8), None, source="memory")
    >>> pairs(data, Noise("uniform", 5, 6), 255, [42]).noisy.tolist()
    [[[5]], [[5]]]
    """
    return Pairs(data, noise.on(images_of(data), peak, seed))


def classes_of(data: Dataset) -> NDArray[np.object_] | None:
    """
    Give the class of each image as text, shape (n,), empty where it has none; None where no image has one.

    Examples
    --------
    >>> data = Dataset("one", "image", np.zeros((1, 2, 2), np.uint8), np.array(["7"], object), source="memory")
    >>> classes_of(data).tolist()
    ['7']
    """
    y = data.y
    return y if y is not None and y.ndim == 1 and y.dtype == object and bool((y != "").any()) else None


def images_of(data: Dataset) -> NDArray[np.uint8]:
    """
    Give the pixels of a data set of images.

    Raises
    ------
    UsageError
        It holds no images.
    """
    if data.kind != "image" or not isinstance(data.X, np.ndarray):
        raise UsageError(
            f"noise is taken off images, this is a {data.kind}", where=data.source, do="give images, such as mnist"
        )
    return data.X


def peak_of(data: Dataset) -> int:
    """
    Give the grey level of white: the least of 1, 16 and 255 that no image passes.

    Raises
    ------
    DataError
        All images are the same single grey level, so that nothing can be learnt.

    Examples
    --------
    >>> peak_of(Dataset("one", "image", np.array([[[0, 7]]], np.uint8), None, source="memory"))
    16
    """
    images: NDArray[Any] = images_of(data)
    if images.size == 0 or images.min() == images.max():
        level = f" ({int(images.min())})" if images.size else ""
        what = f"every pixel of every image has the same value{level}: there is nothing to restore"
        raise DataError(what, where=data.source, do="give images that show something")
    return next(peak for peak in _PEAKS if images.max() <= peak)
