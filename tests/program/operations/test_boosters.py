"""Boosters of other libraries, where those are installed: the program predicts as they do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes
from tenfold.program.values import Matrix
from tests.program.operations.test_trees import rows
from tests.program.proof import DOUBLE, SINGLE, assert_same_classes, input_of, predictions_of

XGBOOST = [{}, {"max_depth": 1}, {"num_parallel_tree": 3}, {"base_score": 0.3}, {"max_depth": 9, "subsample": 0.7}]
LIGHTGBM = [{}, {"use_missing": False}, {"num_leaves": 2}, {"min_child_samples": 1000}, {"sigmoid": 2.5}]
CATBOOST = [{}, {"depth": 1}, {"depth": 8}, {"nan_mode": "Max"}, {"loss_function": "CrossEntropy"}]


def data(classes: int, dtype: type, gaps: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    X, y = rows(classes, classes, dtype, gaps)
    queries, _ = rows(classes + 9, classes, dtype, gaps)
    return X, y, np.concatenate([X, queries])


def xgboost(**settings: object) -> Any:
    library = pytest.importorskip("xgboost")
    return library.XGBClassifier(n_estimators=6, n_jobs=1, **settings)


def lightgbm(**settings: object) -> Any:
    library = pytest.importorskip("lightgbm")
    return library.LGBMClassifier(n_estimators=6, verbose=-1, n_jobs=1, **settings)


def catboost(**settings: object) -> Any:
    library = pytest.importorskip("catboost")
    return library.CatBoostClassifier(iterations=6, silent=True, allow_writing_files=False, thread_count=1, **settings)


@pytest.mark.parametrize("settings", XGBOOST)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_xgboost(settings: dict[str, object], dtype: type, gaps: float) -> None:
    for classes in (2, 3, 7):
        if classes > 2 and "base_score" in settings:
            continue
        X, y, queries = data(classes, dtype, gaps)
        program = assert_same_classes(make_pipeline(xgboost(**settings)).fit(X, y), queries, classes, SINGLE)
        assert program.single


def test_xgboost_stopped_early() -> None:
    X, y, queries = data(3, np.float64, 0.0)
    model = xgboost(early_stopping_rounds=1, learning_rate=3.0).fit(X[::2], y[::2], eval_set=[(X, y)], verbose=False)
    assert_same_classes(make_pipeline(model), queries, 3, SINGLE)


@pytest.mark.parametrize(
    "settings", [{"booster": "dart"}, {"booster": "gblinear"}, {"missing": -1.0}, {"objective": "binary:hinge"}]
)
def test_xgboost_otherwise_is_not_lowered(settings: dict[str, object]) -> None:
    X, y, _ = data(2, np.float64, 0.0)
    with pytest.raises(NotLoweredError, match="XGBoost"):
        lower_classes(make_pipeline(xgboost(**settings)).fit(X, y), Matrix("float64", 6), 2)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("settings", LIGHTGBM)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_lightgbm(settings: dict[str, object], dtype: type, gaps: float) -> None:
    for classes in (2, 3, 7):
        X, y, queries = data(classes, dtype, gaps)
        assert_same_classes(make_pipeline(lightgbm(**settings)).fit(X, y), queries, classes, DOUBLE)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_lightgbm_with_categories(gaps: float) -> None:
    """Gaps and numbers that were never met, negative ones, and fractions too, as LightGBM takes them."""
    random = np.random.default_rng(3)
    for classes in (2, 4):
        X, y, _ = data(classes, np.float64, gaps)
        X, y = np.tile(X, (4, 1)), np.tile(y, 4)
        codes = random.integers(0, 90, len(y)).astype(np.float64)
        y = np.where(codes % 7 == 1, 0, y)
        X[:, 4] = np.where(random.random(len(y)) < gaps, np.nan, codes)
        model = lightgbm(min_child_samples=2, cat_smooth=1, min_data_per_group=2).fit(X, y, categorical_feature=[4])
        queries = X.copy()
        queries[::5, 4], queries[1::5, 4], queries[2::5, 4] = 500.0, -3.0, np.nan
        queries[3::5, 4] += random.choice([0.5, -0.5, -0.9], len(queries[3::5]))
        assert_same_classes(make_pipeline(model), queries, classes, DOUBLE)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("settings", [{"zero_as_missing": True}, {"linear_tree": True}, {"objective": "multiclassova"}])
def test_lightgbm_otherwise_is_not_lowered(settings: dict[str, object]) -> None:
    X, y, _ = data(3, np.float64, 0.0)
    model = make_pipeline(lightgbm(**settings)).fit(X, y)
    with pytest.raises(NotLoweredError, match="LightGBM"):
        lower_classes(model, Matrix("float64", 6, gaps=True), 3)


@pytest.mark.parametrize("settings", CATBOOST)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_catboost(settings: dict[str, object], dtype: type, gaps: float) -> None:
    X, y, queries = data(2, dtype, gaps)
    assert_same_classes(make_pipeline(catboost(**settings)).fit(X, y), queries, 2, DOUBLE)


def test_catboost_of_many_classes() -> None:
    """Of many classes its `predict` gives a column, which is no prediction that Tenfold takes."""
    X, y, queries = data(5, np.float64, 0.2)
    model = catboost().fit(X, y)
    program = lower_classes(model, input_of(queries), 5)
    predictions = predictions_of(program, queries, several=False)
    np.testing.assert_allclose(predictions.scores, model.predict_proba(queries), rtol=0, atol=DOUBLE)
    np.testing.assert_array_equal(predictions.predicted, model.predict(queries)[:, 0])


def test_catboost_otherwise_is_not_lowered() -> None:
    X, y, _ = data(2, np.float64, 0.0)
    model = catboost(grow_policy="Lossguide").fit(X, y)
    with pytest.raises(NotLoweredError, match="CatBoost"):
        lower_classes(model, Matrix("float64", 6), 2)
