"""Passes until every class or target has stopped improving, by the objective or by the score on held-out rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedShuffleSplit

from tenfold.models.linear.class_descent import STRIDE, ClassDescent, class_descents
from tenfold.models.linear.epoch import Problem, State
from tenfold.models.linear.rows import Rows
from tenfold.models.threads import thread_pool

__all__ = ["OverflowingError", "Progress", "Stopping", "Validation", "descend_all", "validation_rows"]

Places = NDArray[np.int64]

_SMALLEST_RATE = 1e-6
_RATE_DIVISOR = 5.0


class OverflowingError(ValueError):
    """
    Weights that are no finite numbers any more.

    Parameters
    ----------
    passes : int
        After so many.
    """

    def __init__(self, passes: int) -> None:
        super().__init__(
            f"Floating-point under-/overflow occurred at epoch #{passes}. Scaling input data with StandardScaler or "
            "MinMaxScaler might help."
        )
        self.passes = passes


def validation_rows(
    y: NDArray[Any], weights: NDArray[np.float64], model: Any, draw: Any = StratifiedShuffleSplit
) -> tuple[Places, Places]:
    """
    Split rows into training and held-out rows; without ``early_stopping`` none is held out.

    Raises
    ------
    ValueError
        All rows held out weigh nothing, or the split cannot be made.
    """
    if not model.early_stopping:
        return np.arange(len(y)), np.empty(0, np.int64)
    splitter = draw(1, test_size=model.validation_fraction, random_state=model.random_state)
    train, held_out = next(splitter.split(np.zeros((len(y), 1)), y))
    if not weights[held_out].any():
        raise ValueError("The sample weights for validation set are all zero, consider using a different random state.")
    return np.sort(train), np.sort(held_out)


class HeldOutRows(Protocol):
    """Held-out rows by whose score a class or target stops."""

    def score(self, k: int, w: NDArray[Any], intercept: float) -> float:
        """Return the score of class or target k with these weights, shape (d,): the higher the better."""

    def loss(self, k: int, w: NDArray[Any], intercept: float) -> float | None:
        """Return the mean loss, where that is noted."""


@dataclass(frozen=True, eq=False)
class Validation:
    """
    Held-out rows.

    Parameters
    ----------
    X : array or CSR matrix of shape (m, d)
    weights : ndarray of float64, shape (m,)
    labels : ndarray of int64, shape (m,)
        Codes of the rows' classes.
    classes : ndarray of int64, shape (k,)
        Codes of the classes fitted against the rest.
    """

    X: Any
    weights: NDArray[np.float64]
    labels: NDArray[np.int64]
    classes: NDArray[np.int64]

    @classmethod
    def of(cls, X: Any, problem: Problem, held_out: Places) -> Validation:
        """Select the held-out rows."""
        return cls(X[held_out], problem.row_weights[held_out], problem.labels[held_out], problem.classes)

    def score(self, k: int, w: NDArray[Any], intercept: float) -> float:
        """Return the weighted accuracy of class k against the rest with these weights, shape (d,)."""
        predicted = np.asarray(self.X @ w).ravel() + intercept > 0
        return float(np.average(predicted == (self.labels == self.classes[k]), weights=self.weights))

    def loss(self, k: int, w: NDArray[Any], intercept: float) -> None:
        """Return None: of classes no loss is noted."""


@dataclass(frozen=True)
class Stopping:
    """
    The rule by which a class stops.

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
    validation : HeldOutRows, optional
        Held-out rows whose score decides; by default the objective on the training rows decides.
    verbose : bool
        Print the state of each class after each pass.
    batch : int
        Rows of a step.
    best : bool
        Keep the weights of the pass with the best score.
    """

    passes: int
    tolerance: float
    patience: int
    adaptive: bool
    shuffle: bool
    seed: int
    validation: HeldOutRows | None = None
    verbose: bool = False
    batch: int = 1
    best: bool = False


@dataclass
class Progress:
    """
    What a class or target has come to.

    Parameters
    ----------
    objectives, losses : list of float
        Of each pass: the objective of its steps, and the mean loss of held-out rows after it, where that is noted.
    best : float
        The lowest objective, or the highest score with its sign turned.
    best_pass : int
        The pass that it is of, from 1.
    weights : (ndarray of shape (d,), float) or None
        Of that pass, where they are kept.
    stalled_passes : int
        Since then.
    """

    objectives: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    best: float = np.inf
    best_pass: int = 0
    weights: tuple[NDArray[Any], float] | None = None
    stalled_passes: int = 0

    def is_stalled(self, value: float, stopping: Stopping) -> bool:
        """Update with the objective of a pass, the lower the better; return whether patience has run out."""
        # A score must gain at least the tolerance, an objective more than that: as scikit-learn has it.
        too_little = value > self.best - stopping.tolerance
        self.stalled_passes = self.stalled_passes + 1 if too_little and stopping.tolerance > -np.inf else 0
        if value < self.best:
            self.best, self.best_pass = value, len(self.objectives)
        return self.stalled_passes >= stopping.patience


def descend_all(
    rows: Rows, train: NDArray[np.int64], t: float, problem: Problem, state: State, stopping: Stopping, threads: int
) -> list[Progress]:  # fmt: skip
    """
    Pass over the training rows until all classes have stopped; results do not depend on the number of threads.

    Parameters
    ----------
    rows : tuple
    train : ndarray of int64
        Training rows.
    t : float
        Number of steps taken before, plus one.
    problem : Problem
    state : State
        Changed in place.
    stopping : Stopping
    threads : int

    Returns
    -------
    list of Progress
        Of each class or target.

    Raises
    ------
    OverflowingError
    """
    rng, passes, n = np.random.default_rng(stopping.seed), 0, len(train)
    # An L1 penalty visits every weight at every row.
    stride = stopping.batch * max(1, STRIDE // (state.W.size * (8 if problem.l1 else 1) * stopping.batch))
    progress = [Progress() for _ in state.W]
    active, order, draws = np.arange(len(state.W)), train.copy(), np.empty(n)
    with thread_pool(min(threads, len(active))) as run:
        while len(active) and passes < stopping.passes:
            descents = class_descents(rows, train, problem, state, active, threads, stopping.batch)
            stopped_classes = set[int]()
            while not stopped_classes and passes < stopping.passes:
                if stopping.shuffle:
                    _shuffle(order, rng.random(out=draws))
                for start in range(0, n, stride):
                    part = order[start : start + stride]
                    run(partial(ClassDescent.take_steps, order=part, t=t + start, first=start == 0), descents)
                t, passes = t + n, passes + 1
                _refuse_overflow(descents, passes)
                if stopping.verbose:
                    _print_pass(descents, passes, n, stopping)
                stopped_classes = {
                    int(k) for descent in descents for k in _stopped_classes(descent, n, stopping, progress)
                }
            for descent in descents:
                descent.write_to(state)
            active = np.array([k for k in active if int(k) not in stopped_classes], np.int64)
    return progress


@njit(nogil=True, cache=True)
def _shuffle(order: NDArray[np.int64], draws: NDArray[np.float64]) -> None:
    """Shuffle in place by as many draws from [0, 1): a third of the time that a generator takes by itself."""
    # Fisher and Yates in Durstenfeld's form (Algorithm 235: random permutation, 1964).
    for last in range(len(order) - 1, 0, -1):
        other = int(draws[last] * (last + 1))
        order[last], order[other] = order[other], order[last]


def _stopped_classes(descent: ClassDescent, n: int, stopping: Stopping, progress: list[Progress]) -> list[int]:
    """Return the classes of a descent that have stopped improving."""
    return [int(k) for place, k in enumerate(descent.active) if _stops(descent, place, n, stopping, progress[k])]


def _stops(descent: ClassDescent, place: int, n: int, stopping: Stopping, progress: Progress) -> bool:
    value = descent.objective(place) / n
    progress.objectives.append(value)
    if stopping.validation is not None:
        k, weights = int(descent.active[place]), descent.weights(place)
        loss = stopping.validation.loss(k, *weights)
        if loss is not None:
            progress.losses.append(loss)
        value = -stopping.validation.score(k, *weights)
    before = progress.best
    stalled = progress.is_stalled(value, stopping)
    if stopping.best and progress.best < before:
        progress.weights = descent.weights(place)
    if not stalled:
        return False
    if stopping.adaptive and descent.state.eta[place] > _SMALLEST_RATE:
        descent.state.eta[place] /= _RATE_DIVISOR
        progress.stalled_passes = 0
        return False
    return True


def _print_pass(descents: list[ClassDescent], passes: int, n: int, stopping: Stopping) -> None:
    print(f"-- Epoch {passes}")
    for descent in descents:
        for place, k in enumerate(descent.active):
            w, intercept = descent.weights(place)
            line = f"Norm: {np.linalg.norm(w):.2f}, NNZs: {np.count_nonzero(w)}, Bias: {intercept:.6f}, T: {passes * n}"
            if stopping.validation is None:
                line += f", Objective: {descent.objective(place) / n:f}"
            else:
                line += f", Validation score: {stopping.validation.score(int(k), w, intercept):f}"
            what = "Class" if descent.problem.labels.ndim == 1 else "Target"
            print(f"{what} {k}: {line}")


def _refuse_overflow(descents: list[ClassDescent], passes: int) -> None:
    if not all(descent.is_finite() for descent in descents):
        raise OverflowingError(passes)
