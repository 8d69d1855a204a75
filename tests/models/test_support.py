"""GaussianSVC beside scikit-learn's: the same optimum, the same answers."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits, make_classification
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import check_estimator
from threadpoolctl import threadpool_limits

from tenfold.models import GaussianSVC
from tenfold.models.support import duels, gaussian
from tenfold.models.support.duels import fit_duels

DIGITS = load_digits()


def test_check_estimator():
    check_estimator(GaussianSVC())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("asked", [{}, {"C": 10.0, "gamma": "auto"}, {"C": 0.1, "gamma": 0.02}])
def test_scores_are_those_of_scikit_learn(dtype, classes, asked):
    keep = DIGITS.target < classes
    X, y = (DIGITS.data[keep] / 16).astype(dtype), DIGITS.target[keep]
    ours, theirs = (kind(**asked).fit(X[::2], y[::2]) for kind in (GaussianSVC, SVC))
    np.testing.assert_array_equal(ours.support_, theirs.support_)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=0, atol=1e-5)
    np.testing.assert_array_equal(ours.predict(X), theirs.set_params(break_ties=classes > 2).predict(X))


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), classes=st.integers(2, 5), rows=st.integers(30, 80))
def test_any_data_are_answered_as_by_scikit_learn(seed, classes, rows):
    X, y = make_classification(rows, 6, n_informative=4, n_classes=classes, n_clusters_per_class=1, random_state=seed)
    ours, theirs = GaussianSVC().fit(X, y), SVC().fit(X, y)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=1e-7, atol=1e-9)


def test_columns_that_never_vary_count_only_where_a_question_differs_in_them(monkeypatch):
    X, y = DIGITS.data[:300] / 16, DIGITS.target[:300]
    padded = np.hstack([X, np.full((300, 10), 0.5)])
    asked = padded.copy()
    asked[:150, -3:] = 0.9
    fitted, fit = [], duels._all_at_once
    monkeypatch.setattr(duels, "_all_at_once", lambda machine, X, y: (fitted.append(X.shape), fit(machine, X, y))[1])
    ours, theirs = GaussianSVC().fit(padded, y), SVC().fit(padded, y)
    assert fitted == [(300, (X.min(axis=0) < X.max(axis=0)).sum())]
    np.testing.assert_allclose(ours.decision_function(asked), theirs.decision_function(asked), rtol=0, atol=1e-7)
    same = np.ones((4, 2))
    assert GaussianSVC().fit(same, y[:4]).predict(same).tolist() == SVC().fit(same, y[:4]).predict(same).tolist()


FOUND = ["support_", "n_support_", "dual_coef_", "intercept_", "n_iter_"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("classes", "asked"), [(2, {}), (3, {"C": 30.0}), (10, {}), (10, {"max_iter": 7})])
@pytest.mark.filterwarnings("ignore:Solver terminated early")
def test_duels_one_by_one_find_what_libsvm_finds(classes, asked, dtype, monkeypatch):
    keep = DIGITS.target < classes
    X, y = (DIGITS.data[keep] / 16).astype(dtype), np.array([f"no. {9 - code}" for code in DIGITS.target[keep]])
    at_once = GaussianSVC(**asked).fit(X, y)
    monkeypatch.setattr(duels, "_ALONE", 1)
    for threads in (1, 3):
        one_by_one = GaussianSVC(n_jobs=threads, **asked).fit(X, y)
        for name in FOUND:
            np.testing.assert_array_equal(getattr(one_by_one, name), getattr(at_once, name), err_msg=name)
        np.testing.assert_array_equal(one_by_one.decision_function(X), at_once.decision_function(X))


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), classes=st.integers(3, 6), rows=st.integers(6, 80), columns=st.integers(1, 4))
def test_duels_of_any_data_are_those_of_libsvm(seed, classes, rows, columns):
    rng = np.random.default_rng(seed)
    X = np.vstack([np.zeros((classes, columns)), rng.integers(0, 3, (rows, columns))])
    y = np.append(np.arange(classes), rng.integers(0, classes, rows))
    found, theirs = fit_duels(SVC(gamma=0.5), X, y, threads=2), SVC(gamma=0.5).fit(X, y)
    for name in FOUND:
        np.testing.assert_array_equal(getattr(found, name), getattr(theirs, name), err_msg=name)


def pixels(dtype):
    return np.rint(DIGITS.data * (255 / 16)).astype(dtype)


@pytest.mark.parametrize("highest", [1, 255])
@pytest.mark.parametrize(("dtype", "closeness"), [(np.float32, 1e-6), (np.float64, 1e-10)])
def test_pixels_are_answered_by_exact_products(highest, dtype, closeness, monkeypatch):
    X, y = pixels(dtype) / dtype(255 / highest), DIGITS.target
    ours, theirs = GaussianSVC().fit(X[::2], y[::2]), SVC(break_ties=True).fit(X[::2], y[::2])
    rounded = ours.decision_function(X)
    monkeypatch.setattr(gaussian, "_WORTH", 0)
    monkeypatch.setattr(gaussian, "_rounded", None)
    exact = ours.decision_function(X)
    np.testing.assert_allclose(exact, rounded, rtol=0, atol=closeness)
    np.testing.assert_allclose(exact, theirs.decision_function(X), rtol=0, atol=1e-5)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("strange", [-1 / 255, 256 / 255, 0.5, 1e30])
def test_a_question_off_the_grid_is_answered_as_by_scikit_learn(strange, monkeypatch):
    X, y = pixels(np.float64) / 255, DIGITS.target
    ours, theirs = GaussianSVC().fit(X[::2], y[::2]), SVC().fit(X[::2], y[::2])
    asked = X.copy()
    asked[700, 40] = strange
    plain = ours.decision_function(asked)
    monkeypatch.setattr(gaussian, "_WORTH", 0)
    np.testing.assert_array_equal(ours.decision_function(asked), plain)
    np.testing.assert_allclose(plain, theirs.decision_function(asked), rtol=0, atol=1e-5)


@pytest.mark.parametrize("worth", [0, 1 << 18])
def test_blocks_and_threads_change_nothing(worth, monkeypatch):
    X, y = pixels(np.float64) / 255, DIGITS.target
    model = GaussianSVC().fit(X[:300], y[:300])
    monkeypatch.setattr(gaussian, "_WORTH", worth)
    whole = model.decision_function(X)
    for threads in (1, 2, 3):
        np.testing.assert_array_equal(copy.copy(model).set_params(n_jobs=threads).decision_function(X), whole)
        with threadpool_limits(threads):
            np.testing.assert_array_equal(model.decision_function(X), whole)
    parts = [model.decision_function(X[start : start + 100]) for start in range(0, len(X), 100)]
    np.testing.assert_allclose(np.concatenate(parts), whole, rtol=0, atol=1e-12)
    monkeypatch.setattr(gaussian, "_WIDTH", 7)
    np.testing.assert_allclose(model.decision_function(X), whole, rtol=0, atol=1e-12)


def test_one_class_and_bad_parameters_are_refused():
    with pytest.raises(ValueError, match="hold one class: 1"):
        GaussianSVC().fit([[0.0], [1.0]], [1, 1])
    with pytest.raises(ValueError, match="'C' parameter"):
        GaussianSVC(C=-1).fit([[0.0], [1.0]], [0, 1])


def test_what_is_made_ready_for_answers_is_kept_and_is_no_part_of_a_copy():
    X, y = load_digits(return_X_y=True)
    model = GaussianSVC(gamma=0.001).fit(X[:900], y[:900])
    expected = model.decision_function(X[900:])
    ready = vars(model._kernel)["_of_doubles"]
    assert np.array_equal(model.decision_function(X[900:]), expected)
    assert vars(model._kernel)["_of_doubles"] is ready
    other = copy.deepcopy(model)
    assert "_kernel" not in vars(other)
    assert np.array_equal(other.decision_function(X[900:]), expected)
    again = model.fit(X[:500], y[:500]).decision_function(X[900:])
    assert np.array_equal(again, GaussianSVC(gamma=0.001).fit(X[:500], y[:500]).decision_function(X[900:]))
