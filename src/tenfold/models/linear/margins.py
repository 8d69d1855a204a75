"""A pass that skips rows whose margin provably suffices: the same steps for a fraction of the products."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.linear.epoch import SMALLEST_SCALE, Problem, State, rate_at, rescale_class
from tenfold.models.linear.losses import clipped, loss_and_slope
from tenfold.models.linear.rows import AHEAD, Rows, add_row, dot_row, dot_rows, prefetch_row, read_row

__all__ = ["COMPARE_EVERY", "Margins", "measure", "pass_by_margins", "set_reference"]

Floats = NDArray[np.float64]
COMPARE_EVERY = 1024
"""Rows after which weights are compared with the reference anew, since rounding errors of distances add up."""


class Margins(NamedTuple):
    """
    Bounds of the scores of rows that need not be read; k classes, n rows.

    A score is ``scale * v.x + intercept``. Once ``v0.x`` is measured, Cauchy and Schwarz have
    ``|v.x - c v0.x| <= |v - c v0| |x|``. The c that makes v - c v0 shortest, and its length, follow from |v - v0| and
    (v - v0).v0, and these from products that the steps need anyway. (Steps restore what the penalty shrinks: v moves
    mostly along v0.)

    ``v0`` (k, d) are the weights measured and ``v0_products`` (n, k) the products with them; ``rows`` (n, 2) the least
    margin of a row over the classes, divided by the scale, and the row's length; ``intercept`` (k,) and ``scale`` (1,)
    at that time, the scale infinite before the first measurement; ``rounding`` the error of a product, a share of
    |v| |x|.
    """

    v0: NDArray[Any]
    v0_products: NDArray[np.float32]
    rows: Floats
    intercept: Floats
    scale: Floats
    rounding: float

    @classmethod
    def unknown(cls, problem: Problem, state: State, *, sparse: bool) -> Self:
        """Return margins before the first measurement."""
        k, d = state.W.shape
        n = len(problem.norms)
        rows = np.stack([np.zeros(n), np.sqrt(problem.norms)], axis=1)
        # One rounding for each term of a sum, in v0.x and in the step's own product, and the rounding of v0.x itself.
        kind = np.float64 if sparse else state.W.dtype
        rounding = float(4 * np.finfo(np.float32).eps + 2 * d * np.finfo(kind).eps)
        v0, v0_products = np.zeros_like(state.W), np.zeros((n, k), np.float32)
        return cls(v0, v0_products, rows, np.zeros(k), np.full(1, np.inf), rounding)


@njit(nogil=True, cache=True)
def measure(rows: Rows, order: NDArray[np.int64], problem: Problem, state: State, margins: Margins) -> None:
    """Compute the products of some rows with the present weights; call `set_reference` after the last of all rows."""
    W, v0_products, labels, classes = state.W, margins.v0_products, problem.labels, problem.classes
    buffer, products, scale = np.empty(W.shape[1], W.dtype), np.empty(len(W)), state.scale[0]
    for i in order:
        read_row(rows, i, buffer)
        least = np.inf
        dot_rows(rows, i, buffer, W, products)
        for k in range(len(W)):
            v0_products[i, k] = products[k]
            margin = v0_products[i, k] + state.intercept[k] / scale
            least = min(least, margin if labels[i] == classes[k] else -margin)
        margins.rows[i, 0] = least


def set_reference(state: State, margins: Margins) -> None:
    """Make the present weights the reference of the products measured."""
    margins.v0[:], margins.intercept[:], margins.scale[0] = state.W, state.intercept, state.scale[0]


@njit(nogil=True, cache=True)
def pass_by_margins(  # noqa: PLR0915 - to hand arrays to functions at each step would count references to them
    rows: Rows, order: NDArray[np.int64], t: float, problem: Problem, state: State, margins: Margins, flat_margin: float
) -> int:
    """
    Take one step for each class at each row, in order, as `tenfold.models.linear.epoch.pass_over` does.

    For losses that are flat beyond a margin, an L2 penalty or none, and one rate for all classes, whose scale is then
    one number, by which the weights stay divided.

    Parameters
    ----------
    rows, order, t, problem, state
        As there.
    margins : Margins
        Changed in place.
    flat_margin : float
        The margin from which the loss is flat.

    Returns
    -------
    int
        Number of products computed, of at most rows times classes.
    """
    W, intercept, size, losses, eta0 = state.W, state.intercept, state.size, state.losses, state.eta[0]
    labels, classes, norms, l2 = problem.labels, problem.classes, problem.norms, problem.l2
    row_weights, class_weights = problem.row_weights, problem.class_weights
    v0_products, bounds, rounding = margins.v0_products, margins.rows, margins.rounding
    v0_scale = margins.scale[0]
    count, scale = len(W), state.scale[0]
    buffer, uncertain, scores = np.empty(W.shape[1], W.dtype), np.empty(count, np.int64), np.empty(count)
    size /= scale * scale
    # Of each class: |v0|², |v - v0|², (v - v0).v0 and its error; the c, and the reach of products for each unit of |x|.
    v0_size, shift_size = np.empty(count), np.empty(count)
    shift_along, along_error = np.empty(count), np.empty(count)
    stretch, reach = np.empty(count), np.empty(count)
    largest_intercept, intercept_shift = np.abs(margins.intercept).max(), np.abs(intercept - margins.intercept).max()
    # The penalty's part of the objective is added up when weights change: its sum over steps is squares * size.
    scale_squares, penalty_until, products = 0.0, np.zeros(count), 0
    for position in range(len(order)):
        i, ahead = order[position], order[min(position + AHEAD, len(order) - 1)]
        if position % COMPARE_EVERY == 0:
            _compare_weights(W, size, margins, v0_size, shift_size, shift_along, along_error, stretch, reach)
            # One bound for all classes of a row costs less than one for each, and is mostly enough.
            largest_reach, least_stretch, most_stretch = reach.max(), max(0.0, stretch.min()), stretch.max()
        eta = eta0 if problem.rate == 0 else rate_at(
            t, problem.rate, problem.alpha, problem.optimal_start, problem.eta0, problem.power_t
        )  # fmt: skip
        tilt = max(abs(1.0 - scale * least_stretch / v0_scale), abs(1.0 - scale * most_stretch / v0_scale))
        sufficient = (flat_margin + intercept_shift + largest_intercept * tilt) / scale
        if not least_stretch * bounds[ahead, 0] - largest_reach * bounds[ahead, 1] > sufficient:
            prefetch_row(rows, ahead)
            prefetch_row((v0_products,), ahead)
        scale_squares, n_uncertain = scale_squares + scale * scale, 0
        if not least_stretch * bounds[i, 0] - largest_reach * bounds[i, 1] > sufficient:
            n_uncertain = _uncertain_classes(
                i,
                v0_products,
                bounds[i, 1],
                labels[i],
                classes,
                stretch,
                reach,
                intercept,
                scale,
                flat_margin,
                scores,
                uncertain,
            )
            if n_uncertain:
                read_row(rows, i, buffer)
            for place in range(n_uncertain):
                scores[place] = scale * dot_row(rows, i, buffer, W, uncertain[place])
        shrink = max(0.0, 1.0 - eta * l2)
        scale *= shrink
        if scale < SMALLEST_SCALE:
            _write_back(state, l2, scale_squares, penalty_until, scale)
            _drop_reference(state, margins)
            shift_size[:], reach[:], penalty_until[:] = np.inf, np.inf, 0.0
            scale, scale_squares, largest_reach = 1.0, 0.0, np.inf
        t, products = t + 1.0, products + n_uncertain
        for place in range(n_uncertain):
            k, score = uncertain[place], scores[place]
            positive = labels[i] == classes[k]
            loss, slope = loss_and_slope(problem.loss, 1.0 if positive else -1.0, score + intercept[k])
            losses[k] += loss
            if slope == 0.0:
                continue
            update = -eta * clipped(slope) * class_weights[k, int(positive)] * row_weights[i]
            step, product = update / scale, score * shrink / scale
            add_row(rows, i, buffer, step, W, k)
            intercept[k] += update * problem.intercept_step
            losses[k] += 0.5 * l2 * size[k] * (scale_squares - penalty_until[k])
            penalty_until[k] = scale_squares
            error = abs(step) * rounding * np.sqrt(max(size[k], v0_size[k])) * bounds[i, 1]
            shift_size[k] += 2.0 * (step * (product - v0_products[i, k]) + error) + step * step * norms[i]
            shift_along[k], along_error[k] = shift_along[k] + step * v0_products[i, k], along_error[k] + error
            size[k] += step * (2.0 * product + step * norms[i])
            stretch[k], reach[k] = _drift(v0_size[k], shift_size[k], shift_along[k], along_error[k], rounding, size[k])
            least_stretch, most_stretch = max(0.0, min(least_stretch, stretch[k])), max(most_stretch, stretch[k])
            largest_reach = max(largest_reach, reach[k])
            intercept_shift = max(intercept_shift, abs(intercept[k] - margins.intercept[k]))
    _write_back(state, l2, scale_squares, penalty_until, scale)
    return products


@njit(nogil=True, cache=True, inline="always")
def _uncertain_classes(
    i: int, v0_products: NDArray[np.float32], length: float, label: int, classes: NDArray[np.int64],
    stretch: Floats, reach: Floats, intercept: Floats, scale: float, flat_margin: float,
    lower_bounds: Floats, uncertain: NDArray[np.int64],
) -> int:  # fmt: skip
    """Write the classes whose margin at row i may not suffice, and return their number."""
    count = 0
    # Vectorised, which collecting them here would prevent: mostly there are none.
    for k in range(len(classes)):
        sign = 1.0 if label == classes[k] else -1.0
        lower_bounds[k] = scale * (sign * stretch[k] * v0_products[i, k] - reach[k] * length) + sign * intercept[k]
        count += not lower_bounds[k] > flat_margin
    place = 0
    for k in range(len(classes) if count else 0):
        uncertain[place] = k
        place += not lower_bounds[k] > flat_margin
    return count


@njit(nogil=True, cache=True)
def _compare_weights(
    W: NDArray[Any], size: Floats, margins: Margins,
    v0_size: Floats, shift_size: Floats, shift_along: Floats, along_error: Floats,
    stretch: Floats, reach: Floats,
) -> None:  # fmt: skip
    """Compute the distance of v from v0, and its part along v0, for each class."""
    for k in range(len(W)):
        squared_norm, shift, product = 0.0, 0.0, 0.0
        for j in range(W.shape[1]):
            before = np.float64(margins.v0[k, j])
            difference = np.float64(W[k, j]) - before
            squared_norm += before * before
            shift += difference * difference
            product += difference * before
        v0_size[k], shift_along[k], along_error[k] = squared_norm, product, 0.0
        shift_size[k] = shift if margins.scale[0] < np.inf else np.inf
        stretch[k], reach[k] = _drift(squared_norm, shift_size[k], product, 0.0, margins.rounding, size[k])


@njit(nogil=True, cache=True, inline="always")
def _drift(
    v0_size: float, shift_size: float, shift_along: float, along_error: float, rounding: float, size: float
) -> tuple[float, float]:
    """Return c, and for each unit of |x| how far a product may be from c times that of the reference."""
    ratio = shift_along / v0_size if v0_size > 0.0 else 0.0
    aside = shift_size - ratio * shift_along + 2.0 * abs(ratio) * along_error
    return 1.0 + ratio, np.sqrt(max(0.0, aside)) + rounding * np.sqrt(max(0.0, size))


@njit(nogil=True, cache=True)
def _drop_reference(state: State, margins: Margins) -> None:
    """Multiply the scale into the weights, for which there is no reference."""
    for k in range(len(state.W)):
        rescale_class(k, state.W, state.mean, state.scale, state.a, state.b)
    margins.scale[0] = np.inf


@njit(nogil=True, cache=True)
def _write_back(state: State, l2: float, scale_squares: float, penalty_until: Floats, scale: float) -> None:
    """Add the penalty since the last update to the losses, and write the scale."""
    for k in range(len(state.W)):
        state.losses[k] += 0.5 * l2 * state.size[k] * (scale_squares - penalty_until[k])
        state.size[k] *= scale * scale
        state.scale[k] = scale
