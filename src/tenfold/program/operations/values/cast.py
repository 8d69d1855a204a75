"""
The same numbers in another type.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("uint8", 1),), {"dtype": "float32"}, {})
>>> OPERATION.bind(part)(np.array([[3]], np.uint8)).dtype.name
'float32'
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    return Matrix(part.parameters["dtype"], rows_type.width, rows_type.gaps)


def _bind(part: Part) -> Any:
    dtype = np.dtype(part.parameters["dtype"])

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        return rows.astype(dtype, copy=False)

    return evaluate


OPERATION = Operation(
    name="cast",
    summary="the same numbers in another type, rounded where it is narrower",
    inputs=(Matrix,),
    parameters={"dtype": {"enum": ["float32", "float64"]}},
    result=_result,
    bind=_bind,
)
