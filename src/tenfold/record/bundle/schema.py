"""What a classifier must be given: images of one shape, or a table of named columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.errors import DataError
from tenfold.text import near, shown

__all__ = ["Column", "ColumnType", "InputSchema"]

ColumnType = Literal["number", "text"]
_LISTED = 5
Instances = NDArray[np.uint8] | pd.DataFrame


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and whether it holds numbers or text."""

    name: str
    type: ColumnType


@dataclass(frozen=True)
class InputSchema:
    """
    What the instances of the training data looked like, hence what every later instance must look like.

    Parameters
    ----------
    kind : {"image", "table"}
    image_shape : tuple of int or None
        Height and width in pixels (and 3 for colour).
    columns : tuple of Column
        Of a table, in the order of the training data.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [22.0], "sex": pd.Series(["male"], dtype=object)})
    >>> schema = InputSchema.of(Dataset("one", "table", table, None, source="memory"))
    >>> [(column.name, column.type) for column in schema.columns]
    [('age', 'number'), ('sex', 'text')]
    >>> X, notes = schema.check(table[["sex", "age"]].assign(ticket=7))
    >>> list(X), notes
    (['age', 'sex'], ("column 'ticket' is not used by this model",))
    """

    kind: Literal["image", "table"]
    image_shape: tuple[int, ...] | None = None
    columns: tuple[Column, ...] = ()

    @staticmethod
    def of(dataset: Dataset) -> InputSchema:
        """Describe the instances of a dataset."""
        if isinstance(dataset.X, pd.DataFrame):
            return InputSchema("table", columns=tuple(_column(str(n), dataset.X[n]) for n in dataset.X))
        return InputSchema("image", image_shape=dataset.image_shape)

    def check(self, X: Instances, where: str | None = None, start: int = 0) -> tuple[Instances, tuple[str, ...]]:
        """
        Bring instances into the form of the training data, or say what is wrong with them.

        Parameters
        ----------
        X : ndarray of uint8, shape (n, height, width[, 3]), or DataFrame
        where : str, optional
            File they came from, for messages.
        start : int
            Rows of that file before them, for messages.

        Returns
        -------
        X : ndarray or DataFrame
            Columns in the order of the training data; numbers as int64 or float64, text as str (None is missing).
        notes : tuple of str
            What was done that a reader must know: columns ignored, numbers read as text.

        Raises
        ------
        DataError
            A missing column, text where a number is required (rows counted from 1), images of another shape.
        """
        if self.kind == "image":
            return _images(X, self.image_shape or (), where), ()
        if not isinstance(X, pd.DataFrame):
            raise DataError("this model needs a table, the data are images", where=where)
        self._refuse_missing_columns(X, where)
        used = set(self.names)
        notes = [f"column '{shown(n)}' is not used by this model" for n in X if n not in used]
        table = {column.name: _values(column, X[column.name], notes, where, start) for column in self.columns}
        return pd.DataFrame(table, columns=list(self.names), index=X.index), tuple(notes)

    @property
    def summary(self) -> str:
        """Say in a few words what must be given."""
        if self.kind == "image":
            return f"images of {_sides(self.image_shape or ())} pixels"
        few = ", ".join(shown(name, 20) for name in self.names[:_LISTED])
        more = f" and {len(self.names) - _LISTED:,} more" if len(self.names) > _LISTED else ""
        return f"tables with the column{'s' * (len(self.names) != 1)} {few}{more}"

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def _refuse_missing_columns(self, X: pd.DataFrame, where: str | None) -> None:
        present = [str(name) for name in X.columns]
        twice = sorted(name for name, times in Counter(present).items() if times > 1)
        if twice:
            raise DataError("this column stands there twice", where=where, column=twice[0])
        known = set(present)
        missing = [name for name in self.names if name not in known]
        if missing:
            listed = ", ".join(f"'{shown(name, 30)}'" for name in missing[:5])
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            hint = near(missing[0], [name for name in present if name not in self.names])
            raise DataError(f"no column {listed}{more}, which this model needs.{hint}", where=where)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        if self.kind == "image":
            return {"kind": "image", "shape": list(self.image_shape or ()), "dtype": "uint8"}
        return {"kind": "table", "columns": [{"name": c.name, "type": c.type} for c in self.columns]}

    @staticmethod
    def from_dict(plain: dict[str, Any]) -> InputSchema:
        """
        Read what `as_dict` gave.

        Raises
        ------
        ValueError
            It is no schema.
        """
        if plain["kind"] == "image" and plain["dtype"] == "uint8":
            return InputSchema("image", image_shape=tuple(_side(side) for side in plain["shape"]))
        if plain["kind"] != "table":
            raise ValueError(f"unknown kind of input {plain['kind']!r}")
        return InputSchema("table", columns=tuple(_read_column(column) for column in plain["columns"]))


