"""The truth of a label for a class, by evaluating its condition without executing code."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from tenfold.data.label_definitions.nodes import Comparison, Literal, Name, Node, Operation
from tenfold.data.label_definitions.tokens import Place, refusal
from tenfold.text import shown

__all__ = ["holds_for"]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


def holds_for(node: Node, name: str) -> bool:
    """
    Return whether a condition holds for a class.

    Parameters
    ----------
    node : Node
        A condition from `parse_definitions`.
    name : str
        Name of the class; a number where the condition compares it with one.

    Raises
    ------
    UsageError
        The class does not fit the condition, for instance is no number; the message names the place.

    Examples
    --------
    >>> from tenfold.data.label_definitions.grammar import parse_definitions
    >>> (large,) = parse_definitions("large = digit >= 7")
    >>> holds_for(large.condition, "8"), holds_for(large.condition, "3")
    (True, False)
    """
    if isinstance(node, Comparison):
        pairs = zip(node.operators, node.operands[:-1], node.operands[1:], node.places, strict=True)
        return all(_holds(sign, left, right, name, place) for sign, left, right, place in pairs)
    if isinstance(node, Operation):
        if node.operator == "not":
            return not holds_for(node.operands[0], name)
        if node.operator == "and":
            return all(holds_for(part, name) for part in node.operands)
        if node.operator == "or":
            return any(holds_for(part, name) for part in node.operands)
        if node.operator == "in":
            first, *members = node.operands
            return any(_holds("==", first, member, name, node.place) for member in members)
    raise refusal("a label needs a comparison, such as digit >= 7: this", node.place)


def _holds(sign: str, left: Node, right: Node, name: str, place: Place) -> bool:
    """Compare as text where one side is quoted, else as numbers."""
    if _is_text(left) or _is_text(right):
        if sign not in {"==", "!="}:
            quoted = left if _is_text(left) else right
            raise refusal("quoted text is equal or not, it has no order: this", quoted.place)
        return bool(_COMPARE[sign](_text_of(left, name), _text_of(right, name)))  # type: ignore[arg-type]
    return bool(_COMPARE[sign](_number_of(left, name), _number_of(right, name)))


def _is_text(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str)


def _text_of(node: Node, name: str) -> str:
    if isinstance(node, Name):
        return name
    if isinstance(node, Literal) and isinstance(node.value, str):
        return node.value
    raise refusal("a number is compared with quoted text: this", node.place)


def _number_of(node: Node, name: str) -> float:
    if isinstance(node, Name):
        return _as_number(node, name)
    if isinstance(node, Literal) and not isinstance(node.value, str):
        return node.value
    if isinstance(node, Operation) and node.operator in _COMPUTE:
        return _compute(node, [_number_of(part, name) for part in node.operands], name)
    raise refusal("quoted text cannot be computed with: this", node.place)


def _as_number(node: Name, name: str) -> float:
    try:
        value = float(name) if "_" not in name else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise refusal(f"class '{shown(name, 40)}' is no number (compare it with quoted text): this", node.place)
    return value


def _compute(node: Operation, values: list[float], name: str) -> float:
    if len(values) == 1:
        return -values[0]
    try:
        result = float(_COMPUTE[node.operator](float(values[0]), float(values[1])))
    except (ZeroDivisionError, OverflowError):
        result = math.nan
    if not math.isfinite(result):
        raise refusal(f"no number results for class '{shown(name, 40)}': this", node.place)
    return result
