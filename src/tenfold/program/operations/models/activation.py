"""
A function of each value by itself: between the layers of a network, or from the scale of a model to that of a target.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {"function": "relu"}, {})
>>> OPERATION.bind(part)(np.array([[-1.0, 2.0]])).tolist()
[[0.0, 2.0]]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.operations.models.linear import weighted
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Scores, Targets, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _relu(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.maximum(values, 0))


def _logistic(values: NDArray[Any]) -> NDArray[Any]:
    """By the exponential of what is never positive, so that nothing overflows."""
    powers = np.exp(-np.abs(values))
    return np.asarray(np.where(values >= 0, 1, powers) / (1 + powers))


def _normal(values: NDArray[Any]) -> NDArray[Any]:
    """Return the share of a standard normal distribution below each value; NumPy has none."""
    shares = [0.5 * math.erfc(-value / math.sqrt(2)) for value in values.ravel().tolist()]
    return np.array(shares, values.dtype).reshape(values.shape)


_FUNCTIONS: Mapping[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "relu": _relu,
    "tanh": np.tanh,
    "logistic": _logistic,
    "arcsinh": np.arcsinh,
    "cbrt": np.cbrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "negative": np.negative,
    "normal": _normal,
    "reciprocal": np.reciprocal,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "square": np.square,
}
"""A program has no prediction where one of them gives no finite number."""


def _result(part: Part) -> Matrix:
    rows_type: Matrix = part.inputs[0]
    demand(
        rows_type.dtype != "uint8" and not rows_type.gaps, "a function of each value is applied to bytes, or to gaps"
    )
    return Matrix(rows_type.dtype, rows_type.width)


def _layers(builder: Builder, network: Any, rows: Value) -> Value:
    """Products, then a function of each, but for the last layer."""
    last = len(network.coefs_) - 1
    for layer, (weights, offset) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
        rows = weighted(builder, rows, np.asarray(weights).T, np.asarray(offset))
        if layer < last and network.activation != "identity":
            rows = builder.step("activation", rows, function=network.activation)
    return rows


def _lower_regressor(builder: Builder, network: Any, rows: Value) -> Targets:
    """A network whose last layer is what it predicts, or the logarithm of that."""
    outputs = _layers(builder, network, rows)
    if network.out_activation_ == "exp":
        outputs = builder.step("activation", outputs, function="exp")
    return builder.targets(outputs)


def _lower(builder: Builder, network: Any, rows: Value) -> Scores:
    """A network of dense layers, at last probabilities."""
    from tenfold.program.builder import NotLoweredError

    rows = _layers(builder, network, rows)
    if network.out_activation_ not in {"softmax", "logistic"}:
        raise NotLoweredError(f"it holds a network that ends in '{network.out_activation_}'")
    probabilities = builder.step(network.out_activation_, rows)
    return Scores(builder.step("cast", probabilities, dtype="float64"), probabilities=True)


OPERATION = Operation(
    name="activation",
    summary="a function of each value by itself: between layers of a network, or from one scale to another",
    inputs=(Matrix,),
    parameters={"function": {"enum": list(_FUNCTIONS)}},
    result=_result,
    bind=lambda part: _FUNCTIONS[part.parameters["function"]],
    lower={
        "sklearn.neural_network.MLPClassifier": _lower,
        "sklearn.neural_network.MLPRegressor": _lower_regressor,
    },
)
