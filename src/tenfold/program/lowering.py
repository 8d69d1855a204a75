"""A fitted pipeline becomes a program; nothing of this is imported where a program is only run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import ModelError
from tenfold.program.builder import Builder, NotLoweredError, find_lowering, unknown_words
from tenfold.program.narrowing import narrowed
from tenfold.program.program import Program, program_of
from tenfold.program.refusal import OverLimit, Refused
from tenfold.program.step import Outputs, Step
from tenfold.program.values import Scores, Targets, Value, ValueType

__all__ = ["lower_classes", "lower_images", "lower_labels", "lower_quantities", "unknown_part"]


def unknown_part(estimator: Any) -> str | None:
    """
    Return why an object, fitted or not, becomes no program, as far as its type and those of its parts tell.

    Examples
    --------
    >>> from sklearn.neighbors import RadiusNeighborsClassifier
    >>> unknown_part(RadiusNeighborsClassifier())
    "it holds 'sklearn.neighbors._classification.RadiusNeighborsClassifier', which is no program of arrays yet"
    """
    parameters = estimator.get_params(deep=True).values() if hasattr(estimator, "get_params") else ()
    parts = [estimator, *(one for one in parameters if hasattr(one, "get_params") and not isinstance(one, type))]
    unknown = next((one for one in parts if find_lowering(one) is None), None)
    return None if unknown is None else unknown_words(unknown)


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


def lower_images(denoiser: Any, input_type: ValueType) -> Program:
    """
    Return the program of a fitted denoiser: it predicts the grey levels of a row, not rounded, float64.

    Parameters
    ----------
    denoiser : estimator of `tenfold.models.denoising`
    input_type : Images
        What it takes.

    Raises
    ------
    NotLoweredError
    """
    builder = Builder(input_type)
    return _finished(builder, builder.lower(denoiser, builder.input), None, probabilities=False)


def lower_quantities(pipeline: Any, input_type: ValueType, difficulty: Any = None) -> Program:
    """
    Return the program of a fitted regressor: it predicts a matrix of float64, shape (n, targets).

    A single target is a matrix of one column too. Programs of regressors that compute in single precision predict what
    these do, rounded as they round.

    Parameters
    ----------
    pipeline : regressor
        Fitted on numbers, shape (n,) or (n, targets).
    input_type : ValueType
        What it takes.
    difficulty : regressor, optional
        Fitted on the sizes of its errors: what it predicts are the scores of the program.

    Raises
    ------
    NotLoweredError
        A part of it is no program of arrays; the message names it.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> from tenfold.program.values import Matrix
    >>> line = LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0])
    >>> lower_quantities(line, Matrix("float64", 1)).run(np.array([[2.0]]))["predicted"].round(9).tolist()
    [[5.0]]
    """
    builder = Builder(input_type)
    targets = _quantities(builder, pipeline)
    scores = None if difficulty is None else _quantities(builder, difficulty)
    return _finished(builder, targets, scores, probabilities=False)


def _quantities(builder: Builder, pipeline: Any) -> Value:
    targets = builder.lower(pipeline, builder.input)
    if not isinstance(targets, Targets):
        raise NotLoweredError("it predicts no quantities")
    return targets.matrix


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
    steps = narrowed(_steps_of_use(builder.steps, outputs), builder.types)
    try:
        return program_of(builder.input.type, _steps_of_use(steps, outputs), outputs)
    except OverLimit as fault:
        raise NotLoweredError(str(fault)) from fault
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
