"""What the catalogue offers without trees is a program, on images of several sizes and shapes of the task."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline

from tenfold.candidates.catalogue import resolve
from tenfold.candidates.setting import Setting
from tenfold.data.kinds.image.preparation import FlattenPixels
from tests.program.operations.test_linear import fit
from tests.program.proof import SINGLE, assert_same_classes, assert_same_labels
from tests.record.bundle.conftest import PIPELINES

NAMES = (
    "baseline",
    "sgd",
    "sgd:raw",
    "sgd:sklearn",
    "sgd:ovo",
    "logistic",
    "logistic:l1",
    "logistic:none",
    "softmax",
    "knn",
    "knn:pca",
    "svm",
    "svm:pca",
    "svm:ovr",
)
LATER = {"forest", "extra-trees", "boosting", "knn-distance"}
"""Trees are proven beside their operation; scikit-learn's distances by products are not lowered."""


def images(kind: str, rows: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Digits as they are, of 28 x 28 pixels up to 255 as those of MNIST are, or in colour."""
    X, y = load_digits(return_X_y=True)
    X, y = X[:rows].astype(np.uint8).reshape(-1, 8, 8), y[:rows]
    if kind == "mnist":
        X = np.pad(np.kron(X * 15, np.ones((1, 3, 3), np.uint8)), ((0, 0), (2, 2), (2, 2)))
    return (np.stack([X, X // 2, X // 4], axis=-1) if kind == "colour" else X), y


@pytest.mark.parametrize("kind", ["digits", "mnist", "colour"])
@pytest.mark.parametrize("name", NAMES)
def test_ten_classes(name: str, kind: str) -> None:
    X, y = images(kind)
    pipeline = resolve(name, Setting("image", rows=240, values=X[0].size, classes=10)).pipeline
    if name == "softmax":
        pipeline.set_params(model__max_iter=50)
    assert_same_classes(fit(pipeline, X[:240], y[:240]), X, 10, SINGLE)


@pytest.mark.parametrize("rows", [240, 20_000])
@pytest.mark.parametrize("name", NAMES)
def test_one_class_against_the_rest(name: str, rows: int) -> None:
    X, y = images("digits")
    pipeline = resolve(name, Setting("image", rows=rows, values=64, classes=2)).pipeline
    assert_same_classes(fit(pipeline, X[:240], (y[:240] == 5).astype(np.int64)), X, 2, SINGLE)


TREES = ("forest", "boosting")


@pytest.mark.parametrize("name", [*NAMES, *TREES, "chain:logistic", "chain:knn", "chain:svm", "chain:sgd"])
def test_several_labels(name: str) -> None:
    X, y = images("digits")
    Y = np.column_stack([y % 2, y > 4, y == 3]).astype(np.int64)
    pipeline = resolve(name, Setting("image", rows=240, values=64, classes=3, several=True)).pipeline
    assert_same_labels(fit(pipeline, X[:240], Y[:240]), X, 3, SINGLE)


@pytest.mark.parametrize("classes", [10, 2])
@pytest.mark.parametrize("name", sorted(set(PIPELINES) - LATER))
def test_pipelines_of_users(name: str, classes: int) -> None:
    X, y = load_digits(return_X_y=True)
    X, y = X[:400], y[:400] if classes == 10 else (y[:400] == 5).astype(np.int64)
    assert_same_classes(fit(PIPELINES[name], X[:300], y[:300]), X, classes)


@pytest.mark.parametrize("strategy", ["most_frequent", "prior"])
def test_a_baseline_of_labels_that_all_rows_have_or_none(strategy: str) -> None:
    X, y = images("digits")
    Y = np.column_stack([y > 4, y >= 0, y < 0]).astype(np.int64)
    pipeline = make_pipeline(FlattenPixels(), DummyClassifier(strategy=strategy)).fit(X, Y)
    assert_same_labels(pipeline, X, 3)
