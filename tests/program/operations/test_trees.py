"""Models of trees: the program predicts as the pipeline, bit for bit where sums are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier

from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.program.program import Program
from tests.program.proof import assert_same_classes, assert_same_labels

EXACT = 0.0
FORESTS = {
    "forest": RandomForestClassifier(10, random_state=1),
    "shallow": RandomForestClassifier(5, max_depth=3, min_samples_leaf=5, random_state=1),
    "without-bootstrap": RandomForestClassifier(5, bootstrap=False, max_features=1, random_state=1),
    "balanced": RandomForestClassifier(5, class_weight="balanced_subsample", random_state=1),
    "weighted": RandomForestClassifier(5, class_weight={0: 0.3, 1: 1.7}, random_state=1),
    "extra": ExtraTreesClassifier(10, random_state=1),
    "tree": DecisionTreeClassifier(random_state=1),
    "weighted-tree": DecisionTreeClassifier(max_leaf_nodes=9, class_weight={0: 0.3}, random_state=1),
    "stump": DecisionTreeClassifier(max_depth=1),
    "extra-tree": ExtraTreeClassifier(random_state=1),
}


def rows(seed: int, classes: int, dtype: type = np.float64, gaps: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Rows of many scales, with ties, a constant column, and gaps where they are wanted."""
    random = np.random.default_rng(seed)
    y = np.concatenate([np.arange(classes), random.integers(0, classes, 200)])
    X = random.normal(size=(len(y), 6)) * 10.0 ** random.integers(-3, 4, 6)
    X[:, 0] += y * 2 * X[:, 0].std()
    X[:, 1] = random.integers(0, 4, len(y))
    X[:, 3] = 7.0
    X[random.random(X.shape) < gaps] = np.nan
    return X.astype(dtype), y


def trees_of(program: Program) -> dict[str, np.ndarray]:
    return dict(next(step.arrays for step in program.steps if step.operation == "trees"))


@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FORESTS)
def test_a_forest_predicts_bit_for_bit(name: str, dtype: type, gaps: float) -> None:
    for seed, classes in ((1, 2), (2, 3), (3, 12)):
        X, y = rows(seed, classes, dtype, gaps)
        queries, _ = rows(seed + 50, classes, dtype, gaps)
        assert_same_classes(make_pipeline(FORESTS[name]).fit(X[::2], y[::2]), queries, classes, EXACT)


@pytest.mark.parametrize("name", FORESTS)
def test_rows_between_the_numbers_of_single_precision_go_the_same_way(name: str) -> None:
    """Thresholds are of double precision, and midpoints of neighbouring numbers are no number of single precision."""
    random = np.random.default_rng(4)
    steps = random.integers(0, 5, (150, 3))
    X = np.nextafter(np.float32(1), np.float32(2)) ** steps.astype(np.float32)
    y = steps.sum(axis=1) % 3
    assert_same_classes(make_pipeline(FORESTS[name]).fit(X, y), X, 3, EXACT)


@pytest.mark.parametrize("name", FORESTS)
@pytest.mark.parametrize("present", [(0,), (1,), (0, 1), (1, 3), (0, 2, 3)])
def test_classes_that_were_absent(name: str, present: tuple[int, ...]) -> None:
    X, y = rows(5, 4)
    some = np.isin(y, present)
    model = FORESTS[name]
    if set(model.get_params().get("class_weight") or ()) - {*present, *"balanced_subsample"}:
        pytest.skip("scikit-learn refuses weights of absent classes")
    assert_same_classes(make_pipeline(model).fit(X[some], y[some]), X, 4, EXACT)


@pytest.mark.parametrize("name", ["forest", "shallow", "without-bootstrap", "extra", "tree", "stump", "extra-tree"])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_several_labels(name: str, gaps: float) -> None:
    X, y = rows(6, 3, gaps=gaps)
    random = np.random.default_rng(6)
    Y = np.column_stack([y == 0, y > 0, random.random(len(y)) > 0.5]).astype(np.int64)
    assert_same_labels(make_pipeline(FORESTS[name]).fit(X, Y), X, 3, EXACT)


@pytest.mark.parametrize("name", ["forest", "tree"])
@pytest.mark.parametrize("constant", [(0, 1), (0, 0), (1, 1)])
def test_labels_of_one_value_alone(name: str, constant: tuple[int, int]) -> None:
    X, y = rows(7, 3)
    Y = np.column_stack([np.full(len(y), constant[0]), y == 0, np.full(len(y), constant[1])]).astype(np.int64)
    assert_same_labels(make_pipeline(FORESTS[name]).fit(X, Y), X, 3, EXACT)
    assert_same_labels(make_pipeline(FORESTS[name]).fit(X, Y[:, [0, 2]]), X, 2, EXACT)


