"""A pass that looks at no row whose margin is known to suffice: the same steps, for a fraction of the work."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.linear.epoch import SMALLEST_SCALE, Problem, State, rate_at, settle_class
from tenfold.models.linear.losses import clipped, loss_and_slope
from tenfold.models.linear.rows import Rows, add_row, dot_row, fetch_row, read_row

__all__ = ["Margins", "measure", "pass_by_margins"]

Floats = NDArray[np.float64]
_AHEAD = 16
"""Rows asked of the memory before their turn."""


class Margins(NamedTuple):
    """
    What bounds the score of a row without reading it; k classes, n rows.

    A score is ``scale * v.x + intercept``. Once ``v0.x`` is measured, Cauchy and Schwarz have
    ``|v.x - v0.x| <= |v - v0| |x|``, and ``|v - v0|`` follows from products that the steps need anyway.

    ``known`` (n, k) the products with v0; ``rows`` (n, 2) the least margin of a row over the classes, divided by the
    scale, and the row's length; ``moved`` (k,) the squared distance of v from v0, infinite before it is measured;
    ``intercept`` (k,) and ``scale`` (1,) at that time; ``rounding`` the error of a product, a share of |v| |x|.
    """

    known: NDArray[np.float32]
    rows: Floats
    moved: Floats
    intercept: Floats
    scale: Floats
    rounding: float

    @classmethod
    def unknown(cls, problem: Problem, state: State, *, sparse: bool) -> Self:
        """Know nothing yet of these classes."""
        k, d = state.W.shape
        n = len(problem.norms)
        rows = np.stack([np.zeros(n), np.sqrt(problem.norms)], axis=1)
        # One rounding for each term of a sum, in `known` and in the step's own product, and that of `known` itself.
        kind = np.float64 if sparse else state.W.dtype
        rounding = float(4 * np.finfo(np.float32).eps + 2 * d * np.finfo(kind).eps)
        return cls(np.zeros((n, k), np.float32), rows, np.full(k, np.inf), np.zeros(k), np.ones(1), rounding)


@njit(nogil=True, cache=True)
def measure(rows: Rows, order: NDArray[np.int64], problem: Problem, state: State, margins: Margins) -> None:
    """Compute the products of all rows in `order` with the weights as they are; all rows of a fit are to be given."""
    W, known, labels, classes = state.W, margins.known, problem.labels, problem.classes
    room, scale = np.empty(W.shape[1], W.dtype), state.scale[0]
    for i in order:
        read_row(rows, i, room)
        least = np.inf
        for k in range(len(W)):
            known[i, k] = dot_row(rows, i, room, W, k)
            margin = known[i, k] + state.intercept[k] / scale
            least = min(least, margin if labels[i] == classes[k] else -margin)
        margins.rows[i, 0] = least
    margins.intercept[:], margins.scale[0], margins.moved[:] = state.intercept, scale, 0.0


@njit(nogil=True, cache=True)
def pass_by_margins(
    rows: Rows, order: NDArray[np.int64], t: float, problem: Problem, state: State, margins: Margins, beyond: float
) -> int:
    """
    Take one step for each class at each row, in order, as `tenfold.models.linear.epoch.pass_over` does.

    For losses that are flat beyond a margin, an L2 penalty or none, and one rate for all classes, whose scale is then
    one number. Weights are left divided by it.

    Parameters
    ----------
    rows, order, t, problem, state
        As there.
    margins : Margins
        Distances are changed in place.
    beyond : float
        The margin from which the loss is flat.

    Returns
    -------
    int
        Products computed; those of the other rows and classes were not needed.
    """
    W, intercept, size, losses, eta0 = state.W, state.intercept, state.size, state.losses, state.eta[0]
    labels, classes, norms, l2 = problem.labels, problem.classes, problem.norms, problem.l2
    row_weights, class_weights = problem.row_weights, problem.class_weights
    known, bounds, moved, rounding = margins.known, margins.rows, margins.moved, margins.rounding
    count, scale, measured = len(W), state.scale[0], margins.scale[0]
    room, todo, scores = np.empty(W.shape[1], W.dtype), np.empty(count, np.int64), np.empty(count)
    size /= scale * scale
    reach = np.sqrt(moved) + rounding * np.sqrt(size)
    # One bound for all classes of a row costs less than one for each, and is mostly enough.
    farthest, tallest, shifted = (
        reach.max(),
        np.abs(margins.intercept).max(),
        np.abs(intercept - margins.intercept).max(),
    )
    # The penalty's part of the objective is added up when weights change: its sum over steps is squares * size.
    squares, counted, products = 0.0, np.zeros(count), 0
    for turn in range(len(order)):
        i, ahead = order[turn], order[min(turn + _AHEAD, len(order) - 1)]
        eta = eta0 if problem.rate == 0 else rate_at(
            t, problem.rate, problem.alpha, problem.optimal_start, problem.eta0, problem.power_t
        )  # fmt: skip
        enough = (beyond + shifted + tallest * abs(1.0 - scale / measured)) / scale
        if not bounds[ahead, 0] - farthest * bounds[ahead, 1] > enough:
            fetch_row(rows, ahead)
        squares, needed = squares + scale * scale, 0
        if not bounds[i, 0] - farthest * bounds[i, 1] > enough:
            for k in range(count):
                sign, length = 1.0 if labels[i] == classes[k] else -1.0, bounds[i, 1]
                todo[needed] = k
                needed += not scale * (sign * known[i, k] - reach[k] * length) + sign * intercept[k] > beyond
            if needed:
                read_row(rows, i, room)
                for place in range(needed):
                    scores[place] = scale * dot_row(rows, i, room, W, todo[place])
        shrink = max(0.0, 1.0 - eta * l2)
        scale *= shrink
        if scale < SMALLEST_SCALE:
            _take_stock(state, l2, squares, counted, scale)
            for k in range(count):
                settle_class(k, W, state.mean, state.scale, state.a, state.b)
            moved[:], reach[:], counted[:] = np.inf, np.inf, 0.0
            scale, squares, farthest = 1.0, 0.0, np.inf
        t, products = t + 1.0, products + needed
        for place in range(needed):
            k, score = todo[place], scores[place]
            positive = labels[i] == classes[k]
            loss, slope = loss_and_slope(problem.loss, 1.0 if positive else -1.0, score + intercept[k])
            losses[k] += loss
            if slope == 0.0:
                continue
            update = -eta * clipped(slope) * class_weights[k, int(positive)] * row_weights[i]
            step, product = update / scale, score * shrink / scale
            add_row(rows, i, room, step, W, k)
            intercept[k] += update * problem.intercept_step
            losses[k] += 0.5 * l2 * size[k] * (squares - counted[k])
            counted[k] = squares
            error = rounding * np.sqrt(size[k]) * bounds[i, 1]
            moved[k] += 2.0 * (step * (product - known[i, k]) + abs(step) * error) + step * step * norms[i]
            size[k] += step * (2.0 * product + step * norms[i])
            reach[k] = np.sqrt(max(0.0, moved[k])) + rounding * np.sqrt(max(0.0, size[k]))
            farthest, shifted = max(farthest, reach[k]), max(shifted, abs(intercept[k] - margins.intercept[k]))
    _take_stock(state, l2, squares, counted, scale)
    return products


@njit(nogil=True, cache=True)
def _take_stock(state: State, l2: float, squares: float, counted: Floats, scale: float) -> None:
    """Add what is owed of the penalty to the losses, and write the scale."""
    for k in range(len(state.W)):
        state.losses[k] += 0.5 * l2 * state.size[k] * (squares - counted[k])
        state.size[k] *= scale * scale
        state.scale[k] = scale
