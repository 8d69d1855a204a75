"""The conversion between a model's fitted attributes and the state of its descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from tenfold.models.linear.epoch import State

__all__ = ["fresh_state", "set_fitted_attributes", "state_from", "with_start"]


def fresh_state(model: Any, X: Any, k: int) -> State:
    """Return a state with all weights 0, for k classes or targets, a model's parameters, and columns and dtype of X."""
    d = X.shape[1]
    mean_shape = (k, d) if model.average else (0, d)
    l1_shape = (k, d) if model.penalty in ("l1", "elasticnet") else (0, d)
    return State(
        W=np.zeros((k, d), X.dtype), intercept=np.zeros(k), scale=np.ones(k), size=np.zeros(k), length=np.zeros(k),
        mean=np.zeros(mean_shape, X.dtype), mean_intercept=np.zeros(k), a=np.zeros(k), b=np.ones(k),
        l1_due=np.zeros(k), l1_paid=np.zeros(l1_shape, X.dtype), eta=np.full(k, float(model.eta0)), losses=np.zeros(k),
    )  # fmt: skip


def state_from(model: Any, X: Any, k: int) -> State:
    """Return the state of a fitted model's attributes; a fresh one where classes, targets or columns differ."""
    state = fresh_state(model, X, k)
    averaging = len(state.mean) > 0 and hasattr(model, "_average_coef")
    coef, intercept = (
        (model._standard_coef, model._standard_intercept) if averaging else (model.coef_, model.intercept_)
    )
    coef = np.atleast_2d(coef.toarray() if issparse(coef) else coef)
    if coef.shape != state.W.shape:
        return state
    state = with_start(state, coef, intercept)
    if averaging:
        state.mean[:], state.mean_intercept[:] = model._average_coef, model._average_intercept
    return state


def with_start(state: State, coef: ArrayLike | None, intercept: ArrayLike | None) -> State:
    """
    Return a state with these weights, shape (k, d), and intercepts, shape (k,), unless they are None.

    Raises
    ------
    ValueError
        Other shapes.
    """
    W = state.W if coef is None else np.array(coef, dtype=state.W.dtype, order="C")
    start = state.intercept if intercept is None else np.array(intercept, dtype=np.float64)
    if W.size != state.W.size:
        raise ValueError(f"Provided coef_init does not match dataset: its shape is {W.shape}, not {state.W.shape}")
    if start.size != state.intercept.size:
        raise ValueError(
            f"Provided intercept_init does not match dataset: {start.size} values, not {state.intercept.size}"
        )
    W = W.reshape(state.W.shape)
    size, length = np.einsum("kd,kd->k", W, W, dtype=np.float64), np.abs(W).sum(axis=1, dtype=np.float64)
    return state._replace(W=W, intercept=start.reshape(-1), size=size, length=length)


def set_fitted_attributes(model: Any, state: State, kind: np.dtype[Any]) -> None:
    """Set the fitted attributes of a model from a state, in this dtype, averaged as `model.average` says."""

    def as_kind(values: NDArray[Any]) -> NDArray[Any]:
        return values.astype(kind)

    use_mean = 0 < int(model.average) <= model.t_ - 1
    model.coef_ = as_kind(state.mean if use_mean else state.W)
    model.intercept_ = as_kind(state.mean_intercept if use_mean else state.intercept)
    if len(state.mean):
        model._standard_coef, model._standard_intercept = as_kind(state.W), as_kind(state.intercept)
        model._average_coef, model._average_intercept = as_kind(state.mean), as_kind(state.mean_intercept)
