"""A duel learnt from a chunk of its rows, which grows until no other row would change what was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.svm import SVC

from tenfold.models.support.kernel_cache import HeldKernels
from tenfold.models.support.pairwise import LIBSVM, Duel
from tenfold.models.threads import check_interrupt

__all__ = ["fit_by_chunks"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_FIRST = 500
"""Rows of each side in the first chunk."""
_GROWTH = 2_000
"""Rows that a chunk may take in, or as many as it keeps: with 1,000 and 3,000 duels of MNIST take as long."""
_FORGETFUL = 6
"""Turns after which rows that support nothing leave only where room is needed, so that none comes and goes for ever."""
_TURNS = 15
"""Where MNIST takes five to seven, raw, scaled or with wrong labels, and tables ten."""
_HELD, _GIVEN, _CACHED = 0.4, 0.4, 0.2
"""Shares of the room: of the values that are held, of those that LIBSVM is given, and of its copies of these."""


def fit_by_chunks(
    machine: SVC, X: NDArray[Any], first: NDArray[np.bool_], threads: int, weight: Floats | None = None
) -> Duel | None:
    """
    Let LIBSVM learn from few rows, ask all others, add those that are missed, and so on.

    It ends as LIBSVM does on all rows at once: when no two rows violate the conditions of the optimum by more than
    `tol` together. Chunks are Vapnik's (Estimation of dependences based on empirical data, 1982) and, taking in and
    letting go, those of Osuna, Freund and Girosi (An improved training algorithm for support vector machines, 1997).

    Parameters
    ----------
    machine : SVC
        Not fitted; `gamma` a number. Its `cache_size` is the room for kernel values.
    X : ndarray of float32, float64 or uint8, shape (n, d)
        Contiguous.
    first : ndarray of bool, shape (n,)
        Rows of the first class; there are some of both.
    threads : int
    weight : ndarray of float64, shape (n,), optional
        Above 0: a row's share of C, 1 by default. `class_weight` is not looked at.

    Returns
    -------
    Duel or None
        None where there is no room for all support vectors.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(4000, 2))
    >>> machine, inside = SVC(gamma=1.0, tol=1e-5), (X**2).sum(axis=1) < 2
    >>> found, alone = fit_by_chunks(machine, X, inside, threads=1), machine.fit(X, inside)
    >>> round(found.intercept, 3) == round(float(alone.intercept_[0]), 3)
    True
    """
    most = int(np.sqrt(machine.cache_size * _GIVEN * 2**20 / np.dtype(np.float64).itemsize))
    if most < 2 * _FIRST:
        return None
    task = _Task(np.where(first, 1.0, -1.0), machine.C * (np.ones(len(X)) if weight is None else weight), machine.tol)
    kernels = HeldKernels(X, machine.gamma, machine.cache_size * _HELD, threads)
    solver = clone(machine).set_params(
        kernel="precomputed", C=1.0, class_weight=None, cache_size=machine.cache_size * _CACHED
    )
    chunk, steps = task.beginning(), 0
    for turn in range(_TURNS):
        check_interrupt()
        solver.fit(kernels.between(chunk), task.sign[chunk], task.C[chunk])
        support, weights = chunk[solver.support_], solver.dual_coef_[0]
        steps += int(solver.n_iter_[0])
        missed, middle = task.missed(chunk, support, weights, kernels.sums(support, weights))
        if not len(missed):
            # Without a weight between its bounds, all rows have a say in the intercept.
            free = bool((np.abs(weights) < task.C[support]).any())
            return Duel(support, weights, float(solver.intercept_[0]) if free else middle, steps, LIBSVM)
        grown = _grown(chunk, support, missed, most, forgetful=turn < _FORGETFUL)
        if grown is None:
            return None
        chunk = grown
    return None


def _grown(chunk: Places, support: Places, missed: Places, most: int, *, forgetful: bool) -> Places | None:
    """Take in rows that are missed, whichever: the worst are much like each other. None where there is no room."""
    kept = support if forgetful or len(chunk) + len(missed) > most else chunk
    room = most - len(kept)
    if room < (1 if forgetful else len(missed)):
        return None
    taken = min(room, max(_GROWTH, len(kept)))
    return np.sort(np.concatenate([kept, missed[:taken]]))


@dataclass(frozen=True, eq=False)
class _Task:
    """
    What is to be learnt.

    Parameters
    ----------
    sign : ndarray of float64, shape (n,)
        1 of the first class, -1 of the other.
    C : ndarray of float64, shape (n,)
        The most that a row may weigh.
    tol : float
    """

    sign: Floats
    C: Floats
    tol: float

    def beginning(self) -> Places:
        """Draw rows of both sides, always the same."""
        random, sides = np.random.default_rng(0), (self.sign > 0, self.sign < 0)
        return np.sort(np.concatenate([random.permutation(np.flatnonzero(side))[:_FIRST] for side in sides]))

    def missed(self, chunk: Places, support: Places, weights: Floats, sums: Floats) -> tuple[Places, float]:
        """
        Give the rows outside a chunk that are answered too weakly, shuffled; none once the optimum is found.

        The condition is (3) of Fan, Chen and Lin (Working set selection using second order information for training
        support vector machines, 2005), which LIBSVM ends by. With them comes the intercept in the middle of what the
        rows leave open.
        """
        gradient, alpha = self.sign - sums, np.zeros(len(self.sign))
        alpha[support] = np.abs(weights)
        positive, may_grow, may_shrink = self.sign > 0, alpha < self.C, alpha > 0
        upwards = np.where(np.where(positive, may_grow, may_shrink), gradient, -np.inf)
        downwards = np.where(np.where(positive, may_shrink, may_grow), gradient, np.inf)
        highest, lowest = upwards.max(), downwards.min()
        middle = float((highest + lowest) / 2)
        if highest - lowest <= self.tol:
            return np.empty(0, np.int64), middle
        beyond = (upwards > upwards[chunk].max()) | (downwards < downwards[chunk].min())
        return np.random.default_rng(0).permutation(np.flatnonzero(beyond)), middle
