"""
Columns of numbers as rows of a matrix; an empty cell stays NaN, or is refused.

Examples
--------
>>> table = Columns((("age", "number"), ("fare", "number")))
>>> part, kind = OPERATION.check((table,), {"gaps": True}, {})
>>> OPERATION.bind(part)({"age": np.array([22.0, np.nan]), "fare": np.array([7.0, 8.0])}).tolist()
[[22.0, 7.0], [nan, 8.0]]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.gaps import GapError
from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns, Matrix
from tenfold.text import shown

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    texts = [name for name, kind in part.inputs[0].columns if kind == "text"]
    demand(not texts, f"column '{shown(texts[0], 40)}' of text is taken for numbers" if texts else "")
    return Matrix("float64", len(part.inputs[0].columns), part.parameters["gaps"])


def _bind(part: Part) -> Any:
    names, gaps = part.inputs[0].names, part.parameters["gaps"]

    def evaluate(table: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        rows = np.ascontiguousarray(np.array([table[name] for name in names], np.float64).T)
        if not gaps and np.isnan(rows).any():
            row, column = np.argwhere(np.isnan(rows))[0].tolist()
            raise GapError(row, names[column])
        return rows

    return evaluate


OPERATION = Operation(
    name="numbers",
    summary="columns of numbers as rows of a matrix; an empty cell stays NaN, or is refused",
    inputs=(Columns,),
    parameters={"gaps": {"type": "boolean"}},
    result=_result,
    bind=_bind,
)
