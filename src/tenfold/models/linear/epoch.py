"""One pass over the training rows that updates every class at each row."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.linear.losses import clipped, row_loss
from tenfold.models.linear.rows import AHEAD, Rows, add_row, apply_l1, dot_rows, prefetch_row, read_row, weight_norms

__all__ = ["SMALLEST_SCALE", "Problem", "State", "pass_over", "rate_at", "rescale", "rescale_class"]

Floats = NDArray[np.float64]

SMALLEST_SCALE = 1e-9
"""Scale below which it is multiplied into the weights, which are stored divided by it."""


class Problem(NamedTuple):
    """
    The problem, constant from pass to pass; k classes or targets, n rows, all row and class weights 0 or more.

    ``labels`` (n,) are codes of the rows' classes, ``classes`` (k,) codes of the classes fitted against the rest; or
    numbers, (n, k) of float64, and their columns. ``epsilon`` is where the losses of numbers bend;
    ``row_weights`` (n,); ``class_weights`` (k, 2), of the rest and of the class; ``norms`` (n,) squared norms of the
    rows; ``rate`` 0 constant or adaptive, 1 optimal, 2 inverse scaling; ``own_rates`` whether it may differ between
    classes.
    """

    labels: NDArray[Any]
    classes: NDArray[np.int64]
    row_weights: Floats
    class_weights: Floats
    norms: Floats
    loss: int
    l1: float
    l2: float
    rate: int
    eta0: float
    power_t: float
    optimal_start: float
    alpha: float
    intercept_step: float
    average: int
    own_rates: bool
    epsilon: float = 0.0


class State(NamedTuple):
    """
    The state that a pass changes, of k classes and d features.

    ``W`` (k, d) are the weights divided by ``scale`` (k,); ``size`` (k,) their squared norm times its square; with an
    L1 penalty ``length`` (k,) the sum of absolute values in ``W``, both then of before the penalty was last applied;
    ``mean`` (k, d) the running average in Xu's form (Towards optimal one pass large scale learning with averaged
    SGD, 2011) with ``a`` and ``b``; ``l1_due`` (k,) and ``l1_paid`` (k, d) the L1 penalty due and applied so far
    (Tsuruoka et al., SGD training for L1-regularized log-linear models, ACL 2009); ``losses`` (k,) the objective,
    summed over the last pass.
    """

    W: NDArray[Any]
    intercept: Floats
    scale: Floats
    size: Floats
    length: Floats
    mean: NDArray[Any]
    mean_intercept: Floats
    a: Floats
    b: Floats
    l1_due: Floats
    l1_paid: NDArray[Any]
    eta: Floats
    losses: Floats


@njit(nogil=True, cache=True)
def pass_over(
    rows: Rows, order: NDArray[np.int64], t: float, problem: Problem, state: State, updates: Floats | None
) -> None:
    """
    Take one step for each class at each row, in order, and sum the losses.

    Parameters
    ----------
    rows : tuple
        See `tenfold.models.linear.rows`.
    order : ndarray of int64
        The rows to be visited.
    t : float
        Number of steps taken before, plus one.
    problem : Problem
    state : State
        Changed in place.
    updates : ndarray of float64, shape (k,), or None
        Working memory for an L1 penalty; with None the compiler leaves out all that such a penalty costs.
    """
    # Arrays are bound once: passing a tuple of arrays to a function at each step would count references to each.
    W, intercept, scale, size, losses = state.W, state.intercept, state.scale, state.size, state.losses
    length, mean, mean_intercept, a, b = state.length, state.mean, state.mean_intercept, state.a, state.b
    l1_due, l1_paid, etas = state.l1_due, state.l1_paid, state.eta
    labels, classes, norms = problem.labels, problem.classes, problem.norms
    row_weights, class_weights, loss_code, epsilon = (
        problem.row_weights, problem.class_weights, problem.loss, problem.epsilon
    )  # fmt: skip
    l1, l2, average, intercept_step = problem.l1, problem.l2, problem.average, problem.intercept_step
    buffer, products = np.empty(W.shape[1], W.dtype), np.empty(len(W))
    for position in range(len(order)):
        i = order[position]
        prefetch_row(rows, order[min(position + AHEAD, len(order) - 1)])
        read_row(rows, i, buffer)
        rate = rate_at(t, problem.rate, problem.alpha, problem.optimal_start, problem.eta0, problem.power_t)
        # All products first: the branches that follow would hold them up.
        dot_rows(rows, i, buffer, W, products)
        if updates is not None:
            losses += l1 * length * scale
        for k in range(len(W)):
            product = products[k] * scale[k]
            loss, slope, side = row_loss(labels, i, classes, k, loss_code, epsilon, product + intercept[k])
            losses[k] += loss + 0.5 * l2 * size[k]
            eta = etas[k] if problem.rate == 0 else rate
            if l2 > 0.0:
                shrink = max(0.0, 1.0 - eta * l2)
                product *= shrink
                size[k] *= shrink * shrink
                scale[k] *= shrink
                if scale[k] < SMALLEST_SCALE:
                    if updates is not None:
                        length[k] *= scale[k]
                    rescale_class(k, W, mean, scale, a, b)
            update = 0.0
            if slope != 0.0:
                update = -eta * clipped(slope) * class_weights[k, side] * row_weights[i]
                add_row(rows, i, buffer, update / scale[k], W, k)
                size[k] += update * (2.0 * product + update * norms[i])
                intercept[k] += update * intercept_step
            if 0 < average <= t:
                steps = t - average + 1.0
                if update != 0.0:
                    add_row(rows, i, buffer, -update / scale[k] * a[k], mean, k)
                if steps > 1.0:
                    b[k] /= 1.0 - 1.0 / steps
                a[k] += b[k] * scale[k] / steps
                mean_intercept[k] += (intercept[k] - mean_intercept[k]) / steps
            if updates is not None:
                l1_due[k] += eta * l1
                updates[k] = update
        if updates is not None:
            _update_norms(rows, i, W, scale, updates, length, size)
            apply_l1(rows, i, W, l1_paid, l1_due, scale)
        t += 1.0


@njit(nogil=True, cache=True)
def _update_norms(
    rows: Rows, i: int, W: NDArray[Any], scale: Floats, updates: Floats, length: Floats, size: Floats
) -> None:
    """Compute the norms of the weights that row i has changed, before the penalty, as scikit-learn does."""
    for k in range(len(W)):
        if updates[k] != 0.0:
            length[k], squares = weight_norms(rows, i, W, k)
            size[k] = squares * scale[k] * scale[k]


@njit(nogil=True, cache=True, inline="always")
def rate_at(t: float, rate: int, alpha: float, start: float, eta0: float, power_t: float) -> float:
    """Return the learning rate of step t, 0 where each class has its own."""
    if rate == 1:
        return 1.0 / (alpha * (start + t - 1.0))
    return eta0 / t**power_t if rate == 2 else 0.0


@njit(nogil=True, cache=True)
def rescale_class(k: int, W: NDArray[Any], mean: NDArray[Any], scale: Floats, a: Floats, b: Floats) -> None:
    """Multiply the scale into the weights of a class, and update its average."""
    for j in range(W.shape[1] if len(mean) else 0):
        mean[k, j] = (mean[k, j] + a[k] * W[k, j]) / b[k]
    a[k], b[k] = 0.0, 1.0
    for j in range(W.shape[1]):
        W[k, j] *= scale[k]
    scale[k] = 1.0


@njit(nogil=True, cache=True)
def rescale(state: State) -> None:
    """Multiply the scales into the weights: afterwards W are the weights themselves, and mean their average."""
    for k in range(len(state.W)):
        state.length[k] *= state.scale[k]
        rescale_class(k, state.W, state.mean, state.scale, state.a, state.b)
