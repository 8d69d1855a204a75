"""
Rows of a matrix as a table of columns of numbers, named by their positions.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {})
>>> OPERATION.bind(part)(np.array([[3.0, 1.0]]))
{'0': array([3.]), '1': array([1.])}
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.limits import MOST_COLUMNS
from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns, Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Columns:
    width = part.inputs[0].width
    demand(width <= MOST_COLUMNS, f"a table of {width:,} columns is made, over the limit of {MOST_COLUMNS:,}")
    return Columns(tuple((str(position), "number") for position in range(width)))


def _bind(part: Part) -> Any:
    names = _result(part).names

    def evaluate(rows: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
        return dict(zip(names, rows.T.astype(np.float64), strict=True))

    return evaluate


OPERATION = Operation(
    name="table",
    summary="rows of a matrix as a table of columns of numbers, named by their positions",
    inputs=(Matrix,),
    result=_result,
    bind=_bind,
)
