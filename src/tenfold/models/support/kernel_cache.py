"""Kernel values of some rows with all rows of a duel, held while they are needed, as many as there is room for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.support.gaussian import GaussianKernel
from tenfold.models.threads import algebra_in_one_thread, check_interrupt
from tenfold.models.tiles import BLOCK

__all__ = ["HeldKernels"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_PART = 2048
"""Rows whose sums are taken at a time, in cache."""


class HeldKernels:
    """
    Rows of a duel, and kernel values of those asked for last.

    Parameters
    ----------
    X : ndarray of float32, float64 or uint8, shape (n, d)
        Contiguous.
    gamma : float
    megabytes : float
        Of kernel values to be held; the others are computed whenever they are needed.
    threads : int

    Examples
    --------
    >>> kernels = HeldKernels(np.arange(4.0)[:, None], gamma=1.0, megabytes=1, threads=1)
    >>> kernels.between(np.array([0, 2])).round(3)
    array([[1.   , 0.018],
           [0.018, 1.   ]])
    >>> kernels.sums(np.array([0, 2]), np.array([1.0, -1.0])).round(3)
    array([ 0.982,  0.   , -0.982, -0.368])
    """

    def __init__(self, X: NDArray[Any], gamma: float, megabytes: float, threads: int) -> None:
        self._X, self._gamma, self._threads = X, gamma, threads
        self._of_all = GaussianKernel(X, gamma)
        room = min(len(X), int(megabytes * 2**20) // (4 * len(X)))
        self._held = np.empty((room, len(X)), np.float32)
        self._holder, self._slot = np.full(room, -1), np.full(len(X), -1)

    def between(self, rows: Places) -> Floats:
        """Give the kernel value of each of these rows with each, shape (m, m)."""
        slots = self._slot[rows]
        held, values = slots >= 0, np.empty((len(rows), len(rows)))
        values[held] = self._held[slots[held, None], rows]
        if not held.all():
            own = self._X[rows]
            values[~held] = GaussianKernel(own, self._gamma).values(own[~held], self._threads, np.float32)
        return values

    def sums(self, rows: Places, weights: Floats) -> Floats:
        """Give each row's sum of kernel values with these rows, by weight, shape (n,); hold these from now on."""
        self._hold(rows)
        slots = self._slot[rows]
        held, used, of_slot = slots >= 0, slots.max(initial=-1) + 1, np.zeros(len(self._held))
        of_slot[slots[held]] = weights[held]
        parts = (self._held[:used, start : start + _PART] for start in range(0, len(self._X), _PART))
        # By one thread, as all other products: several would round otherwise.
        with algebra_in_one_thread():
            total = np.concatenate([of_slot[:used] @ part.astype(np.float64) for part in parts])
        if not held.all():
            others = GaussianKernel(self._X[rows[~held]], self._gamma)
            total += others.sums(self._X, weights[~held, None], self._threads)[:, 0]
        return total

    def _hold(self, rows: Places) -> None:
        """Let go of what is not asked for, and compute what is and is not held yet, as far as there is room."""
        asked = np.zeros(len(self._X), bool)
        asked[rows] = True
        gone = (self._holder >= 0) & ~asked[self._holder]
        self._slot[self._holder[gone]] = -1
        self._holder[gone] = -1
        free = np.flatnonzero(self._holder < 0)
        new = rows[self._slot[rows] < 0][: len(free)]
        free = free[: len(new)]
        at_once = BLOCK * self._threads  # A block for each thread.
        for start in range(0, len(new), at_once):
            check_interrupt()
            some, slots = new[start : start + at_once], free[start : start + at_once]
            self._held[slots] = self._of_all.values(self._X[some], self._threads, np.float32)
        self._holder[free], self._slot[new] = new, free
