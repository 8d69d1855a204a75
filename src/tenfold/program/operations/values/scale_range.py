"""
Each column multiplied by a factor, and an offset added.

Examples
--------
>>> arrays = {"factor": np.array([0.5, 1.0]), "offset": np.array([0.0, -1.0])}
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, arrays)
>>> OPERATION.bind(part)(np.array([[3.0, 2.0]])).tolist()
[[1.5, 1.0]]
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


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8", "bytes are scaled, which have no room for it")
    return Matrix(rows_type.dtype, rows_type.width, rows_type.gaps)


def _bind(part: Part) -> Any:
    dtype = np.dtype(part.inputs[0].dtype)
    factor, offset = (part.arrays[name].astype(dtype) for name in ("factor", "offset"))

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        scaled: NDArray[Any] = rows * factor
        scaled += offset
        return scaled

    return evaluate


def _lower(builder: Builder, scaler: Any, value: Value) -> Value:
    arrays = {"factor": np.asarray(scaler.scale_, np.float64), "offset": np.asarray(scaler.min_, np.float64)}
    scaled = builder.step("scale_range", builder.floats(value), arrays=arrays)
    low, high = map(float, scaler.feature_range)
    return builder.step("limit", scaled, low=low, high=high) if scaler.clip else scaled


OPERATION = Operation(
    name="scale_range",
    summary="each column multiplied by a factor, and an offset added",
    inputs=(Matrix,),
    arrays={
        "factor": ArrayRule(dtypes=("float64",), shape=("width",)),
        "offset": ArrayRule(dtypes=("float64",), shape=("width",)),
    },
    result=_result,
    bind=_bind,
    lower={"sklearn.preprocessing.MinMaxScaler": _lower},
)
