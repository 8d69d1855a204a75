"""Steps of a batch of rows each: mini-batch and, with all rows in one, batch gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tenfold.models.linear.epoch import Problem, State, rate_at
from tenfold.models.linear.losses import losses_and_slopes
from tenfold.models.linear.rows import Rows, is_sparse

__all__ = ["step_by_batches"]


def step_by_batches(rows: Rows, order: NDArray[np.int64], t: float, problem: Problem, state: State, size: int) -> None:
    """
    Take a step against the mean gradient of each batch of rows, in order, and sum the losses.

    The penalties act as in the steps of single rows: L2 shrinks weights before each, L1 pulls them to zero after.

    Parameters
    ----------
    rows : tuple
    order : ndarray of int64
        The rows to be visited; the last batch may be smaller.
    t : float
        Number of rows visited before, plus one.
    problem : Problem
        Of numbers.
    state : State
        Changed in place; its scales are 1.
    size : int
        Rows of a batch.
    """
    X = _matrix(rows, state.W.shape[1])
    targets = problem.labels[:, problem.classes]
    # what overflows is noticed in the weights, after the pass
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(order), size):
            places = order[start : start + size]
            etas = _rates(problem, state, (t + start - 1.0) / size + 1.0)
            _step(X[places], targets[places], problem.row_weights[places], problem, state, etas)


def _matrix(rows: Rows, width: int) -> Any:
    if is_sparse(rows):
        return csr_matrix(rows, shape=(len(rows[2]) - 1, width))
    return rows[0]


def _rates(problem: Problem, state: State, step: float) -> NDArray[np.float64]:
    """Return the learning rate of each target at a step, counted from 1."""
    if problem.rate == 0:
        return state.eta
    rate = rate_at(step, problem.rate, problem.alpha, problem.optimal_start, problem.eta0, problem.power_t)
    return np.full(len(state.W), rate)


def _step(
    X: Any,
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    problem: Problem,
    state: State,
    etas: NDArray[np.float64],
) -> None:
    W = state.W
    scores = np.asarray(X @ W.T, np.float64) + state.intercept
    losses, slopes = losses_and_slopes(problem.loss, targets, scores, problem.epsilon)
    state.losses[:] += losses.sum(axis=0) + len(targets) * _penalty(problem, W)
    slopes = slopes * (weights / len(weights))[:, None]
    W *= np.maximum(0.0, 1.0 - etas * problem.l2)[:, None].astype(W.dtype)
    W -= (etas[:, None] * np.asarray(X.T @ slopes).T).astype(W.dtype)
    state.intercept[:] -= etas * slopes.sum(axis=0) * problem.intercept_step
    if problem.l1 > 0.0:
        # the proximal step of an L1 penalty: Parikh and Boyd, Proximal algorithms, 2014
        shrunk = np.abs(W) - (etas * problem.l1)[:, None]
        W[:] = np.sign(W) * np.maximum(shrunk, 0.0)


def _penalty(problem: Problem, W: NDArray[Any]) -> NDArray[np.float64]:
    """Return the penalty of each target; what is not penalised may have any size."""
    penalty = np.zeros(len(W))
    if problem.l2 > 0.0:
        penalty += problem.l2 / 2 * np.einsum("kd,kd->k", W, W)
    if problem.l1 > 0.0:
        penalty += problem.l1 * np.abs(W).sum(axis=1)
    return penalty
