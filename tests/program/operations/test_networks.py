"""Networks of dense layers: the program predicts as the pipeline."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.program.operations.test_linear import fit, rows
from tests.program.proof import SINGLE, assert_same_classes, assert_same_labels

FUNCTIONS = ("relu", "tanh", "logistic", "identity")


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("layers", [(5,), (4, 1, 3)])
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_layers(function: str, layers: tuple[int, ...], classes: int) -> None:
    X, y = rows(1, classes)
    model = MLPClassifier(layers, activation=function, max_iter=20, random_state=1)
    assert_same_classes(fit(make_pipeline(StandardScaler(), model), X[:-20], y[:-20]), X, classes)


@pytest.mark.parametrize("present", [(0, 1), (1, 3), (0, 2, 3)])
def test_classes_that_were_absent(present: tuple[int, ...]) -> None:
    X, y = rows(6, 4)
    some = np.isin(y, present)
    model = MLPClassifier((4,), max_iter=20, random_state=1)
    assert_same_classes(fit(make_pipeline(StandardScaler(), model), X[some], y[some]), X, 4)


def test_single_precision() -> None:
    X, y = rows(7, 3, np.float32)
    program = assert_same_classes(fit(make_pipeline(StandardScaler(), MLPClassifier(max_iter=20)), X, y), X, 3, SINGLE)
    assert program.single


def test_several_labels() -> None:
    X, y = rows(8, 3)
    Y = np.column_stack([y == 0, y > 0, X[:, 1] > 0]).astype(np.int64)
    assert_same_labels(fit(make_pipeline(StandardScaler(), MLPClassifier((6,), max_iter=20)), X, Y), X, 3)
