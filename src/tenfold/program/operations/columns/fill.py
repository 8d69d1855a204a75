"""
A constant in place of each missing cell, in some columns of a table, or in place of a text that stands for one.

Examples
--------
>>> from tenfold.program.categories import pack_texts
>>> table = Columns((("port", "text"),))
>>> arrays = {"columns": np.array([0]), "numbers": np.array([]), **pack_texts(["S"])}
>>> part, kind = OPERATION.check((table,), {"replaced": []}, arrays)
>>> OPERATION.bind(part)({"port": np.array(["C", None], object)})
{'port': array(['C', 'S'], dtype=object)}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.categories import TEXTS, check_texts, read_texts
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns

__all__ = ["OPERATION"]

_LONGEST = 1_000_000


def _result(part: Part) -> Columns:
    columns, some = part.inputs[0].columns, part.arrays["columns"]
    check_texts(part.arrays)
    demand(int(some.max(initial=-1)) < len(columns), "a column is filled that there is not")
    kinds = [columns[position][1] for position in some.tolist()]
    fit = kinds.count("text") == part.sizes["texts"] and kinds.count("number") == part.sizes["numbers"]
    demand(fit, "columns are filled with more or fewer constants than they are")
    return Columns(columns)


def _bind(part: Part) -> Any:
    some = [part.inputs[0].columns[position] for position in part.arrays["columns"].tolist()]
    texts, numbers = iter(read_texts(part.arrays)), iter(part.arrays["numbers"].tolist())
    constants = {name: next(texts) if kind == "text" else next(numbers) for name, kind in some}
    replaced = part.parameters["replaced"][0] if part.parameters["replaced"] else None

    def evaluate(table: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return {
            name: _filled(cells, replaced, constants[name]) if name in constants else cells
            for name, cells in table.items()
        }

    return evaluate


def _filled(cells: NDArray[Any], replaced: str | None, constant: Any) -> NDArray[Any]:
    if cells.dtype == object:
        return np.array([constant if cell == replaced else cell for cell in cells.tolist()], object)
    return np.where(np.isnan(cells), constant, cells)


OPERATION = Operation(
    name="fill",
    summary="a constant in place of each missing cell, in some columns of a table",
    inputs=(Columns,),
    parameters={"replaced": {"type": "array", "maxItems": 1, "items": {"type": "string", "maxLength": _LONGEST}}},
    arrays={
        **TEXTS,
        "columns": ArrayRule(dtypes=("int64",), shape=("some",), least=0),
        "numbers": ArrayRule(dtypes=("float64",), shape=("numbers",)),
    },
    result=_result,
    bind=_bind,
)
