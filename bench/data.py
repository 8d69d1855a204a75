"""The data of every job: the first rows of MNIST, in the original order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.job import Size
from tenfold.data.sources.mnist import MNIST, load_image_set
from tenfold.errors import DataError

__all__ = ["TEST_ROWS", "TRAINING_ROWS", "Digits", "digits"]

TRAINING_ROWS, TEST_ROWS = 60_000, 10_000


@dataclass(frozen=True, eq=False)
class Digits:
    """
    Images and what they show.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, 28, 28)
    codes : ndarray of int64, shape (n,)
    """

    images: NDArray[np.uint8]
    codes: NDArray[np.int64]

    def rows(self, dtype: Any = np.uint8) -> NDArray[Any]:
        """Give the pixels of each image as a row, shape (n, 784)."""
        return self.images.reshape(len(self.images), -1).astype(dtype)


def digits(size: Size) -> tuple[Digits, Digits]:
    """
    Give training and test images, copies of the first of each part.

    Raises
    ------
    DataError
        MNIST is not on this machine and cannot be fetched.
    """
    try:
        data = load_image_set(MNIST)
    except DataError as fault:
        raise DataError(
            "MNIST is neither here nor can it be fetched", do="set TENFOLD_DATA to the folder that holds mnist/"
        ) from fault
    images, codes = np.asarray(data.X, np.uint8), np.asarray(data.y, np.int64)
    parts = (slice(0, size.rows), slice(TRAINING_ROWS, TRAINING_ROWS + size.queries))
    training, test = (Digits(images[part].copy(), codes[part].copy()) for part in parts)
    return training, test
