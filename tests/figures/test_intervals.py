import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tenfold.figures import calibration, clopper_pearson, wilson
from tenfold.figures.intervals.bootstrap import affordable, resampled_margins
from tenfold.figures.intervals.closed import bonett_price, effective_size, stratified_variance

counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from([0.8, 0.95, 0.99]))
def test_intervals_of_a_share_are_scipys(count, confidence):
    for ours, theirs in ((wilson, "wilson"), (clopper_pearson, "exact")):
        reference = binomtest(*count).proportion_ci(confidence, theirs)
        assert tuple(map(float, ours(*count, confidence))) == pytest.approx(tuple(reference), abs=1e-9)


@given(counts)
def test_a_share_lies_in_its_intervals(count):
    for method in (wilson, clopper_pearson):
        low, high = method(*count)
        assert 0 <= low <= count[0] / count[1] <= high <= 1


def test_intervals_of_many_shares_at_once_and_of_none():
    low, high = wilson([0, 5, 0], [10, 10, 0])
    assert low.shape == (3,)
    assert np.isnan(low[2])
    assert np.isnan(high[2])
    assert [float(end) for end in clopper_pearson(0, 0)] == [0.0, 1.0]


def test_the_paired_interval_is_that_of_the_adjusted_shares():
    low, high = bonett_price(30, 10, 200)
    first, second = 31 / 202, 11 / 202
    half = 1.959964 * np.sqrt((first + second - (first - second) ** 2) / 202)
    assert (low, high) == pytest.approx((first - second - half, first - second + half), rel=1e-6)


def test_rows_of_equal_weight_count_in_full():
    assert effective_size(20.0, 40.0) == 10.0
    assert effective_size(0.0, 0.0) == 0.0


def test_bootstrapped_matrices_keep_the_rows_of_each_class_and_vary_around_the_matrix():
    matrix = np.array([[80, 20, 0], [5, 90, 5], [0, 0, 0]])
    drawn = resampled_margins(matrix, matrix, matrix, 4000, seed=0)
    assert (drawn.actual == [100, 100, 0]).all()
    assert drawn.called.sum(1).tolist() == [200.0] * 4000
    assert drawn.hits.mean(0) == pytest.approx([80, 90, 0], abs=1.0)
    assert drawn.hits[:, 0].std() == pytest.approx(4.0, rel=0.1)


def test_weighted_bootstrap_varies_like_resampled_rows():
    rng = np.random.default_rng(0)
    y, called, weight = np.zeros(200, int), rng.integers(0, 2, 200), rng.exponential(size=200)
    matrices = [np.bincount(2 * y + called, weight**power, minlength=4).reshape(2, 2) for power in (0, 1, 2)]
    drawn = resampled_margins(matrices[0].astype(int), *matrices[1:], 4000, seed=0)
    picked = rng.integers(0, 200, (4000, 200))
    hits = np.where(called[picked] == 0, weight[picked], 0).sum(1)
    assert drawn.hits[:, 0].mean() == pytest.approx(hits.mean(), rel=0.02)
    assert drawn.hits[:, 0].std() == pytest.approx(hits.std(), rel=0.08)


def test_fewer_replicates_for_very_many_classes():
    assert affordable(1000, 10) == 1000
    assert affordable(1000, 1000) == 200
    assert affordable(50, 1000) == 50


def test_the_variance_of_a_mean_within_classes_is_the_textbook_one():
    rng = np.random.default_rng(0)
    values, strata = rng.normal(size=30), np.repeat([0, 1], [10, 20])
    parts = [values[strata == c] for c in (0, 1)]
    expected = sum(len(part) * np.var(part, ddof=1) for part in parts)
    assert stratified_variance(values, strata, 2) == pytest.approx(expected)


@given(st.integers(1, 200), st.integers(1, 12), st.sampled_from([1, 3, 1000]))
def test_calibration_bins_keep_all_rows_and_never_split_equal_scores(n, bins, levels):
    rng = np.random.default_rng(n)
    y, scores = rng.integers(0, 2, n), rng.integers(0, levels, n) / levels
    found = calibration(y, scores, bins)
    assert found.n.sum() == n
    assert len(found.n) <= bins
    assert (np.diff(found.mean_score) > 0).all()
    assert (found.n * found.mean_score).sum() == pytest.approx(scores.sum())
    assert (found.n * found.observed).sum() == pytest.approx(y.sum())
    assert ((found.low <= found.observed) & (found.observed <= found.high)).all()


def test_calibration_bins_of_distinct_scores_are_about_equal():
    found = calibration(np.zeros(1003, int), np.random.default_rng(0).random(1003), 10)
    assert set(found.n.tolist()) <= {100, 101}


def test_calibration_of_no_rows_is_empty():
    assert len(calibration(np.empty(0, np.int64), np.empty(0)).n) == 0
