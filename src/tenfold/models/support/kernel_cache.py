"""A cache of kernel values of some rows with all rows, within a memory budget."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.support.gaussian import GaussianKernel
from tenfold.models.threads import algebra_in_one_thread, check_interrupt
from tenfold.models.tiles import BLOCK

__all__ = ["KernelCache"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_PART = 2048
"""Rows whose sums are taken at a time, in cache."""


class KernelCache:
    """
    Training rows, and the kernel values of those that were requested last.

    Parameters
    ----------
    X : ndarray of float32, float64 or uint8, shape (n, d)
        Contiguous.
    gamma : float
    megabytes : float
        Memory budget of the cached values; all others are computed whenever they are needed.
    threads : int

    Examples
    --------
    >>> kernels = KernelCache(np.arange(4.0)[:, None], gamma=1.0, megabytes=1, threads=1)
    >>> kernels.between(np.array([0, 2])).round(3)
    array([[1.   , 0.018],
           [0.018, 1.   ]])
    >>> kernels.sums(np.array([0, 2]), np.array([1.0, -1.0])).round(3)
    array([ 0.982,  0.   , -0.982, -0.368])
    """

    def __init__(self, X: NDArray[Any], gamma: float, megabytes: float, threads: int) -> None:
        self._X, self._gamma, self._threads = X, gamma, threads
        self._of_all = GaussianKernel(X, gamma)
        slots = min(len(X), int(megabytes * 2**20) // (4 * len(X)))
        self._values = np.empty((slots, len(X)), np.float32)
        self._row_of_slot, self._slot_of_row = np.full(slots, -1), np.full(len(X), -1)

    def between(self, rows: Places) -> Floats:
        """Return the kernel matrix of these rows, float64 of shape (m, m)."""
        slots = self._slot_of_row[rows]
        cached, values = slots >= 0, np.empty((len(rows), len(rows)))
        values[cached] = self._values[slots[cached, None], rows]
        if not cached.all():
            own = self._X[rows]
            values[~cached] = GaussianKernel(own, self._gamma).values(own[~cached], self._threads, np.float32)
        return values

    def sums(self, rows: Places, weights: Floats) -> Floats:
        """Return every row's weighted sum of kernel values with these rows, shape (n,), and cache these from now on."""
        self._store(rows)
        slots = self._slot_of_row[rows]
        cached, n_used, of_slot = slots >= 0, slots.max(initial=-1) + 1, np.zeros(len(self._values))
        of_slot[slots[cached]] = weights[cached]
        parts = (self._values[:n_used, start : start + _PART] for start in range(0, len(self._X), _PART))
        # By one thread, as all other products: several would round otherwise.
        with algebra_in_one_thread():
            total = np.concatenate([of_slot[:n_used] @ part.astype(np.float64) for part in parts])
        if not cached.all():
            others = GaussianKernel(self._X[rows[~cached]], self._gamma)
            total += others.sums(self._X, weights[~cached, None], self._threads)[:, 0]
        return total

    def _store(self, rows: Places) -> None:
        """Replace the rows that are no longer wanted by those that are, as far as the budget allows."""
        wanted_rows = np.zeros(len(self._X), bool)
        wanted_rows[rows] = True
        unused = (self._row_of_slot >= 0) & ~wanted_rows[self._row_of_slot]
        self._slot_of_row[self._row_of_slot[unused]] = -1
        self._row_of_slot[unused] = -1
        free = np.flatnonzero(self._row_of_slot < 0)
        new = rows[self._slot_of_row[rows] < 0][: len(free)]
        free = free[: len(new)]
        at_once = BLOCK * self._threads  # A block for each thread.
        for start in range(0, len(new), at_once):
            check_interrupt()
            some, slots = new[start : start + at_once], free[start : start + at_once]
            self._values[slots] = self._of_all.values(self._X[some], self._threads, np.float32)
        self._row_of_slot[free], self._slot_of_row[new] = new, free
