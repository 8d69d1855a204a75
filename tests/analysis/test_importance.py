"""What the answers rest on, and whether more rows would help."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.importance import importance_of
from tenfold.analysis.learning import learning_point, learning_rows, learning_sizes
from tenfold.data.kinds import Part
from tenfold.data.kinds.table.content import shuffle
from tenfold.figures import evaluate
from tenfold.figures.quantities.rows import checked_quantity_rows
from tenfold.figures.rows import checked_rows
from tenfold.tasks import ClassTask
from tenfold.tasks.quantities.task import QuantityTask

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
        name: [
            np.clip(shuffle(X, Part(name), random.permutation(len(X)))["signal"].to_numpy(), 0.01, 0.99)
            for _ in range(2)
        ]
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


def _quantities(y, predicted):
    return checked_quantity_rows(("price",), y, predicted)


def test_shuffling_a_column_costs_rmse_what_the_predictions_lose(signal):
    X, _ = signal
    y = 3 * X["signal"].to_numpy() + np.random.default_rng(2).normal(0, 0.1, len(X))
    task, before = QuantityTask(("price",)), _quantities(y, 3 * X["signal"].to_numpy())
    after = [_quantities(y, 3 * np.random.default_rng(seed).permutation(X["signal"].to_numpy())) for seed in (3, 4)]
    found = importance_of(Part("signal"), before, after, task, "rmse")
    rmse = [np.sqrt(((rows.y - rows.predicted) ** 2).mean()) for rows in (before, *after)]
    assert found.drop == pytest.approx(np.mean(rmse[1:]) - rmse[0])
    assert 0 < found.low < found.drop < found.high
    nothing = importance_of(Part("noise"), before, [before, before], task, "rmse")
    assert (nothing.drop, nothing.low, nothing.high) == (0, 0, 0)


def test_more_of_r2_is_better_and_its_loss_counts_as_one(signal):
    X, _ = signal
    y = X["signal"].to_numpy()
    before, after = _quantities(y, y), _quantities(y, y[::-1])
    assert importance_of(Part("a"), before, [after], QuantityTask(("price",)), "r2").drop > 0.5


def test_a_learning_point_of_quantities_is_paired_with_the_size_before():
    rng = np.random.default_rng(5)
    y = rng.normal(size=200)
    few, many = (_quantities(y, y + rng.normal(0, size, 200)) for size in (1.0, 0.5))
    point = learning_point(QuantityTask(("price",)), "rmse", 80, many, few)
    assert point.estimate.value == pytest.approx(np.sqrt(((many.y - many.predicted) ** 2).mean()))
    assert point.gain.high < 0
    assert "fitted" not in point.as_dict()
    assert learning_point(QuantityTask(("price",)), "rmse", 40, few, None).gain is None
