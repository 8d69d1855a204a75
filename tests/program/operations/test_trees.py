"""Models of trees: the program predicts as the pipeline, bit for bit where sums are those of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier

from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.models.trees.kernel import kernel_sums
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes
from tenfold.program.operations.models.trees import DEEPEST, OPERATION, trees_of_part
from tenfold.program.program import Program
from tenfold.program.refusal import Refused
from tenfold.program.values import Matrix
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


STAGES = {
    "gradient": GradientBoostingClassifier(n_estimators=8, random_state=1),
    "gradient-deep": GradientBoostingClassifier(n_estimators=4, max_depth=None, learning_rate=1.0, subsample=0.5),
    "gradient-zero": GradientBoostingClassifier(n_estimators=5, init="zero"),
    "gradient-prior": GradientBoostingClassifier(n_estimators=5, init=DummyClassifier(strategy="prior")),
    "ada": AdaBoostClassifier(n_estimators=8, random_state=1),
    "ada-deep": AdaBoostClassifier(DecisionTreeClassifier(max_depth=4, random_state=1), n_estimators=5, random_state=1),
    "ada-extra": AdaBoostClassifier(ExtraTreeClassifier(max_depth=2, random_state=1), learning_rate=0.3),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", STAGES)
def test_boosting_in_stages(name: str, dtype: type) -> None:
    for seed, classes in ((1, 2), (2, 3), (3, 6)):
        X, y = rows(seed, classes, dtype)
        assert_same_classes(make_pipeline(STAGES[name]).fit(X[::2], y[::2]), X, classes, 1e-12)


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("present", [(0, 1), (1, 3), (0, 2, 3)])
def test_boosting_in_stages_without_a_class(name: str, present: tuple[int, ...]) -> None:
    X, y = rows(5, 4)
    some = np.isin(y, present)
    assert_same_classes(make_pipeline(STAGES[name]).fit(X[some], y[some]), X, 4, 1e-12)


def test_exponential_loss_and_sums_of_nothing() -> None:
    X, y = rows(4, 2)
    for loss in ("log_loss", "exponential"):
        model = GradientBoostingClassifier(n_estimators=6, loss=loss)
        assert_same_classes(make_pipeline(model).fit(X, y), X, 2, 1e-12)
        even = np.repeat([[0.0], [1.0]], 20, axis=0)
        assert_same_classes(make_pipeline(model).fit(even, np.tile([0, 1], 20)), even, 2, 1e-12)


def test_what_boosting_starts_from_or_is_made_of_may_be_unknown() -> None:
    X, y = rows(4, 2)
    start = GradientBoostingClassifier(n_estimators=2, init=LogisticRegression()).fit(X, y)
    with pytest.raises(NotLoweredError, match="starts from another model"):
        lower_classes(start, Matrix("float64", 6), 2)
    with pytest.raises(NotLoweredError, match="nothing fills"):
        lower_classes(STAGES["gradient"].fit(X, y), Matrix("float64", 6, gaps=True), 2)
    with pytest.raises(NotLoweredError, match="other models than trees"):
        lower_classes(AdaBoostClassifier(LogisticRegression()).fit(X, y), Matrix("float64", 6), 2)


def parts_of(model: object, *, gaps: float = 0.0, categories: bool = False) -> tuple[Matrix, dict, dict]:
    """The input type, parameters and arrays of the step of a fitted model."""
    X, y = rows(9, 3, gaps=gaps)
    if categories:
        model.set_params(categorical_features=[1])
    program = lower_classes(make_pipeline(model).fit(X, y), Matrix("float64", 6, gaps=gaps > 0), 3)
    step = next(step for step in program.steps if step.operation == "trees")
    return program.types[step.inputs[0]], dict(step.parameters), dict(step.arrays)


def mutants(arrays: dict[str, np.ndarray]) -> Iterator[dict[str, np.ndarray]]:
    """Each array with each fault that a file can have."""
    random = np.random.default_rng(1)
    for name, values in arrays.items():
        yield {other: array for other, array in arrays.items() if other != name}
        for changed in (values[:-1], np.concatenate([values, values[:1]]), values[:0], values[None], values[::-1]):
            yield arrays | {name: changed}
        for dtype in ("uint8", "uint16", "int64", "float16", "float32", "float64", ">u2", ">f8", "complex64", "U1"):
            if values.dtype != dtype:
                yield arrays | {name: values.astype(dtype)}
        for number in (-1, 0, 1, 2, 255, 10**9, 1e300, np.nan, np.inf, -np.inf):
            for place in (0, len(values) // 2, -1):
                changed = values.copy()
                with np.errstate(all="ignore"):
                    changed[place] = np.array(number).astype(values.dtype)
                yield arrays | {name: changed}
        for _ in range(20):
            changed = np.ascontiguousarray(values).copy()
            changed.view(np.uint8).reshape(-1)[random.integers(changed.nbytes)] ^= 1 << random.integers(8)
            yield arrays | {name: changed}


PARTS = [
    (FORESTS["forest"], {}),
    (FORESTS["weighted-tree"], {"gaps": 0.2}),
    (BOOSTING["usual"], {"gaps": 0.2, "categories": True}),
    (STAGES["gradient"], {}),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("model", "options"), PARTS)
def test_a_mutant_is_refused_or_sums_finite_values(model: object, options: dict[str, object]) -> None:
    kind, parameters, arrays = parts_of(clone(model), **options)
    X = np.random.default_rng(2).normal(size=(50, 6)).astype(kind.dtype) * 5
    if kind.gaps:
        X[::7] = np.nan
    counts = {"refused": 0, "finite": 0}
    for mutant in mutants(arrays):
        try:
            part, result = OPERATION.check((kind,), parameters, mutant)
        except Refused:
            counts["refused"] += 1
            continue
        trees = trees_of_part(part)
        sums = trees.sums_by_numpy(X)
        assert sums.shape == (50, result.width)
        assert np.isfinite(sums).all()
        np.testing.assert_array_equal(kernel_sums(trees, X), sums)
        counts["finite"] += 1
    assert min(counts.values()) > 20


@pytest.mark.parametrize(("model", "options"), PARTS)
def test_other_parameters_are_refused(model: object, options: dict[str, object]) -> None:
    kind, parameters, arrays = parts_of(clone(model), **options)
    faults = [{"trees": parameters["trees"] + 1}, {"trees": 1 << 20}, {"trees": 0}, {"groups": 7}, {"mean": 1}]
    for fault in [*faults, {"labels": 0}, {"groups": 100_000}]:
        with pytest.raises(Refused):
            OPERATION.check((kind,), parameters | fault, arrays)
    with pytest.raises(Refused):
        OPERATION.check((Matrix(kind.dtype, 3),), parameters, arrays)


def test_a_path_that_is_too_deep_is_refused() -> None:
    def check(depth: int) -> None:
        arrays = {
            "splits": np.packbits([1] + [1, 0] * (depth - 1) + [0, 0]),
            "features": np.zeros(depth, np.uint8),
            "thresholds": np.zeros(depth, np.float16),
            "values": np.ones((depth + 1, 2)),
        }
        OPERATION.check((Matrix("float32", 2),), {"trees": 1, "groups": 1, "labels": 1, "mean": False}, arrays)

    check(DEEPEST)
    with pytest.raises(Refused, match="more than 10,000 splits"):
        check(DEEPEST + 1)


def test_sums_that_might_overflow_are_refused() -> None:
    kind, parameters, arrays = parts_of(clone(STAGES["gradient"]))
    values = np.full(arrays["values"].shape, 1e308)
    with pytest.raises(Refused, match="no finite sum"):
        OPERATION.check((kind,), parameters, arrays | {"values": values})
