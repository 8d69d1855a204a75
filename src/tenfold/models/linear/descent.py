"""Passes until every class has stopped improving."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.linear.epoch import Problem, State
from tenfold.models.linear.learner import STRIDE, Learner, learners
from tenfold.models.linear.rows import Rows
from tenfold.models.linear.validation import Validation
from tenfold.models.threads import crew

__all__ = ["Stopping", "descend_all"]

_SLOWEST = 1e-6
_SLOWER = 5.0


@dataclass(frozen=True)
class Stopping:
    """
    When a class stops.

    Parameters
    ----------
    passes : int
        At most.
    tolerance : float
        Smallest improvement that counts; -inf never stops early.
    patience : int
        Passes without improvement.
    adaptive : bool
        Divide the rate by five instead of stopping, until it is 1e-6.
    shuffle : bool
    seed : int
        Of the order of the rows, the same for every class.
    validation : Validation, optional
        Rows whose score decides; the objective on the training rows decides otherwise.
    verbose : bool
        Print how each class stands after each pass.
    """

    passes: int
    tolerance: float
    patience: int
    adaptive: bool
    shuffle: bool
    seed: int
    validation: Validation | None = None
    verbose: bool = False


@dataclass
class _Progress:
    """The best objective of a class and the passes since."""

    best: float = np.inf
    waited: int = 0

    def stalled(self, value: float, stopping: Stopping) -> bool:
        """Take note of a pass's objective (the lower the better); tell whether patience has run out."""
        # A score must gain at least the tolerance, an objective more than that: as scikit-learn has it.
        too_little = value > self.best - stopping.tolerance
        self.waited = self.waited + 1 if too_little and stopping.tolerance > -np.inf else 0
        self.best = min(self.best, value)
        return self.waited >= stopping.patience


def descend_all(
    rows: Rows, train: NDArray[np.int64], t: float, problem: Problem, state: State, stopping: Stopping, threads: int
) -> int:  # fmt: skip
    """
    Pass over the training rows until all classes have stopped; they do not depend on each other, nor on the threads.

    Parameters
    ----------
    rows : tuple
    train : ndarray of int64
        Rows to learn from.
    t : float
        Number of steps taken before, plus one.
    problem : Problem
    state : State
        Changed in place.
    stopping : Stopping
    threads : int

    Returns
    -------
    int
        Passes made, by the class that took most.

    Raises
    ------
    ValueError
        Weights grew beyond what a number holds.
    """
    random, passes, n = np.random.default_rng(stopping.seed), 0, len(train)
    # An L1 penalty visits every weight at every row.
    stride = max(1, STRIDE // (state.W.size * (8 if problem.l1 else 1)))
    progress = [_Progress() for _ in state.W]
    active, order, draws = np.arange(len(state.W)), train.copy(), np.empty(n)
    with crew(min(threads, len(active))) as spread:
        while len(active) and passes < stopping.passes:
            working, done = learners(rows, train, problem, state, active, threads), set[int]()
            while not done and passes < stopping.passes:
                if stopping.shuffle:
                    _shuffle(order, random.random(out=draws))
                for start in range(0, n, stride):
                    part = order[start : start + stride]
                    spread(partial(Learner.learn, order=part, t=t + start, first=start == 0), working)
                t, passes = t + n, passes + 1
                _refuse_overflow(working, passes)
                if stopping.verbose:
                    _print_pass(working, passes, n, stopping)
                done = {int(k) for one in working for k in _stopped(one, n, stopping, progress)}
            for one in working:
                one.hand_over(state)
            active = np.array([k for k in active if int(k) not in done], np.int64)
    return passes


@njit(nogil=True, cache=True)
def _shuffle(order: NDArray[np.int64], draws: NDArray[np.float64]) -> None:
    """Shuffle in place by as many draws from [0, 1): a third of the time that a generator takes by itself."""
    # Fisher and Yates in Durstenfeld's form (Algorithm 235: random permutation, 1964).
    for last in range(len(order) - 1, 0, -1):
        other = int(draws[last] * (last + 1))
        order[last], order[other] = order[other], order[last]


def _stopped(one: Learner, n: int, stopping: Stopping, progress: list[_Progress]) -> list[int]:
    """Give the classes of a learner that improve no more."""
    return [int(k) for place, k in enumerate(one.active) if _stops(one, place, n, stopping, progress[k])]


def _stops(one: Learner, place: int, n: int, stopping: Stopping, progress: _Progress) -> bool:
    if stopping.validation is None:
        value = one.objective(place) / n
    else:
        value = -stopping.validation.score(int(one.active[place]), *one.weights(place))
    if not progress.stalled(value, stopping):
        return False
    if stopping.adaptive and one.state.eta[place] > _SLOWEST:
        one.state.eta[place] /= _SLOWER
        progress.waited = 0
        return False
    return True


def _print_pass(working: list[Learner], passes: int, n: int, stopping: Stopping) -> None:
    print(f"-- Epoch {passes}")
    for one in working:
        for place, k in enumerate(one.active):
            w, intercept = one.weights(place)
            line = f"Norm: {np.linalg.norm(w):.2f}, NNZs: {np.count_nonzero(w)}, Bias: {intercept:.6f}, T: {passes * n}"
            if stopping.validation is None:
                line += f", Objective: {one.objective(place) / n:f}"
            else:
                line += f", Validation score: {stopping.validation.score(int(k), w, intercept):f}"
            print(f"Class {k}: {line}")


def _refuse_overflow(working: list[Learner], passes: int) -> None:
    if not all(one.finite() for one in working):
        raise ValueError(
            f"Floating-point under-/overflow occurred at epoch #{passes}. Scaling input data with StandardScaler or "
            "MinMaxScaler might help."
        )
