"""
A column of text as one text a row; a missing one is empty.

Examples
--------
>>> part, kind = OPERATION.check((Columns((("note", "text"),)),), {}, {})
>>> OPERATION.bind(part)({"note": np.array(["so it is", None], object)}).tolist()
['so it is', '']
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns, Texts, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Texts:
    columns = part.inputs[0].columns
    demand(len(columns) == 1 and columns[0][1] == "text", "texts are taken from what is not one column of text")
    return Texts()


def _bind(part: Part) -> Any:
    name = part.inputs[0].names[0]

    def evaluate(cells: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        texts = np.empty(len(cells[name]), object)
        texts[:] = ["" if cell is None else cell for cell in cells[name].tolist()]
        return texts

    return evaluate


def _lower(builder: Builder, cells: Any, value: Value) -> Value:
    return builder.step("texts", value)


OPERATION = Operation(
    name="texts",
    summary="a column of text as one text a row; a missing one is empty",
    inputs=(Columns,),
    result=_result,
    bind=_bind,
    lower={"tenfold.models.texts.TextCells": _lower},
)
