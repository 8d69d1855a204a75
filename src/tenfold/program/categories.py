"""
The categories of each column of a table, as arrays of a step; and where a cell is found among them.

Texts are UTF-8 bytes and the places where each text ends, which hold any text exactly, with control characters, NUL
and lone surrogates too.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.gaps import UnknownCategoryError
from tenfold.program.operation import ArrayRule, Part
from tenfold.program.refusal import demand, refuse
from tenfold.program.values import WIDEST

__all__ = [
    "CATEGORIES",
    "TEXTS",
    "Category",
    "Finder",
    "check_categories",
    "check_texts",
    "finders",
    "pack_categories",
    "pack_texts",
    "read_texts",
    "refuse_unknown",
    "split",
]

Category = str | float | None
"""A text; None for a missing one; a number, NaN for a missing one."""

Finder = Callable[[NDArray[Any]], NDArray[np.int64]]
"""From cells of a column, shape (n,), to the position of each among the categories of the column, -1 for none."""

TEXTS: Mapping[str, ArrayRule] = {
    "utf8": ArrayRule(dtypes=("uint8",), shape=("bytes",)),
    "ends": ArrayRule(dtypes=("int64",), shape=("texts",), least=0),
    "missing": ArrayRule(dtypes=("uint8",), shape=("texts",), below=2),
}
"""Rules of texts, all in a row: where each ends, and 1 for one that is None."""

CATEGORIES: Mapping[str, ArrayRule] = {
    **TEXTS,
    "counts": ArrayRule(dtypes=("int64",), shape=("columns",), least=0),
    "numbers": ArrayRule(dtypes=("float64",), shape=("numbers",), finite=False),
}
"""Rules of categories: how many each column has, and those of columns of text and of numbers, in order."""

_ENCODING = ("utf-8", "surrogatepass")
_PIECE = 1 << 20
_CONTINUATION, _LEAD = 0b10000000, 0b11000000
_NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)


def check_texts(arrays: Mapping[str, NDArray[Any]]) -> None:
    """Refuse texts that do not end where they should, or are no UTF-8."""
    utf8, ends, missing = (arrays[name] for name in TEXTS)
    demand(len(ends) <= WIDEST, f"a step has {len(ends):,} texts, over the limit of {WIDEST:,}")
    begins = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
    demand(bool((ends >= begins).all()), "texts do not end where they should")
    demand((int(ends[-1]) if len(ends) else 0) == len(utf8), "texts do not end where they should")
    demand(bool((ends == begins)[missing == 1].all()), "a text that is missing has characters")
    _check_encoding(utf8)
    inner = ends[ends < len(utf8)]
    demand(not (utf8[inner] & _LEAD == _CONTINUATION).any(), "a text ends inside a character")


def _check_encoding(utf8: NDArray[np.uint8]) -> None:
    """By pieces: a single character can make a text of them all four times as long as its bytes."""
    decoder = codecs.getincrementaldecoder(_ENCODING[0])(_ENCODING[1])
    try:
        for begin in range(0, len(utf8), _PIECE):
            decoder.decode(utf8[begin : begin + _PIECE].tobytes())
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        refuse("its texts are no UTF-8")


def read_texts(arrays: Mapping[str, NDArray[Any]]) -> list[str | None]:
    """Return the texts of arrays that `check_texts` has passed."""
    utf8, ends, missing = (arrays[name] for name in TEXTS)
    raw = utf8.tobytes()
    texts: list[str | None] = [raw[begin:end].decode(*_ENCODING) for begin, end in pairwise([0, *ends.tolist()])]
    for position in np.flatnonzero(missing).tolist():
        texts[position] = None
    return texts


def pack_texts(texts: Sequence[str | None]) -> dict[str, NDArray[Any]]:
    """
    Return texts as arrays.

    Examples
    --------
    >>> arrays = pack_texts(["é", None, ""])
    >>> arrays["ends"].tolist(), read_texts(arrays)
    ([2, 2, 2], ['é', None, ''])
    """
    raw = [b"" if text is None else text.encode(*_ENCODING) for text in texts]
    return {
        "utf8": np.frombuffer(b"".join(raw), np.uint8),
        "ends": np.cumsum([len(one) for one in raw], dtype=np.int64),
        "missing": np.array([text is None for text in texts], np.uint8),
    }


def pack_categories(kinds: Sequence[str], categories: Sequence[Sequence[Category]]) -> dict[str, NDArray[Any]]:
    """
    Return the categories of each column as arrays.

    Parameters
    ----------
    kinds : sequence of {"number", "text"}
        Of each column.
    categories : sequence of sequences
        Of each column.

    Raises
    ------
    ValueError
        A text in a column of numbers, or a number in one of text.
    """
    pairs = list(zip(kinds, categories, strict=True))
    texts: list[Any] = [one for kind, column in pairs if kind == "text" for one in column]
    numbers: list[Any] = [one for kind, column in pairs if kind == "number" for one in column]
    if not all(one is None or isinstance(one, str) for one in texts):
        raise ValueError("it encodes numbers in a column of text")
    if not all(isinstance(one, _NUMBERS) for one in numbers):
        raise ValueError("it encodes texts in a column of numbers")
    # compared as Python's whole numbers: NumPy would round both
    if any(int(float(one)) != int(one) for one in numbers if isinstance(one, int | np.integer)):
        raise ValueError("it encodes whole numbers that are no float64")
    return {
        **pack_texts(texts),
        "counts": np.array([len(column) for column in categories], np.int64),
        "numbers": np.array(numbers, np.float64),
    }


def check_categories(part: Part) -> None:
    """Refuse categories that are not those of the columns of a table."""
    columns, counts = part.inputs[0].columns, part.arrays["counts"]
    demand(len(counts) == len(columns), f"a step has categories of {len(counts):,} columns, not of {len(columns):,}")
    demand(int(counts.max(initial=0)) <= WIDEST, "a column has more categories than any can have")
    text = np.array([kind == "text" for _, kind in columns])
    demand(int(counts[text].sum()) == len(part.arrays["ends"]), "texts are not as many as they should be")
    demand(int(counts[~text].sum()) == len(part.arrays["numbers"]), "numbers are not as many as they should be")
    check_texts(part.arrays)


def finders(part: Part) -> list[Finder]:
    """Return, for each column, what finds its cells among the categories of a part that was checked."""
    texts, numbers = iter(read_texts(part.arrays)), part.arrays["numbers"]
    each: list[Finder] = []
    for (_, kind), count in zip(part.inputs[0].columns, part.arrays["counts"].tolist(), strict=True):
        if kind == "text":
            each.append(_text_finder({next(texts): position for position in range(count)}))
        else:
            each.append(_number_finder(numbers[:count]))
            numbers = numbers[count:]
    return each


def _text_finder(positions: Mapping[str | None, int]) -> Finder:
    get = positions.get

    def find(cells: NDArray[Any]) -> NDArray[np.int64]:
        return np.array(list(map(get, cells.tolist(), repeat(-1))), np.int64)

    return find


def _number_finder(categories: NDArray[np.float64]) -> Finder:
    """Sorted, so that each cell is found in few steps; an infinity at the end is found for what is beyond all."""
    is_number = ~np.isnan(categories)
    of_gaps = np.append(np.flatnonzero(~is_number), -1)[0]
    order = np.flatnonzero(is_number)[np.argsort(categories[is_number], kind="stable")]
    ordered, positions = np.append(categories[order], np.inf), np.append(order, -1)
    last = len(order)

    def find(cells: NDArray[Any]) -> NDArray[np.int64]:
        nearest = np.minimum(np.searchsorted(ordered, cells), last)
        result = np.where(ordered[nearest] == cells, positions[nearest], -1)
        result[np.isnan(cells)] = of_gaps
        return result

    return find


def split(values: NDArray[Any], counts: NDArray[np.int64]) -> list[NDArray[Any]]:
    """Return what belongs to the categories of each column."""
    return np.split(values, np.cumsum(counts)[:-1])


def refuse_unknown(categories: NDArray[np.int64], column: str, cells: NDArray[Any]) -> None:
    """
    Refuse cells that hold a category that is not known.

    Parameters
    ----------
    categories : ndarray of int64, shape (n,)
        As a `Finder` gave them.
    column : str
    cells : ndarray, shape (n,)

    Raises
    ------
    UnknownCategoryError
    """
    unknown = np.flatnonzero(categories < 0)
    if len(unknown):
        raise UnknownCategoryError(int(unknown[0]), column, cells[unknown[0]])
