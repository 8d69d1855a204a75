"""
Values below a limit raised to it, and those above another lowered to that.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 3),), {"low": 0.0, "high": 1.0}, {})
>>> OPERATION.bind(part)(np.array([[-1.0, 0.5, 2.0]])).tolist()
[[0.0, 0.5, 1.0]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8", "bytes are limited, which are within limits of their own")
    demand(part.parameters["low"] <= part.parameters["high"], "values are limited to none at all")
    return Matrix(rows_type.dtype, rows_type.width, rows_type.gaps)


def _bind(part: Part) -> Any:
    dtype = np.dtype(part.inputs[0].dtype)
    low, high = dtype.type(part.parameters["low"]), dtype.type(part.parameters["high"])

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(np.clip(rows, low, high))

    return evaluate


OPERATION = Operation(
    name="limit",
    summary="values below a limit raised to it, and those above another lowered to that",
    inputs=(Matrix,),
    parameters={"low": {"type": "number"}, "high": {"type": "number"}},
    result=_result,
    bind=_bind,
)