@pytest.mark.parametrize("name", FORESTS)
def test_leaves_that_are_even_go_to_the_first_class(name: str) -> None:
    X = np.repeat([[0.0], [1.0]], 20, axis=0)
    y = np.tile([0, 1], 20)
    assert_same_classes(make_pipeline(FORESTS[name]).fit(X, y), X, 2, EXACT)
    if "weighted" not in name and name != "balanced":
        assert_same_labels(make_pipeline(FORESTS[name]).fit(X, np.column_stack([y, 1 - y])), X, 2, EXACT)


@pytest.mark.parametrize("model", [FORESTS["forest"], FORESTS["extra"], HistGradientBoostingClassifier(max_iter=3)])
@pytest.mark.parametrize("unit", [False, True])
def test_pixels_are_split_as_bytes(model: object, unit: bool) -> None:
    random = np.random.default_rng(8)
    X = random.integers(0, 256, (300, 5, 5), dtype=np.uint8)
    y = X[:, 2, 2] // 90
    program = assert_same_classes(make_pipeline(FlattenPixels(unit=unit), model).fit(X[:200], y[:200]), X, 3, 1e-15)
    assert (trees_of(program)["thresholds"].dtype == np.uint8) is not unit


def test_counts_are_kept_as_counts() -> None:
    X, y = rows(9, 3)
    program = assert_same_classes(make_pipeline(FORESTS["forest"]).fit(X, y), X, 3, EXACT)
    assert trees_of(program)["values"].dtype == np.uint8
    program = assert_same_classes(make_pipeline(FORESTS["weighted-tree"]).fit(X, y), X, 3, EXACT)
    assert trees_of(program)["values"].dtype == np.float64


BOOSTING = {
    "usual": HistGradientBoostingClassifier(max_iter=10, random_state=1),
    "deep": HistGradientBoostingClassifier(max_iter=5, min_samples_leaf=1, max_leaf_nodes=None),
    "stumps": HistGradientBoostingClassifier(max_iter=10, max_depth=1, learning_rate=0.5),
    "single-leaf": HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=1000),
    "few-bins": HistGradientBoostingClassifier(max_iter=5, max_bins=4, class_weight="balanced"),
    "one-round": HistGradientBoostingClassifier(max_iter=1),
}


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", BOOSTING)
def test_histogram_boosting(name: str, dtype: type, gaps: float) -> None:
    for seed, classes in ((1, 2), (2, 3), (3, 7)):
        X, y = rows(seed, classes, dtype, gaps)
        queries, _ = rows(seed + 50, classes, dtype, 0.2)
        assert_same_classes(make_pipeline(BOOSTING[name]).fit(X, y), queries, classes, 1e-15)


@pytest.mark.parametrize("categories", [3, 40, 255])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize("name", BOOSTING)
def test_histogram_boosting_with_categories(name: str, gaps: float, categories: int) -> None:
    """Among the categories negative ones, fractions and unknown ones; of columns in the midst of others."""
    for seed, classes in ((1, 2), (2, 4)):
        random = np.random.default_rng(seed)
        X, y = rows(seed, classes, gaps=gaps)
        X, y = np.tile(X, (4, 1)), np.tile(y, 4)
        codes = random.integers(0, min(categories, BOOSTING[name].max_bins), (len(y), 2)) * 1.5 - 2
        X[:, [1, 4]] = np.where(random.random(codes.shape) < gaps, np.nan, codes)
        y = np.where(codes[:, 0] % 4 == 1, 0, y)
        model = type(BOOSTING[name])(**BOOSTING[name].get_params()).set_params(categorical_features=[4, 1])
        unknown = X.copy()
        unknown[::3, 1], unknown[1::3, 4], unknown[2::3, 1] = 0.25, -7.0, np.nan
        pipeline = make_pipeline(model).fit(X, y)
        assert_same_classes(pipeline, X, classes, 1e-15)
        assert_same_classes(pipeline, unknown, classes, 1e-15)


@pytest.mark.parametrize("present", [(0, 1), (1, 3), (0, 2, 3)])
def test_histogram_boosting_without_a_class(present: tuple[int, ...]) -> None:
    X, y = rows(5, 4)
    some = np.isin(y, present)
    assert_same_classes(make_pipeline(BOOSTING["usual"]).fit(X[some], y[some]), X, 4, 1e-15)
