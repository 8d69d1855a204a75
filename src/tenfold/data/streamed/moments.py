"""Moments of the columns, fold by fold: counts, means, squared deviations and frequencies of texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.row_store import RowStore

__all__ = ["Moments", "moments_of_folds", "moments_of_values", "pooled"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """
    Moments of the columns over some rows.

    Parameters
    ----------
    rows : int
    present : ndarray of float64, shape (p,)
        Number of values of each column that are not missing.
    mean, squares : ndarray of float64, shape (p,)
        Their mean, and the sum of squared deviations from it.
    texts : tuple of ndarray of int64
        Number of rows with each text of a column of text; the last entry counts the missing ones.
    """

    rows: int
    present: Floats
    mean: Floats
    squares: Floats
    texts: tuple[NDArray[np.int64], ...]

    def combine(self, other: Moments) -> Moments:
        """
        Return the moments of both sets of rows.

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


def moments_of_folds(store: RowStore, k: int) -> list[Moments]:
    """Return the moments of each fold, in one pass, without the test part."""
    sizes = [len(store.values[name]) + 1 for name in store.categories]
    moments = [_none(len(store.numbers), sizes) for _ in range(k)]
    for block in store.blocks("numbers", "codes", "parts"):
        for fold in np.unique(block["parts"][block["parts"] != TEST]).tolist():
            own = block["parts"] == fold
            moments[fold] = moments[fold].combine(_of(block["numbers"][own], block["codes"][own], sizes))
    return moments


def moments_of_values(parts: Iterable[NDArray[np.float64]]) -> Moments:
    """
    Return the moments of one column of numbers, none of them missing, that comes in parts of shape (m,).

    Examples
    --------
    >>> moments = moments_of_values([np.array([1.0, 2.0]), np.array([6.0])])
    >>> moments.rows, moments.mean.tolist(), moments.squares.tolist()
    (3, [3.0], [14.0])
    """
    total = _none(1, [])
    for values in parts:
        total = total.combine(_of(values[:, None], np.empty((len(values), 0), np.int32), []))
    return total


def pooled(folds: list[Moments], left_out: int | None) -> Moments:
    """Combine the moments of all folds but one, in order; of all where `left_out` is None."""
    first, *others = [fold for number, fold in enumerate(folds) if number != left_out]
    for other in others:
        first = first.combine(other)
    return first


def _none(numbers: int, sizes: list[int]) -> Moments:
    texts = tuple(np.zeros(size, np.int64) for size in sizes)
    return Moments(0, np.zeros(numbers), np.zeros(numbers), np.zeros(numbers), texts)


def _of(numbers: NDArray[Any], codes: NDArray[np.int32], sizes: list[int]) -> Moments:
    numbers = numbers.astype(np.float64, copy=False)
    missing = np.isnan(numbers)
    present = (len(numbers) - missing.sum(axis=0)).astype(np.float64)
    zero_filled = np.where(missing, 0.0, numbers) if missing.any() else numbers
    mean = np.divide(zero_filled.sum(axis=0), present, out=np.zeros(len(present)), where=present > 0)
    apart = np.where(missing, 0.0, zero_filled - mean)
    squares = np.einsum("ij,ij->j", apart, apart)
    # The code -1 of a missing text counts in the last place.
    texts = (np.bincount(codes[:, c] % size, minlength=size) for c, size in enumerate(sizes))
    return Moments(len(numbers), present, mean, squares, tuple(texts))
