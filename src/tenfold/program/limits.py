"""Limits on a model file, each some ten times what the largest offered model needs, and JSON read within them."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import numpy as np

from tenfold.program.refusal import demand, refuse

__all__ = ["DEPTH", "JSON_BYTES", "JSON_TOKENS", "MEMBERS", "RATIO", "RATIO_FREE_BYTES", "UNPACKED_BYTES", "read_json"]

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

RATIO = 100
"""Unpacked bytes a packed one, for the whole file: arrays of real models pack 2 to 20 times."""

RATIO_FREE_BYTES = 64 << 20
"""Below this unpacked size the ratio does not matter (a matrix of zeros packs a thousand times)."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
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
        Longer, of more values or deeper than the limits allow; not JSON; NaN or an infinity.

    Examples
    --------
    >>> read_json(b'{"a": [1, 2]}', "a.json")
    {'a': [1, 2]}
    """
    demand(len(raw) <= JSON_BYTES, f"{what} has {len(raw):,} bytes, over the limit of {JSON_BYTES:,}")
    marks = np.frombuffer(_STRING.sub(b"", raw), np.uint8)
    tokens = int(np.isin(marks, list(b"[{,")).sum())
    demand(tokens <= JSON_TOKENS, f"{what} holds {tokens:,} values, over the limit of {JSON_TOKENS:,}")
    depth = int(np.cumsum(_STEP[marks], dtype=np.int64).max(initial=0))
    demand(depth <= DEPTH, f"{what} is nested {depth:,} deep, over the limit of {DEPTH}")
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except ValueError as fault:
        refuse(f"{what} is no readable JSON ({fault})")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
