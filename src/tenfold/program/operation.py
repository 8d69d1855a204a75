"""What an operation is: parameters with a JSON Schema, arrays with rules, the type it gives, its evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.plain_schema import Schema, misfit
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, SparseMatrix, ValueType, check_type
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.program.builder import Lowering

__all__ = ["ArrayRule", "Operation", "Part"]

Evaluation = Callable[..., Any]
"""From the values of the inputs, n rows each, to the value of the step, n rows."""


@dataclass(frozen=True, kw_only=True)
class ArrayRule:
    """
    What an array of an operation must be.

    Parameters
    ----------
    dtypes : tuple of str
        NumPy's names.
    shape : tuple of (str or int)
        A size, or the name of one: arrays of a step that name the same size must agree. ``width`` is the width of the
        first input, where that is a matrix, sparse or not.
    optional : bool
        It may be missing.
    finite : bool
        It holds neither NaN nor an infinity.
    least, below : int or str, optional
        Every value is at least `least` and less than `below`, or than the size of that name.
    """

    dtypes: tuple[str, ...]
    shape: tuple[str | int, ...]
    optional: bool = False
    finite: bool = True
    least: int | None = None
    below: int | str | None = None


@dataclass(frozen=True, eq=False)
class Part:
    """
    What a step of a program is made of.

    Parameters
    ----------
    inputs : tuple of ValueType
        Types of the values that it takes.
    parameters : mapping of str to object
        Plain values, as its operation's schemas have them.
    arrays : mapping of str to ndarray
        As its operation's rules have them.
    sizes : mapping of str to int
        By the names that the rules give them.
    """

    inputs: tuple[Any, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """
    One of the operations that programs are made of.

    Parameters
    ----------
    name : str
        In the files, for good.
    summary : str
        What it computes, in a line.
    inputs : tuple of type
        The type of each value that it takes; of operations that take any number, the type of all.
    several : bool
        It takes one or more values, all of the type in `inputs`.
    parameters : mapping of str to Schema
        A step has exactly these.
    arrays : mapping of str to ArrayRule
        A step has exactly these, but for optional ones.
    result : callable
        From a `Part` that keeps the rules above to the type that the step gives; refuses what does not fit together.
    bind : callable
        From a `Part` to the function that evaluates the step. It may compute ahead what all evaluations share. Floats
        may be infinite or NaN in spite of `Matrix.gaps`, where huge numbers overflow: they index nothing unchecked.
    work : callable
        From a `Part` to the operations that one row costs, where that is more than some for each value of the inputs,
        the result and the arrays.
    memory : callable
        From a `Part` to the bytes that an evaluation holds for each row, where that is more than twice its result.
    lower : mapping of str to callable
        Public name of a class, such as ``sklearn.preprocessing.StandardScaler`` -> how a fitted object of it becomes
        steps; see `tenfold.program.lowering`.
    """

    name: str
    summary: str
    inputs: tuple[Any, ...]
    several: bool = False
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    arrays: Mapping[str, ArrayRule] = field(default_factory=dict)
    result: Callable[[Part], ValueType]
    bind: Callable[[Part], Evaluation]
    work: Callable[[Part], int] = lambda part: 0
    memory: Callable[[Part], int] = lambda part: 0
    lower: Mapping[str, Lowering] = field(default_factory=dict)

    def check(
        self, inputs: tuple[ValueType, ...], parameters: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
    ) -> tuple[Part, ValueType]:
        """
        Return the part that a step is, and the type of its value.

        Raises
        ------
        Refused
            Inputs, parameters or arrays are not those of the operation, or do not fit together.
        """
        self._check_inputs(inputs)
        self._check_parameters(parameters)
        sizes = {"width": inputs[0].width} if inputs and isinstance(inputs[0], Matrix | SparseMatrix) else {}
        self._check_arrays(arrays, sizes)
        part = Part(inputs, dict(parameters), dict(arrays), sizes)
        value = self.result(part)
        check_type(value)
        return part, value

    def _check_inputs(self, inputs: tuple[ValueType, ...]) -> None:
        expected = self.inputs * max(1, len(inputs)) if self.several else self.inputs
        fit = len(inputs) == len(expected)
        fit = fit and all(isinstance(one, kind) for one, kind in zip(inputs, expected, strict=True))
        demand(fit, f"a step '{self.name}' takes other values than it is given")

    def _check_parameters(self, parameters: Mapping[str, Any]) -> None:
        missing, odd = set(self.parameters) - set(parameters), set(parameters) - set(self.parameters)
        demand(not missing, f"a step '{self.name}' lacks '{', '.join(sorted(missing))}'")
        demand(not odd, f"a step '{self.name}' has '{shown(', '.join(map(str, odd)), 60)}', which it does not know")
        for name, schema in self.parameters.items():
            fault = misfit(parameters[name], schema)
            demand(fault is None, f"'{name}' of a step '{self.name}' {fault}")

    def _check_arrays(self, arrays: Mapping[str, NDArray[Any]], sizes: dict[str, int]) -> None:
        needed = {name for name, rule in self.arrays.items() if not rule.optional}
        missing, odd = needed - set(arrays), set(arrays) - set(self.arrays)
        demand(not missing, f"a step '{self.name}' lacks the array '{', '.join(sorted(missing))}'")
        demand(not odd, f"a step '{self.name}' has the array '{shown(', '.join(odd), 60)}', which it does not know")
        for name, values in arrays.items():
            self._check_shape(name, values, sizes)
        for name, values in arrays.items():
            self._check_values(name, values, sizes)

    def _check_shape(self, name: str, values: NDArray[Any], sizes: dict[str, int]) -> None:
        rule, place = self.arrays[name], f"array '{name}' of a step '{self.name}'"
        demand(values.dtype.name in rule.dtypes and values.dtype.isnative, f"{place} holds {values.dtype!s:.20}")
        demand(values.ndim == len(rule.shape), f"{place} has {values.ndim} dimensions, not {len(rule.shape)}")
        for there, size in zip(values.shape, rule.shape, strict=True):
            expected = sizes.setdefault(size, there) if isinstance(size, str) else size
            demand(there == expected, f"{place} has the shape {values.shape}, where a size is {expected:,}")

    def _check_values(self, name: str, values: NDArray[Any], sizes: Mapping[str, int]) -> None:
        rule, place = self.arrays[name], f"array '{name}' of a step '{self.name}'"
        if rule.finite and values.dtype.kind == "f":
            demand(bool(np.isfinite(values).all()), f"{place} holds what is no number")
        if values.size and rule.least is not None:
            smallest = values.min()
            demand(smallest >= rule.least, f"{place} holds {smallest}, under {rule.least}")
        if values.size and rule.below is not None:
            below = sizes[rule.below] if isinstance(rule.below, str) else rule.below
            largest = values.max()
            demand(largest < below, f"{place} holds {largest}, not under {below:,}")
