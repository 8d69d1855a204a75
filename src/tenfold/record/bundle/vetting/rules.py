"""Rules for what may stand in an attribute of a stored object: predicates that a table of types is written with."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from tenfold.program.archive import Header, read_array
from tenfold.program.limits import UNPACKED_BYTES
from tenfold.program.refusal import demand
from tenfold.record.bundle.vetting.grammar import Stored

__all__ = [
    "Rule",
    "StoredArrays",
    "count",
    "either",
    "few",
    "finite",
    "flag",
    "items_of",
    "listing",
    "mapping",
    "node_of",
    "nothing",
    "number",
    "numbers",
    "plain_value",
    "setting",
    "whole",
    "word",
]

_NO_VALUE = object()
_LONGEST_WORD = 100
_LARGEST = 1 << 63
_READ_BYTES = 4 * UNPACKED_BYTES


class StoredArrays:
    """
    The arrays that nodes of a description stand for: their headers, and their values when called.

    Parameters
    ----------
    archive : ZipFile
    headers : mapping of str to Header
        Member name -> header, as `check_header` gave it.
    """

    def __init__(self, archive: zipfile.ZipFile, headers: Mapping[str, Header]) -> None:
        self._archive = archive
        self._headers = headers
        self._bytes_read = 0

    def header(self, node: Stored) -> Header | None:
        """Return the header of a node's array; None where the node is no array in a file."""
        return self._headers.get(str(node.file)) if node.kind == "NdArrayNode" else None

    def __call__(self, node: Stored) -> NDArray[Any]:
        """
        Read the array of a node.

        Raises
        ------
        Refused
            The node is no array, or the description has had the same few arrays read over and over.
        """
        demand(self.header(node) is not None, "a part that must be an array is none")
        name = str(node.file)
        self._bytes_read += self._archive.getinfo(name).file_size
        demand(self._bytes_read <= _READ_BYTES, "its description names the same arrays too often")
        return read_array(self._archive, name)


Rule = Callable[[Stored, StoredArrays], bool]
"""Whether a value may stand in a place."""


def plain_value(node: Stored, arrays: StoredArrays) -> Any:
    """Return the None, bool, number or text that a node stands for, a NumPy scalar as a plain one; else a sentinel."""
    if node.kind == "JsonNode":
        return node.value
    header = arrays.header(node)
    if header is None or header.shape or node.type == "numpy.ndarray":
        return _NO_VALUE
    return arrays(node).item()


def items_of(node: Stored) -> list[Stored]:
    """Return the items of a list or tuple in order; of anything else none."""
    return list(node.parts.values()) if node.kind in {"ListNode", "TupleNode"} else []


def nothing(node: Stored, arrays: StoredArrays) -> bool:
    """None."""
    return node.kind == "JsonNode" and node.value is None


def flag(node: Stored, arrays: StoredArrays) -> bool:
    """True or false."""
    return isinstance(plain_value(node, arrays), bool)


def number(node: Stored, arrays: StoredArrays) -> bool:
    """A number, NaN and infinities among them, of at most 64 bits."""
    value = plain_value(node, arrays)
    return type(value) is float or (type(value) is int and abs(value) <= _LARGEST)


def finite(node: Stored, arrays: StoredArrays) -> bool:
    """A number that is finite."""
    return number(node, arrays) and math.isfinite(plain_value(node, arrays))


def whole(low: int, high: int) -> Rule:
    """A whole number of a range, both ends included."""

    def holds(node: Stored, arrays: StoredArrays) -> bool:
        value = plain_value(node, arrays)
        return type(value) is int and low <= value <= high

    return holds


count = whole(0, 1 << 40)
"""How many there are of something; what it is compared with is checked where it sizes an array."""


def word(*allowed: str) -> Rule:
    """One of these words."""
    return lambda node, arrays: node.kind == "JsonNode" and isinstance(node.value, str) and node.value in allowed


def _any_word(node: Stored, arrays: StoredArrays) -> bool:
    return node.kind == "JsonNode" and isinstance(node.value, str) and len(node.value) <= _LONGEST_WORD


def either(*rules: Rule) -> Rule:
    """What keeps one of these rules."""
    return lambda node, arrays: any(rule(node, arrays) for rule in rules)


def numbers(*dimensions: int, of: str = "biuf") -> Rule:
    """An array of numbers of so many dimensions, by default one; `of` lists NumPy's letters of the types."""

    def holds(node: Stored, arrays: StoredArrays) -> bool:
        header = arrays.header(node)
        inside = header is not None and len(header.shape) in (dimensions or (1,)) and header.dtype.kind in of
        return inside and node.type == "numpy.ndarray"

    return holds


def few(rule: Rule, most: int) -> Rule:
    """An array that keeps a rule and is no longer than this."""

    def holds(node: Stored, arrays: StoredArrays) -> bool:
        header = arrays.header(node)
        return rule(node, arrays) and header is not None and header.shape[0] <= most

    return holds


def listing(rule: Rule) -> Rule:
    """A list or tuple whose items keep a rule."""

    def holds(node: Stored, arrays: StoredArrays) -> bool:
        return node.kind in {"ListNode", "TupleNode"} and all(rule(item, arrays) for item in items_of(node))

    return holds


def mapping(rule: Rule) -> Rule:
    """A dict whose values keep a rule."""
    return lambda node, arrays: node.kind == "DictNode" and all(rule(item, arrays) for item in node.parts.values())


def node_of(loader: str, *endings: str) -> Rule:
    """A node of this kind; with endings, of a type whose full name ends so."""
    return lambda node, arrays: node.kind == loader and (not endings or node.type.endswith(endings))


_one_setting = either(nothing, flag, number, _any_word, node_of("RandomGeneratorNode"))
_few_settings = either(_one_setting, numbers(0, 1, 2), listing(_one_setting), mapping(_one_setting))


def setting(node: Stored, arrays: StoredArrays) -> bool:
    """
    What a parameter may be that counts in ``fit`` alone: None, a flag, a number, a word; or a few of these.

    Used for nothing that a prediction reads, so that no value of it can size or index anything.
    """
    return _few_settings(node, arrays) or listing(_few_settings)(node, arrays)
