"""What a fitted classifier keeps as plain arrays, and the state of learning that follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from tenfold.models.linear.epoch import State

__all__ = ["fresh_state", "keep_state", "started_at", "state_from"]


def fresh_state(model: Any, X: Any) -> State:
    """Begin at nothing, for the classes and parameters of a model and the columns and type of X."""
    k, d = 1 if len(model.classes_) == 2 else len(model.classes_), X.shape[1]
    averaged = (k, d) if model.average else (0, d)
    shrunk = (k, d) if model.penalty in ("l1", "elasticnet") else (0, d)
    return State(
        W=np.zeros((k, d), X.dtype), intercept=np.zeros(k), scale=np.ones(k), size=np.zeros(k), length=np.zeros(k),
        mean=np.zeros(averaged, X.dtype), mean_intercept=np.zeros(k), a=np.zeros(k), b=np.ones(k),
        due=np.zeros(k), paid=np.zeros(shrunk, X.dtype), eta=np.full(k, float(model.eta0)), losses=np.zeros(k),
    )  # fmt: skip


def state_from(model: Any, X: Any) -> State:
    """Go on from a fitted model's attributes; one of other classes or columns begins anew."""
    state = fresh_state(model, X)
    averaging = len(state.mean) > 0 and hasattr(model, "_average_coef")
    coef, intercept = (
        (model._standard_coef, model._standard_intercept) if averaging else (model.coef_, model.intercept_)
    )
    if coef.shape != state.W.shape:
        return state
    state = started_at(state, coef.toarray() if issparse(coef) else coef, intercept)
    if averaging:
        state.mean[:], state.mean_intercept[:] = model._average_coef, model._average_intercept
    return state


def started_at(state: State, coef: ArrayLike | None, intercept: ArrayLike | None) -> State:
    """
    Give a state with these weights, shape (k, d), and intercepts, shape (k,), where given.

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


def keep_state(model: Any, state: State, kind: np.dtype[Any]) -> None:
    """Set the attributes of a model from the state it has reached: coefficients of this type, averages if asked for."""

    def kept(values: NDArray[Any]) -> NDArray[Any]:
        return values.astype(kind)

    averaged = 0 < int(model.average) <= model.t_ - 1
    model.coef_ = kept(state.mean if averaged else state.W)
    model.intercept_ = kept(state.mean_intercept if averaged else state.intercept)
    if len(state.mean):
        model._standard_coef, model._standard_intercept = kept(state.W), kept(state.intercept)
        model._average_coef, model._average_intercept = kept(state.mean), kept(state.mean_intercept)
