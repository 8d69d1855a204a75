"""
Lowering: a fitted pipeline becomes a program, step by step; nothing of this is imported where a program is only run.

Each operation says in its own file which fitted objects become steps of it; `compositions` has those that are made
of others, such as pipelines and detectors one a class.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import ModelError
from tenfold.program.operations import OPERATIONS, find_operation
from tenfold.program.program import INPUT, Outputs, Program, Step, program_of
from tenfold.program.refusal import Refused
from tenfold.program.values import Scores, Value, ValueType
from tenfold.text import shown

__all__ = [
    "Builder", "Lowering", "NotLoweredError", "find_lowering", "lower_classes", "lower_labels", "smallest_codes",
    "unknown_part",
]  # fmt: skip


class NotLoweredError(Exception):
    """A fitted object that no steps are known for; the message names it."""


Lowering = Callable[["Builder", Any, Value], Any]
"""From a fitted object and its input to a `Value` for a transformer, to `Scores` for a classifier."""


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

    def step(
        self, operation: str, *inputs: Value, arrays: Mapping[str, NDArray[Any]] | None = None, **parameters: Any
    ) -> Value:
        """
        Add a step and return the value that it gives; what does not fit together is a fault of the lowering.

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
        try:
            _, kind = find_operation(operation).check(tuple(one.type for one in inputs), parameters, arrays)
        except Refused as fault:
            raise NotLoweredError(str(fault)) from fault
        name = f"{operation} {len(self.steps)}"
        self.steps.append(Step(name, operation, tuple(one.name for one in inputs), parameters, arrays))
        return Value(name, kind)

    def zeros(self, width: int) -> Value:
        """Return rows of as many zeros, float64."""
        return self.step("constant", self.input, arrays={"values": np.zeros(width)})

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
        Value or Scores
            The former for a transformer, the latter for a classifier.

        Raises
        ------
        NotLoweredError
        """
        lowering = find_lowering(estimator)
        if lowering is None:
            raise NotLoweredError(_unknown(estimator))
        return lowering(self, estimator, value)


def find_lowering(estimator: Any) -> Lowering | None:
    """Return how an object of exactly this type is lowered; None where that is not known."""
    for name, lowering in _lowerings().items():
        module, _, attribute = name.rpartition(".")
        loaded = sys.modules.get(module)
        if loaded is not None and type(estimator) is getattr(loaded, attribute, None):
            return lowering
    return None


def unknown_part(estimator: Any) -> str | None:
    """
    Return why an object, fitted or not, becomes no program, as far as its type and those of its parts tell.

    Examples
    --------
    >>> from sklearn.neural_network import MLPClassifier
    >>> unknown_part(MLPClassifier())
    "it holds 'sklearn.neural_network._multilayer_perceptron.MLPClassifier', which is no program of arrays yet"
    """
    parameters = estimator.get_params(deep=True).values() if hasattr(estimator, "get_params") else ()
    parts = [estimator, *(one for one in parameters if hasattr(one, "get_params") and not isinstance(one, type))]
    unknown = next((one for one in parts if find_lowering(one) is None), None)
    return None if unknown is None else _unknown(unknown)


def _unknown(estimator: Any) -> str:
    full = f"{type(estimator).__module__}.{type(estimator).__qualname__}"
    return f"it holds '{shown(full)}', which is no program of arrays yet"


@cache
def _lowerings() -> Mapping[str, Lowering]:
    """Public name of a class -> its lowering."""
    compositions: Mapping[str, Lowering] = import_module("tenfold.program.compositions").COMPOSITIONS
    lowerings = dict(compositions)
    for name in OPERATIONS:
        lowerings |= find_operation(name).lower
    return lowerings


def lower_classes(pipeline: Any, input_type: ValueType, classes: int) -> Program:
    """
    Return the program of a fitted classifier of one class a row.

    Parameters
    ----------
    pipeline : classifier
        Fitted on codes 0..classes-1, some of which may have been absent.
    input_type : ValueType
        What it takes.
    classes : int
        Number of classes of the task.

    Raises
    ------
    NotLoweredError
        A part of it is no program of arrays; the message names it.
    """
    builder = Builder(input_type)
    scores = _scores(builder, pipeline)
    present = np.asarray(pipeline.classes_).astype(np.int64)
    positions = scores.predicted or builder.step("arg_max", _known(scores.matrix))
    predicted = builder.step("recode", positions, arrays={"codes": present}, classes=classes)
    matrix = None if scores.matrix is None else _of_all_classes(builder, scores, present, classes)
    return _finished(builder, predicted, matrix, scores.probabilities)


def lower_labels(pipeline: Any, input_type: ValueType, labels: int) -> Program:
    """
    Return the program of a fitted classifier of several labels a row.

    Parameters
    ----------
    pipeline : classifier
        Fitted on 0 and 1 for each label.
    input_type : ValueType
        What it takes.
    labels : int

    Raises
    ------
    NotLoweredError
    """
    builder = Builder(input_type)
    scores = _scores(builder, pipeline)
    threshold = 0.5 if scores.probabilities else 0.0
    predicted = scores.predicted or builder.step("above", _known(scores.matrix), threshold=threshold)
    return _finished(builder, predicted, scores.matrix, scores.probabilities)


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


def _scores(builder: Builder, pipeline: Any) -> Scores:
    scores = builder.lower(pipeline, builder.input)
    if not isinstance(scores, Scores):
        raise NotLoweredError("it classifies nothing")
    return scores


def _known(matrix: Value | None) -> Value:
    if matrix is None:
        raise NotLoweredError("it has neither scores nor predictions")
    return matrix


def _of_all_classes(builder: Builder, scores: Scores, present: NDArray[np.int64], classes: int) -> Value:
    """
    Bring scores of the classes that were fitted to one column a class of the task, of two classes to the second's.

    A class that was absent has probability 0; where scores are none, one less than the least of the row.
    """
    matrix, k = _known(scores.matrix), len(present)
    single = matrix.type.width == 1 and not scores.probabilities
    if classes == 2:
        where = np.flatnonzero(present == 1)
        if single:
            return matrix
        return builder.step("select", matrix, arrays={"columns": where}) if len(where) else builder.zeros(1)
    if single:
        matrix = builder.step("both_signs", matrix)
    if k == classes:
        return matrix
    filling = "zero" if scores.probabilities else "below"
    return builder.step("place", matrix, arrays={"columns": present}, filling=filling, width=classes)


def _finished(builder: Builder, predicted: Value, scores: Value | None, probabilities: bool) -> Program:
    outputs = Outputs(predicted.name, None if scores is None else scores.name, probabilities and scores is not None)
    try:
        return program_of(builder.input.type, _steps_of_use(builder.steps, outputs), outputs)
    except Refused as fault:
        raise ModelError(f"its program does not fit together: {fault}") from fault


def _steps_of_use(steps: Sequence[Step], outputs: Outputs) -> list[Step]:
    """Leave out what no prediction follows from."""
    needed, used = {outputs.predicted, outputs.scores}, []
    for step in reversed(steps):
        if step.name in needed:
            needed.update(step.inputs)
            used.append(step)
    return used[::-1]
