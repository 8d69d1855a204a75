"""A program compared with the fitted pipeline that it was made of, as made and as read from its file."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd

from tenfold.candidates.scores import Predictions, class_predictions, label_predictions
from tenfold.program.files import pack_program, read_program
from tenfold.program.lowering import lower_classes, lower_labels, lower_quantities
from tenfold.program.program import Program
from tenfold.program.values import Columns, Matrix, Pixels, ValueType

DOUBLE, SINGLE = 1e-12, 1e-5


def input_of(X: Any) -> ValueType:
    """The type of a program that takes such rows: images, a data frame, or a matrix."""
    if hasattr(X, "columns"):
        kinds = ["number" if pd.api.types.is_numeric_dtype(dtype) else "text" for dtype in X.dtypes]
        return Columns(tuple(zip(map(str, X.columns), kinds, strict=True)))
    if X.ndim > 2:
        return Pixels(X.shape[1:])
    return Matrix(X.dtype.name, X.shape[1], gaps=bool(X.dtype.kind == "f" and np.isnan(X).any()))


def rows_of(X: Any) -> Any:
    """Such rows as a program takes them."""
    if not hasattr(X, "columns"):
        return X
    kinds = dict(input_of(X).columns)
    return {name: X[name].to_numpy(np.float64 if kinds[name] == "number" else object) for name in map(str, X.columns)}


def predictions_of(program: Program, X: Any, *, several: bool) -> Predictions:
    """What a program predicts, in the form of `class_predictions` and `label_predictions`."""
    values = program.run(rows_of(X))
    scores = values.get("scores")
    if scores is not None and scores.shape[1] == 1 and not several:
        scores = scores[:, 0]
    return Predictions(values["predicted"], scores, program.outputs.probabilities)


def assert_equal(expected: Predictions, actual: Predictions, tolerance: float) -> None:
    """The same predictions, and scores within a tolerance relative to the largest."""
    np.testing.assert_array_equal(actual.predicted, expected.predicted)
    assert actual.predicted.dtype == np.int64
    assert (actual.scores is None) == (expected.scores is None)
    assert actual.probabilities == expected.probabilities
    if expected.scores is not None:
        assert actual.scores.dtype == np.float64
        assert actual.scores.shape == expected.scores.shape
        scale = max(1e-300, float(np.abs(expected.scores).max()))
        assert float(np.abs(actual.scores - expected.scores).max()) <= tolerance * scale


def assert_same_classes(pipeline: Any, X: Any, classes: int, tolerance: float = DOUBLE, fit_on: Any = None) -> Program:
    """
    Prove the program of a fitted classifier of one class a row, and return it as it was read from its file.

    `fit_on` is what the type of the input is taken from, where that is not `X`.
    """
    expected = class_predictions(pipeline, X, classes)
    program = lower_classes(pipeline, input_of(X if fit_on is None else fit_on), classes)
    assert_equal(expected, predictions_of(program, X, several=False), tolerance)
    again = read_program(io.BytesIO(pack_program(program)))
    assert_equal(expected, predictions_of(again, X, several=False), tolerance)
    return again


def assert_same_labels(pipeline: Any, X: Any, labels: int, tolerance: float = DOUBLE) -> Program:
    """Prove the program of a fitted classifier of several labels a row, and return it as it was read from its file."""
    expected = label_predictions(pipeline, X)
    program = lower_labels(pipeline, input_of(X), labels)
    assert_equal(expected, predictions_of(program, X, several=True), tolerance)
    again = read_program(io.BytesIO(pack_program(program)))
    assert_equal(expected, predictions_of(again, X, several=True), tolerance)
    return again


def assert_same_quantities(pipeline: Any, X: Any, tolerance: float = DOUBLE, fit_on: Any = None) -> Program:
    """
    Prove the program of a fitted regressor, and return it as it was read from its file.

    A single target has a column too; predictions agree within a tolerance relative to the largest of each target.
    """
    expected = np.asarray(pipeline.predict(X), np.float64).reshape(len(X), -1)
    program = lower_quantities(pipeline, input_of(X if fit_on is None else fit_on))
    again = read_program(io.BytesIO(pack_program(program)))
    for one in (program, again):
        values = one.run(rows_of(X))
        assert set(values) == {"predicted"}
        assert values["predicted"].dtype == np.float64
        assert values["predicted"].shape == expected.shape
        scale = np.maximum(1e-300, np.abs(expected).max(axis=0))
        assert float((np.abs(values["predicted"] - expected) / scale).max()) <= tolerance
    return again
