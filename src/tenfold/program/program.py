"""A program: steps in the order in which they are evaluated, each from values before it; checked whole, then run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.program.cost import RowCost, refuse_long, row_cost, values_of
from tenfold.program.gaps import RowError
from tenfold.program.limits import BYTES_AT_ONCE, MOST_STEPS
from tenfold.program.operation import Operation, Part
from tenfold.program.operations import find_operation
from tenfold.program.refusal import demand
from tenfold.program.rows import block_of, check_rows, refuse_not_finite, row_count
from tenfold.program.step import INPUT, Outputs, Step
from tenfold.program.values import Classes, Labels, Matrix, ValueType
from tenfold.text import shown

__all__ = ["Program", "program_of"]

_MOVING = frozenset(("cast", "flatten", "join", "place", "select"))
"""Operations that compute nothing."""

_DOUBLE, _SINGLE = 1e-12, 1e-5


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
    cost : RowCost
        Of one row.
    """

    input: ValueType
    steps: tuple[Step, ...]
    outputs: Outputs
    types: Mapping[str, ValueType]
    cost: RowCost
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
    def rounding(self) -> float:
        """
        How far its predictions may lie from those of the model that it was made of, relative to the largest.

        Sums of kernel values round as their coefficients are large: libsvm's no less than these, in another order.
        """
        if self.single:
            return _SINGLE
        sums = [np.abs(step.arrays["coefficients"]).sum() for step in self.steps if step.operation == "kernel_machine"]
        return min(_SINGLE, max(_DOUBLE, *(float(np.finfo(np.float64).eps * one) for one in sums), 0.0))

    @property
    def rows_at_once(self) -> int:
        """Rows whose values take up to 128 MiB, all that are needed at once; at least one."""
        return max(1, BYTES_AT_ONCE // self.cost.bytes)

    def run(self, rows: Any) -> dict[str, Any]:
        """
        Evaluate every step.

        Parameters
        ----------
        rows : value of the type `input`, of n rows

        Returns
        -------
        dict of str to ndarray
            ``predicted`` and, where there are scores, ``scores``, n rows each; all numbers are finite.

        Raises
        ------
        Refused
            The rows are of another type.
        GapError, NotFiniteError
            A row has no prediction.
        """
        check_rows(rows, self.input)
        count, size = row_count(rows), self.rows_at_once
        if count <= size:
            return self._run(rows)
        blocks = [self._run_block(rows, begin, begin + size) for begin in range(0, count, size)]
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    def values(self, rows: Any, names: Collection[str]) -> dict[str, Any]:
        """
        Evaluate every step, and return some of the values on the way; for few rows, since all are held at once.

        Parameters
        ----------
        rows : value of the type `input`, of n rows
        names : collection of str
            Of steps.
        """
        check_rows(rows, self.input)
        values = {INPUT: rows}
        with np.errstate(all="ignore"):
            for step, evaluate in zip(self.steps, self._evaluations, strict=True):
                values[step.name] = evaluate(*[values[name] for name in step.inputs])
        return {name: values[name] for name in names}

    def _run_block(self, rows: Any, begin: int, end: int) -> dict[str, Any]:
        try:
            return self._run(block_of(rows, begin, end))
        except RowError as fault:
            fault.row += begin
            raise

    def _run(self, rows: Any) -> dict[str, Any]:
        values = {INPUT: rows}
        # what overflows is seen in the predictions
        with np.errstate(all="ignore"):
            for step, evaluate, last_uses in zip(self.steps, self._evaluations, self._last_uses, strict=True):
                values[step.name] = evaluate(*[values[name] for name in step.inputs])
                for name in last_uses:
                    del values[name]
        named = {"predicted": self.outputs.predicted, "scores": self.outputs.scores}
        predictions = {role: values[name] for role, name in named.items() if name is not None}
        refuse_not_finite(predictions)
        return predictions


def program_of(input_type: ValueType, steps: Sequence[Step], outputs: Outputs) -> Program:
    """
    Check the steps of a program, each against the types of the values before it.

    Parameters
    ----------
    input_type : ValueType
        What it takes.
    steps : sequence of Step
    outputs : Outputs

    Raises
    ------
    Refused
        An operation that is not known, a value that no step before gives, or parts that do not fit together.
    """
    demand(len(steps) <= MOST_STEPS, f"its program has {len(steps):,} steps, over the limit of {MOST_STEPS:,}")
    types: dict[str, ValueType] = {INPUT: input_type}
    parts, bindings, values, work = [], [], values_of(input_type), 0
    for step in steps:
        operation = find_operation(step.operation)
        part, types[step.name] = _check_step(step, operation, types)
        values += sum(values_of(types[name]) for name in (*step.inputs, step.name))
        work += operation.work(part)
        # before the next step: types take memory too
        refuse_long(values, work)
        parts.append(part)
        bindings.append(operation.bind)
    _check_outputs(outputs, types)
    last_uses = _last_uses(steps, outputs)
    memory = [find_operation(step.operation).memory(part) for step, part in zip(steps, parts, strict=True)]
    cost = row_cost(steps, types, last_uses, INPUT, values + work, memory)
    with np.errstate(all="ignore"):
        evaluations = tuple(bind(part) for bind, part in zip(bindings, parts, strict=True))
    return Program(input_type, tuple(steps), outputs, types, cost, evaluations, last_uses)


def _check_step(step: Step, operation: Operation, types: Mapping[str, ValueType]) -> tuple[Part, ValueType]:
    """Check a step against the types of the values before it."""
    demand(step.name not in types, f"two steps give the value '{shown(step.name, 40)}'")
    for name in step.inputs:
        demand(name in types, f"the step '{shown(step.name, 40)}' takes a value that no step before it gives")
    return operation.check(tuple(types[name] for name in step.inputs), step.parameters, step.arrays)


def _check_outputs(outputs: Outputs, types: Mapping[str, ValueType]) -> None:
    demand(outputs.predicted in types, "its program predicts a value that no step gives")
    predicted = types[outputs.predicted]
    known = isinstance(predicted, Classes | Labels) or (isinstance(predicted, Matrix) and not predicted.gaps)
    demand(known, "its program predicts what is no class, label or number")
    if outputs.scores is None:
        demand(not outputs.probabilities, "its program has probabilities without scores")
        return
    demand(outputs.scores in types, "the scores of its program are a value that no step gives")
    scores = types[outputs.scores]
    fit = isinstance(scores, Matrix) and scores.dtype == "float64" and not scores.gaps
    demand(fit, "the scores of its program are no float64, or may be missing")


def _last_uses(steps: Sequence[Step], outputs: Outputs) -> tuple[tuple[str, ...], ...]:
    """For each step the values that no step after it takes, so that they need not be kept."""
    of_use = {outputs.predicted, outputs.scores}
    last: dict[str, int] = {}
    for number, step in enumerate(steps):
        last.update(dict.fromkeys((*step.inputs, step.name), number))
    uses: list[list[str]] = [[] for _ in steps]
    for name, number in last.items():
        if name not in of_use:
            uses[number].append(name)
    return tuple(map(tuple, uses))
