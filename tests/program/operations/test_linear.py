"""Linear models, components and scaling: the program predicts as the pipeline, on data of many shapes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import RadiusNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from tenfold import models
from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes, unknown_part
from tenfold.program.values import Matrix
from tests.program.proof import SINGLE, assert_same_classes, assert_same_labels

MODELS = {
    "logistic": LogisticRegression(),
    "linear-svm": LinearSVC(random_state=1),
    "ridge": RidgeClassifier(),
    "sgd": SGDClassifier(random_state=1),
    "sgd-log": SGDClassifier(loss="log_loss", random_state=1),
    "sgd-huber": SGDClassifier(loss="modified_huber", random_state=1),
    "own-sgd": models.SGDClassifier(random_state=1),
    "own-sgd-log": models.SGDClassifier(loss="log_loss", average=True, random_state=1),
    "own-sgd-huber": models.SGDClassifier(loss="modified_huber", random_state=1),
    "rest-logistic": OneVsRestClassifier(LogisticRegression()),
    "rest-svm": OneVsRestClassifier(LinearSVC(random_state=1)),
    "baseline": DummyClassifier(strategy="most_frequent"),
    "prior": DummyClassifier(strategy="prior"),
}


def rows(seed: int, classes: int, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose classes are nearly told by one column each, with a column that is constant."""
    random = np.random.default_rng(seed)
    y = np.concatenate([np.arange(classes), random.integers(0, classes, 150)])
    X = random.normal(size=(len(y), 6)) * 10.0 ** random.integers(-3, 4, 6)
    X[:, 0] += y * 2 * X[:, 0].std()
    X[:, 3] = 7.0
    return X.astype(dtype), y


def fit(model: object, X: np.ndarray, y: np.ndarray) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X, y)


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("name", MODELS)
def test_a_linear_model_predicts_as_its_pipeline(name: str, classes: int) -> None:
    for seed in range(3):
        X, y = rows(seed, classes)
        assert_same_classes(fit(make_pipeline(StandardScaler(), MODELS[name]), X, y), X, classes)


@pytest.mark.parametrize("name", MODELS)
def test_single_precision_stays_what_it_is(name: str) -> None:
    X, y = rows(4, 3, np.float32)
    program = assert_same_classes(fit(make_pipeline(StandardScaler(), MODELS[name]), X, y), X, 3, SINGLE)
    assert program.single == (name not in {"baseline", "prior"})


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("absent", [0, 1, 3])
def test_a_class_that_was_absent_is_never_predicted(name: str, absent: int) -> None:
    X, y = rows(5, 4)
    pipeline = fit(make_pipeline(StandardScaler(), MODELS[name]), X[y != absent], y[y != absent])
    assert_same_classes(pipeline, X, 4)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("present", [(0, 1), (1, 3), (2, 3)])
def test_two_classes_of_four(name: str, present: tuple[int, int]) -> None:
    X, y = rows(6, 4)
    some = np.isin(y, present)
    assert_same_classes(fit(make_pipeline(StandardScaler(), MODELS[name]), X[some], y[some]), X, 4)


@pytest.mark.parametrize("only", [0, 1])
def test_a_detector_that_has_met_one_class_alone(only: int) -> None:
    X, y = rows(7, 2)
    assert_same_classes(fit(make_pipeline(DummyClassifier(strategy="prior")), X[y == only], y[y == only]), X, 2)


@pytest.mark.parametrize("model", [LogisticRegression(), LinearSVC(random_state=1), SGDClassifier(random_state=1)])
def test_several_labels_have_a_detector_each(model: object) -> None:
    X, y = rows(8, 3)
    Y = np.column_stack([y == 0, y > 0, X[:, 1] > 0]).astype(np.int64)
    assert_same_labels(fit(make_pipeline(StandardScaler(), OneVsRestClassifier(model)), X, Y), X, 3)


@pytest.mark.parametrize("scaler", [StandardScaler(with_mean=False), StandardScaler(with_std=False), "passthrough"])
@pytest.mark.parametrize("components", [PCA(3), PCA(3, whiten=True), PCA(0.9)])
def test_scaling_and_components(scaler: object, components: PCA) -> None:
    X, y = rows(9, 3)
    assert_same_classes(fit(make_pipeline(scaler, components, LogisticRegression()), X, y), X, 3, 1e-10)


@pytest.mark.parametrize(("unit", "dtype"), [(True, "float64"), (False, "float64"), (True, "float32")])
@pytest.mark.parametrize("shape", [(4, 5), (3, 4, 3)])
def test_images(unit: bool, dtype: str, shape: tuple[int, ...]) -> None:
    random = np.random.default_rng(3)
    X = random.integers(0, 200, (60, *shape), dtype=np.uint8)
    pipeline = fit(make_pipeline(FlattenPixels(unit=unit, dtype=dtype), LogisticRegression()), X, np.arange(60) % 3)
    assert_same_classes(pipeline, X, 3, SINGLE if dtype == "float32" else 1e-12)


def test_what_no_steps_are_known_for_is_named() -> None:
    X, y = rows(10, 2)
    pipeline = fit(make_pipeline(StandardScaler(), RadiusNeighborsClassifier(9.0)), X, y)
    with pytest.raises(NotLoweredError, match=r"it holds 'sklearn\.neighbors\..*RadiusNeighborsClassifier'"):
        lower_classes(pipeline, Matrix("float64", 6), 2)
    assert "RadiusNeighbors" in unknown_part(make_pipeline(StandardScaler(), RadiusNeighborsClassifier()))
    assert unknown_part(make_pipeline(StandardScaler(), LogisticRegression())) is None


def test_a_class_of_ones_own_that_is_called_like_a_known_one_is_not_taken_for_it() -> None:
    class StandardScaler:  # no scaler at all
        def get_params(self, deep: bool = True) -> dict[str, object]:
            return {}

    assert unknown_part(StandardScaler()) is not None


def test_a_subclass_is_not_taken_for_its_parent() -> None:
    class Doubled(LogisticRegression):
        def decision_function(self, X: np.ndarray) -> np.ndarray:
            return 2 * super().decision_function(X)

    assert unknown_part(Doubled()) is not None
