"""One pass over the training rows that updates every class at each row."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tenfold.models.linear.losses import clipped, loss_and_slope
from tenfold.models.linear.rows import Rows, add_row, dot_row, read_row

__all__ = ["Problem", "State", "pass_over", "settle"]

Floats = NDArray[np.float64]

_SMALLEST_SCALE = 1e-9


class Problem(NamedTuple):
    """
    What does not change from pass to pass; k classes, n rows, all weights 0 or more.

    ``targets`` (k, n) int8 in {-1, 1}; ``row_weights`` (n,); ``class_weights`` (k, 2), of the rest and of the class;
    ``norms`` (n,) squared norms of the rows; ``rate`` 0 constant or adaptive, 1 optimal, 2 inverse scaling.
    """

    targets: NDArray[np.int8]
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


class State(NamedTuple):
    """
    What a pass changes, of k classes and d features.

    ``W`` (k, d) are the weights divided by ``scale`` (k,); ``size`` (k,) their squared norm times its square;
    ``mean`` (k, d) the running average in Xu's form (Towards optimal one pass large scale learning with averaged
    SGD, 2011) with ``a`` and ``b``; ``due`` (k,) and ``paid`` (k, d) the L1 penalty due and paid so far (Tsuruoka et
    al., SGD training for L1-regularized log-linear models, ACL 2009); ``losses`` (k,) the sum over the last pass.
    """

    W: NDArray[Any]
    intercept: Floats
    scale: Floats
    size: Floats
    mean: NDArray[Any]
    mean_intercept: Floats
    a: Floats
    b: Floats
    due: Floats
    paid: NDArray[Any]
    eta: Floats
    losses: Floats


@njit(nogil=True, cache=True)
def pass_over(
    rows: Rows, order: NDArray[np.int64], t: float, active: NDArray[np.int64], problem: Problem, state: State
) -> float:
    """
    Take one step for each active class at each row, in order; gives the number of steps ever taken plus one.

    Parameters
    ----------
    rows : tuple
        See `tenfold.models.linear.rows`.
    order : ndarray of int64
        The rows to be visited.
    t : float
        Number of steps taken before, plus one.
    active : ndarray of int64
        Classes to update.
    problem : Problem
    state : State
        Changed in place.
    """
    for k in active:
        state.losses[k] = 0.0
    room = np.empty(state.W.shape[1], state.W.dtype)
    for i in order:
        row = read_row(rows, i, room)
        for k in active:
            _step(row, i, t, k, problem, state)
        t += 1.0
    return t


@njit(nogil=True, cache=True, inline="always")
def _step(row: Any, i: int, t: float, k: int, problem: Problem, state: State) -> None:
    w, y = state.W[k], float(problem.targets[k, i])
    product = dot_row(row, w) * state.scale[k]
    eta = _rate(t, k, problem, state)
    loss, slope = loss_and_slope(problem.loss, y, product + state.intercept[k])
    state.losses[k] += loss + 0.5 * problem.l2 * state.size[k]
    update = -eta * clipped(slope) * problem.class_weights[k, int(y > 0)] * problem.row_weights[i]
    if problem.l2 > 0.0:
        shrink = max(0.0, 1.0 - eta * problem.l2)
        _shrink(k, shrink, w, state)
        product *= shrink
    if update != 0.0:
        add_row(row, update / state.scale[k], w)
        state.size[k] += update * (2.0 * product + update * problem.norms[i])
        state.intercept[k] += update * problem.intercept_step
    if 0 < problem.average <= t:
        _average(row, t - problem.average + 1.0, update, k, state)
    if problem.l1 > 0.0:
        state.due[k] += eta * problem.l1
        _pay(w, state.paid[k], state.due[k], state.scale[k])


@njit(nogil=True, cache=True, inline="always")
def _rate(t: float, k: int, problem: Problem, state: State) -> float:
    if problem.rate == 1:
        return 1.0 / (problem.alpha * (problem.optimal_start + t - 1.0))
    if problem.rate == 2:
        return problem.eta0 / t**problem.power_t
    return state.eta[k]


@njit(nogil=True, cache=True, inline="always")
def _shrink(k: int, factor: float, w: NDArray[Any], state: State) -> None:
    state.size[k] *= factor * factor
    state.scale[k] *= factor
    if state.scale[k] < _SMALLEST_SCALE:
        _settle_class(k, w, state)


@njit(nogil=True, cache=True)
def _average(row: Any, steps: float, update: float, k: int, state: State) -> None:
    if update != 0.0:
        add_row(row, -update / state.scale[k] * state.a[k], state.mean[k])
    if steps > 1.0:
        state.b[k] /= 1.0 - 1.0 / steps
    state.a[k] += state.b[k] * state.scale[k] / steps
    state.mean_intercept[k] += (state.intercept[k] - state.mean_intercept[k]) / steps


@njit(nogil=True, cache=True)
def _pay(w: NDArray[Any], paid: NDArray[Any], due: float, scale: float) -> None:
    """Pull each weight towards zero by the penalty it still owes, never beyond."""
    for j in range(len(w)):
        before = w[j]
        if scale * before > 0.0:
            w[j] = max(0.0, before - (due + paid[j]) / scale)
        elif scale * before < 0.0:
            w[j] = min(0.0, before + (due - paid[j]) / scale)
        paid[j] += scale * (w[j] - before)


@njit(nogil=True, cache=True)
def _settle_class(k: int, w: NDArray[Any], state: State) -> None:
    if len(state.mean):
        mean = state.mean[k]
        for j in range(len(w)):
            mean[j] = (mean[j] + state.a[k] * w[j]) / state.b[k]
        state.a[k], state.b[k] = 0.0, 1.0
    for j in range(len(w)):
        w[j] *= state.scale[k]
    state.scale[k] = 1.0


@njit(nogil=True, cache=True)
def settle(active: NDArray[np.int64], state: State) -> None:
    """Multiply the scale into the weights, so that W and mean are what they say."""
    for k in active:
        _settle_class(k, state.W[k], state)
