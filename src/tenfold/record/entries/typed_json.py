"""JSON as frozen dataclasses: one reader and one writer, both directed by the types of the fields."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.text import shown

__all__ = [
    "FLAT",
    "NULLABLE",
    "REST",
    "Counts",
    "MisfitError",
    "no_counts",
    "parts_of",
    "plain_record",
    "read_record",
]

FLAT = {"json": "flat"}
"""Metadata of a field whose own fields stand in the object around it; None where none of them does."""
REST = {"json": "rest"}
"""Metadata of a field that holds the entries which no other field names."""
NULLABLE = {"json": "nullable"}
"""Metadata of a field that may be missing and is written as null, not left out, where it is None."""

Counts = Annotated[NDArray[np.int64], "counts"]
"""A confusion matrix, shape (k, k); of several labels (k, 2, 2)."""


def no_counts() -> NDArray[np.int64]:
    """Return the confusion matrix of a task without classes, which is not written."""
    return np.zeros((0, 0), np.int64)


T = TypeVar("T")
Reader = Callable[[Any], Any]


class MisfitError(Exception):
    """
    A value that does not fit its type.

    Parameters
    ----------
    what : str
        What is wrong with it; empty where it is missing.
    names : tuple of str
        The entries that lead to it, the outermost first.
    """

    def __init__(self, what: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(what, names)
        self.what, self.names = what, names

    def __str__(self) -> str:
        entry = f"entry '{shown('.'.join(self.names), 160)}'"
        return f"{entry} {self.what}" if self.what else f"no {entry}"

    def within(self, name: object) -> MisfitError:
        """Return the same fault, told from one level further out."""
        return MisfitError(self.what, (str(name), *self.names))


def read_record(kind: type[T], content: Any, where: str | Path | None = None, do: str = "repeat the run") -> T:
    """
    Read a JSON object as a dataclass.

    A field is required unless it has a default. Numbers are finite, and whole where the field is an int.

    Parameters
    ----------
    kind : type
        A dataclass. Its fields are of type str, bool, int, float, Any, a Literal, `Counts`, another dataclass, a
        ``tuple[X, ...]``, a ``Mapping[str, X]``, or one of these and None.
    content : object
        JSON as `json.loads` returns it.
    where : str or Path, optional
        The file, for the message.
    do : str
        What to do about a damaged one.

    Raises
    ------
    DataError
        An entry is missing or of another type; the message names it.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Size:
    ...     height: int
    ...     width: int | None = None
    >>> read_record(Size, {"height": 8})
    Size(height=8, width=None)
    >>> read_record(Size, {"height": "8"}, "size.json")
    Traceback (most recent call last):
    ...
    tenfold.errors.DataError: size.json: damaged: entry 'height' is not a whole number but text. Do: repeat the run.
    """
    try:
        return cast("T", _reader(cast("Any", kind))(content))
    except MisfitError as fault:
        raise DataError(f"damaged: {fault if fault.names else 'not a JSON object'}", where=where, do=do) from None


def plain_record(record: Any) -> dict[str, Any]:
    """
    Return a dataclass as plain values for JSON, in the order of its fields.

    A field is left out where its value is its default and that is None or empty.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Size:
    ...     height: int
    ...     width: int | None = None
    >>> plain_record(Size(8)), plain_record(Size(8, 9))
    ({'height': 8}, {'height': 8, 'width': 9})
    """
    plain: dict[str, Any] = {}
    for part in parts_of(cast("Any", type(record))):
        value = getattr(record, part.name)
        if part.form in {"flat", "rest"}:
            plain |= {} if value is None else _plain(value)
        elif part.form == "nullable" or part.required or not _is_empty(value):
            plain[part.name] = _plain(value)
    return plain


def _is_empty(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.size == 0
    return value is None or (isinstance(value, tuple | Mapping) and not value)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return value.as_dict() if hasattr(value, "as_dict") else plain_record(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


@dataclass(frozen=True)
class Part:
    """
    How one field of a dataclass stands in JSON.

    Parameters
    ----------
    name : str
    kind : object
        Its type.
    form : {"entry", "flat", "rest", "nullable"}
    required : bool
    """

    name: str
    kind: Any
    form: str
    required: bool


@cache
def parts_of(kind: Any) -> tuple[Part, ...]:
    """Return the fields of a dataclass as they stand in JSON, in order."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_part(field, hints[field.name]) for field in fields(kind))


