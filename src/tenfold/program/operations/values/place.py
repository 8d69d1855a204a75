"""
Columns put at their places among more; the others hold 0, or one less than the least of the row.

Examples
--------
>>> arrays = {"columns": np.array([2, 0])}
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {"filling": "zero", "width": 3}, arrays)
>>> OPERATION.bind(part)(np.array([[0.25, 0.75]])).tolist()
[[0.75, 0.0, 0.25]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import WIDEST, Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type, columns, width = part.inputs[0], part.arrays["columns"], part.parameters["width"]
    demand(int(columns.max()) < width, "a column is placed beyond the last")
    demand(len(np.unique(columns)) == len(columns), "two columns are placed on one")
    return Matrix(rows_type.dtype, width, rows_type.gaps)


def _bind(part: Part) -> Any:
    columns, width, below = part.arrays["columns"], part.parameters["width"], part.parameters["filling"] == "below"

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        placed = np.zeros((len(rows), width), rows.dtype)
        if below:
            placed += rows.min(axis=1, keepdims=True) - 1
        placed[:, columns] = rows
        return placed

    return evaluate


def _lower(builder: Builder, columns: Any, value: Value) -> Value:
    """Leave out the columns that had no value in any training row, and put 0 in their places."""
    value = builder.numbers(value)
    some = np.flatnonzero(~columns.empty_)
    if len(some) == len(columns.empty_):
        return value
    if not len(some):
        return builder.zeros(len(columns.empty_))
    selected = builder.step("select", value, arrays={"columns": some})
    return builder.step("place", selected, arrays={"columns": some}, filling="zero", width=len(columns.empty_))


OPERATION = Operation(
    name="place",
    summary="columns put at their places among more; the others hold 0, or one less than the least of the row",
    inputs=(Matrix,),
    parameters={
        "filling": {"enum": ["zero", "below"]},
        "width": {"type": "integer", "minimum": 1, "maximum": WIDEST},
    },
    arrays={"columns": ArrayRule(dtypes=("int64",), shape=("width",), least=0)},
    result=_result,
    bind=_bind,
    lower={"tenfold.models.cells.columns.EmptyColumns": _lower},
)
