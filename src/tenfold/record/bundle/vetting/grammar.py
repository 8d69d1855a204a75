"""
The description inside a pipeline file (skops' ``schema.json``), read by a grammar of its own.

skops builds objects from this description. Here it is read first, into plain frozen values and nothing else:
each node must be of a known kind, hold exactly the fields of its kind, and name a type that is allowed in that
place. What the grammar does not know (methods, operators, bytes, references by id alone) is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from tenfold.program.limits import JSON_BYTES
from tenfold.program.refusal import demand
from tenfold.record.bundle.vetting.allow import ALLOWED, FORMER_TYPES
from tenfold.text import shown

__all__ = ["Description", "Stored", "attributes", "name_types_of_today", "read_description", "walk"]

PROTOCOLS = frozenset({2})
"""Versions of skops' own format whose nodes this grammar describes."""

_LONGEST_NUMBER = 100
_LARGEST = 1 << 128  # of the state of a random generator

_COMMON = frozenset({"__class__", "__module__", "__loader__", "__id__"})
_ROOT = frozenset({"protocol", "_skops_version"})


@dataclass(frozen=True, slots=True)
class Stored:
    """
    A node of the description.

    Parameters
    ----------
    kind : str
        skops' name of the node, such as ``ObjectNode``.
    type : str
        Full name of the type it stands for.
    parts : mapping of str to Stored
        Named children: entries of a dict, items of a list ("0", "1", ..), ``content`` of an object.
    others : tuple of Stored
        Children without a name of their own: types of the keys, shape, arguments.
    value : object
        A plain value (``JsonNode``) or the ends of a slice.
    file : str or None
        The member that holds the array.
    digest : bytes
        Of all of the above: two nodes of one digest describe the same object.
    """

    kind: str
    type: str
    parts: Mapping[str, Stored]
    others: tuple[Stored, ...]
    value: Any
    file: str | None
    digest: bytes


@dataclass(frozen=True)
class Description:
    """The root object, the skops version that wrote it and the array members it names."""

    root: Stored
    skops_version: str
    files: frozenset[str]


def read_description(raw: Any) -> Description:
    """
    Read a parsed ``schema.json`` whose depth and size are known to be harmless.

    Raises
    ------
    Refused
        Anything outside the grammar or off the list of types, which the message names.
    """
    demand(isinstance(raw, dict) and type(raw.get("protocol")) is int, "its description has no protocol number")
    protocol = raw["protocol"]
    demand(protocol in PROTOCOLS, f"its description is of skops protocol {protocol}, not {max(PROTOCOLS)}")
    reader = _Reader()
    root = reader.read({key: value for key, value in raw.items() if key not in _ROOT})
    return Description(root, str(raw.get("_skops_version")), frozenset(reader.files))


def name_types_of_today(raw: Any) -> bool:
    """
    Name each type in a parsed ``schema.json`` by the module that it is in now; nothing is trusted by that.

    Returns
    -------
    bool
        A type had moved since the file was written, so that skops must be given another description.
    """
    moved, waiting = False, [raw]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            module = FORMER_TYPES.get(f"{value.get('__module__')}.{value.get('__class__')}")
            if module is not None:
                value["__module__"], moved = module, True
        if isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return moved


def attributes(node: Stored) -> Mapping[str, Stored]:
    """Return the attributes of an object node, by name."""
    content = node.parts.get("content")
    return content.parts if content is not None and content.kind == "DictNode" else {}


def walk(node: Stored, owners: tuple[Stored, ...] = ()) -> Iterator[tuple[Stored, tuple[Stored, ...]]]:
    """Go through a node and all below it, each with the objects around it, innermost last."""
    yield node, owners
    around = (*owners, node) if node.kind == "ObjectNode" else owners
    for child in (*node.parts.values(), *node.others):
        yield from walk(child, around)


@dataclass
class _Reader:
    digests: dict[int, bytes] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    def read(self, state: Any) -> Stored:
        demand(isinstance(state, dict), "its description holds something that is no node")
        kind, name = _kind_and_type(state)
        fields = _FIELDS[kind](state)
        demand(set(state) - _COMMON == fields.keys, f"its description of {name} has fields that do not belong there")
        parts = {key: self.read(child) for key, child in fields.parts.items()}
        others = tuple(self.read(child) for child in fields.others)
        digest = _digest(kind, name, fields, parts, others)
        self._same_as_before(state.get("__id__"), digest, name)
        if fields.file is not None:
            self._one_array(fields.file, state["__id__"])
        return Stored(kind, name, parts, others, fields.value, fields.file, digest)

    def _same_as_before(self, number: Any, digest: bytes, name: str) -> None:
        """A node seen before is built from its first place: what is checked must be what is built."""
        demand(type(number) is int and number > 0, f"its description of {name} has no number")
        demand(self.digests.setdefault(number, digest) == digest, f"its description has two versions of one {name}")

    def _one_array(self, file: str, number: int) -> None:
        """A member is read anew for each number that names it: many numbers would make many arrays of one."""
        demand(self.files.setdefault(file, number) == number, f"its description has two objects of one array {file}")


