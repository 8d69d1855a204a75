"""
Categories to numbers: their codes, or what the classes of training rows were like on average.

Examples
--------
>>> from tenfold.program.categories import pack_categories
>>> table = Columns((("port", "text"),))
>>> categories = pack_categories(["text"], [["C", "S"]])
>>> arrays = {**categories, "values": np.array([[0.0], [1.0]]), "unknown": np.array([[np.nan]])}
>>> part, kind = OPERATION.check((table,), {"refuse_unknown": False, "gaps": True}, arrays)
>>> OPERATION.bind(part)({"port": np.array(["S", "Q"], object)}).tolist(), kind.gaps
([[1.0], [nan]], True)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.categories import CATEGORIES, check_categories, finders, refuse_unknown, split
from tenfold.program.encoders import EncodedColumn, groups_of, in_float, is_nan, join_columns
from tenfold.program.gaps import GapError
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns, Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    check_categories(part)
    values, unknown = part.arrays["values"], part.arrays["unknown"]
    demand(len(values) == int(part.arrays["counts"].sum()), "categories have more or fewer values than they are")
    demand(not (np.isinf(values).any() or np.isinf(unknown).any()), "a category has an infinite value")
    gaps = bool(np.isnan(values).any()) or (bool(np.isnan(unknown).any()) and not part.parameters["refuse_unknown"])
    return Matrix("float64", unknown.size, gaps and part.parameters["gaps"])


def _bind(part: Part) -> Any:
    unknown, width, gaps = part.arrays["unknown"], part.arrays["unknown"].shape[1], part.parameters["gaps"]
    parts = split(part.arrays["values"], part.arrays["counts"])
    # the last is found by the position -1, of an unknown one
    tables = [np.concatenate([one, other[None]]) for one, other in zip(parts, unknown, strict=True)]
    columns = list(zip(part.inputs[0].names, finders(part), tables, strict=True))
    refuses = part.parameters["refuse_unknown"]

    def evaluate(cells: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        encoded = np.empty((len(cells[columns[0][0]]), unknown.size))
        for begin, (name, find, table) in zip(range(0, unknown.size, width), columns, strict=True):
            categories = find(cells[name])
            values = table[categories]
            if refuses:
                refuse_unknown(categories, name, cells[name])
            if not gaps:
                _refuse_gaps(values, categories, name, cells[name])
            encoded[:, begin : begin + width] = values
        return encoded

    return evaluate


def _refuse_gaps(values: NDArray[np.float64], categories: NDArray[np.int64], column: str, cells: NDArray[Any]) -> None:
    rows = np.flatnonzero(np.isnan(values).any(axis=1))
    if not len(rows):
        return
    if cells[rows[0]] is not None and cells[rows[0]] == cells[rows[0]]:
        refuse_unknown(np.where(np.isnan(values).any(axis=1), -1, 0), column, cells)
    raise GapError(int(rows[0]), column)


def _lower_ordinal(builder: Builder, encoder: Any, value: Value) -> Value:
    table = builder.table(value)
    refuses = encoder.handle_unknown == "error"
    unknown = np.array([np.nan if refuses else encoder.unknown_value], np.float64)
    columns = []
    for column, (_, kind) in enumerate(table.type.columns):
        categories = encoder.categories_[column].tolist()
        codes = _ordinals(encoder, column, categories)
        columns.append(EncodedColumn(kind, categories, codes, unknown).reduced(refuses))
    return in_float(builder, _step(builder, table, columns, refuses), encoder.dtype)


def _ordinals(encoder: Any, column: int, categories: list[Any]) -> NDArray[np.float64]:
    """NaN, the last category, is encoded by itself."""
    missing = bool(categories) and is_nan(categories[-1])
    codes = groups_of(encoder, column, categories[:-1] if missing else categories).astype(np.float64)
    return np.append(codes, encoder.encoded_missing_value if missing else [])[:, None]


def _lower_target(builder: Builder, encoder: Any, value: Value) -> Value:
    """Encodings of several classes follow one another, column by column."""
    table, encodings = builder.table(value), encoder.encodings_
    unknown = np.atleast_1d(np.asarray(encoder.target_mean_, np.float64))
    outputs, columns = len(unknown), []
    for column, (_, kind) in enumerate(table.type.columns):
        values = np.column_stack(encodings[column * outputs : (column + 1) * outputs])
        columns.append(EncodedColumn(kind, encoder.categories_[column].tolist(), values, unknown).reduced(False))
    return _step(builder, table, columns, refuses=False)


def _step(builder: Builder, table: Value, columns: list[EncodedColumn], refuses: bool) -> Value:
    categories, values, unknown = join_columns(columns)
    arrays = {**categories, "values": values, "unknown": unknown}
    return builder.step("category_values", table, arrays=arrays, refuse_unknown=refuses, gaps=True)


OPERATION = Operation(
    name="category_values",
    summary="categories to numbers: codes, or means of the classes of training rows",
    inputs=(Columns,),
    parameters={"refuse_unknown": {"type": "boolean"}, "gaps": {"type": "boolean"}},
    arrays={
        **CATEGORIES,
        "values": ArrayRule(dtypes=("float64",), shape=("categories", "outputs"), finite=False),
        "unknown": ArrayRule(dtypes=("float64",), shape=("columns", "outputs"), finite=False),
    },
    result=_result,
    bind=_bind,
    lower={
        "sklearn.preprocessing.OrdinalEncoder": _lower_ordinal,
        "sklearn.preprocessing.TargetEncoder": _lower_target,
    },
)
