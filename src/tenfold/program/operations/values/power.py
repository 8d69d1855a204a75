"""
Each column raised to a power that makes it more like a normal distribution (Yeo and Johnson, 2000).

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {"powers": np.array([2.0, 0.0])})
>>> OPERATION.bind(part)(np.array([[3.0, 0.0]])).round(9).tolist()
[[7.5, 0.0]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]

_EPSILON = float(np.finfo(np.float64).eps)


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8", "bytes are raised to a power, which have no room for it")
    return Matrix(rows_type.dtype, rows_type.width, rows_type.gaps)


def _bind(part: Part) -> Any:
    powers = part.arrays["powers"].tolist()

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        raised = np.empty_like(rows)
        for column, power in enumerate(powers):
            values = rows[:, column].astype(np.float64)
            raised[:, column] = np.where(values >= 0, _raised(values, power), -_raised(-values, 2 - power))
        return raised

    return evaluate


def _raised(values: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    """Of values from 0: ((1 + x) ^ power - 1) / power."""
    logarithms = np.log1p(np.maximum(values, 0.0))
    return logarithms if abs(power) < _EPSILON else np.asarray(np.expm1(power * logarithms) / power)


def _lower(builder: Builder, transformer: Any, value: Value) -> Value:
    from tenfold.program.builder import NotLoweredError

    if transformer.method != "yeo-johnson":
        raise NotLoweredError(
            f"it raises columns to powers by '{transformer.method}', which is no program of arrays yet"
        )
    powers = np.asarray(transformer.lambdas_, np.float64)
    raised = builder.step("power", builder.floats(value), arrays={"powers": powers})
    # the scaler has no public name, and what it does no other
    return builder.lower(transformer._scaler, raised) if transformer.standardize else raised


OPERATION = Operation(
    name="power",
    summary="each column raised to a power that makes it more like a normal distribution",
    inputs=(Matrix,),
    arrays={"powers": ArrayRule(dtypes=("float64",), shape=("width",))},
    result=_result,
    bind=_bind,
    lower={"sklearn.preprocessing.PowerTransformer": _lower},
)
