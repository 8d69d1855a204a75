"""
A program that is being made: steps are added and checked one by one, and each fitted estimator is found its lowering.

Each operation says in its own file which fitted objects become steps of it; `compositions` has those that are made
of others, such as pipelines and detectors one a class. Nothing of this is imported where a program is only run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operations import OPERATIONS, find_operation
from tenfold.program.refusal import Refused
from tenfold.program.step import INPUT, Step
from tenfold.program.values import Columns, Matrix, SparseMatrix, Targets, Texts, Value, ValueType
from tenfold.text import shown

__all__ = ["Builder", "Lowering", "NotLoweredError", "find_lowering", "smallest_codes", "unknown_words"]


class NotLoweredError(Exception):
    """A fitted object that no steps are known for; the message names it."""


Lowering = Callable[["Builder", Any, Value], Any]
"""From a fitted object and its input to the `Value` of a transformer, the `Scores` of a classifier, or `Targets`."""


class Builder:
    """
    A program that is being made.

    Parameters
    ----------
    input_type : ValueType
        What it takes.
    """

    def __init__(self, input_type: ValueType) -> None:
        self.input = Value(INPUT, input_type)
        self.steps: list[Step] = []
        self.types: dict[str, ValueType] = {INPUT: input_type}
        self._of_value: dict[tuple[str, str], str] = {}

    def step(
        self, operation: str, *inputs: Value, arrays: Mapping[str, NDArray[Any]] | None = None, **parameters: Any
    ) -> Value:
        """
        Add a step and return the value that it gives; what does not fit together is a fault of the lowering.

        An operation on matrices takes the numbers of a table where it is given one. Where it cannot do with gaps, rows
        that have some are refused where they come in.

        Parameters
        ----------
        operation : str
        *inputs : Value
        arrays : mapping of str to ndarray, optional
        **parameters : plain values for JSON

        Raises
        ------
        NotLoweredError
            The operation refuses it.
        """
        arrays = {name: np.ascontiguousarray(values) for name, values in (arrays or {}).items()}
        if find_operation(operation).inputs[0] is Matrix:
            inputs = tuple(self.dense(self.numbers(one)) for one in inputs)
        step = Step(f"{operation} {len(self.steps)}", operation, tuple(one.name for one in inputs), parameters, arrays)
        try:
            kind = self._check(step)
        except Refused as fault:
            if not any(self._has_gaps(one.name) for one in inputs):
                raise NotLoweredError(str(fault)) from fault
            for one in inputs:
                self.without_gaps(one)
            kind = self._check_again(step)
        self.steps.append(step)
        self.types[step.name] = kind
        return Value(step.name, kind)

    def _check(self, step: Step) -> ValueType:
        types = tuple(self.types[name] for name in step.inputs)
        return find_operation(step.operation).check(types, step.parameters, step.arrays)[1]

    def _check_again(self, step: Step) -> ValueType:
        try:
            return self._check(step)
        except Refused as fault:
            raise NotLoweredError(str(fault)) from fault

    def _has_gaps(self, name: str) -> bool:
        kind = self.types[name]
        return isinstance(kind, Matrix) and kind.gaps

    def numbers(self, value: Value) -> Value:
        """
        Return a value as a matrix: of a table its columns as float64, of which none may be text.

        Raises
        ------
        NotLoweredError
            A column of text.
        """
        return self._once("numbers", value, gaps=True) if isinstance(value.type, Columns) else value

    def floats(self, value: Value) -> Value:
        """Return a value as a matrix of float32 or float64: bytes become float64, as scikit-learn has it."""
        rows = self.numbers(value)
        whole = isinstance(rows.type, Matrix) and rows.type.dtype == "uint8"
        return self._once("cast", rows, dtype="float64") if whole else rows

    def dense(self, value: Value) -> Value:
        """Return a sparse matrix with all its values; any other value as it is."""
        return self._once("dense", value) if isinstance(value.type, SparseMatrix) else value

    def table(self, value: Value) -> Value:
        """Return a value as a table: of a matrix its columns, named by their positions."""
        return self._once("table", value) if isinstance(value.type, Matrix) else value

    def _once(self, operation: str, value: Value, **parameters: Any) -> Value:
        """Steps that differ in nothing are one."""
        key = (operation, value.name)
        if key not in self._of_value:
            self._of_value[key] = self.step(operation, value, **parameters).name
        name = self._of_value[key]
        return Value(name, self.types[name])

    def without_gaps(self, value: Value) -> Value:
        """
        Return a value in which nothing is missing: a row with a gap that would come through is refused.

        It is refused by the steps that can let gaps pass: those with a parameter ``gaps``.

        Raises
        ------
        NotLoweredError
            They are in what the program is given.
        """
        value = self.numbers(value)
        positions = {step.name: position for position, step in enumerate(self.steps)}
        pending = [value.name]
        while pending:
            name = pending.pop()
            if not self._has_gaps(name):
                continue
            if name == INPUT:
                raise NotLoweredError("it is given numbers with gaps, which nothing fills")
            step = self.steps[positions[name]]
            if "gaps" in step.parameters:
                self.steps[positions[name]] = replace(step, parameters={**step.parameters, "gaps": False})
            else:
                pending.extend(step.inputs)
        for step in self.steps:
            if self._has_gaps(step.name):
                self.types[step.name] = self._check(step)
        return Value(value.name, self.types[value.name])

    def zeros(self, width: int) -> Value:
        """Return rows of as many zeros, float64."""
        return self.step("constant", self.input, arrays={"values": np.zeros(width)})

    def targets(self, matrix: Value) -> Targets:
        """Return what a regressor predicts, a column a target: in double precision, whatever it was computed in."""
        return Targets(matrix if matrix.type.dtype == "float64" else self.step("cast", matrix, dtype="float64"))

    def lower(self, estimator: Any, value: Value) -> Any:
        """
        Add the steps of a fitted object.

        Parameters
        ----------
        estimator : object
        value : Value
            What it takes.

        Returns
        -------
        Value, Scores or Targets
            Of a transformer, a classifier or a regressor.

        Raises
        ------
        NotLoweredError
        """
        lowering = find_lowering(estimator)
        if lowering is None:
            raise NotLoweredError(unknown_words(estimator))
        return lowering(self, estimator, value if lowering in _of_tables() else self.numbers(value))


def find_lowering(estimator: Any) -> Lowering | None:
    """Return how an object of exactly this type is lowered; None where that is not known."""
    for name, lowering in _lowerings().items():
        module, _, attribute = name.rpartition(".")
        loaded = sys.modules.get(module)
        if loaded is not None and type(estimator) is getattr(loaded, attribute, None):
            return lowering
    return None


def unknown_words(estimator: Any) -> str:
    """Return that there are no steps for an estimator, with its full name."""
    full = f"{type(estimator).__module__}.{type(estimator).__qualname__}"
    return f"it holds '{shown(full)}', which is no program of arrays yet"


@cache
def _lowerings() -> Mapping[str, Lowering]:
    """Public name of a class -> its lowering."""
    lowerings = _compositions()
    for name in OPERATIONS:
        lowerings |= find_operation(name).lower
    return lowerings


def _compositions() -> dict[str, Lowering]:
    compositions: Mapping[str, Lowering] = import_module("tenfold.program.compositions").COMPOSITIONS
    of_columns: Mapping[str, Lowering] = import_module("tenfold.program.compositions_of_columns").COMPOSITIONS
    return {**compositions, **of_columns}


@cache
def _of_tables() -> frozenset[Lowering]:
    """Lowerings that take a table, or texts, as they are; all others are given its numbers."""
    of_cells = (Columns, Texts)
    tables = [find_operation(name).lower for name in OPERATIONS if find_operation(name).inputs[0] in of_cells]
    return frozenset(lowering for lowerings in (_compositions(), *tables) for lowering in lowerings.values())


def smallest_codes(codes: NDArray[Any]) -> NDArray[Any]:
    """
    Return codes, 0 and above, in the smallest type that holds them.

    Examples
    --------
    >>> smallest_codes(np.array([0, 300])).dtype.name
    'uint16'
    """
    highest = int(codes.max(initial=0))
    kinds = (np.uint8, np.uint16, np.int32, np.int64)
    return codes.astype(next(kind for kind in kinds if highest <= np.iinfo(kind).max))