def _part(field: Field[Any], kind: Any) -> Part:
    required = field.default is MISSING and field.default_factory is MISSING
    return Part(field.name, kind, field.metadata.get("json", "entry"), required)


@cache
def _reader(kind: Any) -> Reader:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda value: value
    if kind in _SCALARS:
        return _SCALARS[kind]
    if origin is Annotated:
        return _counts
    if origin is Literal:
        return _literal_reader(arguments)
    if origin in {Union, UnionType}:
        return _optional_reader(_reader(next(one for one in arguments if one is not NoneType)))
    if origin is tuple:
        return _sequence_reader(_reader(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_reader(_reader(arguments[1]))
    return _object_reader(kind)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise MisfitError(f"is not text but {_type_words(value)}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise MisfitError(f"is not true or false but {_type_words(value)}")
    return value


def _whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MisfitError(f"is not a whole number but {_type_words(value)}")
    if abs(value) > sys.maxsize:
        raise MisfitError("is too large a number")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise MisfitError(f"is not a number but {_type_words(value)}")
    if not abs(value) <= sys.float_info.max:
        raise MisfitError("is not a finite number")
    return value


_SCALARS: dict[Any, Reader] = {str: _text, bool: _flag, int: _whole_number, float: _number}


def _type_words(value: Any) -> str:
    words = {bool: "true or false", str: "text", dict: "an object", list: "a list", NoneType: "null"}
    return words.get(type(value), "a number")


def _counts(value: Any) -> NDArray[np.int64]:
    """Read a rectangular list of lists of counts, two or three deep."""
    rows: list[Any] = value if isinstance(value, list) else [None]
    is_deeper = all(isinstance(one, list) and all(isinstance(row, list) for row in one) for one in rows)
    innermost = [row for matrix in rows for row in matrix] if is_deeper else rows
    if not all(isinstance(row, list) and set(map(type, row)) == {int} for row in innermost):
        raise MisfitError("is not a matrix of whole numbers")
    try:
        counts = np.array(value, np.int64)
    except (ValueError, OverflowError):
        raise MisfitError("is not a matrix of whole numbers") from None
    if counts.size and counts.min() < 0:
        raise MisfitError("has a count below 0")
    return counts


def _literal_reader(words: tuple[Any, ...]) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in words:
            raise MisfitError(f"is none of {', '.join(words)}")
        return value

    return read


def _optional_reader(inner: Reader) -> Reader:
    return lambda value: None if value is None else inner(value)


def _sequence_reader(item: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise MisfitError(f"is not a list but {_type_words(value)}")
        return tuple(_inside(place, item, one) for place, one in enumerate(value))

    return read


def _mapping_reader(item: Reader) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        return {name: _inside(name, item, one) for name, one in _object(value).items()}

    return read


def _object_reader(kind: Any) -> Reader:
    parts = parts_of(kind)
    readers = {part.name: _reader(part.kind) for part in parts if part.form != "rest"}
    names = {part.name: _names_of(part) for part in parts}
    known = frozenset(name for one in names.values() for name in one)

    def read(value: Any) -> Any:
        values: dict[str, Any] = {}
        for part in parts:
            if part.form == "rest":
                values[part.name] = {name: one for name, one in _object(value).items() if name not in known}
            elif part.form == "flat":
                own = {name: value[name] for name in names[part.name] if name in value}
                values[part.name] = readers[part.name](own) if own else None
            elif part.name in _object(value):
                values[part.name] = _inside(part.name, readers[part.name], value[part.name])
            elif part.required:
                raise MisfitError("", (part.name,))
        return kind(**values)

    return read


def _names_of(part: Part) -> tuple[str, ...]:
    """Return the entries of an object that a field is read from; of what other fields leave none."""
    if part.form == "rest":
        return ()
    if part.form != "flat":
        return (part.name,)
    inner: Any = next((one for one in get_args(part.kind) if is_dataclass(one)), part.kind)
    return tuple(name for one in parts_of(inner) for name in _names_of(one))


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MisfitError(f"is not an object but {_type_words(value)}")
    return value


def _inside(name: object, read: Reader, value: Any) -> Any:
    try:
        return read(value)
    except MisfitError as fault:
        raise fault.within(name) from None
