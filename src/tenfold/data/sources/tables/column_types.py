"""The type of a table's column: numbers where every value is one, else text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = [
    "MISSING",
    "as_text",
    "as_written",
    "first_decimal_comma",
    "from_arrow",
    "from_text",
    "has_decimal_commas",
    "label_text",
    "present_text",
    "words_read_as_missing",
]

MISSING = ("", "NA", "NaN", "nan", "null", "None", "N/A")
_EXACT = 2**53
_INTEGER = r"^[+-]?[0-9]+$"
_DECIMAL_COMMA = r"^[+-]?[0-9]+,[0-9]+$"
_DECIMAL_OR_WHOLE = r"^[+-]?[0-9]+(,[0-9]+)?$"


def from_text(column: pa.ChunkedArray) -> NDArray[Any]:
    """
    Convert a column of text from a file to the type of all its values.

    Parameters
    ----------
    column : pyarrow.ChunkedArray of string

    Returns
    -------
    ndarray, shape (n,)
        int64 where all are whole numbers within 2**53 and none is missing; float64 where all present ones are
        numbers; else object of str, with None where missing. Whole numbers beyond 2**53 stay text: a float64
        would change them.

    Examples
    --------
    >>> from_text(pa.chunked_array([["1", "NA", "2.5"]])).tolist()
    [1.0, nan, 2.5]
    >>> from_text(pa.chunked_array([["9007199254740993"]])).tolist()
    ['9007199254740993']
    """
    trimmed = pc.utf8_trim_whitespace(column)
    missing = pc.is_in(trimmed, value_set=pa.array(MISSING))
    numbers = _parse(pc.if_else(missing, None, trimmed))
    if numbers is None or len(missing) == pc.sum(missing).as_py():
        return _objects(present_text(column, typed=False))
    if not _all_match(trimmed, missing, _INTEGER):
        return _floats(numbers)
    return _whole(trimmed, missing, numbers, column)


def _parse(texts: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return the texts as float64, or None where one of them is no number."""
    try:
        return pc.cast(pc.replace_substring_regex(texts, r"^\+([0-9.])", r"\1"), pa.float64())
    except pa.ArrowInvalid:
        return None


def _whole(
    trimmed: pa.ChunkedArray, missing: pa.ChunkedArray, numbers: pa.ChunkedArray, column: pa.ChunkedArray
) -> NDArray[Any]:
    if pc.max(pc.abs(numbers)).as_py() >= _EXACT:
        return _objects(pc.if_else(missing, None, column))
    values = _floats(numbers)
    return values if pc.any(missing).as_py() else values.astype(np.int64)


def _all_match(trimmed: pa.ChunkedArray, missing: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.all(pc.or_(missing, pc.match_substring_regex(trimmed, pattern))).as_py())


def has_decimal_commas(column: pa.ChunkedArray) -> bool:
    """Return whether every present value is a number, at least one of them with a decimal comma."""
    trimmed = pc.utf8_trim_whitespace(column)
    missing = pc.is_in(trimmed, value_set=pa.array(MISSING))
    some = bool(pc.any(pc.match_substring_regex(trimmed, _DECIMAL_COMMA)).as_py())
    return some and _all_match(trimmed, missing, _DECIMAL_OR_WHOLE)


def first_decimal_comma(column: pa.ChunkedArray) -> tuple[str, int]:
    """
    Return the first number with a decimal comma, and its row, counted from 0, of a column that has some.

    Examples
    --------
    >>> first_decimal_comma(pa.chunked_array([["1", "2,5"]]))
    ('2,5', 1)
    """
    row = pc.index(pc.match_substring_regex(pc.utf8_trim_whitespace(column), _DECIMAL_COMMA), pa.scalar(True)).as_py()
    return str(column[row].as_py()), int(row)


def from_arrow(column: pa.ChunkedArray) -> NDArray[Any]:
    """
    Convert a typed column: numbers stay numbers, all else becomes text (None is missing).

    Booleans become ``True`` and ``False``, dates and times their ISO text; whole numbers beyond 2**53 that
    float64 would change become text too.

    Examples
    --------
    >>> from_arrow(pa.chunked_array([[True, None]])).tolist()
    ['True', None]
    """
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _floats(pc.cast(column, pa.float64()))
    if not pa.types.is_integer(kind):
        return _objects(_text(column))
    bounds = pc.min_max(column).as_py()
    if bounds["max"] is not None and max(abs(bounds["min"]), abs(bounds["max"])) >= _EXACT:
        return _objects(_text(column))
    return _floats(pc.cast(column, pa.float64())) if column.null_count else _integers(column)


def as_text(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Return the values of a label or group column as text; a missing one is the empty text."""
    return _objects(label_text(column))


def as_written(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """
    Return the values of a column of text from a file as they stand there, None where one is missing.

    Examples
    --------
    >>> as_written(pa.chunked_array([["007", "NA"]])).tolist()
    ['007', None]
    """
    return _objects(present_text(column, typed=False))


def label_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values of `as_text` as an Arrow column."""
    return pc.fill_null(_text(column), "")


def present_text(column: pa.ChunkedArray, *, typed: bool) -> pa.ChunkedArray:
    """
    Return the values of a column of text, null where one is missing.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
    typed : bool
        Whether the column has a type of its own; else it is text of a file, where ``NA`` and the like are missing.

    Examples
    --------
    >>> present_text(pa.chunked_array([["a", "NA"]]), typed=False).to_pylist()
    ['a', None]
    """
    if typed:
        return _text(column)
    missing = pc.is_in(pc.utf8_trim_whitespace(column), value_set=pa.array(MISSING))
    return pc.if_else(missing, None, column)


def words_read_as_missing(column: pa.ChunkedArray) -> tuple[tuple[str, int, int], ...]:
    """
    Return the words of a column of text from a file that are read as missing, each with its count and first row.

    Examples
    --------
    >>> words_read_as_missing(pa.chunked_array([["a", "NA", "", "NA"]]))
    (('NA', 2, 1),)
    """
    trimmed = pc.utf8_trim_whitespace(column)
    words = []
    for word in MISSING[1:]:
        is_it = pc.equal(trimmed, word)
        if count := pc.sum(is_it).as_py():
            words.append((word, int(count), int(pc.index(is_it, pa.scalar(True)).as_py())))
    return tuple(words)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values as text; booleans and floats as Python has them (``True``, ``1.0``), as for arrays."""
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_boolean(column.type) or pa.types.is_floating(column.type):
        texts = [None if value is None or value != value else str(value) for value in column.to_pylist()]  # noqa: PLR0124
        return pa.chunked_array([texts], pa.string())
    return pc.cast(column, pa.string())


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.array(column.to_numpy(), np.float64)


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.array(column.to_numpy(), np.int64)


def _objects(column: pa.ChunkedArray) -> NDArray[np.object_]:
    texts = np.empty(len(column), object)
    texts[:] = column.to_pylist()
    return texts
