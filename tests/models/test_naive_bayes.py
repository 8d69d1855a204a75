"""Naive Bayes of mixed tables: scikit-learn's on numbers and on categories, in parts as in one, gaps left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.naive_bayes import CategoricalNB, GaussianNB
from sklearn.utils.estimator_checks import check_estimator

from tenfold.models import MixedNaiveBayes


def test_it_is_an_ordinary_estimator():
    check_estimator(MixedNaiveBayes())


@given(classes=st.integers(2, 5), rows=st.integers(30, 400), seed=st.integers(0, 10**6))
@settings(max_examples=20)
def test_it_is_scikit_learns_on_numbers_and_on_categories(classes, rows, seed):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(rows) % classes)
    numbers = rng.normal(size=(rows, 4)) + y[:, None] / 2
    known = GaussianNB().fit(numbers, y).predict_proba(numbers)
    assert np.allclose(MixedNaiveBayes().fit(numbers, y).predict_proba(numbers), known, atol=1e-9)
    codes = np.concatenate(
        [np.tile(np.arange(3)[:, None], (1, 2)), (rng.integers(0, 3, (rows - 3, 2)) + y[3:, None]) % 3]
    )
    known = CategoricalNB().fit(codes, y).predict_proba(codes)
    assert np.allclose(MixedNaiveBayes(categorical=[0, 1]).fit(codes, y).predict_proba(codes), known, atol=1e-9)


def test_parts_teach_what_all_rows_do():
    rng = np.random.default_rng(0)
    y, X = rng.integers(0, 3, 900), np.column_stack([rng.normal(size=(900, 2)), rng.integers(0, 6, 900)])
    X[rng.random((900, 3)) < 0.1] = np.nan
    whole, parts = MixedNaiveBayes(categorical=[2]).fit(X, y), MixedNaiveBayes(categorical=[2])
    for start in range(0, 900, 70):
        parts.partial_fit(X[start : start + 70], y[start : start + 70], classes=[0, 1, 2])
    assert np.array_equal(whole.category_count_, parts.category_count_)
    assert np.allclose(whole.predict_log_proba(X), parts.predict_log_proba(X), atol=1e-10)


def test_a_missing_value_and_an_unknown_category_say_nothing():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 300)
    X = np.column_stack([rng.normal(size=300) + y, (rng.integers(0, 3, 300) + y) % 3])
    model, alone = MixedNaiveBayes(categorical=[1]).fit(X, y), MixedNaiveBayes().fit(X[:, :1], y)
    for strange in (np.nan, 7.0):
        asked = np.column_stack([X[:, 0], np.full(300, strange)])
        assert np.allclose(model.predict_proba(asked), alone.predict_proba(X[:, :1]))
    nothing = model.predict_proba([[np.nan, np.nan]])[0]
    assert np.allclose(nothing, np.bincount(y) / 300)


def test_a_column_without_values_in_a_class_is_judged_by_all_rows():
    X, y = np.array([[1.0], [2.0], [np.nan], [np.nan]]), np.array([0, 0, 1, 1])
    assert np.isfinite(MixedNaiveBayes().fit(X, y).predict_log_proba([[1.5], [9.0]])).all()


@pytest.mark.parametrize("bad", [-1.0, 0.5])
def test_codes_that_are_none_are_refused(bad):
    with pytest.raises(ValueError, match="no code 0, 1"):
        MixedNaiveBayes(categorical=[0]).fit([[0.0], [bad]], [0, 1])
