"""A binary support vector machine fitted on a working set, enlarged until no other row violates the optimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.svm import SVC

from tenfold.models.support.kernel_cache import KernelCache
from tenfold.models.threads import check_interrupt

__all__ = ["LIBSVM", "ONEDAL", "PairwiseSVM", "fit_working_set"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

LIBSVM, ONEDAL = "scikit-learn", "scikit-learn-intelex"
"""Packages through which the solvers are called."""
_FIRST_ROWS = 500
"""Rows of each class in the first working set."""
_MOST_NEW_ROWS = 2_000
"""Rows added in a round at most, or as many as remain: with 1,000 and 3,000 pairs of MNIST take as long."""
_SHRINKING_ROUNDS = 6
"""Rounds after which rows that are no support vectors leave only for lack of memory, so that none cycles for ever."""
_MOST_ROUNDS = 15
"""MNIST takes five to seven, raw, scaled or with wrong labels, and tables ten."""
_CACHE_SHARE, _MATRIX_SHARE, _LIBSVM_SHARE = 0.4, 0.4, 0.2
"""Shares of the memory budget: of our kernel cache, of the matrix that LIBSVM receives, and of its own cache."""


class PairwiseSVM(NamedTuple):
    """
    A fitted support vector machine for a pair of classes.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
        Support vectors, ascending.
    weights : ndarray of float64, shape (s,)
        Positive for the first class, negative for the other.
    intercept : float
    steps : int
        Iterations of the solver.
    library : str
        Package of the solver: `LIBSVM` or `ONEDAL`.
    """

    rows: Places
    weights: Floats
    intercept: float
    steps: int
    library: str


def fit_working_set(
    machine: SVC, X: NDArray[Any], first: NDArray[np.bool_], threads: int, weight: Floats | None = None
) -> PairwiseSVM | None:
    """
    Fit LIBSVM on few rows, add the rows that violate its solution, and repeat until there are none.

    It ends as LIBSVM does on all rows at once: when no two rows violate the conditions of the optimum by more than
    `tol` together. Working sets are Vapnik's chunks (Estimation of dependences based on empirical data, 1982); adding
    and removing rows follows Osuna, Freund and Girosi (An improved training algorithm for support vector machines,
    1997).

    Parameters
    ----------
    machine : SVC
        Not fitted; `gamma` a number. Its `cache_size` is the memory budget for kernel values, in megabytes.
    X : ndarray of float32, float64 or uint8, shape (n, d)
        Contiguous.
    first : ndarray of bool, shape (n,)
        Rows of the first class; there are some of both.
    threads : int
    weight : ndarray of float64, shape (n,), optional
        Above 0: factor of C for each row, 1 by default. `class_weight` is ignored.

    Returns
    -------
    PairwiseSVM or None
        None where the support vectors exceed the memory budget.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(4000, 2))
    >>> machine, inside = SVC(gamma=1.0, tol=1e-5), (X**2).sum(axis=1) < 2
    >>> ours, theirs = fit_working_set(machine, X, inside, threads=1), machine.fit(X, inside)
    >>> round(ours.intercept, 3) == round(float(theirs.intercept_[0]), 3)
    True
    """
    most = int(np.sqrt(machine.cache_size * _MATRIX_SHARE * 2**20 / np.dtype(np.float64).itemsize))
    if most < 2 * _FIRST_ROWS:
        return None
    problem = _DualProblem(
        np.where(first, 1.0, -1.0), machine.C * (np.ones(len(X)) if weight is None else weight), machine.tol
    )
    cache = KernelCache(X, machine.gamma, machine.cache_size * _CACHE_SHARE, threads)
    solver = clone(machine).set_params(
        kernel="precomputed", C=1.0, class_weight=None, cache_size=machine.cache_size * _LIBSVM_SHARE
    )
    working_set, steps = problem.initial_rows(), 0
    for round_number in range(_MOST_ROUNDS):
        check_interrupt()
        solver.fit(cache.between(working_set), problem.sign[working_set], problem.C[working_set])
        support, weights = working_set[solver.support_], solver.dual_coef_[0]
        steps += int(solver.n_iter_[0])
        violating, midpoint = problem.violating_rows(working_set, support, weights, cache.sums(support, weights))
        if not len(violating):
            # Without a weight strictly between its bounds, the intercept is an interval over all rows.
            free = bool((np.abs(weights) < problem.C[support]).any())
            return PairwiseSVM(support, weights, float(solver.intercept_[0]) if free else midpoint, steps, LIBSVM)
        enlarged = _enlarged(working_set, support, violating, most, shrinking=round_number < _SHRINKING_ROUNDS)
        if enlarged is None:
            return None
        working_set = enlarged
    return None


def _enlarged(working_set: Places, support: Places, violating: Places, most: int, *, shrinking: bool) -> Places | None:
    """Return the next working set, with any of the violating rows: the worst are alike. None beyond `most` rows."""
    remaining = support if shrinking or len(working_set) + len(violating) > most else working_set
    free = most - len(remaining)
    if free < (1 if shrinking else len(violating)):
        return None
    n_new = min(free, max(_MOST_NEW_ROWS, len(remaining)))
    return np.sort(np.concatenate([remaining, violating[:n_new]]))


@dataclass(frozen=True, eq=False)
class _DualProblem:
    """
    The dual problem of a pair of classes.

    Parameters
    ----------
    sign : ndarray of float64, shape (n,)
        1 for the first class, -1 for the other.
    C : ndarray of float64, shape (n,)
        Upper bound of each row's weight.
    tol : float
    """

    sign: Floats
    C: Floats
    tol: float

    def initial_rows(self) -> Places:
        """Sample rows of both classes, with a fixed seed; ascending."""
        rng, sides = np.random.default_rng(0), (self.sign > 0, self.sign < 0)
        return np.sort(np.concatenate([rng.permutation(np.flatnonzero(side))[:_FIRST_ROWS] for side in sides]))

    def violating_rows(
        self, working_set: Places, support: Places, weights: Floats, sums: Floats
    ) -> tuple[Places, float]:
        """
        Return the rows that violate the optimum more than those of the working set, and the midpoint of the intercept.

        The condition is (3) of Fan, Chen and Lin (Working set selection using second order information for training
        support vector machines, 2005), by which LIBSVM stops.

        Parameters
        ----------
        working_set, support : ndarray of int64
        weights : ndarray of float64
            Of the support vectors.
        sums : ndarray of float64, shape (n,)
            Decision values of all rows, without intercept.

        Returns
        -------
        rows : ndarray of int64
            Shuffled; empty at the optimum.
        intercept : float
            In the middle of the interval that the rows leave open.
        """
        gradient, alpha = self.sign - sums, np.zeros(len(self.sign))
        alpha[support] = np.abs(weights)
        positive, may_grow, may_shrink = self.sign > 0, alpha < self.C, alpha > 0
        upwards = np.where(np.where(positive, may_grow, may_shrink), gradient, -np.inf)
        downwards = np.where(np.where(positive, may_shrink, may_grow), gradient, np.inf)
        highest, lowest = upwards.max(), downwards.min()
        midpoint = float((highest + lowest) / 2)
        if highest - lowest <= self.tol:
            return np.empty(0, np.int64), midpoint
        violating = (upwards > upwards[working_set].max()) | (downwards < downwards[working_set].min())
        return np.random.default_rng(0).permutation(np.flatnonzero(violating)), midpoint
