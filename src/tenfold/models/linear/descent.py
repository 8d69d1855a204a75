"""Passes until every class has stopped improving."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenfold.models.linear.epoch import Problem, State, pass_over, settle
from tenfold.models.linear.rows import Rows
from tenfold.models.linear.validation import Validation
from tenfold.models.threads import spread_over

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
    """

    passes: int
    tolerance: float
    patience: int
    adaptive: bool
    shuffle: bool
    seed: int
    validation: Validation | None = None


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

    def fit(classes: NDArray[np.int64]) -> int:
        # Each thread works on memory of its own: two in one cache line would wait for each other.
        own = State(*(part[classes] if len(part) else part for part in state))
        validation = None if stopping.validation is None else stopping.validation.of_classes(classes)
        part = problem._replace(targets=problem.targets[classes], class_weights=problem.class_weights[classes])
        passes = _descend(rows, train, t, part, own, replace(stopping, validation=validation))
        for whole, changed in zip(state, own, strict=True):
            if len(whole):
                whole[classes] = changed
        return passes

    classes = np.arange(len(state.W))
    return max(spread_over(threads, fit, np.array_split(classes, min(threads, len(classes)))))


def _descend(
    rows: Rows, train: NDArray[np.int64], t: float, problem: Problem, state: State, stopping: Stopping
) -> int:  # fmt: skip
    random = np.random.RandomState(stopping.seed)
    active, passes = np.arange(len(state.W)), 0
    progress = {int(k): _Progress() for k in active}
    while len(active) and passes < stopping.passes:
        order = random.permutation(train) if stopping.shuffle else train
        t = pass_over(rows, order, t, active, problem, state)
        passes += 1
        settle(active, state)
        _refuse_overflow(active, state, passes)
        active = np.array(
            [k for k in active if not _stops(int(k), len(train), problem, state, stopping, progress)], int
        )
    return passes


def _stops(
    k: int, n: int, problem: Problem, state: State, stopping: Stopping, progress: dict[int, _Progress]
) -> bool:  # fmt: skip
    if stopping.validation is None:
        value = state.losses[k] / n + problem.l1 * float(np.abs(state.W[k]).sum())
    else:
        value = -stopping.validation.score(k, state.W[k], state.intercept[k])
    if not progress[k].stalled(value, stopping):
        return False
    if stopping.adaptive and state.eta[k] > _SLOWEST:
        state.eta[k] /= _SLOWER
        progress[k].waited = 0
        return False
    return True


def _refuse_overflow(active: NDArray[np.int64], state: State, passes: int) -> None:
    if not (np.isfinite(state.W[active]).all() and np.isfinite(state.intercept[active]).all()):
        raise ValueError(
            f"Floating-point under-/overflow occurred at epoch #{passes}. Scaling input data with StandardScaler or "
            "MinMaxScaler might help."
        )
