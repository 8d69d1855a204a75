"""Least squares from moments: blocks of rows, one after another, give what all rows in memory do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.models import MomentsRegression
from tests.program.proof import assert_same_quantities


@parametrize_with_checks([MomentsRegression(), MomentsRegression(1.0)])
def test_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


def rows(seed, n=200, width=5, targets=None, offsets=True):
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, width)) * 10.0 ** random.integers(-2, 3, width)
    X += offsets * 10.0 ** random.integers(0, 4, width)
    y = 7 + X / np.abs(X).mean(axis=0) @ random.normal(size=(width, targets or 1)) + random.normal(size=(n, 1))
    return X, (y if targets else y[:, 0])


@given(
    seed=st.integers(0, 99),
    alpha=st.sampled_from([0.0, 0.5, 100.0]),
    intercept=st.booleans(),
    targets=st.sampled_from([None, 1, 3]),
    block=st.integers(4, 70),
    weighted=st.booleans(),
)
@settings(max_examples=15)
def test_blocks_of_rows_give_what_all_of_them_do(seed, alpha, intercept, targets, block, weighted):
    # without an intercept, columns far from 0 are nearly one
    X, y = rows(seed, n=60, targets=targets, offsets=intercept)
    w = np.random.default_rng(seed).integers(0, 3, len(y)) + 0.5 if weighted else np.ones(len(y))
    theirs = (Ridge(alpha, fit_intercept=intercept) if alpha else LinearRegression(fit_intercept=intercept)).fit(
        X, y, sample_weight=w
    )
    ours = MomentsRegression(alpha, fit_intercept=intercept)
    for start in range(0, len(y), block):
        ours.partial_fit(X[start : start + block], y[start : start + block], sample_weight=w[start : start + block])
    expected = theirs.predict(X).reshape(y.shape)
    assert ours.predict(X).shape == expected.shape
    assert np.abs(ours.predict(X) - expected).max() <= 1e-8 * np.abs(expected).max()
    assert ours.coef_.size == theirs.coef_.size
    assert ours.n_samples_seen_ == len(y)


def test_values_far_from_zero_lose_nothing():
    random = np.random.default_rng(1)
    X = random.normal(size=(5000, 3))
    y = X @ [1.0, 2.0, 3.0] + 1e-3 * random.normal(size=5000)
    near, far = MomentsRegression().fit(X, y), MomentsRegression().fit(X + 1e6, y + 1e6)
    assert far.coef_ == pytest.approx(near.coef_, abs=1e-8)
    naive = np.linalg.solve((X + 1e6).T @ (X + 1e6), (X + 1e6).T @ (y + 1e6))
    assert np.abs(naive - near.coef_).max() > 1e-8


def test_columns_that_depend_on_others():
    random = np.random.default_rng(2)
    X, y = random.normal(size=(200, 5)) * [1, 3, 0.1, 20, 1], random.normal(size=200)
    X = np.column_stack(
        [X, X[:, 0] + X[:, 1], np.full(len(X), 3.0), (X[:, 2] > X[:, 2].mean()), X[:, 2] <= X[:, 2].mean()]
    )
    ours, theirs = MomentsRegression().fit(X, y), LinearRegression().fit(X, y)
    assert ours.rank_ == 6
    assert ours.predict(X) == pytest.approx(theirs.predict(X), rel=1e-8)


def test_columns_of_any_scale_count():
    """scikit-learn's leaves out what is under a millionth of the largest."""
    random = np.random.default_rng(6)
    X, y = random.normal(size=(100, 2)), random.normal(size=100)
    X[:, 1] += y
    model = MomentsRegression().fit(X * [1e5, 1e-5], y)
    assert model.predict(X * [1e5, 1e-5]) == pytest.approx(LinearRegression().fit(X, y).predict(X), rel=1e-9)


def test_fewer_rows_than_columns():
    X, y = rows(3, n=4)
    assert MomentsRegression().fit(X, y).predict(X) == pytest.approx(y, rel=1e-6)
    assert MomentsRegression().fit(X[:1], y[:1]).predict(X[:1]) == pytest.approx(y[:1])


def test_a_fit_forgets_what_was_before():
    X, y = rows(4)
    model = MomentsRegression().fit(X, 2 * y).fit(X, y)
    assert np.array_equal(model.coef_, MomentsRegression().fit(X, y).coef_)
    with pytest.raises(ValueError, match="y has 2 targets, not the 1 of before"):
        model.partial_fit(X, np.column_stack([y, y]))
    with pytest.raises(ValueError, match="alpha must be"):
        MomentsRegression(-1).fit(X, y)


@pytest.mark.parametrize("targets", [None, 2])
def test_its_program(targets):
    X, y = rows(5, targets=targets)
    assert_same_quantities(make_pipeline(StandardScaler(), MomentsRegression(0.1)).fit(X, y), X)
