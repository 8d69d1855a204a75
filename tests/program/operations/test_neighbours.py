"""Neighbours: the program finds and counts as the classifiers do, whichever way it searches."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tenfold import models
from tenfold.models.neighbours import plain_search
from tenfold.models.neighbours.euclidean import EuclideanSearch
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes
from tenfold.program.operations import find_operation
from tenfold.program.refusal import Refused
from tenfold.program.values import Matrix, Neighbours
from tests.program.operations.test_linear import rows
from tests.program.proof import assert_same_classes, assert_same_labels

OWN = models.KNeighborsClassifier


def grid(seed: int, dtype: type, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Rows of few whole numbers: many lie at equal distance, and some are equal."""
    random = np.random.default_rng(seed)
    y = np.concatenate([np.arange(classes), random.integers(0, classes, 100)])
    return random.integers(0, 4, (len(y), 5)).astype(dtype), y


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("weights", ["uniform", "distance", None])
@pytest.mark.parametrize("k", [1, 4, 9])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_own_neighbours_vote_as_their_classifier(classes: int, weights: str | None, k: int, dtype: type) -> None:
    for seed in range(3):
        X, y = rows(seed, classes, dtype)
        assert_same_classes(make_pipeline(OWN(k, weights=weights)).fit(X[:-20], y[:-20]), X, classes)


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("k", [1, 4, 9, 20])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_ties_are_resolved_as_their_classifier_does(weights: str, k: int, dtype: type) -> None:
    for seed in range(5):
        X, y = grid(seed, dtype)
        assert_same_classes(make_pipeline(OWN(k, weights=weights)).fit(X[:60], y[:60]), X, 3)


@pytest.mark.parametrize("present", [(0, 1), (1, 3), (0, 1, 3)])
@pytest.mark.parametrize("model", [OWN(3), OWN(3, weights="distance"), KNeighborsClassifier(3)])
def test_classes_that_were_absent(present: tuple[int, ...], model: object) -> None:
    X, y = rows(2, 4)
    some = np.isin(y, present)
    assert_same_classes(make_pipeline(StandardScaler(), model).fit(X[some], y[some]), X, 4)


@pytest.mark.parametrize("model", [OWN(3), OWN(4), OWN(6, weights="distance"), KNeighborsClassifier(4)])
def test_several_labels(model: object) -> None:
    X, y = rows(3, 3)
    Y = np.column_stack([y == 0, y > 0, X[:, 1] > 0, y >= 0, y < 0]).astype(np.int64)
    assert_same_labels(make_pipeline(StandardScaler(), model).fit(X, Y), X, 5)


@pytest.mark.parametrize("algorithm", ["brute", "kd_tree", "ball_tree"])
def test_neighbours_of_scikit_learn(algorithm: str) -> None:
    for seed in range(3):
        X, y = rows(seed, 4)
        pipeline = make_pipeline(StandardScaler(), KNeighborsClassifier(4, algorithm=algorithm)).fit(X[:-20], y[:-20])
        assert_same_classes(pipeline, X, 4)


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree"])
def test_distances_of_trees_of_scikit_learn_weigh(algorithm: str) -> None:
    X, y = rows(5, 4)
    model = KNeighborsClassifier(4, algorithm=algorithm, weights="distance")
    assert_same_classes(make_pipeline(StandardScaler(), model).fit(X, y), X, 4)


@pytest.mark.parametrize(
    ("model", "what"),
    [
        (KNeighborsClassifier(3, p=1), "another distance"),
        (KNeighborsClassifier(3, metric="cosine"), "another distance"),
        (KNeighborsClassifier(3, algorithm="brute", weights="distance"), "its products round"),
        (KNeighborsClassifier(3, weights=np.exp), "a function"),
        (OWN(3, p=1), "another distance"),
        (OWN(3, weights=np.exp), "a function"),
    ],
)
def test_what_is_not_lowered_is_said(model: object, what: str) -> None:
    X, y = rows(6, 3)
    with pytest.raises(NotLoweredError, match=what):
        lower_classes(make_pipeline(model).fit(X, y), Matrix("float64", 6), 3)


