"""
A constant of each column in place of each missing value: of NaN, or of a number that stands for one.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2, gaps=True),), {}, {"values": np.array([7.0, 8.0])})
>>> OPERATION.bind(part)(np.array([[np.nan, 1.0]])).tolist(), kind.gaps
([[7.0, 1.0]], False)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8", "bytes are imputed, of which none can be missing")
    demand("missing" not in part.arrays or not rows_type.gaps, "a number is replaced, but gaps are not")
    return Matrix(rows_type.dtype, rows_type.width)


def _bind(part: Part) -> Any:
    dtype = np.dtype(part.inputs[0].dtype)
    values, missing = part.arrays["values"].astype(dtype), part.arrays.get("missing")
    number = None if missing is None else missing.astype(dtype)[0]

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        gaps = np.isnan(rows) if number is None else rows == number
        return np.where(gaps, values, rows)

    return evaluate


OPERATION = Operation(
    name="impute",
    summary="a constant of each column in place of each missing value",
    inputs=(Matrix,),
    arrays={
        "values": ArrayRule(dtypes=("float64",), shape=("width",)),
        "missing": ArrayRule(dtypes=("float64",), shape=(1,), optional=True),
    },
    result=_result,
    bind=_bind,
)
