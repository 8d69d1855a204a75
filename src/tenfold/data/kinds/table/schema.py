"""What a model of tables must be given: named columns of numbers and text."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.rows import array_of, refuse_no_rows, spread_rows
from tenfold.data.kinds.table.content import with_columns, without_markers
from tenfold.data.kinds.table.plain_rows import MOST_PLAIN_ROWS, plain_columns
from tenfold.errors import DataError
from tenfold.models.cells.markers import marked_cells
from tenfold.models.cells.parsing import read_date, read_number
from tenfold.text import near, shown

if TYPE_CHECKING:
    from tenfold.data.kinds.table.preparation import TableColumns

__all__ = ["Column", "ColumnType", "TableSchema"]

ColumnType = Literal["number", "text"]
_LISTED = 5
_CATEGORIES, _CATEGORY_CHARACTERS = 1_000, 50_000
_FORMS = {"point": "points", "comma": "commas", "day": "days", "month": "months"}
_DECIMALS = ("point", "comma")
_VALUES = 200_000
_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class Column:
    """
    A column of a table.

    Parameters
    ----------
    name : str
    type : {"number", "text"}
    low, high : float, optional
        Least and greatest number of the training rows.
    values : tuple of str, optional
        The categories of the training rows, sorted; None of a column whose texts do not recur.
    form : {"point", "comma", "day", "month"}, optional
        Of a column of text that the model reads: numbers with such a decimal, or dates of which the day or the month
        stands first where the year stands last.
    missing : tuple of str
        Values that the model takes for missing.
    """

    name: str
    type: ColumnType
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] | None = None
    form: str | None = None
    missing: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; what is None is left out."""
        plain = {"name": self.name, "type": self.type, "low": self.low, "high": self.high, "form": self.form}
        lists = {"missing": self.missing or None, "values": self.values}
        known = {key: value for key, value in plain.items() if value is not None}
        return known | {key: list(values) for key, values in lists.items() if values is not None}


