"""The named denoisers, and how a name asked for becomes one that can be fitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import BASELINE
from tenfold.errors import UsageError
from tenfold.models.denoising import KNeighborsDenoiser, MedianDenoiser, RidgeDenoiser, UnchangedImages
from tenfold.text import near, shown

__all__ = ["CATALOGUE", "DEFAULT", "Denoiser", "Entry", "entry_of"]

DEFAULT = (BASELINE, "median", "ridge", "knn")


class Denoiser(Protocol):
    """An estimator of `tenfold.models.denoising`, or a pipeline that ends in one."""

    def fit(self, X: NDArray[np.int16], y: NDArray[np.uint8]) -> Self:
        """Fit on noisy and clean images, both of shape (n, height, width[, 3])."""
        ...

    def predict(self, X: NDArray[np.int16]) -> NDArray[np.float64]:
        """Predict clean images of the shape of X; grey levels, not rounded."""
        ...


@dataclass(frozen=True)
class Entry:
    """
    A denoiser of the catalogue.

    Parameters
    ----------
    name : str
        As asked for: ``knn:mean``.
    summary : str
        What it is, in a line.
    estimator : callable
        Returns a new, unfitted estimator.
    seconds : callable
        Rough seconds on one core for (rows to learn, images to restore, values an image).
    """

    name: str
    summary: str
    estimator: Callable[[], Denoiser]
    seconds: Callable[[int, int, int], float]


def entry_of(name: str) -> Entry:
    """
    Return the denoiser of this name.

    Raises
    ------
    UsageError
        There is none; the message suggests the nearest.

    Examples
    --------
    >>> entry_of("knn").summary
    'each pixel by vote of the 5 images whose noisy form is nearest'
    """
    if name not in CATALOGUE:
        raise UsageError(
            f"no denoiser '{shown(name, 40)}'.{near(name, CATALOGUE)}", do=f"choose from {', '.join(CATALOGUE)}"
        )
    return CATALOGUE[name]


def _of_neighbours(name: str, statistic: str, words: str) -> Entry:
    return Entry(
        name,
        f"each pixel by {words} of the 5 images whose noisy form is nearest",
        partial(KNeighborsDenoiser, statistic=statistic),
        lambda rows, queries, values: 4e-11 * rows * queries * (values + 150),
    )


CATALOGUE: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry(BASELINE, "does nothing: the noisy image itself", UnchangedImages, lambda *sizes: 0.01),
        Entry(
            "median",
            "the median of each pixel and its eight neighbours, brightness set right",
            MedianDenoiser,
            lambda rows, queries, values: 2e-7 * (min(rows, 4_000) + queries) * values,
        ),
        Entry(
            "ridge",
            "each pixel as a weighted sum of all noisy ones (ridge regression)",
            RidgeDenoiser,
            lambda rows, queries, values: 8e-11 * (rows + queries) * values**2,
        ),
        _of_neighbours("knn", "vote", "vote"),
        _of_neighbours("knn:mean", "mean", "the mean"),
        _of_neighbours("knn:median", "median", "the median"),
    )
}
