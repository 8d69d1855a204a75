"""Plain values checked by the part of JSON Schema that parameters of operations need."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["Schema", "misfit"]

Schema = Mapping[str, Any]
"""
A JSON Schema of the keywords ``type`` (boolean, integer, number, string, array), ``enum``, ``minimum``, ``maximum``,
``exclusiveMinimum``, ``maxLength``, ``items``, ``minItems`` and ``maxItems``.
"""

_KEYWORDS = frozenset(
    ("type", "enum", "minimum", "maximum", "exclusiveMinimum", "maxLength", "items", "minItems", "maxItems")
)


def misfit(value: Any, schema: Schema) -> str | None:
    """
    Return what is wrong with a value in a few words, or None where it fits.

    Parameters
    ----------
    value : object
        As JSON gives it.
    schema : mapping

    Raises
    ------
    ValueError
        The schema has a keyword that is not known.

    Examples
    --------
    >>> misfit(5, {"type": "integer", "minimum": 1}), misfit(0, {"type": "integer", "minimum": 1})
    (None, 'is under 1')
    >>> misfit([1, "a"], {"type": "array", "items": {"type": "integer"}})
    'holds what is no integer'
    """
    unknown = set(schema) - _KEYWORDS
    if unknown:
        raise ValueError(f"no keyword of a schema: {', '.join(sorted(unknown))}")
    return next(_misfits(value, schema), None)


def _misfits(value: Any, schema: Schema) -> Iterator[str]:
    """A value of another type has no further faults: they would compare what cannot be compared."""
    kind = schema.get("type")
    if kind is not None and not _IS[kind](value):
        yield f"is no {kind}"
        return
    if "enum" in schema and not any(value == one and type(value) is type(one) for one in schema["enum"]):
        yield f"is none of {', '.join(map(str, schema['enum']))}"
        return
    if "minimum" in schema and value < schema["minimum"]:
        yield f"is under {schema['minimum']}"
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        yield f"is not over {schema['exclusiveMinimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"is over {schema['maximum']}"
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        yield f"is longer than {schema['maxLength']}"
    if kind == "array":
        yield from _misfits_of_array(value, schema)


def _misfits_of_array(values: list[Any], schema: Schema) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(values) <= schema.get("maxItems", math.inf):
        yield f"has {len(values):,} items"
        return
    if "items" in schema:
        for value in values:
            yield from (f"holds what {fault}" for fault in _misfits(value, schema["items"]))


def _is_number(value: Any) -> bool:
    return (type(value) is int and abs(value) < 1 << 63) or (type(value) is float and math.isfinite(value))


_IS: Mapping[str, Callable[[Any], bool]] = {
    "boolean": lambda value: type(value) is bool,
    "integer": lambda value: type(value) is int and abs(value) < 1 << 63,
    "number": _is_number,
    "string": lambda value: type(value) is str,
    "array": lambda value: type(value) is list,
}