def table(random: np.random.Generator, kind: str, n: int, d: int) -> np.ndarray:
    if kind == "uint8":
        return random.integers(0, random.choice([2, 17, 256]), (n, d)).astype(np.uint8)
    if kind == "whole":
        return random.integers(-3, 4, (n, d)).astype(np.float64)
    farthest = 30 if kind == "float32" else 160
    X = random.normal(size=(n, d)) * 10.0 ** random.choice([-farthest, -3, 0, 4, farthest]) + random.choice([0, 1, 1e6])
    X[random.integers(0, n, n // 3)] = X[0]
    return X.astype(np.float32) if kind == "float32" else X


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 60),
    d=st.integers(1, 9),
    k=st.integers(1, 30),
    kind=st.sampled_from(["uint8", "whole", "float32", "float64"]),
    other=st.sampled_from(["uint8", "whole", "float32", "float64"]),
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_both_searches_have_the_same_neighbours_to_the_last_bit(
    seed: int, n: int, d: int, k: int, kind: str, other: str
) -> None:
    random = np.random.default_rng(seed)
    X, k = table(random, kind, n, d), min(k, n)
    Q = np.concatenate([table(random, other, 20, d).astype(np.float64), X[:3].astype(np.float64)])
    Q = Q.astype(X.dtype) if seed % 2 and kind == other else Q
    expected, actual = (EuclideanSearch(X, plain=plain).nearest(Q, k) for plain in (False, True))
    np.testing.assert_array_equal(actual[0], expected[0])
    np.testing.assert_array_equal(actual[1], expected[1])


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("reduced", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_around_the_switch_of_the_search_nothing_changes(
    weights: str, reduced: bool, dtype: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = load_digits(return_X_y=True)
    X = X.astype(dtype)
    model = OWN(weights=weights)
    pipeline = make_pipeline(PCA(20), model) if reduced else make_pipeline(model)
    program = lower_classes(pipeline.fit(X[:1437], y[:1437]), Matrix(X.dtype.name, 64), 10)
    few = program.run(X)
    monkeypatch.setattr(plain_search, "_MOST_WORK", 0)
    many = program.run(X)
    np.testing.assert_array_equal(few["predicted"], many["predicted"])
    np.testing.assert_array_equal(few["scores"], many["scores"])
    one_by_one = [program.run(X[i : i + 1])["scores"][0] for i in range(0, 1797, 97)]
    if not reduced:  # products of one row may be rounded otherwise than those of many
        np.testing.assert_array_equal(np.array(one_by_one), many["scores"][::97])


def test_who_asks_often_is_served_by_the_kernels_but_for_a_few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.default_rng(1).normal(size=(300, 4))
    search = EuclideanSearch(X, plain=True)
    monkeypatch.setattr(plain_search, "_MOST_WORK", plain_search.plain_work(X, 700))
    monkeypatch.setattr(plain_search, "_LITTLE_WORK", plain_search.plain_work(X, 10))
    first = search.nearest(X, 3)
    search.nearest(X, 3)
    assert "squares" not in vars(search)
    again = search.nearest(X, 3)
    assert "squares" in vars(search)
    np.testing.assert_array_equal(again, first)
    compiled = vars(search).pop("squares")
    np.testing.assert_array_equal(search.nearest(X[:10], 3), [each[:10] for each in first])
    assert compiled
    assert "squares" not in vars(search)


def test_digits_are_predicted_without_the_compiler() -> None:
    code = (
        "import sys, numpy as np\n"
        "from tenfold.program.operations import find_operation\n"
        "from tenfold.program.values import Matrix\n"
        "op = find_operation('neighbours')\n"
        "rows = np.zeros((1797, 64), np.uint8)\n"
        "part, _ = op.check((Matrix('uint8', 64),), {'count': 5}, {'instances': rows[:1437]})\n"
        "op.bind(part)(rows)\n"
        "print([name for name in ('numba', 'sklearn', 'scipy', 'pandas', 'joblib') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


THREE = np.zeros((3, 2))


def check(name: str, kind: object, array: np.ndarray, **parameters: object) -> None:
    names = {"neighbours": "instances", "neighbour_mode": "codes"}
    find_operation(name).check((kind,), parameters, {names[name]: array})


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: check("neighbours", Matrix("float64", 2), THREE, count=4), "4 neighbours"),
        (lambda: check("neighbours", Matrix("float64", 1), THREE, count=1), "a size is 1"),
        (lambda: check("neighbours", Matrix("float64", 2, gaps=True), THREE, count=1), "gaps"),
        (lambda: check("neighbours", Matrix("float64", 2), np.full((3, 2), np.nan), count=1), "no number"),
        (lambda: check("neighbour_mode", Neighbours(1, 3), np.array([0, 1]), classes=2), "other instances"),
        (lambda: check("neighbour_mode", Neighbours(1, 2), np.array([0, 2]), classes=2), "there is not"),
        (lambda: check("neighbour_mode", Neighbours(1, 2), np.array([0, -1]), classes=2), "under 0"),
    ],
)
def test_what_does_not_fit_together_is_refused(call: object, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        call()


@pytest.mark.parametrize("size", [1, 3_000])
def test_rows_that_are_no_numbers_have_finite_shares(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_search, "_MOST_WORK", 1_000_000)
    X = np.full((size, 2), np.nan)
    X[0] = np.inf, -np.inf
    operation = find_operation("neighbours")
    random = np.random.default_rng(0)
    instances = random.normal(size=(300, 2))
    part, _ = operation.check((Matrix("float64", 2),), {"count": 5}, {"instances": instances})
    nearest = operation.bind(part)(X)
    votes = find_operation("neighbour_votes")
    arrays = {"codes": np.arange(300, dtype=np.int64) % 2}
    part, _ = votes.check((Neighbours(5, 300),), {"classes": 2, "weights": "distance"}, arrays)
    assert np.isfinite(votes.bind(part)(nearest)).all()
