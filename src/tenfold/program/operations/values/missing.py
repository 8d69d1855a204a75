"""
1 where a value of some columns is missing, 0 elsewhere.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2, gaps=True),), {}, {"columns": np.array([0])})
>>> OPERATION.bind(part)(np.array([[np.nan, 1.0], [2.0, 1.0]])).tolist()
[[1.0], [0.0]]
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
    demand(rows_type.dtype != "uint8", "gaps are marked in bytes, of which none can be missing")
    demand("missing" not in part.arrays or not rows_type.gaps, "a number is marked, but gaps are not")
    return Matrix(rows_type.dtype, part.sizes["some"])


def _bind(part: Part) -> Any:
    dtype, columns, missing = np.dtype(part.inputs[0].dtype), part.arrays["columns"], part.arrays.get("missing")
    number = None if missing is None else missing.astype(dtype)[0]

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        some = rows[:, columns]
        gaps = np.isnan(some) if number is None else some == number
        return np.ascontiguousarray(gaps, dtype)

    return evaluate


OPERATION = Operation(
    name="missing",
    summary="1 where a value of some columns is missing, 0 elsewhere",
    inputs=(Matrix,),
    arrays={
        "columns": ArrayRule(dtypes=("int64",), shape=("some",), least=0, below="width"),
        "missing": ArrayRule(dtypes=("float64",), shape=(1,), optional=True),
    },
    result=_result,
    bind=_bind,
)
