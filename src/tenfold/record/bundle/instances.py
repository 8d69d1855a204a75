"""What depends on the kind of data when rows are predicted or kept: coerced, taken, as JSON and back, gaps."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.kinds.table.content import with_columns
from tenfold.data.sources.arrays import images_from
from tenfold.errors import DataError
from tenfold.record.bundle.schema import InputSchema, Instances
from tenfold.text import shown

__all__ = ["as_instances", "few_rows", "first_gap", "may_widen", "rows_as_plain", "rows_from_plain"]

_LISTED = 5
_VALUES = 200_000
_CHARACTERS = 1_000_000


def as_instances(X: Any, schema: InputSchema) -> Instances:
    """
    Bring rows into the form that `InputSchema.check` takes.

    Parameters
    ----------
    X : array-like, DataFrame, Series, mapping or Dataset
        For images an array of shape (n, height, width[, 3]) of whole numbers 0 to 255, whatever its dtype. For a table
        a data frame; a row as a Series or mapping by column; or, where all columns are numbers, an array of shape
        (n, columns) in the order of the training data.
    schema : InputSchema
        What the model needs.

    Returns
    -------
    ndarray of uint8, or DataFrame

    Raises
    ------
    DataError
        No rows, another shape, or values that are no numbers; the message says what to give.

    Examples
    --------
    >>> from tenfold.record.bundle.schema import Column
    >>> schema = InputSchema("table", columns=(Column("age", "number"), Column("fare", "number")))
    >>> as_instances([[22, 7.25]], schema).to_dict("records")
    [{'age': 22.0, 'fare': 7.25}]
    """
    values = X.X if isinstance(X, Dataset) else X
    if isinstance(values, pd.DataFrame):
        rows = values if all(type(name) is str for name in values) else values.set_axis(list(map(str, values)), axis=1)
    elif schema.kind == "table" and isinstance(values, pd.Series | Mapping):
        rows = _row(values, schema)
    elif schema.kind == "table" and isinstance(values, list) and values and isinstance(values[0], Mapping):
        rows = pd.DataFrame.from_records(values)
    else:
        return _images(_array(values), schema) if schema.kind == "image" else _columns(_array(values), schema)
    if rows.empty:
        raise _nothing()
    return rows


def _nothing() -> DataError:
    return DataError("no rows to predict", do="give at least one")


def _images(rows: NDArray[Any], schema: InputSchema) -> NDArray[np.uint8]:
    shape = schema.image_shape or ()
    sides = ", ".join(map(str, shape))
    if rows.shape == shape:
        raise DataError("one image, where rows of images are needed", do="give it as image[np.newaxis]")
    if rows.ndim == 2 and rows.shape[1] == np.prod(shape):
        what = f"rows of {rows.shape[1]:,} values, but this model was trained on images of shape ({sides})"
        raise DataError(what, do=f"give X.reshape(-1, {sides})")
    return images_from(rows, "rows to predict")


def _row(values: Any, schema: InputSchema) -> pd.DataFrame:
    """One row by the names of its columns; a column of values is told apart by its index."""
    row = pd.Series(values, dtype=object)
    row = row.set_axis(list(map(str, row.index)))
    if row.map(pd.api.types.is_list_like).any():
        raise DataError("columns of several values in a mapping", do="give a data frame: pd.DataFrame(…)")
    if not set(schema.names) & set(row.index):
        what = f"{len(row):,} values whose names are no columns of this model"
        raise DataError(what, do=f"give a row by column, {_listed(schema.names)}, or a data frame")
    return row.to_frame().T


def _columns(rows: NDArray[Any], schema: InputSchema) -> pd.DataFrame:
    """Columns in the order of the training data; what is no number in them is named by the schema."""
    text, names = [column.name for column in schema.columns if column.type == "text"], schema.names
    if rows.ndim > 2:
        raise DataError("this model needs a table, the data are images")
    if text:
        what = f"rows without column names, but this model has columns of text: {_listed(text)}"
        raise DataError(what, do=f"give a data frame with the columns {_listed(names)}")
    if rows.ndim == 1:
        what = f"{len(rows):,} values in one dimension, where rows are needed"
        raise DataError(what, do="give one row as X.reshape(1, -1)")
    if rows.shape[1] != len(names):
        what = f"rows of {rows.shape[1]:,} values, but this model was trained on {len(names):,} columns"
        raise DataError(what, do=f"give them in this order: {_listed(names)}")
    if rows.dtype.kind == "b":
        return pd.DataFrame(rows.astype(np.int64), columns=list(names))
    return pd.DataFrame(rows if rows.dtype.kind in "iuf" else rows.astype(object), columns=list(names))


def _array(X: Any) -> NDArray[Any]:
    if isinstance(X, str | bytes | os.PathLike):
        raise DataError(f"'{shown(X)}' is a name or a path, not rows", do="give tenfold.load(…, labelled=False)")
    try:
        rows = np.asarray(X)
        if rows.dtype.kind in "US" and not isinstance(X, np.ndarray):
            rows = np.asarray(X, dtype=object)  # one text among numbers would make text of them all
    except ValueError as fault:
        raise DataError("rows of different lengths", do="give every row as many values") from fault
    if rows.ndim == 0:
        raise DataError(f"a {type(X).__name__} is no rows", do="give an array, a list of rows or a data frame")
    if len(rows) == 0:
        raise _nothing()
    return rows


def _listed(names: Sequence[str]) -> str:
    few = ", ".join(f"'{shown(name, 30)}'" for name in names[:_LISTED])
    return few if len(names) <= _LISTED else f"{few} and {len(names) - _LISTED:,} more"


def few_rows(X: Instances, count: int) -> Instances:
    """
    Return about `count` rows, evenly spread, so that a file of them stays small: fewer of large images, long texts cut.

    A text is as it comes back from JSON, which joins two halves of a character that stand side by side.

    Examples
    --------
    >>> few_rows(np.arange(9, dtype=np.uint8).reshape(9, 1, 1), 3).ravel().tolist()
    [0, 4, 8]
    """
    values = max(1, int(np.prod(X.shape[1:])))
    size = max(1, min(count, len(X), _VALUES // values))
    rows = np.linspace(0, len(X) - 1, size).round().astype(np.int64)
    return _short(X.iloc[rows].reset_index(drop=True)) if isinstance(X, pd.DataFrame) else X[rows]


def _short(table: pd.DataFrame) -> pd.DataFrame:
    longest = max(1, _CHARACTERS // max(1, table.size))
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    return with_columns(table, {str(name): _cut(table[name], longest) for name in texts})


def _cut(cells: pd.Series[Any], longest: int) -> pd.Series[Any]:
    cut = [json.loads(json.dumps(cell[:longest])) if isinstance(cell, str) else cell for cell in cells.tolist()]
    return pd.Series(cut, index=cells.index, dtype=object)


def rows_as_plain(X: Instances) -> Any:
    """Return rows that a schema has checked as plain values for JSON: pixels, or the cells of each column."""
    if isinstance(X, pd.DataFrame):
        return {str(name): [_plain(cell) for cell in X[name].tolist()] for name in X}
    return X.tolist()


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def rows_from_plain(plain: Any, schema: InputSchema) -> Instances:
    """
    Read what `rows_as_plain` gave, and check it by the schema.

    Raises
    ------
    ValueError, KeyError, TypeError, DataError
        It is something else.
    """
    if schema.kind != "table":
        return schema.check(np.array(plain, np.uint8))[0]
    columns = {column.name: _read_cells(plain[column.name], column.type) for column in schema.columns}
    return schema.check(pd.DataFrame(columns, columns=list(schema.names)))[0]


def _read_cells(cells: list[Any], kind: str) -> pd.Series[Any]:
    if kind == "text":
        return pd.Series(cells, dtype=object)
    whole = all(type(cell) is int for cell in cells)
    return pd.Series(cells, dtype=np.int64 if whole else np.float64)


def may_widen(X: Instances) -> bool:
    """Whether preparation may make thousands of columns of one: each text of a table becomes as many as there are."""
    return isinstance(X, pd.DataFrame)


def first_gap(X: Instances) -> tuple[int, str] | None:
    """Return the row, counted from 0, and the column of the first missing value; None where there is none."""
    if isinstance(X, pd.DataFrame) and len(gaps := np.argwhere(X.isna().to_numpy())):
        return int(gaps[0][0]), str(X.columns[gaps[0][1]])
    return None