def _kind_and_type(state: dict[str, Any]) -> tuple[str, str]:
    kind, module, name = (state.get(key) for key in ("__loader__", "__module__", "__class__"))
    texts = isinstance(kind, str) and isinstance(module, str) and isinstance(name, str)
    demand(texts, "its description has a node without a type")
    full = f"{module}.{name}"
    listed = full in ALLOWED.get(str(kind), ())
    elsewhere = any(full in types for types in ALLOWED.values())
    place = f" as {shown(kind, 30)}" if elsewhere else ""
    demand(listed, f"it holds '{shown(full)}'{place}, which is not on Tenfold's list of types")
    return str(kind), full


@dataclass(frozen=True)
class _Fields:
    """The fields that a node of some kind must have, taken apart."""

    keys: set[str]
    parts: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[Any, ...] = ()
    value: Any = None
    file: str | None = None


def _dict(state: dict[str, Any]) -> _Fields:
    content, types = state["content"], state["key_types"]
    demand(isinstance(content, dict) and isinstance(types, dict), "a dict of its description is none")
    kinds = [one.get("__loader__") for one in types["content"]]
    demand(types.get("__loader__") == "ListNode" and set(kinds) <= {"TypeNode"}, "the keys of a dict have no type")
    demand(len(kinds) == len(content), "a dict of its description has more keys than types of keys")
    return _Fields({"content", "key_types"}, parts=content, others=(types,))


def _sequence(state: dict[str, Any]) -> _Fields:
    return _Fields({"content"}, parts=_by_number(state["content"]))


def _json(state: dict[str, Any]) -> _Fields:
    text = state["content"]
    demand(isinstance(text, str) and text.strip()[:1] not in {"[", "{"}, "a value is no plain value")
    longest = JSON_BYTES if text.startswith('"') else _LONGEST_NUMBER
    demand(len(text) <= longest, f"a value of {len(text):,} characters is no plain value")
    value = json.loads(text)
    demand(type(value) is not int or abs(value) < _LARGEST, "a whole number is larger than any of a model")
    return _Fields({"content", "is_json"}, value=value)


def _array(state: dict[str, Any]) -> _Fields:
    if state["type"] == "json":
        return _Fields({"type", "content", "shape"}, parts=_by_number(state["content"]), others=(state["shape"],))
    demand(state["type"] == "numpy" and isinstance(state["file"], str), "an array has no file")
    return _Fields({"type", "file"}, file=state["file"])


def _object(state: dict[str, Any]) -> _Fields:
    return _content(state) if "content" in state else _Fields(set())


def _content(state: dict[str, Any]) -> _Fields:
    return _Fields({"content"}, parts={"content": state["content"]})


def _rebuilt(state: dict[str, Any]) -> _Fields:
    demand(set(state["__reduce__"]) == {"args"}, "an object is rebuilt in an unknown way")
    parts = {"content": state["content"], "args": state["__reduce__"]["args"]}
    return _Fields({"content", "__reduce__"}, parts=parts)


def _mapping(*names: str) -> Callable[[dict[str, Any]], _Fields]:
    """A node whose content is a plain mapping of these names to nodes."""

    def fields(state: dict[str, Any]) -> _Fields:
        demand(set(state["content"]) == set(names), "a node of its description has other parts than its kind")
        return _Fields({"content"}, parts=state["content"])

    return fields


def _slice(state: dict[str, Any]) -> _Fields:
    ends = state["content"]
    plain = all(end is None or type(end) is int for end in ends.values())
    demand(set(ends) == {"start", "stop", "step"} and plain, "a slice of its description is none")
    return _Fields({"content"}, value=tuple(ends.values()))


def _nothing(state: dict[str, Any]) -> _Fields:
    return _Fields(set())


def _by_number(content: Any) -> dict[str, Any]:
    demand(isinstance(content, list), "a list of its description is none")
    return {str(index): item for index, item in enumerate(content)}


_FIELDS: dict[str, Callable[[dict[str, Any]], _Fields]] = {
    "DTypeNode": _content,
    "DictNode": _dict,
    "FunctionNode": _nothing,
    "JsonNode": _json,
    "ListNode": _sequence,
    "LossNode": _rebuilt,
    "NdArrayNode": _array,
    "ObjectNode": _object,
    "PartialNode": _mapping("func", "args", "kwds", "namespace"),
    "RandomGeneratorNode": _mapping("bit_generator", "seed_seq"),
    "SliceNode": _slice,
    "TreeNode": _rebuilt,
    "TupleNode": _sequence,
    "TypeNode": _nothing,
}


def _digest(kind: str, name: str, fields: _Fields, parts: Mapping[str, Stored], others: tuple[Stored, ...]) -> bytes:
    # a dtype is stored as an empty array under a new name each time, and nothing here depends on it
    children = [(key, child.digest) for key, child in parts.items() if kind != "DTypeNode"]
    text = repr((kind, name, fields.value, fields.file, children, [other.digest for other in others]))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
