"""Figures of quantities: equal to scikit-learn's, with intervals that hold what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from tenfold.errors import DataError
from tenfold.figures.quantities.estimates import (
    quantity_difference,
    quantity_estimates,
    quantity_influence,
    quantity_metric_keys,
)
from tenfold.figures.quantities.rows import checked_quantity_rows

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 6))
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=40)
THEIRS = {
    "rmse": sk.root_mean_squared_error,
    "mae": sk.mean_absolute_error,
    "median_absolute_error": sk.median_absolute_error,
    "r2": sk.r2_score,
    "mape": sk.mean_absolute_percentage_error,
}


def rows_of(y, predicted, **more):
    return checked_quantity_rows(("y",), np.asarray(y, float), np.asarray(predicted, float), **more)


@given(PAIRS)
@settings(max_examples=80, deadline=None)
def test_figures_are_those_of_scikit_learn(pairs):
    y, predicted = np.array(pairs).T
    found = quantity_estimates(rows_of(y, predicted))
    for key, theirs in THEIRS.items():
        if found[key].value is None:
            assert (key == "r2" and np.ptp(y) == 0) or (key == "mape" and (y == 0).any())
        else:
            assert found[key].value == pytest.approx(theirs(y, predicted), rel=1e-9, abs=1e-12)
    assert found["bias"].value == pytest.approx((predicted - y).mean(), rel=1e-9, abs=1e-9)


@given(PAIRS)
@settings(max_examples=60, deadline=None)
def test_values_lie_inside_their_intervals(pairs):
    y, predicted = np.array(pairs).T
    for one in quantity_estimates(rows_of(y, predicted)).values():
        if one.low is not None:
            assert one.low <= one.value <= one.high


def test_several_targets_are_averaged_as_scikit_learn_does():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(50, 3)) * [1, 10, 100]
    predicted = y + rng.normal(size=(50, 3))
    found = quantity_estimates(checked_quantity_rows(("a", "b", "c"), y, predicted))
    assert list(found) == list(quantity_metric_keys(("a", "b", "c")))
    for key in ("rmse", "mae", "median_absolute_error", "r2"):
        assert found[key].value == pytest.approx(THEIRS[key](y, predicted))
        assert found[f"{key}:b"].value == pytest.approx(THEIRS[key](y[:, 1], predicted[:, 1]))


def test_pinball_is_that_of_scikit_learn():
    rng = np.random.default_rng(1)
    y, predicted = rng.normal(size=60), np.zeros(60)
    ends = np.column_stack([np.full(60, -1.5), np.full(60, 1.5)])
    found = quantity_estimates(rows_of(y, predicted, ends=ends, coverage=0.8))
    losses = [sk.mean_pinball_loss(y, ends[:, side], alpha=share) for side, share in enumerate((0.1, 0.9))]
    assert found["pinball"].value == pytest.approx(np.mean(losses))
    assert found["coverage"].value == pytest.approx((np.abs(y) <= 1.5).mean())
    assert found["width"].value == 3.0


def test_what_is_undefined_says_why():
    found = quantity_estimates(rows_of([0.0, 0.0, 0.0], [1.0, 0.0, 0.0]))
    assert found["r2"].value is None
    assert "no variance" in found["r2"].reason
    assert "3 true values are 0" in found["mape"].reason
    assert found["coverage"].reason == "there are no intervals"
    assert quantity_estimates(rows_of([1.0], [2.0]))["rmse"].interval == "none: 1 row only"


def test_folds_have_values_of_their_own():
    fold = np.array([0, 0, 1, 1])
    found = quantity_estimates(rows_of([1, 2, 3, 4], [1, 2, 4, 6], fold=fold))
    assert found["mae"].folds == (0.0, 1.5)


def test_a_value_that_is_not_finite_is_named():
    with pytest.raises(DataError, match=r"row 2.*prediction is nan"):
        rows_of([1.0, 2.0], [1.0, np.nan])


@pytest.mark.parametrize("metric", ["rmse", "mae", "r2", "bias"])
def test_influences_are_derivatives(metric):
    """By the count of a row: the figure with a row a little heavier, by central differences."""
    rng = np.random.default_rng(2)
    y, predicted = rng.normal(5, 2, 30), rng.normal(5, 2, 30)
    found = quantity_influence(rows_of(y, predicted), metric).rows

    def weighted(weight):
        if metric == "bias":
            return np.average(predicted - y, weights=weight)
        return THEIRS[metric](y, predicted, sample_weight=weight)

    for row in (0, 7, 29):
        step = np.zeros(30)
        step[row] = 1e-5
        assert found[row] == pytest.approx((weighted(1 + step) - weighted(1 - step)) / 2e-5, rel=1e-4)


def test_a_difference_is_paired():
    rng = np.random.default_rng(3)
    y = rng.normal(size=200)
    common = rng.normal(size=200)
    first, second = rows_of(y, y + common), rows_of(y, y + common * 1.02)
    apart = quantity_difference(first, second, "rmse")
    assert apart.high < 0
    assert apart.value == pytest.approx(
        quantity_influence(first, "rmse").value - quantity_influence(second, "rmse").value
    )
    assert quantity_difference(first, first, "rmse").contains_zero


@pytest.mark.slow
@pytest.mark.parametrize("errors", ["normal", "laplace", "skewed"])
@pytest.mark.parametrize("metric", ["rmse", "mae", "median_absolute_error", "bias", "r2"])
def test_intervals_hold_the_true_figure(metric, errors):
    """At least 93 of 100 intervals hold the figure of a very large sample, of 200 rows each."""
    rng = np.random.default_rng(4)

    def sample(n):
        y = rng.normal(size=n) * 3
        noise = {"normal": rng.normal, "laplace": rng.laplace, "skewed": lambda size: rng.gamma(2.0, size=size) - 2}
        return y, y + noise[errors](size=n)

    truth = quantity_influence(rows_of(*sample(2_000_000)), metric).value
    held = 0
    for _ in range(1000):
        one = quantity_estimates(rows_of(*sample(200)))[metric]
        held += one.low <= truth <= one.high
    assert held >= 930


@pytest.mark.slow
def test_the_interval_of_rmse_agrees_with_a_bootstrap():
    rng = np.random.default_rng(5)
    y, predicted = rng.normal(size=500), rng.normal(size=500)
    squares = (predicted - y) ** 2
    draws = np.sqrt(squares[rng.integers(0, 500, (4000, 500))].mean(axis=1))
    one = quantity_estimates(rows_of(y, predicted))["rmse"]
    assert [one.low, one.high] == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.01)


def test_means_over_targets_stay_where_their_figure_can_lie():
    y = np.arange(32.0).reshape(16, 2)
    ends = np.hstack([y - 1, y + 1])
    ends[0, [0, 2]] += 50
    nearly = y + np.tile([[1e-3, -1e-3]], (16, 1))
    found = quantity_estimates(checked_quantity_rows(("a", "b"), y, nearly, ends, coverage=0.9))
    assert found["coverage"].value == 31 / 32
    assert 0.7 < found["coverage"].low < 31 / 32 < found["coverage"].high < 1
    assert found["r2"].high <= 1
    assert found["bias"].low <= 0
    inside = quantity_estimates(checked_quantity_rows(("a", "b"), y, y, np.hstack([y, y]), coverage=0.9))
    assert inside["coverage"].value == inside["coverage"].high == 1
    assert 0.7 < inside["coverage"].low < 0.9  # that all are inside says no more than 16 rows can
