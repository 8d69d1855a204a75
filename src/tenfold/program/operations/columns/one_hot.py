"""
Categories to one column each; rare ones may share a column, and unknown ones too.

Examples
--------
>>> from tenfold.program.categories import pack_categories
>>> table = Columns((("port", "text"),))
>>> categories = pack_categories(["text"], [["C", "S"]])
>>> arrays = {**categories, "positions": np.array([0, 1]), "unknown": np.array([-1])}
>>> part, kind = OPERATION.check((table,), {"width": 2, "refuse_unknown": False}, arrays)
>>> OPERATION.bind(part)({"port": np.array(["S", "Q"], object)}).tolist()
[[0.0, 1.0], [0.0, 0.0]]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.categories import CATEGORIES, check_categories, finders, refuse_unknown, split
from tenfold.program.encoders import EncodedColumn, groups_of, has_rare, in_float, join_columns
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import WIDEST, Columns, Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]

_NOWHERE = -1


def _result(part: Part) -> Matrix:
    check_categories(part)
    positions, unknown, width = part.arrays["positions"], part.arrays["unknown"], part.parameters["width"]
    demand(len(positions) == int(part.arrays["counts"].sum()), "categories have more or fewer positions than they are")
    highest = max(int(positions.max(initial=_NOWHERE)), int(unknown.max(initial=_NOWHERE)))
    demand(highest < width, "a category has a column beyond the last")
    return Matrix("float64", width)


def _bind(part: Part) -> Any:
    width, refuses = part.parameters["width"], part.parameters["refuse_unknown"]
    parts = split(part.arrays["positions"], part.arrays["counts"])
    # the last is found by the position -1, of an unknown one
    tables = [np.append(one, other) for one, other in zip(parts, part.arrays["unknown"], strict=True)]
    columns = list(zip(part.inputs[0].names, finders(part), tables, strict=True))

    def evaluate(cells: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        count = len(cells[columns[0][0]])
        encoded, rows = np.zeros((count, width)), np.arange(count)
        for name, find, table in columns:
            categories = find(cells[name])
            if refuses:
                refuse_unknown(categories, name, cells[name])
            positions = table[categories]
            somewhere = positions >= 0
            encoded[rows[somewhere], positions[somewhere]] = 1
        return encoded

    return evaluate


def _lower(builder: Builder, encoder: Any, value: Value) -> Value:
    table = builder.table(value)
    refuses, width, columns = encoder.handle_unknown == "error", 0, []
    for column, (_, kind) in enumerate(table.type.columns):
        one, unknown = _encoded(encoder, column, width)
        width = max(width, int(one.max(initial=_NOWHERE)) + 1)
        names = encoder.categories_[column].tolist()
        columns.append(EncodedColumn(kind, names, one[:, None], np.array([unknown])).reduced(refuses))
    categories, positions, others = join_columns(columns)
    arrays = {**categories, "positions": positions[:, 0], "unknown": others[:, 0]}
    encoded = builder.step("one_hot", table, arrays=arrays, width=width, refuse_unknown=refuses)
    return in_float(builder, encoded, encoder.dtype)


def _encoded(encoder: Any, column: int, first: int) -> tuple[NDArray[np.int64], int]:
    """Return the position of each category of a column, from `first` on, and that of an unknown one."""
    groups = groups_of(encoder, column, encoder.categories_[column].tolist())
    positions = np.arange(first, first + int(groups.max()) + 1)
    dropped = None if encoder.drop_idx_ is None else encoder.drop_idx_[column]
    if dropped is not None:
        positions[groups[dropped] :] -= 1
        positions[groups[dropped]] = _NOWHERE
    shares = encoder.handle_unknown in {"infrequent_if_exist", "warn"} and has_rare(encoder, column)
    return positions[groups], int(positions[-1]) if shares else _NOWHERE


OPERATION = Operation(
    name="one_hot",
    summary="categories to one column each; rare ones may share a column, and unknown ones too",
    inputs=(Columns,),
    parameters={
        "width": {"type": "integer", "minimum": 1, "maximum": WIDEST},
        "refuse_unknown": {"type": "boolean"},
    },
    arrays={
        **CATEGORIES,
        "positions": ArrayRule(dtypes=("int64",), shape=("categories",), least=_NOWHERE),
        "unknown": ArrayRule(dtypes=("int64",), shape=("columns",), least=_NOWHERE),
    },
    result=_result,
    bind=_bind,
    lower={"sklearn.preprocessing.OneHotEncoder": _lower},
)
