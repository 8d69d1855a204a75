"""What a table holds: content ids, rows, columns taken, replaced, shuffled, and a row in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.kind import Part, Schema
from tenfold.errors import DataError
from tenfold.models.cells.markers import marked_cells
from tenfold.program.values import Columns
from tenfold.text import shown

__all__ = [
    "HASH_KEYS", "feature_names", "ids", "parts", "program_input", "program_rows", "shuffle", "size", "table", "take",
    "text", "validate", "with_columns", "without", "without_markers",
]  # fmt: skip

HASH_KEYS = ("tenfold:row:id:0", "tenfold:row:id:1")
"""Of the two hashes of 64 bits that are a row's content id."""

_CELLS = 6


def validate(X: Any, name: str) -> None:
    """Refuse anything but a DataFrame."""
    if not isinstance(X, pd.DataFrame):
        what = f"a table is a data frame, not {shown(type(X).__name__, 40)}"
        raise DataError(what, where=name, do="make the dataset with tenfold.load or tenfold.from_arrays")


def feature_names(X: pd.DataFrame) -> tuple[str, ...]:
    """Return the names of the columns."""
    return tuple(map(str, X.columns))


def size(X: pd.DataFrame) -> str:
    """Return the number of columns in words."""
    return f"{X.shape[1]} columns"


def ids(X: pd.DataFrame) -> NDArray[np.str_]:
    """Return 128 bits a row, 32 hexadecimal digits, shape (n,): two differently keyed hashes of pandas, by column."""
    halves = [pd.util.hash_pandas_object(X, index=False, hash_key=key).to_numpy() for key in HASH_KEYS]
    return np.array([f"{a:016x}{b:016x}" for a, b in zip(*halves, strict=True)], dtype="<U32")


def program_input(schema: Schema) -> Columns:
    """Return what a program of a model of tables takes: the columns of its schema."""
    return Columns(tuple((column["name"], column["type"]) for column in schema.as_dict()["columns"]))


def program_rows(X: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return the columns of a checked table as a program takes them: float64, or objects that are a str or None."""
    numbers = {str(name): pd.api.types.is_numeric_dtype(X[name]) for name in X}
    return {name: X[name].to_numpy(np.float64 if number else object) for name, number in numbers.items()}


def take(X: pd.DataFrame, rows: Any) -> pd.DataFrame:
    """Return rows by position, or of a slice."""
    part: pd.DataFrame = X.iloc[rows]
    return part


def table(X: pd.DataFrame) -> pd.DataFrame:
    """Return the table itself."""
    return X


def without(X: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the table without columns of these names, where it has them."""
    return X.drop(columns=list(names), errors="ignore")


def text(X: pd.DataFrame, row: int) -> str:
    """
    Return the first cells of a row in words.

    Examples
    --------
    >>> text(pd.DataFrame({"age": [22.0], "sex": ["male"]}), 0)
    'age 22, sex male'
    """
    cells = X.iloc[row, :_CELLS].items()
    words = ", ".join(f"{shown(name, 24)} {_cell(value)}" for name, value in cells)
    return f"{words}, …" if X.shape[1] > _CELLS else words


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    return f"{value:,.4g}" if isinstance(value, float) else shown(value, 32)


def with_columns(table: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """
    Return a copy of a table in which some columns are replaced; unlike those of `assign` they may have any name.

    Parameters
    ----------
    table : DataFrame of n rows
    columns : mapping of str to n values

    Examples
    --------
    >>> with_columns(pd.DataFrame({"self": [1]}), {"self": [2]})["self"].tolist()
    [2]
    """
    changed = table.copy(deep=False)
    for name, values in columns.items():
        changed[name] = values
    return changed


def without_markers(values: pd.Series[Any], markers: Sequence[str]) -> pd.Series[Any]:
    """
    Return a column in which values that stand for nothing known, such as ``?`` or 999, are missing.

    Examples
    --------
    >>> without_markers(pd.Series([7.0, 999.0]), ["?", "999"]).tolist()
    [7.0, nan]
    """
    marked = marked_cells(values.to_numpy(), markers) if markers else None
    if marked is None or not marked.any():
        return values
    return values.mask(marked, None if values.dtype == object else np.nan)


def parts(X: pd.DataFrame) -> list[Part]:
    """Return each column as a part."""
    return [Part(str(name)) for name in X.columns]


def shuffle(X: pd.DataFrame, part: Part, order: NDArray[np.int64]) -> pd.DataFrame:
    """
    Return a copy of a table in which one column is in another order.

    Examples
    --------
    >>> X = pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})
    >>> shuffle(X, Part("a"), np.array([2, 0, 1])).to_dict("list")
    {'a': [3, 1, 2], 'b': [1, 2, 3]}
    """
    return with_columns(X, {part.name: X[part.name].iloc[order].set_axis(X.index)})
