"""
Columns of text that are numbers as people write them, such as ``1.234,5`` and ``12 kg``; what is none is a gap.

Examples
--------
>>> part, kind = OPERATION.check((Columns((("weight", "text"),)),), {"decimal": "comma"}, {})
>>> OPERATION.bind(part)({"weight": np.array(["12,5 kg", None], object)}).tolist(), kind.gaps
([[12.5], [nan]], True)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.cells.parsing import read_number
from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns, Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    demand(part.inputs[0].only_texts, "numbers are read from a column that is no text")
    return Matrix("float64", len(part.inputs[0].columns), gaps=True)


def _bind(part: Part) -> Any:
    names, decimal = part.inputs[0].names, part.parameters["decimal"]

    def evaluate(table: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        columns = [[read_number(cell, decimal) for cell in table[name].tolist()] for name in names]
        return np.array(columns, np.float64).T

    return evaluate


def _lower(builder: Builder, reader: Any, value: Value) -> Value:
    return builder.step("written_numbers", value, decimal=reader.decimal)


OPERATION = Operation(
    name="written_numbers",
    summary="columns of text that are numbers as people write them",
    inputs=(Columns,),
    parameters={"decimal": {"enum": ["point", "comma"]}},
    result=_result,
    bind=_bind,
    lower={"tenfold.models.cells.columns.WrittenNumbers": _lower},
)
