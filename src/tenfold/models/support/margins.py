"""The margins of pairs of classes: sums of kernel values, of each class by its own coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tenfold.models.support.gaussian import KernelTiles, Reduction
from tenfold.models.tiles import blocks_of

__all__ = ["Kernel", "PairMargins"]

Floats = NDArray[np.float64]

_ROUNDING = 1e-13
"""Share of the sum of all coefficients up to which a margin may be a rounding of 0."""
_VALUES_AT_ONCE = 1 << 20


class Kernel(Protocol):
    """A kernel with fixed rows."""

    def reduced(self, work: Reduction, X: NDArray[Any], threads: int) -> Floats:
        """Return what a function makes of the kernel values of each block of X."""

    def by_differences(self, X: NDArray[Any]) -> Floats:
        """Return the kernel values, shape (m, s), equal for equal rows."""


@dataclass(frozen=True, eq=False)
class PairMargins:
    """
    Margins of pairs of classes, in the order (0, 1), (0, 2), …, (1, 2), ….

    Parameters
    ----------
    kernel : Kernel
        With s support vectors, class by class.
    coefficients : ndarray of float64, shape (classes - 1, s)
        As of `sklearn.svm.SVC`: of a vector of class i in the pairs (i, j) with j below i, then with j above it.
    counts : ndarray of int64, shape (classes,)
        Support vectors of each class.
    intercept : ndarray of float64, shape (pairs,)
    """

    kernel: Kernel
    coefficients: Floats
    counts: NDArray[np.int64]
    intercept: Floats

    def of(self, X: NDArray[Any], threads: int) -> Floats:
        """Return the margin of each pair for each row, shape (m, pairs), with sums that cancel exactly 0."""
        if not len(X):
            return np.empty((0, len(self.intercept)))
        sums = self.kernel.reduced(self._pair_sums, X, threads)
        margins = sums + self.intercept
        # Where the intercept alone is left, nothing was rounded.
        close = (np.abs(margins) <= self._most_rounding) & (sums != 0)
        size = max(1, _VALUES_AT_ONCE // self.coefficients.shape[1])
        for rows in blocks_of(np.flatnonzero(close.any(axis=1)), size):
            margins[rows] = self._exact_margins(X[rows], margins[rows], close[rows])
        return np.asarray(margins)

    @cached_property
    def _most_rounding(self) -> float:
        return _ROUNDING * float(np.abs(self.coefficients).sum())

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        one, other = np.triu_indices(len(self.counts), 1)
        return one, other

    @cached_property
    def _parts(self) -> list[slice]:
        """The support vectors of each class."""
        ends = np.cumsum(self.counts).tolist()
        return [slice(end - count, end) for end, count in zip(ends, self.counts.tolist(), strict=True)]

    @cached_property
    def _transposed(self) -> Floats:
        return np.ascontiguousarray(self.coefficients.T)

    def _pair_sums(self, kernels: KernelTiles, block: NDArray[Any]) -> Floats:
        classes = len(self.counts)
        sums = np.zeros((classes, len(block), classes - 1))
        for tile, values in kernels:
            for code, part in enumerate(self._parts):
                begin, end = max(tile.start, part.start), min(tile.stop, part.stop)
                if begin < end:
                    sums[code] += values[:, begin - tile.start : end - tile.start] @ self._transposed[begin:end]
        one, other = self._pairs
        return np.ascontiguousarray((sums[one, :, other - 1] + sums[other, :, one]).T)

    def _exact_margins(self, X: NDArray[Any], margins: Floats, close: NDArray[np.bool_]) -> Floats:
        """Sum the close margins term by term, as libsvm does: terms that cancel leave exactly 0."""
        kernels = self.kernel.by_differences(X)
        for pair in np.flatnonzero(close.any(axis=0)):
            one, other = self._pairs[0][pair], self._pairs[1][pair]
            mine, theirs = self._parts[one], self._parts[other]
            coefficients = np.concatenate([self.coefficients[other - 1, mine], self.coefficients[one, theirs]])
            values = np.concatenate([kernels[:, mine], kernels[:, theirs]], axis=1)
            nonzero = np.flatnonzero(coefficients)
            if len(nonzero):
                sums = np.cumsum(values[:, nonzero] * coefficients[nonzero], axis=1)[:, -1]
                rows = close[:, pair]
                margins[rows, pair] = self.intercept[pair] + sums[rows]
        return margins
