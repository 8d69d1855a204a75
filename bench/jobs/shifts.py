"""Images moved by one pixel in four directions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered
from bench.data import Digits, digits
from bench.job import Contender, Job, Prepared, Size
from tenfold.data.kinds.image.shift import DIRECTIONS

__all__ = ["SHIFTS"]

Pixels = NDArray[Any]


def tenfold(size: Size) -> Prepared:
    """All images of a direction at once; the originals are copied too."""
    from tenfold.data.kinds.image.shift import with_shifts

    training, _ = digits(size)
    return Prepared(lambda seed: with_shifts(training.images, training.codes)[0], lambda found: found[size.rows :])


def scipy_one_by_one(size: Size) -> Prepared:
    """``scipy.ndimage.shift`` of each image, as tutorials do it."""
    from scipy.ndimage import shift

    return _moved(digits(size)[0], lambda images, step: np.stack([shift(one, step, cval=0) for one in images]))


def scipy_all_at_once(size: Size) -> Prepared:
    """``scipy.ndimage.shift`` of the whole stack, without interpolation."""
    from scipy.ndimage import shift

    return _moved(digits(size)[0], lambda images, step: shift(images, (0, *step), cval=0, order=0))


def _moved(training: Digits, move: Callable[[Pixels, tuple[int, int]], Pixels]) -> Prepared:
    return Prepared(lambda seed: np.concatenate([move(training.images, step) for step in DIRECTIONS]), np.asarray)


SHIFTS = Job(
    "shifts",
    "Shifts by one pixel, four copies of {rows} images",
    "SciPy's shift is the one tutorials use: image by image with its defaults, or all at once without interpolation",
    (
        Contender("SciPy, one by one", scipy_one_by_one),
        Contender("Tenfold", tenfold),
        Contender("SciPy, all at once", scipy_all_at_once),
    ),
    equally_answered,
    Size(60_000, 0),
    Size(6_000, 0),
)
