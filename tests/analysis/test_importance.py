"""What the answers rest on, and whether more rows would help."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.columns import spread_of
from tenfold.analysis.importance import importance_of
from tenfold.analysis.learning import learning_point, learning_rows, learning_sizes
from tenfold.analysis.parts import Part, parts_of, shuffled
from tenfold.figures import evaluate
from tenfold.figures.rows import checked_rows
from tenfold.tasks import ClassTask

TASK = ClassTask(("no", "yes"), "yes")


def _rows(y, scores):
    return checked_rows(TASK, y, (scores > 0.5).astype(np.int64), scores, probabilities=True)


@pytest.fixture(scope="module")
def signal():
    """Rows whose class one column gives, noise beside it."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"noise": rng.normal(size=400), "signal": rng.random(400), "word": ["a"] * 400})
    return X, (X["signal"].to_numpy() > 0.5).astype(np.int64)


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc", "average_precision", "log_loss", "f1", "balanced_accuracy"])
def test_shuffling_a_useless_column_costs_nothing_and_the_useful_one_much(signal, metric):
    X, y = signal
    random = np.random.default_rng(1)
    scores = {
        name: [np.clip(shuffled(X, Part(name), random)["signal"].to_numpy(), 0.01, 0.99) for _ in range(2)]
        for name in X
    }
    before = _rows(y, np.clip(X["signal"].to_numpy(), 0.01, 0.99))
    found = {name: importance_of(Part(name), before, [_rows(y, s) for s in scores[name]], TASK, metric) for name in X}
    for useless in ("noise", "word"):
        assert found[useless].drop == pytest.approx(0)
        assert found[useless].low <= 0 <= found[useless].high
    assert found["signal"].low > 0.2


def test_the_drop_is_the_difference_of_the_metric(signal):
    X, y = signal
    before, after = X["signal"].to_numpy(), X["signal"].to_numpy()[::-1]
    values = [
        evaluate(TASK, y, (s > 0.5).astype(int), s, probabilities=True, resamples=10).metrics["average_precision"].value
        for s in (before, after)
    ]
    found = importance_of(Part("a"), _rows(y, before), [_rows(y, after)], TASK, "average_precision")
    assert found.drop == pytest.approx(values[0] - values[1])


def test_a_metric_that_is_undefined_leaves_the_part_without_a_figure():
    y = np.zeros(6, np.int64)
    rows = checked_rows(TASK, y, y, None, probabilities=False)
    assert importance_of(Part("a"), rows, [rows], TASK, "roc_auc").drop is None


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (28, 28), (30, 17), (224, 224)])
def test_patches_cover_an_image_once_and_are_sixty_four_at_most(shape):
    covered = np.zeros(shape, int)
    parts = parts_of(np.zeros((1, *shape), np.uint8))
    for part in parts:
        top, left, bottom, right = part.patch
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()
    assert len(parts) <= 64


@pytest.mark.parametrize("shape", [(20, 8, 8), (20, 8, 8, 3)])
def test_shuffling_a_patch_changes_nothing_else_and_loses_no_value(shape):
    X = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    part = parts_of(X)[9]
    found = shuffled(X, part, np.random.default_rng(1))
    assert not np.array_equal(found, X)
    outside = np.ones(shape, bool)
    outside[:, 1, 1] = False
    assert np.array_equal(found[outside], X[outside])
    assert sorted(map(tuple, found[:, 1, 1].reshape(20, -1))) == sorted(map(tuple, X[:, 1, 1].reshape(20, -1)))


def test_columns_keep_their_type_when_shuffled():
    X = pd.DataFrame({"n": [1, 2, 3], "t": pd.Series(["a", None, "b"], dtype=object), "f": [0.5, np.nan, 1.5]})
    for name in X:
        found = shuffled(X, Part(name), np.random.default_rng(0))
        assert list(found.dtypes) == list(X.dtypes)
        assert list(found.columns) == list(X.columns)


@given(st.integers(2, 6), st.integers(2, 5), st.integers(30, 400))
def test_sizes_double_up_to_all_of_the_smallest_training_part(classes, k, n):
    folds = (np.arange(n) % k).astype(np.int16)
    sizes = learning_sizes(folds, classes)
    assert sizes[-1] == n - np.bincount(folds).max()
    assert all(later in {2 * sooner, 2 * sooner + 1} for sooner, later in pairwise(sizes))
    assert len(sizes) <= 6


@given(st.integers(0, 99))
def test_smaller_draws_lie_in_larger_ones_in_proportion_with_every_class(seed):
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(4), rng.choice(4, 396, p=[0.6, 0.3, 0.09, 0.01])])
    folds = np.concatenate([np.ones(4), rng.integers(0, 3, 396)]).astype(np.int16)
    draws = [set(learning_rows(codes, folds, 0, size, seed).tolist()) for size in (20, 60, 180)]
    assert draws[0] < draws[1] < draws[2]
    for draw in draws:
        rows = np.array(sorted(draw))
        assert (folds[rows] != 0).all()
        assert set(codes[rows]) == set(codes)
        assert abs((codes[rows] == 0).mean() - (codes[folds != 0] == 0).mean()) < 0.12


def test_a_point_has_the_figure_of_evaluation_and_a_paired_gain():
    rng = np.random.default_rng(0)
    y, few, many = np.arange(200) % 2, rng.random(200), np.clip(np.arange(200) % 2 + rng.normal(0, 0.4, 200), 0, 1)
    found = learning_point(TASK, "roc_auc", 100, _rows(y, many), _rows(y, few))
    expected = evaluate(TASK, y, (many > 0.5).astype(int), many, probabilities=True, resamples=10).metrics["roc_auc"]
    assert found.estimate == expected
    assert found.gain.low > 0
    assert learning_point(TASK, "roc_auc", 50, _rows(y, few), None).gain is None


def test_shares_of_each_class_add_up_whatever_the_column():
    y = np.arange(90) % 3
    rng = np.random.default_rng(0)
    for values in (rng.normal(size=90), rng.integers(0, 3, 90), rng.choice(["a", "b"], 90), np.full(90, 7.5)):
        found = spread_of(pd.Series(values, name="x"), y, 3)
        assert found.shares.sum(axis=1) == pytest.approx(1)


def test_columns_without_values_have_no_spread_and_names_are_not_listed():
    y = np.zeros(40, np.int64)
    assert spread_of(pd.Series([None] * 40, name="x"), y, 2) is None
    names = spread_of(pd.Series([f"Mr {i}" for i in range(40)], name="x"), y, 2)
    assert names.names == ()
    assert names.others == 40
