"""Rows as people have them in Python, brought to the form that a schema checks: images, or a table of named columns."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.sources.arrays import images_from
from tenfold.errors import DataError
from tenfold.record.bundle.schema import InputSchema, Instances
from tenfold.text import shown

__all__ = ["as_instances"]

_LISTED = 5


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
    given = X.X if isinstance(X, Dataset) else X
    if isinstance(given, pd.DataFrame):
        rows = given if all(type(name) is str for name in given) else given.set_axis(list(map(str, given)), axis=1)
    elif schema.kind == "table" and isinstance(given, pd.Series | Mapping):
        rows = _row(given, schema)
    elif schema.kind == "table" and isinstance(given, list) and given and isinstance(given[0], Mapping):
        rows = pd.DataFrame.from_records(given)
    else:
        return _images(_array(given), schema) if schema.kind == "image" else _columns(_array(given), schema)
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


def _row(given: Any, schema: InputSchema) -> pd.DataFrame:
    """One row by the names of its columns; a column of values is told apart by its index."""
    row = pd.Series(given, dtype=object)
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
