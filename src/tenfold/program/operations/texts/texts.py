"""
Columns of text as one text a row, a line each; a missing one is empty.

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
    demand(part.inputs[0].only_texts, "texts are taken from a column that is none")
    return Texts()


def _bind(part: Part) -> Any:
    names = part.inputs[0].names

    def evaluate(cells: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        rows = zip(*(cells[name].tolist() for name in names), strict=True)
        texts = np.empty(len(cells[names[0]]), object)
        texts[:] = ["\n".join("" if cell is None else cell for cell in row) for row in rows]
        return texts

    return evaluate


def _lower(builder: Builder, cells: Any, value: Value) -> Value:
    return builder.step("texts", value)


def _of_messages(builder: Builder, cells: Any, value: Value) -> Value:
    """Footers, the last column, are no part of the text where they are cut."""
    if cells.footers == "cut":
        value = builder.step("select_columns", value, arrays={"columns": np.arange(len(value.type.columns) - 1)})
    return builder.step("texts", value)


OPERATION = Operation(
    name="texts",
    summary="columns of text as one text a row, a line each; a missing one is empty",
    inputs=(Columns,),
    result=_result,
    bind=_bind,
    lower={"tenfold.models.texts.MessageCells": _of_messages, "tenfold.models.texts.TextCells": _lower},
)
