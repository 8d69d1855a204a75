"""Limits on a model file, each some ten times what the largest offered model needs, and JSON read within them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from tenfold.program.refusal import demand, refuse
from tenfold.text import shown

__all__ = [
    "ARRAYS", "BYTES_AT_ONCE", "DEPTH", "JSON_BYTES", "JSON_TOKENS", "LONGEST_NAME", "LONGEST_SIDE", "MEMBERS",
    "MOST_CLASSES", "MOST_COLUMNS", "MOST_STEPS", "OBJECTS",
    "ROW_OPERATIONS", "ROW_VALUES", "UNPACKED_BYTES", "WIDEST", "Inflation", "read_json",
]  # fmt: skip

UNPACKED_BYTES = 1 << 30
"""Sum of the unpacked members: 100 trees grown on MNIST take 145 MB, 60,000 images as float32 188 MB."""

MEMBERS = 10_000
"""Files inside the zip: 100 trees take 502, boosting of 10 classes x 100 rounds some 3,000."""

JSON_BYTES = 16 << 20
"""A JSON file: the description of 100 trees takes 1.6 MB, that of 1,000 boosted trees some 5 MB."""

JSON_TOKENS = 500_000
"""Brackets and commas of a JSON file (35,000 for 100 trees): what a parser makes objects of, hence its memory."""

DEPTH = 200
"""Brackets inside brackets; skops and json recurse at each."""


@dataclass(frozen=True)
class Inflation:
    """How much larger than the file its unpacked members may be: a small file must stay a small model."""

    ratio: int
    """Unpacked bytes a packed one, for the whole file."""
    free_bytes: int
    """Below this unpacked size the ratio does not matter: a matrix of zeros packs a thousand times."""

    def allows(self, unpacked: int, packed: int) -> bool:
        """
        Tell whether so many packed bytes may become so many.

        Examples
        --------
        >>> ARRAYS.allows(80_000_000, 10_000_000), ARRAYS.allows(80_000_001, 10_000_000)
        (True, False)
        """
        return unpacked <= max(self.free_bytes, self.ratio * packed)


ARRAYS = Inflation(8, 8 << 20)
"""Of a program: the pixels of MNIST pack 4 to 5 times."""

OBJECTS = Inflation(100, 64 << 20)
"""Of a tree of scikit-learn objects: real models pack 2 to 20 times."""

MOST_STEPS = 20_000
"""Of a program: 100 classes against each other take 5,000, 1,000 classes against the rest 2,000."""

WIDEST = 1 << 21
"""The most values of a row that any operation may give: as many as a table of text has, one column a text."""

MOST_CLASSES = 100_000
"""A hundred times what data may have."""

MOST_COLUMNS = 100_000
"""Of the table that a program takes: five times what a file of data may have."""

LONGEST_NAME = 10_000
"""Characters of the name of a column."""

LONGEST_SIDE = 100_000
"""Pixels of a side of an image."""

ROW_VALUES = 1 << 26
"""
Values that all steps together take and give for one row, so that a short file is no long computation.

What a step does with its arrays comes on top, and is bounded by the size of the file. 100 classes against each other on
the pixels of MNIST take 8 million.
"""

ROW_OPERATIONS = 1 << 30
"""Of one row, where a step computes more than its arrays hold: 1,000 trees of 1,000 classes add a million values."""

BYTES_AT_ONCE = 128 << 20
"""Of the values of a block of rows that are needed at once; a single row may not take more."""

_ESCAPED = (b"\\\\", b'\\"')
_STRING = re.compile(rb'"[^"]*+"?')
_STEP = np.zeros(256, np.int8)
_STEP[list(b"[{")] = 1
_STEP[list(b"]}")] = -1


def read_json(raw: bytes, what: str) -> Any:
    """
    Parse JSON, or refuse it before the parser can be driven into memory or recursion.

    Parameters
    ----------
    raw : bytes
        UTF-8 text.
    what : str
        Name of the file, for the message.

    Raises
    ------
    Refused
        Longer, of more values or deeper than the limits allow; not JSON; NaN or an infinity; a key twice.

    Examples
    --------
    >>> read_json(b'{"a": [1, 2]}', "a.json")
    {'a': [1, 2]}
    """
    demand(len(raw) <= JSON_BYTES, f"{what} has {len(raw):,} bytes, over the limit of {JSON_BYTES:,}")
    _check_marks(_without_strings(raw, what), what)
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as fault:
        refuse(f"{what} is no readable JSON ({shown(fault, 120)})")


def _check_marks(marks: bytes, what: str) -> None:
    tokens = sum(map(marks.count, (b"[", b"{", b",")))
    demand(tokens <= JSON_TOKENS, f"{what} holds {tokens:,} values, over the limit of {JSON_TOKENS:,}")
    steps = _STEP[np.frombuffer(marks, np.uint8)]
    depth = int(np.cumsum(steps[steps != 0], dtype=np.int32).max(initial=0))
    demand(depth <= DEPTH, f"{what} is nested {depth:,} deep, over the limit of {DEPTH}")


def _without_strings(raw: bytes, what: str) -> bytes:
    r"""
    Take the strings out, in a time that grows as the text does: one that does not end reaches to the end.

    A pattern that looks for the closing quote beyond escaped ones tries again from each of them, where there is none.

    Examples
    --------
    >>> _without_strings(rb'{"a\\": "[\"[", "b', "a.json")
    b'{: , '
    """
    for pair in _ESCAPED:
        raw = raw.replace(pair, b"")
    strings = raw.count(b'"') // 2
    demand(strings <= 2 * JSON_TOKENS, f"{what} holds {strings:,} texts, over the limit of {2 * JSON_TOKENS:,}")
    return _STRING.sub(b"", raw)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands there twice: two readers could take it for two things."""
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise ValueError("a key stands there twice")
    return plain


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
