"""The syntax tree of a label definition."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.data.label_definitions.tokens import Place

__all__ = ["Comparison", "Definition", "Literal", "Name", "Node", "Operation", "is_truth"]

_TRUTHS = {"and", "or", "not", "in"}


@dataclass(frozen=True)
class Literal:
    """A number or a quoted text."""

    value: int | float | str
    place: Place


@dataclass(frozen=True)
class Name:
    """The one free name of all definitions, which stands for the class of a row."""

    name: str
    place: Place


@dataclass(frozen=True)
class Operation:
    """An operator (``and or not + - * / // % in``) with its operands; ``-`` of one operand is the sign."""

    operator: str
    operands: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Comparison:
    """A chain of comparisons, such as ``3 <= digit < 7``: one more operand than operators."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]
    places: tuple[Place, ...]

    @property
    def place(self) -> Place:
        """The place of its first operator."""
        return self.places[0]


Node = Literal | Name | Operation | Comparison


@dataclass(frozen=True)
class Definition:
    """A label: its name and the condition under which it is true of a row."""

    name: str
    condition: Node


def is_truth(node: Node) -> bool:
    """Return whether a node is a truth value, rather than a number or a text."""
    return isinstance(node, Comparison) or (isinstance(node, Operation) and node.operator in _TRUTHS)
