"""
The values of a row divided by their sum; all the same where that is 0.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {})
>>> OPERATION.bind(part)(np.array([[3.0, 1.0], [0.0, 0.0]])).tolist()
[[0.75, 0.25], [0.5, 0.5]]
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
    demand(rows_type.dtype != "uint8" and not rows_type.gaps, "probabilities are made of what may be no number")
    return Matrix(rows_type.dtype, rows_type.width)


def _normalised(values: NDArray[Any]) -> NDArray[Any]:
    total = values.sum(axis=1, keepdims=True)
    even = np.full(values.shape, 1 / values.shape[1], values.dtype)
    return np.asarray(np.divide(values, total, out=even, where=total != 0))


OPERATION = Operation(
    name="normalise",
    summary="the values of a row divided by their sum; all the same where that is 0",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: _normalised,
)
