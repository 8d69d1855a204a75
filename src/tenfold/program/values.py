"""The types of what flows through a program: what an operation takes and gives, known before anything runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from tenfold.program.limits import LONGEST_NAME, LONGEST_SIDE, MOST_CLASSES, MOST_COLUMNS, WIDEST
from tenfold.program.refusal import demand, refuse
from tenfold.text import shown

__all__ = [
    "WIDEST",
    "Classes",
    "Columns",
    "Images",
    "Labels",
    "Matrix",
    "Neighbours",
    "Pixels",
    "Scores",
    "SparseMatrix",
    "Targets",
    "Texts",
    "Value",
    "ValueType",
    "bytes_of",
    "check_type",
    "input_as_dict",
    "read_input",
    "width_of",
]

DType = Literal["uint8", "float32", "float64"]
ColumnType = Literal["number", "text"]


@dataclass(frozen=True)
class Pixels:
    """
    Images: an ndarray of uint8, shape (n, height, width[, 3]).

    Parameters
    ----------
    shape : tuple of int
        Height and width, and 3 for colour.
    """

    shape: tuple[int, ...]


@dataclass(frozen=True)
class Images:
    """
    Noisy images: an ndarray of int16, shape (n, height, width[, 3]), whose values may lie beyond black and white.

    Parameters
    ----------
    shape : tuple of int
        Height and width, and 3 for colour.
    """

    shape: tuple[int, ...]


@dataclass(frozen=True)
class Columns:
    """
    A table: a mapping of column to ndarray of n cells.

    Numbers are float64, NaN where a cell is empty; texts are objects, each a str or None.

    Parameters
    ----------
    columns : tuple of (str, {"number", "text"})
        Names and types, in the order of the training data.
    """

    columns: tuple[tuple[str, ColumnType], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(name for name, _ in self.columns)

    @property
    def only_texts(self) -> bool:
        """Whether all columns are texts."""
        return all(kind == "text" for _, kind in self.columns)

    def type_of(self, name: str) -> ColumnType | None:
        """Return the type of a column; None where there is none of this name."""
        return self._types.get(name)

    @cached_property
    def _types(self) -> dict[str, ColumnType]:
        return dict(self.columns)


@dataclass(frozen=True)
class Matrix:
    """
    Rows of numbers: an ndarray of shape (n, width).

    Parameters
    ----------
    dtype : {"uint8", "float32", "float64"}
    width : int
    gaps : bool
        Some may be NaN; otherwise all are finite wherever those that came in are.
    """

    dtype: DType
    width: int
    gaps: bool = False


@dataclass(frozen=True)
class Texts:
    """One text a row: an ndarray of objects, shape (n,), each a str."""


@dataclass(frozen=True)
class SparseMatrix:
    """
    Rows of float64 of which most values are 0: `tenfold.program.sparse_rows.SparseRows`.

    Parameters
    ----------
    width : int
    """

    width: int


@dataclass(frozen=True)
class Classes:
    """
    One class a row: an ndarray of int64, shape (n,), of codes from 0 to `count` - 1.

    Parameters
    ----------
    count : int
    """

    count: int


@dataclass(frozen=True)
class Labels:
    """
    Several labels a row: an ndarray of int64, shape (n, count), of 0 and 1.

    Parameters
    ----------
    count : int
    """

    count: int


@dataclass(frozen=True)
class Neighbours:
    """
    The nearest of some instances: a pair of ndarrays of shape (n, count), float64 distances and int64 positions.

    Parameters
    ----------
    count : int
        Neighbours of a row, the nearest first.
    among : int
        Number of instances.
    """

    count: int
    among: int


ValueType = Pixels | Images | Columns | Matrix | Texts | SparseMatrix | Classes | Labels | Neighbours


@dataclass(frozen=True)
class Value:
    """A value of a program that is being made: its name and its type."""

    name: str
    type: Any


@dataclass(frozen=True)
class Scores:
    """
    What a lowered classifier gives, as its own methods do.

    Parameters
    ----------
    matrix : Value or None
        A matrix of float64: of ``predict_proba`` one column a class of ``classes_``; of ``decision_function`` a single
        one for two classes.
    probabilities : bool
        They are of ``predict_proba``.
    predicted : Value or None
        Positions in ``classes_``, or 0 and 1 for each label; None where they follow from the scores: the highest, of a
        single column the second class above 0, of labels those above 0, or 0.5 where scores are probabilities.
    decision : Value or None
        What ``decision_function`` gives, in the form of a `matrix` that is no probabilities, where there are both.
    """

    matrix: Value | None
    probabilities: bool
    predicted: Value | None = None
    decision: Value | None = None


@dataclass(frozen=True)
class Targets:
    """
    What a lowered regressor gives, as its ``predict`` does.

    Parameters
    ----------
    matrix : Value
        A matrix of float64, one column a target.
    """

    matrix: Value


def check_type(value: ValueType) -> None:
    """Refuse a type of a size that no model has."""
    if isinstance(value, Matrix | SparseMatrix):
        demand(1 <= value.width <= WIDEST, f"a step gives {value.width:,} values a row, not 1 to {WIDEST:,}")
    if isinstance(value, Classes | Labels):
        demand(1 <= value.count <= MOST_CLASSES, f"a step gives {value.count:,} classes, not 1 to {MOST_CLASSES:,}")


def width_of(value: ValueType) -> int:
    """
    Return the number of values of a row.

    Examples
    --------
    >>> width_of(Pixels((8, 8, 3))), width_of(Labels(5)), width_of(Classes(9))
    (192, 5, 1)
    """
    if isinstance(value, Matrix):
        return value.width
    if isinstance(value, Pixels | Images):
        return math.prod(value.shape)
    if isinstance(value, Columns):
        return len(value.columns)
    if isinstance(value, Neighbours):
        return 2 * value.count
    if isinstance(value, SparseMatrix):
        # a value and its column; of words no row has many
        return 2 * min(value.width, _WORDS)
    return value.count if isinstance(value, Labels) else 1


def bytes_of(value: ValueType) -> int:
    """
    Return the bytes of a row, without those of texts.

    Examples
    --------
    >>> bytes_of(Matrix("float32", 10)), bytes_of(Pixels((8, 8))), bytes_of(Classes(9))
    (40, 64, 8)
    """
    return width_of(value) * _BYTES[_dtype_of(value)]


def _dtype_of(value: ValueType) -> str:
    if isinstance(value, Matrix):
        return value.dtype
    return "uint8" if isinstance(value, Pixels) else "int16" if isinstance(value, Images) else "float64"


_WORDS = 4096
"""Values other than 0 that a sparse row is taken to have."""

_BYTES: Mapping[str, int] = {"uint8": 1, "int16": 2, "float32": 4, "float64": 8}


def input_as_dict(value: ValueType) -> dict[str, Any]:
    """
    Return the type of a program's input as plain values for JSON.

    Raises
    ------
    ValueError
        No program takes it.

    Examples
    --------
    >>> input_as_dict(Pixels((8, 8)))
    {'type': 'pixels', 'shape': [8, 8]}
    >>> input_as_dict(Columns((("age", "number"),)))
    {'type': 'columns', 'columns': [['age', 'number']]}
    """
    if isinstance(value, Pixels):
        return {"type": "pixels", "shape": list(value.shape)}
    if isinstance(value, Images):
        return {"type": "images", "shape": list(value.shape)}
    if isinstance(value, Columns):
        return {"type": "columns", "columns": [list(column) for column in value.columns]}
    if isinstance(value, Matrix):
        return {"type": "matrix", "dtype": value.dtype, "width": value.width, "gaps": value.gaps}
    raise ValueError(f"no program takes {value}")


def read_input(plain: Any) -> ValueType:
    """
    Read what `input_as_dict` gave, or refuse it.

    Examples
    --------
    >>> read_input({"type": "pixels", "shape": [8, 8]})
    Pixels(shape=(8, 8))
    """
    demand(isinstance(plain, dict), "its program does not say what it takes")
    kind = plain.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        refuse(f"its program takes '{shown(kind, 40)}', which is no input that this Tenfold knows")
    value = reader({name: one for name, one in plain.items() if name != "type"})
    check_type(value)
    return value


def _read_pixels(plain: dict[str, Any]) -> Pixels:
    return Pixels(_read_shape(plain))


def _read_images(plain: dict[str, Any]) -> Images:
    return Images(_read_shape(plain))


def _read_shape(plain: dict[str, Any]) -> tuple[int, ...]:
    demand(set(plain) == {"shape"}, "its images have no shape")
    sides: Any = plain["shape"]
    demand(isinstance(sides, list) and len(sides) in {2, 3}, "its images have no shape")
    whole = all(type(side) is int and 0 < side <= LONGEST_SIDE for side in sides)
    demand(whole and sides[2:] in ([], [3]), "its images have an odd shape")
    return tuple(sides)


def _read_columns(plain: dict[str, Any]) -> Columns:
    demand(set(plain) == {"columns"}, "its program takes a table without columns")
    columns: Any = plain["columns"]
    demand(isinstance(columns, list), "its program takes a table without columns")
    for column in columns:
        pair = isinstance(column, list) and len(column) == 2
        demand(pair and _is_name(column[0]) and column[1] in ("number", "text"), "a column of its input is none")
    demand(len({name for name, _ in columns}) == len(columns), "a column of its input stands there twice")
    demand(0 < len(columns) <= MOST_COLUMNS, f"its program takes {len(columns):,} columns")
    return Columns(tuple((name, kind) for name, kind in columns))


def _read_matrix(plain: dict[str, Any]) -> Matrix:
    demand(set(plain) == {"dtype", "width", "gaps"}, "its program takes a matrix that it does not describe")
    plausible = plain["dtype"] in ("uint8", "float32", "float64") and type(plain["width"]) is int
    demand(plausible and type(plain["gaps"]) is bool, "its program takes an odd matrix")
    return Matrix(plain["dtype"], plain["width"], plain["gaps"])


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME


_READERS: Mapping[str, Callable[[dict[str, Any]], ValueType]] = {
    "pixels": _read_pixels,
    "images": _read_images,
    "columns": _read_columns,
    "matrix": _read_matrix,
}
