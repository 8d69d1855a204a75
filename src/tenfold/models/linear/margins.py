"""A pass that looks at no row whose margin is known to suffice: the same steps, for a fraction of the work."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.linear.epoch import SMALLEST_SCALE, Problem, State, rate_at, settle_class
from tenfold.models.linear.losses import clipped, loss_and_slope
from tenfold.models.linear.rows import AHEAD, Rows, add_row, dot_row, dot_rows, fetch_row, read_row

__all__ = ["COMPARE_EVERY", "Margins", "measure", "note_measured", "pass_by_margins"]

Floats = NDArray[np.float64]
COMPARE_EVERY = 1024
"""Rows after which weights are compared anew with those measured: what rounding may have made of distances adds up."""


class Margins(NamedTuple):
    """
    What bounds the score of a row without reading it; k classes, n rows.

    A score is ``scale * v.x + intercept``. Once ``v0.x`` is measured, Cauchy and Schwarz have
    ``|v.x - c v0.x| <= |v - c v0| |x|``. The c that makes v - c v0 shortest, and its length, follow from |v - v0| and
    (v - v0).v0, and these from products that the steps need anyway. (What the penalty takes of the weights the steps
    give back: v moves mostly along v0.)

    ``start`` (k, d) is v0 and ``known`` (n, k) the products with it; ``rows`` (n, 2) the least margin of a row over
    the classes, divided by the scale, and the row's length; ``intercept`` (k,) and ``scale`` (1,) at that time, the
    scale infinite while nothing is measured; ``rounding`` the error of a product, a share of |v| |x|.
    """

    start: NDArray[Any]
    known: NDArray[np.float32]
    rows: Floats
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
        start, known = np.zeros_like(state.W), np.zeros((n, k), np.float32)
        return cls(start, known, rows, np.zeros(k), np.full(1, np.inf), rounding)


@njit(nogil=True, cache=True)
def measure(rows: Rows, order: NDArray[np.int64], problem: Problem, state: State, margins: Margins) -> None:
    """Compute the products of some rows with the weights as they are; `note_measured` once all rows of a fit are."""
    W, known, labels, classes = state.W, margins.known, problem.labels, problem.classes
    room, products, scale = np.empty(W.shape[1], W.dtype), np.empty(len(W)), state.scale[0]
    for i in order:
        read_row(rows, i, room)
        least = np.inf
        dot_rows(rows, i, room, W, products)
        for k in range(len(W)):
            known[i, k] = products[k]
            margin = known[i, k] + state.intercept[k] / scale
            least = min(least, margin if labels[i] == classes[k] else -margin)
        margins.rows[i, 0] = least


def note_measured(state: State, margins: Margins) -> None:
    """Note with which weights the products were computed."""
    margins.start[:], margins.intercept[:], margins.scale[0] = state.W, state.intercept, state.scale[0]


@njit(nogil=True, cache=True)
def pass_by_margins(  # noqa: PLR0915 - to hand arrays to functions at each step would count references to them
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
    known, bounds, rounding, measured = margins.known, margins.rows, margins.rounding, margins.scale[0]
    count, scale = len(W), state.scale[0]
    room, todo, scores = np.empty(W.shape[1], W.dtype), np.empty(count, np.int64), np.empty(count)
    size /= scale * scale
    # Of each class: |v0|², |v - v0|², (v - v0).v0 and its error; the c, and the reach of products for each unit of |x|.
    squared, moved, along, doubt = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    grown, reach = np.empty(count), np.empty(count)
    tallest, shifted = np.abs(margins.intercept).max(), np.abs(intercept - margins.intercept).max()
    # The penalty's part of the objective is added up when weights change: its sum over steps is squares * size.
    squares, counted, products = 0.0, np.zeros(count), 0
    for turn in range(len(order)):
        i, ahead = order[turn], order[min(turn + AHEAD, len(order) - 1)]
        if turn % COMPARE_EVERY == 0:
            _compare(W, size, margins, squared, moved, along, doubt, grown, reach)
            # One bound for all classes of a row costs less than one for each, and is mostly enough.
            farthest, least, most = reach.max(), max(0.0, grown.min()), grown.max()
        eta = eta0 if problem.rate == 0 else rate_at(
            t, problem.rate, problem.alpha, problem.optimal_start, problem.eta0, problem.power_t
        )  # fmt: skip
        tilted = max(abs(1.0 - scale * least / measured), abs(1.0 - scale * most / measured))
        enough = (beyond + shifted + tallest * tilted) / scale
        if not least * bounds[ahead, 0] - farthest * bounds[ahead, 1] > enough:
            fetch_row(rows, ahead)
            fetch_row((known,), ahead)
        squares, needed = squares + scale * scale, 0
        if not least * bounds[i, 0] - farthest * bounds[i, 1] > enough:
            needed = _wanted(
                i, known, bounds[i, 1], labels[i], classes, grown, reach, intercept, scale, beyond, scores, todo
            )
            if needed:
                read_row(rows, i, room)
            for place in range(needed):
                scores[place] = scale * dot_row(rows, i, room, W, todo[place])
        shrink = max(0.0, 1.0 - eta * l2)
        scale *= shrink
        if scale < SMALLEST_SCALE:
            _take_stock(state, l2, squares, counted, scale)
            _forget(state, margins)
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
            losses[k], counted[k] = losses[k] + 0.5 * l2 * size[k] * (squares - counted[k]), squares
            error = abs(step) * rounding * np.sqrt(max(size[k], squared[k])) * bounds[i, 1]
            moved[k] += 2.0 * (step * (product - known[i, k]) + error) + step * step * norms[i]
            along[k], doubt[k] = along[k] + step * known[i, k], doubt[k] + error
            size[k] += step * (2.0 * product + step * norms[i])
            grown[k], reach[k] = _drift(squared[k], moved[k], along[k], doubt[k], rounding, size[k])
            least, most = max(0.0, min(least, grown[k])), max(most, grown[k])
            farthest, shifted = max(farthest, reach[k]), max(shifted, abs(intercept[k] - margins.intercept[k]))
    _take_stock(state, l2, squares, counted, scale)
    return products


@njit(nogil=True, cache=True, inline="always")
def _wanted(
    i: int, known: NDArray[np.float32], length: float, label: int, classes: NDArray[np.int64],
    grown: Floats, reach: Floats, intercept: Floats, scale: float, beyond: float, room: Floats, todo: NDArray[np.int64],
) -> int:  # fmt: skip
    """Collect the classes whose margin at row i may not suffice; tell how many they are."""
    count = 0
    # Several at a time, which collecting them would prevent: mostly there are none.
    for k in range(len(classes)):
        sign = 1.0 if label == classes[k] else -1.0
        room[k] = scale * (sign * grown[k] * known[i, k] - reach[k] * length) + sign * intercept[k]
        count += not room[k] > beyond
    place = 0
    for k in range(len(classes) if count else 0):
        todo[place] = k
        place += not room[k] > beyond
    return count


@njit(nogil=True, cache=True)
def _compare(
    W: NDArray[Any], size: Floats, margins: Margins,
    squared: Floats, moved: Floats, along: Floats, doubt: Floats, grown: Floats, reach: Floats,
) -> None:  # fmt: skip
    """Compute how far v is from v0, and how far along it."""
    for k in range(len(W)):
        own, apart, product = 0.0, 0.0, 0.0
        for j in range(W.shape[1]):
            before = np.float64(margins.start[k, j])
            away = np.float64(W[k, j]) - before
            own += before * before
            apart += away * away
            product += away * before
        squared[k], along[k], doubt[k] = own, product, 0.0
        moved[k] = apart if margins.scale[0] < np.inf else np.inf
        grown[k], reach[k] = _drift(own, moved[k], product, 0.0, margins.rounding, size[k])


@njit(nogil=True, cache=True, inline="always")
def _drift(
    squared: float, moved: float, along: float, doubt: float, rounding: float, size: float
) -> tuple[float, float]:
    """Give c, and for each unit of |x| how far a product may be from c times the known one."""
    turned = along / squared if squared > 0.0 else 0.0
    aside = moved - turned * along + 2.0 * abs(turned) * doubt
    return 1.0 + turned, np.sqrt(max(0.0, aside)) + rounding * np.sqrt(max(0.0, size))


@njit(nogil=True, cache=True)
def _forget(state: State, margins: Margins) -> None:
    """Multiply the scale into the weights; nothing is known of these."""
    for k in range(len(state.W)):
        settle_class(k, state.W, state.mean, state.scale, state.a, state.b)
    margins.scale[0] = np.inf


@njit(nogil=True, cache=True)
def _take_stock(state: State, l2: float, squares: float, counted: Floats, scale: float) -> None:
    """Add what is owed of the penalty to the losses, and write the scale."""
    for k in range(len(state.W)):
        state.losses[k] += 0.5 * l2 * state.size[k] * (squares - counted[k])
        state.size[k] *= scale * scale
        state.scale[k] = scale
