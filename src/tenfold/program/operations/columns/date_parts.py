"""
Columns of text that are dates, by their parts: days, year, month, weekday, place in the year, hour; a gap where none.

Examples
--------
>>> part, kind = OPERATION.check((Columns((("day", "text"),)),), {"first": "day"}, {})
>>> OPERATION.bind(part)({"day": np.array(["29.2.2024"], object)})[0, :3].tolist(), kind.width
([19782.0, 2024.0, 2.0], 7)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.cells.parsing import DATE_PARTS, date_parts, read_date
from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns, Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    demand(part.inputs[0].only_texts, "dates are read from a column that is no text")
    return Matrix("float64", len(part.inputs[0].columns) * len(DATE_PARTS), gaps=True)


def _bind(part: Part) -> Any:
    names, first = part.inputs[0].names, part.parameters["first"]

    def evaluate(table: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        columns = [[read_date(cell, first) for cell in table[name].tolist()] for name in names]
        return np.concatenate([date_parts(np.array(days, np.float64)) for days in columns], axis=1)

    return evaluate


def _lower(builder: Builder, reader: Any, value: Value) -> Value:
    return builder.step("date_parts", value, first=reader.first)


OPERATION = Operation(
    name="date_parts",
    summary="columns of text that are dates, by their parts",
    inputs=(Columns,),
    parameters={"first": {"enum": ["day", "month"]}},
    result=_result,
    bind=_bind,
    lower={"tenfold.models.cells.columns.DateParts": _lower},
)
