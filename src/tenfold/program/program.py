"""A program: steps in the order in which they are evaluated, each from values before it; checked whole, then run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operations import find_operation
from tenfold.program.refusal import demand
from tenfold.program.values import Classes, Columns, Labels, Matrix, Neighbours, Pixels, ValueType
from tenfold.text import shown

__all__ = ["INPUT", "MOST_STEPS", "Outputs", "Program", "Step", "program_of"]

INPUT = "input"
"""The name of what a program is given."""

MOST_STEPS = 20_000
"""Of a program: 1,000 classes in pairs would take 499,500, and are kept as one step."""

_MOVING = frozenset(("cast", "flatten", "join", "place", "select"))
"""Operations that compute nothing."""

_BYTES_AT_ONCE = 1 << 28
"""Of the widest value: 256 MiB for a block of rows."""


@dataclass(frozen=True, eq=False)
class Step:
    """
    One step.

    Parameters
    ----------
    name : str
        Of the value that it gives.
    operation : str
    inputs : tuple of str
        Values before it.
    parameters : mapping of str to object
        Plain values for JSON.
    arrays : mapping of str to ndarray
    """

    name: str
    operation: str
    inputs: tuple[str, ...]
    parameters: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Outputs:
    """
    Which values of a program are its answers.

    Parameters
    ----------
    predicted : str
        The model's own prediction: classes or labels, or a matrix of what it restores.
    scores : str or None
        A matrix of float64, of one column for two classes, else of one a class or label.
    probabilities : bool
        The scores are probabilities.
    """

    predicted: str
    scores: str | None = None
    probabilities: bool = False


@dataclass(frozen=True, eq=False)
class Program:
    """
    A checked program, ready to be run; made by `program_of`.

    Parameters
    ----------
    input : ValueType
        What it is given.
    steps : tuple of Step
    outputs : Outputs
    types : mapping of str to ValueType
        Of every value.
    """

    input: ValueType
    steps: tuple[Step, ...]
    outputs: Outputs
    types: Mapping[str, ValueType]
    _evaluations: tuple[Callable[..., Any], ...]
    _last_uses: tuple[tuple[str, ...], ...]

    @property
    def operations(self) -> tuple[str, ...]:
        """Names of the operations that it is made of, in order of name."""
        return tuple(sorted({step.operation for step in self.steps}))

    @property
    def single(self) -> bool:
        """Whether it computes in single precision anywhere, beyond moving such numbers."""
        values = ((step.operation, self.types[step.name]) for step in self.steps)
        return any(isinstance(one, Matrix) and one.dtype == "float32" and name not in _MOVING for name, one in values)

    @property
    def rows_at_once(self) -> int:
        """Rows for which no value takes more than 256 MiB; at least one."""
        widths = (_width(value) for value in self.types.values())
        return max(1, _BYTES_AT_ONCE // (8 * max(widths)))

    def run(self, rows: Any) -> dict[str, Any]:
        """
        Evaluate every step.

        Parameters
        ----------
        rows : value of the type `input`, of n rows

        Returns
        -------
        dict of str to ndarray
            ``predicted`` and, where there are scores, ``scores``, n rows each.
        """
        count, size = _row_count(rows), self.rows_at_once
        if count <= size:
            return self._run(rows)
        blocks = [self._run(_block(rows, begin, begin + size)) for begin in range(0, count, size)]
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    def _run(self, rows: Any) -> dict[str, Any]:
        values = {INPUT: rows}
        for step, evaluate, last_uses in zip(self.steps, self._evaluations, self._last_uses, strict=True):
            values[step.name] = evaluate(*[values[name] for name in step.inputs])
            for name in last_uses:
                del values[name]
        named = {"predicted": self.outputs.predicted, "scores": self.outputs.scores}
        return {role: values[name] for role, name in named.items() if name is not None}


def program_of(given: ValueType, steps: Sequence[Step], outputs: Outputs) -> Program:
    """
    Check the steps of a program, each against the types of the values before it.

    Parameters
    ----------
    given : ValueType
        What it takes.
    steps : sequence of Step
    outputs : Outputs

    Raises
    ------
    Refused
        An operation that is not known, a value that no step before gives, or parts that do not fit together.
    """
    demand(len(steps) <= MOST_STEPS, f"its program has {len(steps):,} steps, over the limit of {MOST_STEPS:,}")
    types: dict[str, ValueType] = {INPUT: given}
    evaluations = []
    for step in steps:
        operation = find_operation(step.operation)
        demand(step.name not in types, f"two steps give the value '{shown(step.name, 40)}'")
        for name in step.inputs:
            demand(name in types, f"the step '{shown(step.name, 40)}' takes a value that no step before it gives")
        part, types[step.name] = operation.check(
            tuple(types[name] for name in step.inputs), step.parameters, step.arrays
        )
        evaluations.append(operation.bind(part))
    _check_outputs(outputs, types)
    return Program(given, tuple(steps), outputs, types, tuple(evaluations), _last_uses(steps, outputs))


def _check_outputs(outputs: Outputs, types: Mapping[str, ValueType]) -> None:
    demand(outputs.predicted in types, "its program predicts a value that no step gives")
    predicted = types[outputs.predicted]
    demand(isinstance(predicted, Classes | Labels | Matrix), "its program predicts what is no class, label or number")
    if outputs.scores is None:
        demand(not outputs.probabilities, "its program has probabilities without scores")
        return
    demand(outputs.scores in types, "the scores of its program are a value that no step gives")
    scores = types[outputs.scores]
    demand(isinstance(scores, Matrix) and scores.dtype == "float64", "the scores of its program are no float64")


def _last_uses(steps: Sequence[Step], outputs: Outputs) -> tuple[tuple[str, ...], ...]:
    """For each step the values that no step after it takes, so that they need not be kept."""
    kept = {outputs.predicted, outputs.scores}
    last: dict[str, int] = {}
    for number, step in enumerate(steps):
        last.update(dict.fromkeys((*step.inputs, step.name), number))
    uses: list[list[str]] = [[] for _ in steps]
    for name, number in last.items():
        if name not in kept:
            uses[number].append(name)
    return tuple(map(tuple, uses))


def _width(value: ValueType) -> int:
    if isinstance(value, Matrix):
        return value.width
    if isinstance(value, Pixels):
        return int(np.prod(value.shape))
    if isinstance(value, Neighbours):
        return 2 * value.count
    return len(value.columns) if isinstance(value, Columns) else 1


def _row_count(rows: Any) -> int:
    return len(next(iter(rows.values()))) if isinstance(rows, Mapping) else len(rows)


def _block(rows: Any, begin: int, end: int) -> Any:
    if isinstance(rows, Mapping):
        return {name: cells[begin:end] for name, cells in rows.items()}
    return rows[begin:end]
