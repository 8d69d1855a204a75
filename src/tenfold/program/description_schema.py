"""The JSON Schema of ``program.json``, made from the operations there are."""

from __future__ import annotations

from typing import Any

from tenfold.program.limits import LONGEST_NAME, LONGEST_SIDE, MOST_COLUMNS, MOST_STEPS, WIDEST
from tenfold.program.operation import ArrayRule, Operation
from tenfold.program.operations import OPERATIONS, find_operation

__all__ = ["program_schema"]

_NAME = {"type": "string", "minLength": 1, "maxLength": 100}
_NUMBERS = ["uint8", "float32", "float64"]


def program_schema(version: int) -> dict[str, Any]:
    """
    Return the JSON Schema (draft 2020-12) of the description of a program, of a version of the form of its files.

    What it cannot say is checked when a program is read: that types fit, and that arrays keep the rules which stand
    here as descriptions.

    Examples
    --------
    >>> schema = program_schema(1)
    >>> schema["$defs"]["above"]["properties"]["parameters"]["properties"]
    {'threshold': {'type': 'number'}}
    """
    steps = {"type": "array", "maxItems": MOST_STEPS, "items": {"$ref": "#/$defs/step"}}
    whole = _object({"version": {"const": version}, "input": _inputs(), "steps": steps, "outputs": _outputs()})
    operations = {name: _operation(find_operation(name)) for name in OPERATIONS}
    title = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "program.json"}
    return {**title, **whole, "$defs": {"step": _step(), **operations}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _inputs() -> dict[str, Any]:
    side = {"type": "integer", "minimum": 1, "maximum": LONGEST_SIDE}
    shape = {"type": "array", "prefixItems": [side, side, {"const": 3}], "minItems": 2, "maxItems": 3}
    column = {
        "type": "array",
        "prefixItems": [{"type": "string", "maxLength": LONGEST_NAME}, {"enum": ["number", "text"]}],
        "minItems": 2,
        "maxItems": 2,
    }
    width = {"type": "integer", "minimum": 1, "maximum": WIDEST}
    return {
        "oneOf": [
            _object({"type": {"enum": ["pixels", "images"]}, "shape": shape}),
            _object(
                {
                    "type": {"const": "columns"},
                    "columns": {"type": "array", "items": column, "minItems": 1, "maxItems": MOST_COLUMNS},
                }
            ),
            _object(
                {
                    "type": {"const": "matrix"},
                    "dtype": {"enum": _NUMBERS},
                    "width": width,
                    "gaps": {"type": "boolean"},
                }
            ),
        ]
    }


def _outputs() -> dict[str, Any]:
    return _object(
        {"predicted": _NAME, "scores": {"anyOf": [_NAME, {"type": "null"}]}, "probabilities": {"type": "boolean"}}
    )


def _step() -> dict[str, Any]:
    """A step of any operation; what it holds follows from that."""
    names = {"type": "array", "items": _NAME}
    step = _object(
        {
            "name": {**_NAME, "not": {"const": "input"}},
            "operation": {"enum": list(OPERATIONS)},
            "inputs": names,
            "parameters": {"type": "object"},
            "arrays": names,
        }
    )
    each = [
        {"if": {"properties": {"operation": {"const": name}}}, "then": {"$ref": f"#/$defs/{name}"}}
        for name in OPERATIONS
    ]
    return {**step, "allOf": each}


def _operation(operation: Operation) -> dict[str, Any]:
    count = (
        {"minItems": 1} if operation.several else {"minItems": len(operation.inputs), "maxItems": len(operation.inputs)}
    )
    arrays: dict[str, Any] = {
        "items": {"oneOf": [{"const": name, "description": _rule(rule)} for name, rule in operation.arrays.items()]},
        "uniqueItems": True,
        "allOf": [{"contains": {"const": name}} for name, rule in operation.arrays.items() if not rule.optional],
    }
    return {
        "description": operation.summary,
        "properties": {
            "inputs": count,
            "parameters": _object({name: dict(schema) for name, schema in operation.parameters.items()}),
            "arrays": {name: value for name, value in arrays.items() if value} if operation.arrays else {"maxItems": 0},
        },
    }


def _rule(rule: ArrayRule) -> str:
    """
    Return what an array must be in a line.

    Examples
    --------
    >>> _rule(ArrayRule(dtypes=("int64",), shape=("some", 2), least=0, below="width"))
    'int64 of shape (some, 2), from 0, below width'
    """
    parts = [f"{' or '.join(rule.dtypes)} of shape ({', '.join(map(str, rule.shape))})"]
    parts += [f"from {rule.least}"] if rule.least is not None else []
    parts += [f"below {rule.below}"] if rule.below is not None else []
    parts += ["NaN and infinities allowed"] if not rule.finite else []
    return ", ".join(parts)
