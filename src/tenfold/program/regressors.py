"""Regressors that are made of others: of transformed targets, one a target, in a chain, in a vote, or stacked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.program.builder import Builder, Lowering, NotLoweredError
from tenfold.program.inverses import inverse
from tenfold.program.values import Matrix, Targets, Value

__all__ = ["REGRESSORS"]


def _baseline(builder: Builder, model: Any, value: Value) -> Targets:
    """The same for every row, of whatever strategy."""
    constant = np.asarray(model.constant_, np.float64).reshape(-1)
    return builder.targets(builder.step("constant", builder.input, arrays={"values": constant}))


def _transformed(builder: Builder, model: Any, value: Value) -> Targets:
    """What predicts a transformed target, and the way back from it."""
    predicted = _matrix(builder, model.regressor_, value)
    return builder.targets(inverse(builder, model.transformer_, predicted))


def _several(builder: Builder, model: Any, value: Value) -> Targets:
    """One regressor a target."""
    return builder.targets(_side_by_side(builder, [_matrix(builder, one, value) for one in model.estimators_]))


def _chain(builder: Builder, chain: Any, value: Value) -> Targets:
    """One target after the other; each regressor takes the targets that were predicted before it."""
    rows = builder.numbers(value)
    if not isinstance(rows.type, Matrix):
        raise NotLoweredError("it holds a chain of regressors that takes no rows of numbers")
    inputs = [rows if rows.type.dtype == "float64" else builder.step("cast", rows, dtype="float64")]
    for estimator in chain.estimators_:
        inputs.append(_matrix(builder, estimator, _side_by_side(builder, inputs)))
    in_order = np.argsort(np.asarray(chain.order_))
    return builder.targets(_side_by_side(builder, [inputs[1 + place] for place in in_order.tolist()]))


def _vote(builder: Builder, model: Any, value: Value) -> Targets:
    """The weighted mean of several regressors."""
    parts = [_matrix(builder, one, value) for one in model.estimators_]
    weights = np.ones(len(parts))
    if model.weights is not None:
        used = zip(model.estimators, model.weights, strict=True)
        weights = np.array([weight for (_, one), weight in used if not isinstance(one, str)], np.float64)
    return builder.targets(builder.step("average", *parts, arrays={"weights": weights}))


def _stack(builder: Builder, model: Any, value: Value) -> Targets:
    """A last regressor, which takes what the others predict."""
    inputs = [_matrix(builder, one, value) for one in model.estimators_]
    if model.passthrough:
        inputs.append(builder.numbers(value))
    return builder.targets(_matrix(builder, model.final_estimator_, _side_by_side(builder, inputs)))


def _bag(builder: Builder, model: Any, value: Value) -> Targets:
    """The mean of regressors, each fitted on some of the columns."""
    rows = builder.numbers(value)
    columns = [np.asarray(some, np.int64) for some in model.estimators_features_]
    parts = [
        _matrix(builder, one, builder.step("select", rows, arrays={"columns": some}))
        for one, some in zip(model.estimators_, columns, strict=True)
    ]
    return builder.targets(builder.step("average", *parts, arrays={"weights": np.ones(len(parts))}))


def _of_inliers(builder: Builder, model: Any, value: Value) -> Targets:
    """What was fitted on the rows that are no outliers."""
    return builder.targets(_matrix(builder, model.estimator_, value))


def _matrix(builder: Builder, estimator: Any, value: Value) -> Value:
    """Return what a part predicts."""
    targets = builder.lower(estimator, value)
    if not isinstance(targets, Targets):
        raise NotLoweredError("a part of its regressor predicts no quantities")
    return targets.matrix


def _side_by_side(builder: Builder, parts: list[Value]) -> Value:
    return parts[0] if len(parts) == 1 else builder.step("join", *parts)


REGRESSORS: Mapping[str, Lowering] = {
    "sklearn.compose.TransformedTargetRegressor": _transformed,
    "sklearn.dummy.DummyRegressor": _baseline,
    "sklearn.ensemble.BaggingRegressor": _bag,
    "sklearn.ensemble.StackingRegressor": _stack,
    "sklearn.ensemble.VotingRegressor": _vote,
    "sklearn.linear_model.RANSACRegressor": _of_inliers,
    "sklearn.multioutput.MultiOutputRegressor": _several,
    "sklearn.multioutput.RegressorChain": _chain,
}
