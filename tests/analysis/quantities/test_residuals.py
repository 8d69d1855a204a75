"""How errors are spread: quantiles along the prediction, moments, and a ratio whose interval holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kurtosis, skew

from tenfold.analysis.quantities.residuals import (
    error_quantile,
    error_shape,
    error_spread,
    running_medians,
    running_quantiles,
)


@given(st.integers(0, 10_000), st.integers(1, 400))
def test_moments_are_scipys(seed, n):
    errors = np.random.default_rng(seed).gamma(2.0, size=n)
    shape = error_shape(errors)
    assert shape.n == n
    if n == 1:
        assert shape.skewness is None
        return
    assert shape.skewness == pytest.approx(skew(errors))
    assert shape.excess_kurtosis == pytest.approx(kurtosis(errors))


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_the_shape_of_errors_has_no_unit(scale):
    errors = np.random.default_rng(0).standard_t(4, 500)
    one, other = error_shape(errors), error_shape(scale * errors)
    assert other.skewness == pytest.approx(one.skewness)
    assert other.excess_kurtosis == pytest.approx(one.excess_kurtosis)
    assert (other.within_one, other.beyond_three) == (one.within_one, one.beyond_three)


def test_equal_errors_have_no_shape():
    shape = error_shape(np.full(7, 2.5))
    assert (shape.mean, shape.deviation, shape.skewness) == (2.5, 0.0, None)


@given(st.integers(0, 10_000), st.integers(1, 3000))
def test_running_quantiles_are_in_order_and_hold_all_rows(seed, n):
    rng = np.random.default_rng(seed)
    x, errors = rng.normal(size=n), rng.normal(size=n)
    running = running_quantiles(x, errors)
    assert (np.diff(running.x) >= 0).all()
    assert (running.low <= running.middle).all()
    assert (running.middle <= running.high).all()
    assert len(running.x) == max(1, min(30, n // 50))
    assert np.allclose(running_medians(x, errors)[1], running.middle)


def test_the_interval_of_the_ratio_of_errors_holds():
    rng, held, times = np.random.default_rng(1), 0, 300
    predicted = np.arange(600.0)
    for _ in range(times):
        errors = rng.normal(0, np.where(predicted < 300, 1.0, 2.0))
        spread = error_spread(predicted, errors)
        held += spread.low <= 2.0 <= spread.high
    assert held / times > 0.92


def test_errors_of_low_and_high_predictions_are_compared_where_there_are_rows_enough():
    predicted, errors = np.arange(60.0), np.tile([1.0, -1.0], 30)
    assert error_spread(predicted[:59], errors[:59]) is None
    assert error_spread(predicted, np.zeros(60)) is None
    assert error_spread(predicted, errors).part == 3
    assert error_spread(np.arange(200.0), np.tile([1.0, -1.0], 100)).part == 10


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_the_interval_of_a_quantile_of_errors_holds(share):
    rng, held, times = np.random.default_rng(2), 0, 400
    true = -np.log(1 - share)
    for _ in range(times):
        one = error_quantile(rng.exponential(size=120), share)
        held += one.low <= true <= one.high
    assert held / times > 0.93


def test_few_rows_give_a_quantile_without_an_interval():
    one = error_quantile(np.array([1.0, 2.0, 3.0]), 0.99)
    assert one.value == pytest.approx(2.98)
    assert one.low is one.high is None
    assert error_quantile(np.zeros(0), 0.5).value is None
