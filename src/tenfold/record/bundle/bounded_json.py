"""JSON read only after its size, its number of values and its depth are known to be harmless."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import numpy as np

from tenfold.record.bundle.limits import DEPTH, JSON_BYTES, JSON_TOKENS
from tenfold.record.bundle.refusal import altered, demand

__all__ = ["read_json"]

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
        Longer, of more values or deeper than `limits` allow; not JSON; NaN or an infinity.

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
        altered(f"{what} is no readable JSON ({fault})")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
