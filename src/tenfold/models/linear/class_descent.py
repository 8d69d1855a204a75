"""The descent of some of the classes or targets, by one thread in memory of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.models.linear.batches import step_by_batches
from tenfold.models.linear.epoch import Problem, State, pass_over, rescale
from tenfold.models.linear.losses import FLAT_BEYOND
from tenfold.models.linear.margins import COMPARE_EVERY, Margins, measure, pass_by_margins, set_reference
from tenfold.models.linear.rows import Rows, is_grid, is_sparse

__all__ = ["STRIDE", "ClassDescent", "class_descents"]

STRIDE = 1 << 28
"""Multiplications for a class between two checks for an interrupt: tenths of a second."""

_FEWEST_VALUES = 1 << 16
"""Values of a matrix from which margins pay."""
_LARGEST_NORM = 1e24
"""Squared norm of a row up to which bounds of margins fit single precision."""
_COMPARISON_SHARE = 8
"""Times that comparing all weights must cost less than the products between two comparisons."""
_RETRY_GROWTH = 1.5
_MEASURING_GAIN = 6
"""Times that a product costs less in a measurement, whose rows are read in turn, than in a step."""
_USEFUL_SHARE = 0.6
"""Share of the products that margins leave below which a pass takes less time with them than without."""


def class_descents(
    rows: Rows, train: NDArray[np.int64], problem: Problem, state: State, active: NDArray[np.int64], threads: int,
    batch: int = 1,
) -> list[ClassDescent]:  # fmt: skip
    """Divide the active classes, ndarray of int64, among threads; each step is of so many rows."""
    by_margins = (
        problem.labels.ndim == 1
        and problem.loss in FLAT_BEYOND and problem.l1 == 0.0 and not problem.average and not problem.own_rates
        and _margins_pay(rows, len(train), state.W.shape[1]) and bool(problem.norms.max() < _LARGEST_NORM)
    )  # fmt: skip
    descents = []
    for part in np.array_split(active, min(threads, len(active))):
        own = State(*(whole[part] if len(whole) else whole for whole in state))
        if is_sparse(rows):
            # The weights of a column lie side by side for all classes.
            columnwise = np.asfortranarray
            own = own._replace(W=columnwise(own.W), mean=columnwise(own.mean), l1_paid=columnwise(own.l1_paid))
        if is_grid(rows):
            own = own._replace(
                W=own.W.astype(np.float32),
                mean=own.mean.astype(np.float32),
                l1_paid=own.l1_paid.astype(np.float32),
            )
        problem_of_part = problem._replace(classes=problem.classes[part], class_weights=problem.class_weights[part])
        margins = Margins.unknown(problem_of_part, own, sparse=is_sparse(rows)) if by_margins else None
        descents.append(ClassDescent(rows, train, part, problem_of_part, own, margins, batch))
    return descents


def _margins_pay(rows: Rows, n: int, d: int) -> bool:
    """Return whether margins may save more work than comparing weights costs, as it would with wide sparse rows."""
    if not is_sparse(rows):
        return n * d >= _FEWEST_VALUES
    return len(rows[0]) >= _FEWEST_VALUES and _COMPARISON_SHARE * d <= COMPARE_EVERY * len(rows[0]) / (len(rows[2]) - 1)


@dataclass
class ClassDescent:
    """
    The descent of some of the classes, by one thread in memory of its own: sharing cache lines would slow threads down.

    Parameters
    ----------
    rows : tuple
    train : ndarray of int64
        Training rows.
    active : ndarray of int64, shape (k,)
        Places of these classes among all.
    problem : Problem
    state : State
        Of these classes alone.
    margins : Margins, optional
        None where the loss or the penalty changes weights at every row.
    batch : int
        Rows of a step.
    """

    rows: Rows
    train: NDArray[np.int64]
    active: NDArray[np.int64]
    problem: Problem
    state: State
    margins: Margins | None
    batch: int = 1
    passes: int = 0
    measured_at: int = 0
    products: int = 0
    fewest: float = np.inf
    excess: float = 0.0

    def begin_pass(self) -> None:
        """Reset the losses, and measure margins where that pays."""
        self.state.losses[:] = 0.0
        if self.margins is not None and self._should_measure():
            # In parts, between which an interrupt is noticed.
            for start in range(0, len(self.train), part := max(1, STRIDE // self.state.W.size)):
                measure(self.rows, self.train[start : start + part], self.problem, self.state, self.margins)
            set_reference(self.state, self.margins)
            self.measured_at, self.fewest, self.excess = self.passes, -1, 0.0
        self.passes, self.products = self.passes + 1, 0

    def _should_measure(self) -> bool:
        """Return whether the products that a new measurement would have saved cost as much as it does."""
        since, n_products = self.passes - self.measured_at, len(self.train) * len(self.active)
        self.fewest = self.products if self.fewest < 0 else self.fewest
        self.excess += self.products - self.fewest
        # Where margins help nothing yet, weights still move far in a pass: later they do not.
        return (
            self._is_useful and self.excess * _MEASURING_GAIN >= n_products
        ) or since >= 1 + _RETRY_GROWTH * self.measured_at

    @property
    def _is_useful(self) -> bool:
        """Whether the last measurement saves enough products; assumed until a pass with it has ended."""
        return self.fewest < _USEFUL_SHARE * len(self.train) * len(self.active)

    def take_steps(self, order: NDArray[np.int64], t: float, *, first: bool) -> None:
        """Take the steps of some rows, in order, from step t on; `first` begins a pass."""
        if first:
            self.begin_pass()
        if self.batch > 1:
            step_by_batches(self.rows, order, t, self.problem, self.state, self.batch)
            return
        if self.margins is None or not self._is_useful:
            updates = np.empty(len(self.active)) if self.problem.l1 > 0.0 else None
            pass_over(self.rows, order, t, self.problem, self.state, updates)
            self.products += len(order) * len(self.active)
            return
        beyond = FLAT_BEYOND[self.problem.loss]
        self.products += pass_by_margins(self.rows, order, t, self.problem, self.state, self.margins, beyond)

    def is_finite(self) -> bool:
        """Return whether all weights are finite; the objective may overflow before they do, which is no fault."""
        return all(bool(np.isfinite(part).all()) for part in (self.state.W, self.state.intercept))

    def weights(self, place: int) -> tuple[NDArray[np.float64], float]:
        """Return the weights, shape (d,), and the intercept of the class at a place."""
        return self.state.W[place] * self.state.scale[place], float(self.state.intercept[place])

    def objective(self, place: int) -> float:
        """Return the objective of the class at a place, summed over the rows of the last pass."""
        return float(self.state.losses[place])

    def write_to(self, state: State) -> None:
        """Write these classes into the state of all."""
        rescale(self.state)
        for whole, changed in zip(state, self.state, strict=True):
            if len(whole):
                whole[self.active] = changed
