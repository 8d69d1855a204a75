"""JSON Schema (draft 2020-12) of dataclasses that are read and written by `tenfold.record.entries.typed_json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from tenfold.record.entries.typed_json import parts_of

__all__ = ["json_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}
_COUNT = {"type": "integer", "minimum": 0}
_COUNTS = {
    "type": "array",
    "items": {"type": "array", "items": {"anyOf": [_COUNT, {"type": "array", "items": _COUNT}]}},
}


def json_schema(kind: Any, title: str) -> dict[str, Any]:
    """
    Return the JSON Schema of a dataclass.

    Entries that no field names are allowed: a later version may write more.

    Parameters
    ----------
    kind : type
        A dataclass as `read_record` takes it.
    title : str
        Of the schema, such as ``metrics.json``.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Size:
    ...     height: int
    ...     width: int | None = None
    >>> schema = json_schema(Size, "size")
    >>> schema["properties"]["width"], schema["required"]
    ({'anyOf': [{'type': 'integer'}, {'type': 'null'}]}, ['height'])
    """
    definitions: dict[str, Any] = {}
    content = _object(kind, definitions)
    ordered = {name: definitions[name] for name in sorted(definitions)}
    return {"$schema": _DRAFT, "title": title, **content, **({"$defs": ordered} if ordered else {})}


def _object(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    together: dict[str, list[str]] = {}
    for part in parts_of(kind):
        if part.form == "flat":
            inner = _object(_without_null(part.kind), definitions)
            properties |= inner["properties"]
            required += inner["required"] if part.required else []
            together |= {} if part.required else _together(inner)
        elif part.form != "rest":
            properties[part.name] = _schema(part.kind, definitions)
            required += [part.name] if part.required else []
    summary = (kind.__doc__ or "").strip().partition("\n")[0]
    return {
        "description": summary,
        "type": "object",
        "properties": properties,
        "required": required,
        **({"dependentRequired": together} if together else {}),
    }


def _together(inner: dict[str, Any]) -> dict[str, list[str]]:
    """Entries that stand in an object all or none."""
    return {name: [one for one in inner["required"] if one != name] for name in inner["required"]}


def _without_null(kind: Any) -> Any:
    return next((one for one in get_args(kind) if is_dataclass(one)), kind)


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return {}
    if kind in _SCALARS:
        return _SCALARS[kind]
    if origin is Annotated:
        return _COUNTS
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in {Union, UnionType}:
        one = next(one for one in arguments if one is not NoneType)
        return {"anyOf": [_schema(one, definitions), {"type": "null"}]}
    if origin is tuple:
        return _list(arguments, definitions)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], definitions)}
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # a type may hold itself
        definitions[kind.__name__] = _object(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _list(items: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if items[-1] is Ellipsis:
        return {"type": "array", "items": _schema(items[0], definitions)}
    each = [_schema(one, definitions) for one in items]
    return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}
