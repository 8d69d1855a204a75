"""
Text and long lists of a fitted pipeline as a few plain arrays, for the file; and back.

skops writes an array of text, or a list, as one JSON node an item: categories of 20,000 names in eight columns
would make a description of 23 MB. Here they become UTF-8 bytes and the places where each text ends, which hold any
text exactly, with control characters, NUL and lone surrogates too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.refusal import demand
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.rules import StoredArrays, count, items_of, listing

__all__ = [
    "Packed",
    "array_values",
    "check_packed",
    "length",
    "lengths",
    "pack",
    "text_array",
    "text_values",
    "unpack",
    "whole_numbers",
    "whole_values",
]

_SHORT = 32
"""Items from which a list of numbers or of texts takes less room packed."""

_TEXT, _NONE, _NAN = 0, 1, 2
_NO_ARRAY = -1
_MOST_TEXTS = 10_000_000
_ENCODING = ("utf-8", "surrogatepass")

Numbers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Packed:
    """
    An array of text, a list of texts or of whole numbers, or a list of arrays, each as plain arrays.

    Parameters
    ----------
    form : {"text array", "text list", "number list", "arrays"}
        What it was.
    counts : ndarray of int64
        Items of each array of a list, -1 where None stands in place of one; of any other form one count.
    utf8 : ndarray of uint8, or None
        All texts in a row.
    ends : ndarray of int64, or None
        Where each text ends in `utf8`.
    gaps : ndarray of uint8, or None
        For each text 0; 1 where it is None; 2 where it is NaN.
    values : ndarray, or None
        All numbers in a row.
    """

    form: str
    counts: NDArray[np.int64]
    utf8: NDArray[np.uint8] | None = None
    ends: NDArray[np.int64] | None = None
    gaps: NDArray[np.uint8] | None = None
    values: Numbers | None = None


def pack(value: Any) -> Any:
    """
    Return an object with all text arrays and long lists in it packed; the object itself is left as it is.

    Parameters
    ----------
    value : object
        A fitted pipeline, or anything in one.

    Examples
    --------
    >>> unpack(pack([np.array(["a", None, ""], object)]))
    [array(['a', None, ''], dtype=object)]
    """
    return _map(value, _pack, {})


def unpack(value: Any) -> Any:
    """Return what `pack` was given."""
    return _map(value, _unpack, {})


def _map(value: Any, change: Callable[[Any], Any], memo: dict[int, tuple[Any, Any]]) -> Any:
    """Change what is found in objects, dicts, lists and tuples; what holds nothing to change stays the same object."""
    if id(value) not in memo:
        changed = change(value)
        memo[id(value)] = (value, _rebuild(value, change, memo) if changed is value else changed)
    return memo[id(value)][1]


def _rebuild(value: Any, change: Callable[[Any], Any], memo: dict[int, tuple[Any, Any]]) -> Any:
    if type(value) in (list, tuple):
        items = [_map(item, change, memo) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    own = value if type(value) is dict else _state(value)
    entries = {key: _map(item, change, memo) for key, item in own.items()}
    if all(entries[key] is own[key] for key in own):
        return value
    if type(value) is dict:
        return entries
    twin = object.__new__(type(value))
    twin.__dict__.update(entries)
    return twin


def _state(value: Any) -> Mapping[str, Any]:
    ours = type(value).__module__.startswith(("sklearn.", "tenfold."))
    return vars(value) if ours and hasattr(value, "__dict__") and not isinstance(value, type) else {}


def _pack(value: Any) -> Any:
    if _is_text(value):
        return _of_texts("text array", [value])
    if type(value) is not list or not value:
        return value
    long = len(value) >= _SHORT
    if long and all(type(item) is str for item in value):
        return _of_texts("text list", [value])
    if long and all(type(item) is int and abs(item) < 1 << 62 for item in value):
        return Packed("number list", np.array([len(value)]), values=np.array(value, np.int64))
    arrays = [item for item in value if item is not None]
    if arrays and all(map(_is_text, arrays)):
        return _of_texts("arrays", value)
    if long and all(_is_numbers(item) and item.dtype == arrays[0].dtype for item in arrays):
        dtype = arrays[0].dtype if arrays else np.dtype(np.int64)
        joined = np.concatenate([*arrays, np.empty(0, dtype)]).astype(dtype)
        return Packed("arrays", _counts(value), values=joined)
    return value


def _is_text(value: Any) -> bool:
    if not (isinstance(value, np.ndarray) and value.dtype == object and value.ndim == 1):
        return False
    texts = [isinstance(item, str) for item in value]
    return any(texts) and all(text or item is None or _is_nan(item) for text, item in zip(texts, value, strict=True))


def _is_nan(item: Any) -> bool:
    return isinstance(item, float) and item != item  # noqa: PLR0124 - NaN alone differs from itself


def _is_numbers(value: Any) -> bool:
    return type(value) is np.ndarray and value.ndim == 1 and value.dtype.kind in "biuf"


def _counts(arrays: list[Any]) -> NDArray[np.int64]:
    return np.array([_NO_ARRAY if one is None else len(one) for one in arrays], np.int64)


def _of_texts(form: str, arrays: list[Any]) -> Packed:
    texts = [item for one in arrays if one is not None for item in one]
    raw = [item.encode(*_ENCODING) if isinstance(item, str) else b"" for item in texts]
    gaps = [_TEXT if isinstance(item, str) else _NONE if item is None else _NAN for item in texts]
    utf8 = np.frombuffer(b"".join(raw), np.uint8)
    ends = np.cumsum([len(one) for one in raw], dtype=np.int64)
    return Packed(form, _counts(arrays), utf8, ends, np.array(gaps, np.uint8))


def _unpack(value: Any) -> Any:
    if not isinstance(value, Packed):
        return value
    items = _items(value)
    if value.form == "number list":
        return items.tolist()
    if value.form == "text list":
        return list(items)
    if value.form == "text array":
        return items
    ends = np.cumsum(np.maximum(value.counts, 0))
    return [
        None if count == _NO_ARRAY else items[end - count : end].copy()
        for count, end in zip(value.counts.tolist(), ends.tolist(), strict=True)
    ]


def _items(value: Packed) -> Numbers:
    if value.values is not None:
        return value.values
    if value.utf8 is None or value.ends is None or value.gaps is None:
        raise ValueError("packed text lacks a part")
    return _texts(value.utf8, value.ends, value.gaps)


def _texts(utf8: NDArray[np.uint8], ends: NDArray[np.int64], gaps: NDArray[np.uint8]) -> NDArray[np.object_]:
    raw, texts = utf8.tobytes(), np.empty(len(ends), object)
    for place, (begin, end) in enumerate(pairwise([0, *ends.tolist()])):
        texts[place] = raw[begin:end].decode(*_ENCODING)
    texts[gaps == _NONE] = None
    texts[gaps == _NAN] = np.nan
    return texts


def check_packed(node: Stored, arrays: StoredArrays) -> None:
    """
    Check that the parts of a packed value fit together.

    Raises
    ------
    Refused
    """
    own = attributes(node)
    counts, form = arrays(own["counts"]), own["form"].value
    items = int(np.maximum(counts, 0).sum())
    demand(counts.dtype == np.int64 and bool((counts >= _NO_ARRAY).all()), "packed values are counted wrongly")
    demand(form == "arrays" or (len(counts) == 1 and counts[0] >= 0), "packed values are counted wrongly")
    demand(items <= _MOST_TEXTS or _numeric(node), f"it holds {items:,} texts, over the limit of {_MOST_TEXTS:,}")
    demand(_numeric(node) == (form == "number list") or form == "arrays", "packed values are of another form")
    if _numeric(node):
        header = arrays.header(own["values"])
        demand(header is not None and header.shape == (items,), "packed numbers are not as many as they say")
        demand(form != "number list" or (header is not None and header.dtype == np.int64), "packed numbers are no list")
        return
    utf8, ends, gaps = (arrays(own[name]) for name in ("utf8", "ends", "gaps"))
    demand(utf8.dtype == gaps.dtype == np.uint8 and ends.dtype == np.int64, "packed text is none")
    demand(ends.shape == gaps.shape == (items,), "packed texts are not as many as they say")
    demand(bool((gaps <= _NAN).all()) and (form != "text list" or not gaps.any()), "packed text has an unknown gap")
    ordered = bool((np.diff(ends, prepend=0) >= 0).all()) and (int(ends[-1]) if items else 0) == utf8.size
    demand(ordered, "packed texts do not end where they should")


def _numeric(node: Stored) -> bool:
    return attributes(node)["values"].kind == "NdArrayNode"


def _is_packed(node: Stored, *forms: str) -> bool:
    return node.type == f"{__name__}.Packed" and attributes(node)["form"].value in forms


def text_array(node: Stored, arrays: StoredArrays) -> bool:
    """An array of text, packed or written item by item; a rule of `rules`."""
    if node.kind == "NdArrayNode":
        plain = (item.kind == "JsonNode" and not isinstance(item.value, int) for item in node.parts.values())
        return node.file is None and all(plain)
    return _is_packed(node, "text array", "text list")


def whole_numbers(node: Stored, arrays: StoredArrays) -> bool:
    """A list of whole numbers from 0, packed or not; a rule of `rules`."""
    return _is_packed(node, "number list") or listing(count)(node, arrays)


def whole_values(node: Stored, arrays: StoredArrays) -> list[int]:
    """Return the whole numbers of a list."""
    if _is_packed(node, "number list"):
        return [int(value) for value in arrays(attributes(node)["values"])]
    values = [item.value for item in items_of(node)]
    demand(all(type(value) is int for value in values), "a list that must hold whole numbers does not")
    return values


def text_values(node: Stored, arrays: StoredArrays) -> list[Any]:
    """Return the texts of an array or list of them."""
    if _is_packed(node, "text array", "text list"):
        own = attributes(node)
        return list(_texts(*(arrays(own[name]) for name in ("utf8", "ends", "gaps"))))
    return [item.value for item in node.parts.values()]


def lengths(node: Stored, arrays: StoredArrays) -> list[int | None]:
    """Return the length of each array of a list of arrays, None where None stands in place of one."""
    if _is_packed(node, "arrays"):
        return [None if count == _NO_ARRAY else count for count in arrays(attributes(node)["counts"]).tolist()]
    return [length(item, arrays) for item in items_of(node)]


def length(node: Stored, arrays: StoredArrays) -> int | None:
    """Return the length of an array of one dimension, packed or not; None where None stands in its place."""
    if node.kind == "JsonNode" and node.value is None:
        return None
    if _is_packed(node, "text array"):
        return int(arrays(attributes(node)["counts"])[0])
    if node.kind == "NdArrayNode" and node.file is None:
        return len(node.parts)
    header = arrays.header(node)
    demand(header is not None and len(header.shape) == 1, "a part that must be an array is none")
    return header.shape[0] if header is not None else None


def array_values(node: Stored, arrays: StoredArrays) -> list[Numbers | None]:
    """Return the arrays of a list of arrays of numbers; None for None, and for an array of text."""
    if not _is_packed(node, "arrays"):
        return [
            arrays(item) if item.kind == "NdArrayNode" and item.file is not None else None for item in items_of(node)
        ]
    counts = arrays(attributes(node)["counts"])
    if not _numeric(node):
        return [None] * len(counts)
    values, ends = arrays(attributes(node)["values"]), np.cumsum(np.maximum(counts, 0))
    pairs = zip(counts.tolist(), ends.tolist(), strict=True)
    return [None if count == _NO_ARRAY else values[end - count : end] for count, end in pairs]
