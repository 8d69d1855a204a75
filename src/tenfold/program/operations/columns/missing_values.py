"""
Cells that stand for nothing known, such as ``?`` or 999, as missing ones; a text counts without spaces around it.

Examples
--------
>>> from tenfold.program.categories import pack_categories
>>> table = Columns((("member", "text"), ("age", "number")))
>>> part, kind = OPERATION.check((table,), {}, pack_categories(["text", "number"], [["?"], [999.0]]))
>>> rows = OPERATION.bind(part)({"member": np.array([" ?", "yes"], object), "age": np.array([7.0, 999.0])})
>>> rows["member"].tolist(), rows["age"].tolist()
([None, 'yes'], [7.0, nan])
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.cells.markers import marker_numbers
from tenfold.program.categories import CATEGORIES, Finder, check_categories, finders, pack_categories
from tenfold.program.operation import Operation, Part
from tenfold.program.values import Columns, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Columns:
    check_categories(part)
    return Columns(part.inputs[0].columns)


def _bind(part: Part) -> Any:
    counts = part.arrays["counts"].tolist()
    marked = {
        name: find for name, find, count in zip(part.inputs[0].names, finders(part), counts, strict=True) if count
    }

    def evaluate(table: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return {name: _without(cells, marked[name]) if name in marked else cells for name, cells in table.items()}

    return evaluate


def _without(cells: NDArray[Any], find: Finder) -> NDArray[Any]:
    if cells.dtype != object:
        return np.where(find(cells) >= 0, np.nan, cells)
    stripped = np.empty(len(cells), object)
    stripped[:] = [None if cell is None else cell.strip() for cell in cells.tolist()]
    rest = cells.copy()
    rest[find(stripped) >= 0] = None
    return rest


def _lower(builder: Builder, markers: Any, value: Value) -> Value:
    table = builder.table(value)
    by_name = dict(markers.markers)
    kinds = [kind for _, kind in table.type.columns]
    values: list[Any] = [
        marker_numbers(by_name.get(name, ())) if kind == "number" else [one.strip() for one in by_name.get(name, ())]
        for name, kind in table.type.columns
    ]
    return builder.step("missing_values", table, arrays=pack_categories(kinds, values))


OPERATION = Operation(
    name="missing_values",
    summary="cells that stand for nothing known, such as ? or 999, as missing ones",
    inputs=(Columns,),
    arrays=CATEGORIES,
    result=_result,
    bind=_bind,
    lower={"tenfold.models.cells.columns.MissingMarkers": _lower},
)
