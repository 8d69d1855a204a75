"""Some of the classes, learnt by one thread in memory of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.models.linear.epoch import Problem, State, pass_over, settle
from tenfold.models.linear.losses import FLAT_BEYOND
from tenfold.models.linear.margins import COMPARE_EVERY, Margins, measure, note_measured, pass_by_margins
from tenfold.models.linear.rows import Rows, is_grid, is_sparse

__all__ = ["STRIDE", "Learner", "learners"]

STRIDE = 1 << 28
"""Multiplications a class between two looks at whether the user has interrupted: tenths of a second."""

_WORTH = 1 << 16
"""Values of a matrix from which it pays to know margins."""
_SANE_NORM = 1e24
"""Squared norm of a row up to which bounds of margins are numbers of single precision."""
_RARELY = 8
"""Times that comparing all weights must cost less than the products between two comparisons."""
_RETRY = 1.5
_CHEAPER = 6
"""Times that a product costs less in a measurement, whose rows are read in turn, than in a step."""
_HELPFUL = 0.6
"""Share of the products that margins leave below which a pass takes less time with them than without."""


def learners(
    rows: Rows, train: NDArray[np.int64], problem: Problem, state: State, active: NDArray[np.int64], threads: int
) -> list[Learner]:  # fmt: skip
    """Divide the active classes among threads."""
    by_margins = (
        problem.loss in FLAT_BEYOND and problem.l1 == 0.0 and not problem.average and not problem.own_rates
        and _worth_margins(rows, len(train), state.W.shape[1]) and bool(problem.norms.max() < _SANE_NORM)
    )  # fmt: skip
    found = []
    for part in np.array_split(active, min(threads, len(active))):
        own = State(*(whole[part] if len(whole) else whole for whole in state))
        if is_sparse(rows):
            # What a row has a value in is looked up for all classes at once.
            turned = np.asfortranarray
            own = own._replace(W=turned(own.W), mean=turned(own.mean), paid=turned(own.paid))
        if is_grid(rows):
            own = own._replace(
                W=own.W.astype(np.float32), mean=own.mean.astype(np.float32), paid=own.paid.astype(np.float32)
            )
        problem_of_part = problem._replace(classes=problem.classes[part], class_weights=problem.class_weights[part])
        margins = Margins.unknown(problem_of_part, own, sparse=is_sparse(rows)) if by_margins else None
        found.append(Learner(rows, train, part, problem_of_part, own, margins))
    return found


def _worth_margins(rows: Rows, n: int, d: int) -> bool:
    """Tell whether there is work to save, and not more in comparing weights now and then, as of wide sparse rows."""
    if not is_sparse(rows):
        return n * d >= _WORTH
    return len(rows[0]) >= _WORTH and _RARELY * d <= COMPARE_EVERY * len(rows[0]) / (len(rows[2]) - 1)


@dataclass
class Learner:
    """
    Some of the classes, learnt by one thread in memory of its own: two in one cache line would wait for each other.

    Parameters
    ----------
    rows : tuple
    train : ndarray of int64
        Rows to learn from.
    active : ndarray of int64, shape (k,)
        Places of these classes among all.
    problem : Problem
    state : State
        Of these classes alone.
    margins : Margins, optional
        None where the loss or the penalty moves all weights at every row.
    """

    rows: Rows
    train: NDArray[np.int64]
    active: NDArray[np.int64]
    problem: Problem
    state: State
    margins: Margins | None
    passes: int = 0
    measured_at: int = 0
    products: int = 0
    fewest: float = np.inf
    excess: float = 0.0

    def begin(self) -> None:
        """Begin a pass."""
        self.state.losses[:] = 0.0
        if self.margins is not None and self._is_time_to_measure():
            # In parts, between which the user may interrupt.
            for start in range(0, len(self.train), part := max(1, STRIDE // self.state.W.size)):
                measure(self.rows, self.train[start : start + part], self.problem, self.state, self.margins)
            note_measured(self.state, self.margins)
            self.measured_at, self.fewest, self.excess = self.passes, -1, 0.0
        self.passes, self.products = self.passes + 1, 0

    def _is_time_to_measure(self) -> bool:
        """As soon as products that a new measurement would have saved cost as much as it does."""
        since, everything = self.passes - self.measured_at, len(self.train) * len(self.active)
        self.fewest = self.products if self.fewest < 0 else self.fewest
        self.excess += self.products - self.fewest
        # Where margins help nothing yet, weights still move far in a pass: later they do not.
        return (self._helped and self.excess * _CHEAPER >= everything) or since >= 1 + _RETRY * self.measured_at

    @property
    def _helped(self) -> bool:
        """Whether the last measurement saves enough products; so it does until a pass with it has ended."""
        return self.fewest < _HELPFUL * len(self.train) * len(self.active)

    def learn(self, order: NDArray[np.int64], t: float, *, first: bool) -> None:
        """Take the steps of some rows, in order, perhaps the first of a pass; `t` counts them."""
        if first:
            self.begin()
        if self.margins is None or not self._helped:
            pass_over(self.rows, order, t, self.problem, self.state)
            self.products += len(order) * len(self.active)
            return
        beyond = FLAT_BEYOND[self.problem.loss]
        self.products += pass_by_margins(self.rows, order, t, self.problem, self.state, self.margins, beyond)

    def finite(self) -> bool:
        """Tell whether all weights are numbers; the objective may overflow before they do, and stops nothing then."""
        return all(bool(np.isfinite(part).all()) for part in (self.state.W, self.state.intercept))

    def weights(self, place: int) -> tuple[NDArray[np.float64], float]:
        """Give weights, shape (d,), and intercept of the class at a place."""
        return self.state.W[place] * self.state.scale[place], float(self.state.intercept[place])

    def objective(self, place: int) -> float:
        """Give the objective of the class at a place, summed over the rows of the last pass."""
        return float(self.state.losses[place])

    def hand_over(self, state: State) -> None:
        """Write these classes into the state of all."""
        settle(self.state)
        for whole, changed in zip(state, self.state, strict=True):
            if len(whole):
                whole[self.active] = changed