@dataclass(frozen=True)
class TableSchema:
    """
    The columns of a table.

    Parameters
    ----------
    columns : tuple of Column
        In the order of the training data.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [22.0], "sex": pd.Series(["male"], dtype=object)})
    >>> schema = TableSchema.of(table)
    >>> [(column.name, column.type) for column in schema.columns]
    [('age', 'number'), ('sex', 'text')]
    >>> X, notes = schema.check(table[["sex", "age"]].assign(ticket=7))
    >>> list(X), notes
    (['age', 'sex'], ("column 'ticket' is not used by this model",))
    """

    columns: tuple[Column, ...]

    @staticmethod
    def of(X: pd.DataFrame, layout: TableColumns | None = None) -> TableSchema:
        """Describe the training rows, and the columns of text that are read by a layout."""
        numbers = {str(name): pd.api.types.is_numeric_dtype(X[name]) for name in X}
        forms = (
            {} if layout is None else {name: form for form, part in _FORMS.items() for name in getattr(layout, part)}
        )
        missing = {} if layout is None else dict(layout.missing)
        return TableSchema(
            tuple(
                _number_column(name, X[name], missing.get(name, ()))
                if number
                else _text_column(name, X[name], forms.get(name), missing.get(name, ()))
                for name, number in numbers.items()
            )
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def texts(self) -> tuple[str, ...]:
        """Names of the columns of text."""
        return tuple(column.name for column in self.columns if column.type == "text")

    @property
    def summary(self) -> str:
        """What must be given, in a few words."""
        few = ", ".join(shown(name, 20) for name in self.names[:_LISTED])
        more = f" and {len(self.names) - _LISTED:,} more" if len(self.names) > _LISTED else ""
        return f"tables with the column{'s' * (len(self.names) != 1)} {few}{more}"

    def check(self, X: Any, where: str | None = None, start: int = 0) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """
        Bring a table into the form of the training data, or say what is wrong with it.

        Parameters
        ----------
        X : DataFrame
        where : str, optional
            File it came from, for messages.
        start : int
            Rows of that file before these, for messages.

        Returns
        -------
        X : DataFrame
            Columns in the order of the training data; numbers as int64 or float64, text as str (None is missing).
        notes : tuple of str
            What was done that a reader must know: columns ignored, numbers read as text.

        Raises
        ------
        DataError
            A missing column, text where a number is required (rows counted from 1).
        """
        notes = self._notes(X, where)
        table = {name: _series(cells, X.index) for name, cells in self._columns(X, notes, where, start).items()}
        return pd.DataFrame(table, columns=list(self.names), index=X.index), tuple(notes)

    def program_columns(
        self, X: Any, where: str | None = None, start: int = 0
    ) -> tuple[dict[str, NDArray[Any]], tuple[str, ...]]:
        """
        Check a table as `check` does, and return its columns as a program of arrays takes them.

        Numbers are float64, texts objects that are a str or None; see `check` for parameters, notes and errors.
        """
        notes = self._notes(X, where)
        if len(X) <= MOST_PLAIN_ROWS and (plain := plain_columns(self._types, X)) is not None:
            return plain, tuple(notes)
        columns = self._columns(X, notes, where, start)
        types = {"number": np.float64, "text": object}
        return {name: columns[name].astype(types[kind], copy=False) for name, kind in self._types.items()}, tuple(notes)

    def _notes(self, X: Any, where: str | None) -> list[str]:
        """Refuse what is no table with the columns of the model, and say which others it has."""
        if isinstance(X, np.ndarray):
            raise DataError("this model needs a table, the data are images", where=where)
        names = X.columns.tolist()
        self._refuse_missing_columns(names, where)
        return [f"column '{shown(name)}' is not used by this model" for name in names if name not in self._types]

    def _columns(self, X: pd.DataFrame, notes: list[str], where: str | None, start: int) -> dict[str, NDArray[Any]]:
        return {column.name: _values(column, X[column.name], notes, where, start) for column in self.columns}

    @cached_property
    def _types(self) -> dict[str, str]:
        return {column.name: column.type for column in self.columns}

    def completed(self, X: Any) -> tuple[Any, tuple[str, ...]]:
        """
        Return a table with the columns that it lacks, empty, and their names.

        It is returned as it came, to be refused by `check`, where it has none of the columns, or another column has
        nearly the name of one that is missing.

        Examples
        --------
        >>> schema = TableSchema((Column("age", "number"), Column("sex", "text")))
        >>> X, absent = schema.completed(pd.DataFrame({"age": [3]}))
        >>> X["sex"].tolist(), absent
        ([None], ('sex',))
        """
        present = set(map(str, getattr(X, "columns", ())))
        absent = tuple(column for column in self.columns if column.name not in present)
        others = sorted(present - set(self.names))
        if not absent or len(absent) == len(self.columns) or any(near(one.name, others) for one in absent):
            return X, ()
        empty = {
            column.name: pd.Series([None] * len(X), index=X.index, dtype=object if column.type == "text" else float)
            for column in absent
        }
        return with_columns(X, empty), tuple(column.name for column in absent)

    def flags(self, X: pd.DataFrame) -> dict[tuple[str, str], NDArray[np.bool_]]:
        """
        Mark the rows with a value unlike those of the training rows.

        Parameters
        ----------
        X : DataFrame of n rows
            As `check` gives it, or as it comes to `check`.

        Returns
        -------
        dict of (str, str) to ndarray of bool, shape (n,)
            By what it is, "unseen", "out of range" or "unreadable", and the column; those of no row are left out.

        Examples
        --------
        >>> schema = TableSchema((Column("age", "number", 0.0, 80.0), Column("sex", "text", values=("female", "male"))))
        >>> marks = schema.flags(pd.DataFrame({"age": [3, 99], "sex": ["x", None]}))
        >>> {flag: rows.tolist() for flag, rows in marks.items()}
        {('out of range', 'age'): [False, True], ('unseen', 'sex'): [True, False]}
        """
        marks = {(what, one.name): rows for one in self.columns for what, rows in _marks(one, X[one.name])}
        return {flag: rows for flag, rows in marks.items() if rows.any()}

    def instances(self, rows: Any) -> pd.DataFrame:
        """
        Bring rows as people have them in Python into the form that `check` takes.

        Parameters
        ----------
        rows : DataFrame, Series, mapping, list of mappings, or array-like of shape (n, columns)
            A row as a Series or mapping by column; an array in the order of the training data, where all columns are
            numbers.

        Raises
        ------
        DataError
            No rows, another shape, or values that are no numbers; the message says what to give.

        Examples
        --------
        >>> schema = TableSchema((Column("age", "number"), Column("fare", "number")))
        >>> schema.instances([[22, 7.25]]).to_dict("records")
        [{'age': 22.0, 'fare': 7.25}]
        """
        if isinstance(rows, pd.DataFrame):
            plain = all(type(name) is str for name in rows.columns.tolist())
            table = rows if plain else rows.set_axis(list(map(str, rows)), axis=1)
        elif isinstance(rows, pd.Series | Mapping):
            table = self._row(rows)
        elif isinstance(rows, list) and rows and isinstance(rows[0], Mapping):
            table = pd.DataFrame.from_records(rows)
        else:
            table = self._by_position(array_of(rows))
        refuse_no_rows(table if table.shape[1] else table.iloc[:0])
        return table

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"kind": "table", "columns": [column.as_dict() for column in self.columns]}

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> TableSchema:
        """Read what `as_dict` gave; raises ValueError where it is no schema of a table."""
        if plain["kind"] != "table":
            raise ValueError(f"no schema of a table: {plain!r}")
        return TableSchema(tuple(_read_column(column) for column in plain["columns"]))

    def few_rows(self, X: pd.DataFrame, count: int) -> pd.DataFrame:
        """
        Return about `count` rows, evenly spread, so that the file stays small: long texts cut.

        A text is as it comes back from JSON, which joins two halves of a character that stand side by side.
        """
        few = max(1, min(count, len(X), _VALUES // max(1, X.shape[1])))
        table = X.iloc[spread_rows(len(X), few)].reset_index(drop=True)
        longest = max(1, _CHARACTERS // max(1, table.size))
        texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
        return with_columns(table, {str(name): _cut(table[name], longest) for name in texts})

    def plain_rows(self, X: pd.DataFrame) -> Any:
        """Return rows as plain values for JSON, by column; NaN is None."""
        return {str(name): [_plain(cell) for cell in X[name].tolist()] for name in X}

    def read_rows(self, plain: Any) -> pd.DataFrame:
        """Read what `plain_rows` gave; raises ValueError, KeyError or TypeError where that holds no such rows."""
        columns = {column.name: _read_cells(plain[column.name], column.type) for column in self.columns}
        return pd.DataFrame(columns, columns=list(self.names))

    def _refuse_missing_columns(self, names: Sequence[Any], where: str | None) -> None:
        present = list(map(str, names))
        known = set(present)
        if len(known) < len(present):
            twice = sorted(name for name, times in Counter(present).items() if times > 1)
            raise DataError("this column stands there twice", where=where, column=twice[0])
        if self._types.keys() <= known:
            return
        missing = [name for name in self.names if name not in known]
        if missing:
            listed = ", ".join(f"'{shown(name, 30)}'" for name in missing[:_LISTED])
            more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
            hint = near(missing[0], [name for name in present if name not in self.names])
            raise DataError(f"no column {listed}{more}, which this model needs.{hint}", where=where)

    def _row(self, values: Any) -> pd.DataFrame:
        """One row by the names of its columns; a column of values is told apart by its index."""
        row = pd.Series(values, dtype=object)
        row = row.set_axis(list(map(str, row.index)))
        if row.map(pd.api.types.is_list_like).any():
            raise DataError("columns of several values in a mapping", do="give a data frame: pd.DataFrame(…)")
        if not set(self.names) & set(row.index):
            what = f"{len(row):,} values whose names are no columns of this model"
            raise DataError(what, do=f"give a row by column, {_listed(self.names)}, or a data frame")
        return row.to_frame().T

    def _by_position(self, rows: NDArray[Any]) -> pd.DataFrame:
        """Columns in the order of the training data; what is no number in them is named by `check`."""
        refuse_no_rows(rows)
        text, names = [column.name for column in self.columns if column.type == "text"], self.names
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


def _listed(names: Sequence[str]) -> str:
    few = ", ".join(f"'{shown(name, 30)}'" for name in names[:_LISTED])
    return few if len(names) <= _LISTED else f"{few} and {len(names) - _LISTED:,} more"


def _read_column(plain: dict[str, Any]) -> Column:
    if plain["type"] not in {"number", "text"} or not isinstance(plain["name"], str):
        raise ValueError(f"a column {plain!r}")
    values = plain.get("values")
    low, high = (None if plain.get(key) is None else float(plain[key]) for key in ("low", "high"))
    listed = None if values is None else tuple(map(str, values))
    form = plain.get("form")
    if form not in (None, *_FORMS):
        raise ValueError(f"a column {plain!r}")
    missing = tuple(map(str, plain.get("missing", ())))
    return Column(plain["name"], cast("ColumnType", plain["type"]), low, high, listed, form, missing)


def _number_column(name: str, values: pd.Series[Any], missing: tuple[str, ...]) -> Column:
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    finite = numbers[np.isfinite(numbers) & ~marked_cells(numbers, missing)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (None, None)
    return Column(name, "number", low, high, missing=missing)


def _text_column(name: str, values: pd.Series[Any], form: str | None, missing: tuple[str, ...]) -> Column:
    """Texts that recur, each twice on average, are categories; others are not listed: they may be private."""
    values = without_markers(values, missing)
    if form is not None:
        read = _read(values, form)
        some = bool(np.isfinite(read).any()) and form in _DECIMALS
        low, high = (float(np.nanmin(read)), float(np.nanmax(read))) if some else (None, None)
        return Column(name, "text", low, high, form=form, missing=missing)
    known = [value for value in _cells(values) if isinstance(value, str)]
    distinct = sorted(set(known))
    recur = 2 * len(distinct) <= len(known) and len(distinct) <= _CATEGORIES
    listed = recur and sum(map(len, distinct)) <= _CATEGORY_CHARACTERS
    return Column(name, "text", values=tuple(distinct) if listed else None, missing=missing)


def _marks(column: Column, values: pd.Series[Any]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Mark the values that the training rows do not have, and what cannot be read; a missing one is not marked."""
    values = without_markers(values, column.missing)
    if column.form is not None:
        numbers = _read(values, column.form)
        present = np.array([cell is not None and bool(str(cell).strip()) for cell in _cells(values)], bool)
        yield "unreadable", present & np.isnan(numbers)
    elif column.type == "number":
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    elif column.values is not None:
        known = {None, *column.values}
        yield "unseen", np.array([_as_text(cell) not in known for cell in _cells(values)], bool)
        return
    else:
        return
    if column.low is not None and column.high is not None:
        yield "out of range", (numbers < column.low) | (numbers > column.high)


def _read(values: pd.Series[Any], form: str) -> NDArray[np.float64]:
    """Read text as the model does."""
    read = read_number if form in _DECIMALS else read_date
    return np.array([read(_as_text(cell, form), form) for cell in _cells(values)], np.float64)


def _cut(cells: pd.Series[Any], longest: int) -> pd.Series[Any]:
    cut = [json.loads(json.dumps(cell[:longest])) if isinstance(cell, str) else cell for cell in cells.tolist()]
    return pd.Series(cut, index=cells.index, dtype=object)


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def _read_cells(cells: list[Any], kind: str) -> pd.Series[Any]:
    if kind == "text":
        return pd.Series(cells, dtype=object)
    whole = all(type(cell) is int for cell in cells)
    return pd.Series(cells, dtype=np.int64 if whole else np.float64)


def _values(column: Column, values: pd.Series[Any], notes: list[str], where: str | None, start: int) -> NDArray[Any]:
    return _text(column, values, notes) if column.type == "text" else _numbers(column, values, where, start)


def _series(cells: NDArray[Any], index: pd.Index[Any]) -> Any:
    """A Series of dtype object: left to itself, pandas makes its own string type of text, and NaN of None."""
    return pd.Series(cells, index=index, dtype=object) if cells.dtype == object else cells


def _text(column: Column, values: pd.Series[Any], notes: list[str]) -> NDArray[np.object_]:
    """Text as it is; numbers, which a reader guessed, back to text as a person would write them."""
    if pd.api.types.infer_dtype(values, skipna=True) in {"string", "empty"}:
        texts = values.to_numpy(object, copy=True)
        texts[values.isna().to_numpy()] = None
        return texts
    cells = _cells(values)
    if any(cell is not None and not isinstance(cell, str) for cell in cells):
        notes.append(f"numbers of column '{shown(column.name)}' are read as text")
    texts = np.empty(len(cells), object)
    texts[:] = [_as_text(cell, column.form) for cell in cells]
    return texts


def _cells(values: pd.Series[Any]) -> list[Any]:
    """Return plain Python values, None where one is missing."""
    return [None if missing else cell for cell, missing in zip(values.tolist(), values.isna(), strict=True)]


def _as_text(cell: Any, form: str | None = None) -> str | None:
    """Text as a person would write it; a number gets the decimal that its column is read with."""
    if cell is None or isinstance(cell, str):
        return cell
    whole = isinstance(cell, float | np.floating) and float(cell).is_integer()
    text = str(int(cell)) if whole else str(cell)
    return text.replace(".", ",") if form == "comma" else text


def _numbers(column: Column, values: pd.Series[Any], where: str | None, start: int) -> NDArray[Any]:
    real = not (pd.api.types.is_bool_dtype(values) or pd.api.types.is_complex_dtype(values))
    if pd.api.types.is_numeric_dtype(values) and real:
        exact = pd.api.types.is_integer_dtype(values) and not values.isna().any()
        numbers = values.to_numpy(np.int64) if exact else values.to_numpy(np.float64, na_value=np.nan)
    else:
        numbers = np.array([_number(cell, column.missing) for cell in _cells(values)], object)
        _refuse_text(column, values, numbers, where, start)
        numbers = numbers.astype(np.float64)
    _refuse_infinite(column, numbers, where, start)
    return numbers


def _number(cell: Any, missing: Sequence[str] = ()) -> float | None:
    """
    Return a number or NaN for a missing one; None for anything else.

    In a column of which some texts count as missing, such as ``?``, the others were read from a file as text too.
    """
    if cell is None:
        return float("nan")
    if missing and isinstance(cell, str):
        return float("nan") if cell.strip() in missing else _written(cell)
    real = isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool | np.bool_)
    return float(cell) if real else None


def _written(cell: str) -> float | None:
    number = read_number(cell, "point") if _looks_like_number(cell) else math.nan
    return None if math.isnan(number) else number


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
