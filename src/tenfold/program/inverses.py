"""The way back from a transformed target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, NotLoweredError, unknown_words
from tenfold.program.values import Value
from tenfold.text import shown

__all__ = ["inverse"]


def inverse(builder: Builder, transformer: Any, values: Value) -> Value:
    """
    Add the steps that undo a fitted transformer.

    Parameters
    ----------
    builder : Builder
    transformer : estimator
        Fitted on targets.
    values : Value
        What a regressor predicts of the transformed targets.

    Raises
    ------
    NotLoweredError
        No steps are known that undo it.
    """
    name = f"{type(transformer).__module__.split('.')[0]}.{type(transformer).__name__}"
    undo = _INVERSES.get(name)
    if undo is None:
        raise NotLoweredError(unknown_words(transformer))
    return undo(builder, transformer, values)


def _of_function(builder: Builder, transformer: Any, values: Value) -> Value:
    function = transformer.inverse_func
    if function is None:
        return values
    known = next((name for name, one in _FUNCTIONS.items() if one is function), None)
    if known is None:
        name = shown(getattr(function, "__name__", "?"), 40)
        raise NotLoweredError(f"its target is transformed back by '{name}', which is no operation of a program")
    return builder.step("activation", values, function=known)


def _of_scaler(builder: Builder, scaler: Any, values: Value) -> Value:
    width = values.type.width
    factor = scaler.scale_ if scaler.with_std else None
    return _scaled(
        builder,
        values,
        np.ones(width) if factor is None else factor,
        scaler.mean_ if scaler.with_mean else np.zeros(width),
    )


def _of_range(builder: Builder, scaler: Any, values: Value) -> Value:
    shifted = builder.step("standardise", values, arrays={"mean": np.asarray(scaler.min_, np.float64)})
    return builder.step("standardise", shifted, arrays={"scale": np.asarray(scaler.scale_, np.float64)})


def _of_robust_scaler(builder: Builder, scaler: Any, values: Value) -> Value:
    width = values.type.width
    return _scaled(
        builder,
        values,
        np.ones(width) if scaler.scale_ is None else scaler.scale_,
        np.zeros(width) if scaler.center_ is None else scaler.center_,
    )


def _of_largest(builder: Builder, scaler: Any, values: Value) -> Value:
    return _scaled(builder, values, scaler.scale_, np.zeros(values.type.width))


def _scaled(builder: Builder, values: Value, factor: Any, offset: Any) -> Value:
    arrays = {"factor": np.asarray(factor, np.float64), "offset": np.asarray(offset, np.float64)}
    return builder.step("scale_range", values, arrays=arrays)


def _of_power(builder: Builder, transformer: Any, values: Value) -> Value:
    """The scaler has no public name, and what it does no other."""
    if transformer.standardize:
        values = _of_scaler(builder, transformer._scaler, values)
    powers = np.asarray(transformer.lambdas_, np.float64)
    return builder.step("root", values, arrays={"powers": powers}, method=transformer.method)


def _of_quantiles(builder: Builder, transformer: Any, values: Value) -> Value:
    """The quantile of a share, which of a normal distribution is that below the value."""
    normal = transformer.output_distribution == "normal"
    shares = builder.step("activation", values, function="normal") if normal else values
    references, columns = np.asarray(transformer.references_, np.float64), []
    for place, quantiles in enumerate(np.asarray(transformer.quantiles_, np.float64).T):
        column = builder.step("select", shares, arrays={"columns": np.array([place])})
        points = _with_level_ends(references, quantiles) if normal else (references, quantiles)
        columns.append(builder.step("isotonic", column, arrays=dict(zip(("scores", "values"), points, strict=True))))
    return columns[0] if len(columns) == 1 else builder.step("join", *columns)


def _with_level_ends(references: Floats, quantiles: Floats) -> tuple[Floats, Floats]:
    """Add the points beyond which scikit-learn takes shares for 0 or 1."""
    inner = np.array([_NEARLY_0, 1 - _NEARLY_0])
    outer = np.nextafter(inner, [0.0, 1.0])
    values = np.concatenate([quantiles, np.interp(inner, references, quantiles), quantiles[[0, -1]]])
    scores, first = np.unique(np.concatenate([references, inner, outer]), return_index=True)
    return scores, values[first]


def _of_pipeline(builder: Builder, pipeline: Any, values: Value) -> Value:
    for _, step in reversed(pipeline.steps):
        if step is not None and step != "passthrough":
            values = inverse(builder, step, values)
    return values


Floats = NDArray[np.float64]

_NEARLY_0 = 1e-7
"""A share up to which a quantile is the lowest."""

_FUNCTIONS: Mapping[str, Any] = {
    name: getattr(np, name)
    for name in (
        "arcsinh",
        "cbrt",
        "exp",
        "expm1",
        "log",
        "log1p",
        "negative",
        "reciprocal",
        "sinh",
        "sqrt",
        "square",
        "tanh",
    )
}
"""Functions of NumPy, each an `activation` of its name."""

_INVERSES: Mapping[str, Callable[[Builder, Any, Value], Value]] = {
    "sklearn.FunctionTransformer": _of_function,
    "sklearn.MaxAbsScaler": _of_largest,
    "sklearn.MinMaxScaler": _of_range,
    "sklearn.Pipeline": _of_pipeline,
    "sklearn.PowerTransformer": _of_power,
    "sklearn.QuantileTransformer": _of_quantiles,
    "sklearn.RobustScaler": _of_robust_scaler,
    "sklearn.StandardScaler": _of_scaler,
}