def _side(value: Any) -> int:
    if type(value) is not int or not 0 < value <= 100_000:
        raise ValueError(f"an image side of {value!r} pixels")
    return value


def _read_column(plain: dict[str, Any]) -> Column:
    if plain["type"] not in {"number", "text"} or not isinstance(plain["name"], str):
        raise ValueError(f"a column {plain!r}")
    return Column(plain["name"], cast("ColumnType", plain["type"]))


def _column(name: str, values: pd.Series[Any]) -> Column:
    return Column(name, "number" if pd.api.types.is_numeric_dtype(values) else "text")


def _images(X: Instances, shape: tuple[int, ...], where: str | None) -> NDArray[np.uint8]:
    if isinstance(X, pd.DataFrame):
        raise DataError("this model needs images, the data are a table", where=where)
    if tuple(X.shape[1:]) != shape:
        raise DataError(
            f"images of {_sides(tuple(X.shape[1:]))} pixels, but this model was trained on {_sides(shape)}",
            where=where,
            do="bring the images to that shape",
        )
    if X.dtype != np.uint8:
        raise DataError(
            f"pixels of type {X.dtype}, but this model needs whole numbers from 0 to 255 (uint8)", where=where
        )
    return X


def _sides(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "no"


def _values(column: Column, values: pd.Series[Any], notes: list[str], where: str | None, start: int) -> Any:
    return _text(column, values, notes) if column.type == "text" else _numbers(column, values, where, start)


def _text(column: Column, values: pd.Series[Any], notes: list[str]) -> pd.Series[Any]:
    """Text as it is; numbers, which a reader guessed, back to text as a person would write them."""
    cells = _cells(values)
    if any(cell is not None and not isinstance(cell, str) for cell in cells):
        notes.append(f"numbers of column '{shown(column.name)}' are read as text")
    # a Series of dtype object: left to itself, pandas makes its own string type of text, and NaN of None
    return pd.Series([_as_text(cell) for cell in cells], index=values.index, dtype=object)


def _cells(values: pd.Series[Any]) -> list[Any]:
    """Return plain Python values, None where one is missing."""
    return [None if missing else cell for cell, missing in zip(values.tolist(), values.isna(), strict=True)]


def _as_text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    whole = isinstance(cell, float | np.floating) and float(cell).is_integer()
    return str(int(cell)) if whole else str(cell)


def _numbers(column: Column, values: pd.Series[Any], where: str | None, start: int) -> NDArray[Any]:
    real = not (pd.api.types.is_bool_dtype(values) or pd.api.types.is_complex_dtype(values))
    if pd.api.types.is_numeric_dtype(values) and real:
        exact = pd.api.types.is_integer_dtype(values) and not values.isna().any()
        numbers = values.to_numpy(np.int64) if exact else values.to_numpy(np.float64, na_value=np.nan)
    else:
        numbers = np.array([_number(cell) for cell in _cells(values)], object)
        _refuse_text(column, values, numbers, where, start)
        numbers = numbers.astype(np.float64)
    _refuse_infinite(column, numbers, where, start)
    return numbers


def _number(cell: Any) -> float | None:
    """Return a number or NaN for a missing one; None for anything else."""
    if cell is None:
        return float("nan")
    real = isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool | np.bool_)
    return float(cell) if real else None


def _refuse_text(
    column: Column, values: pd.Series[Any], numbers: NDArray[np.object_], where: str | None, start: int
) -> None:
    wrong = [row for row, number in enumerate(numbers) if number is None]
    if wrong:
        row = next((row for row in wrong if not _looks_like_number(values.iloc[row])), wrong[0])
        cell = values.iloc[row]
        what = f"text '{shown(cell)}'" if isinstance(cell, str) else f"the value {shown(cell)}"
        raise DataError(f"{what} where this model needs a number", where=where, row=start + row + 1, column=column.name)


def _looks_like_number(cell: Any) -> bool:
    if isinstance(cell, complex):
        return False
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _refuse_infinite(column: Column, numbers: NDArray[Any], where: str | None, start: int) -> None:
    infinite = np.flatnonzero(np.isinf(numbers))
    if infinite.size:
        raise DataError("an infinite number", where=where, row=start + int(infinite[0]) + 1, column=column.name)
