"""What preparation must know of the columns, fold by fold: counts, means, spreads, how frequent each text is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.row_store import Spool

__all__ = ["Moments", "moments_of_folds", "pooled"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """
    Sums over some rows.

    Parameters
    ----------
    rows : int
    present : ndarray of float64, shape (p,)
        Numbers of each column that are not missing.
    mean, squares : ndarray of float64, shape (p,)
        Their mean, and the sum of their squared distances from it.
    texts : tuple of ndarray of int64
        Rows with each text of a column of text; the last entry counts the missing ones.
    """

    rows: int
    present: Floats
    mean: Floats
    squares: Floats
    texts: tuple[NDArray[np.int64], ...]

    def joined(self, other: Moments) -> Moments:
        """
        Give those of both sets of rows.

        Chan, Golub and LeVeque (1983), American Statistician 37:242, eq. 2.1.
        """
        present = self.present + other.present
        share = np.divide(other.present, present, out=np.zeros_like(present), where=present > 0)
        apart = other.mean - self.mean
        return Moments(
            self.rows + other.rows,
            present,
            self.mean + apart * share,
            self.squares + other.squares + apart**2 * self.present * share,
            tuple(one + more for one, more in zip(self.texts, other.texts, strict=True)),
        )


def moments_of_folds(spool: Spool, k: int) -> list[Moments]:
    """Compute the moments of each fold in one pass; the test part is not looked at."""
    sizes = [len(spool.values[name]) + 1 for name in spool.categories]
    found = [_none(len(spool.numbers), sizes) for _ in range(k)]
    for block in spool.blocks("numbers", "codes", "parts"):
        for fold in np.unique(block["parts"][block["parts"] != TEST]).tolist():
            own = block["parts"] == fold
            found[fold] = found[fold].joined(_of(block["numbers"][own], block["codes"][own], sizes))
    return found


def pooled(folds: list[Moments], left_out: int | None) -> Moments:
    """Join the moments of all folds but one, in order; of all where none is left out."""
    first, *others = [fold for number, fold in enumerate(folds) if number != left_out]
    for other in others:
        first = first.joined(other)
    return first


def _none(numbers: int, sizes: list[int]) -> Moments:
    texts = tuple(np.zeros(size, np.int64) for size in sizes)
    return Moments(0, np.zeros(numbers), np.zeros(numbers), np.zeros(numbers), texts)


def _of(numbers: NDArray[Any], codes: NDArray[np.int32], sizes: list[int]) -> Moments:
    numbers = numbers.astype(np.float64, copy=False)
    missing = np.isnan(numbers)
    present = (len(numbers) - missing.sum(axis=0)).astype(np.float64)
    filled = np.where(missing, 0.0, numbers) if missing.any() else numbers
    mean = np.divide(filled.sum(axis=0), present, out=np.zeros(len(present)), where=present > 0)
    apart = np.where(missing, 0.0, filled - mean)
    squares = np.einsum("ij,ij->j", apart, apart)
    # The code -1 of a missing text counts in the last place.
    texts = (np.bincount(codes[:, c] % size, minlength=size) for c, size in enumerate(sizes))
    return Moments(len(numbers), present, mean, squares, tuple(texts))
