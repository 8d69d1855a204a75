"""The named denoisers, and how a name asked for becomes one that can be fitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tenfold.denoising.filters import AsItIs, MedianFilter
from tenfold.denoising.linear import LinearMap
from tenfold.denoising.neighbours import NearestImages
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["BASELINE", "CATALOGUE", "DEFAULT", "Denoiser", "Entry", "entry_of"]

BASELINE = "baseline"
DEFAULT = (BASELINE, "median", "ridge", "knn")


class Denoiser(Protocol):
    """A fitted denoiser: it restores images, and is made of arrays that a file can keep."""

    def restored(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        """Restore images of shape (m, height, width[, 3]); grey levels, not rounded."""
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what is kept in a file."""
        ...


Fit = Callable[[NDArray[np.int16], NDArray[np.uint8]], Denoiser]


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
    fit : callable
        From noisy and clean images, both of shape (n, height, width[, 3]), to a `Denoiser`.
    read : callable
        From the arrays of a file to a `Denoiser`.
    seconds : callable
        Rough seconds on one core for (rows to learn, images to restore, values an image).
    """

    name: str
    summary: str
    fit: Fit
    read: Callable[[Mapping[str, NDArray[Any]]], Denoiser]
    seconds: Callable[[int, int, int], float]


def entry_of(name: str) -> Entry:
    """
    Give the denoiser of this name.

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


def _of_neighbours(name: str, joined: str, words: str) -> Entry:
    return Entry(
        name,
        f"each pixel by {words} of the 5 images whose noisy form is nearest",
        partial(NearestImages.fitted, joined=joined),
        partial(NearestImages.from_arrays, joined=joined),
        lambda rows, queries, values: 4e-11 * rows * queries * (values + 150),
    )


CATALOGUE: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry(BASELINE, "does nothing: the noisy image itself", AsItIs.fitted, AsItIs.from_arrays, lambda *sizes: 0.01),
        Entry(
            "median",
            "the median of each pixel and its eight neighbours, brightness set right",
            MedianFilter.fitted,
            MedianFilter.from_arrays,
            lambda rows, queries, values: 2e-7 * (min(rows, 4_000) + queries) * values,
        ),
        Entry(
            "ridge",
            "each pixel as a weighted sum of all noisy ones (ridge regression)",
            LinearMap.fitted,
            LinearMap.from_arrays,
            lambda rows, queries, values: 8e-11 * (rows + queries) * values**2,
        ),
        _of_neighbours("knn", "vote", "vote"),
        _of_neighbours("knn:mean", "mean", "the mean"),
        _of_neighbours("knn:median", "median", "the median"),
    )
}
