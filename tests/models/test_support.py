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
from tenfold.models.support import gaussian, one_vs_one
from tenfold.models.support.one_vs_one import fit_one_vs_one

DIGITS = load_digits()


_TO_TOLERANCE = {
    "check_sample_weight_equivalence_on_dense_data": 'as of SVC: "scale" counts rows of weight 0, libsvm ends at `tol`'
}


def test_check_estimator():
    check_estimator(GaussianSVC(), expected_failed_checks=_TO_TOLERANCE)
    check_estimator(GaussianSVC(gamma=0.1, tol=1e-9))


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
    fitted, fit = [], one_vs_one._fit_all_at_once
    monkeypatch.setattr(
        one_vs_one, "_fit_all_at_once", lambda machine, X, *rest: (fitted.append(X.shape), fit(machine, X, *rest))[1]
    )
    ours, theirs = GaussianSVC().fit(padded, y), SVC().fit(padded, y)
    assert fitted == [(300, (X.min(axis=0) < X.max(axis=0)).sum())]
    np.testing.assert_allclose(ours.decision_function(asked), theirs.decision_function(asked), rtol=0, atol=1e-7)
    same = np.ones((4, 2))
    theirs = SVC(break_ties=True).fit(same, y[:4])
    assert GaussianSVC().fit(same, y[:4]).predict(same).tolist() == theirs.predict(same).tolist()


FOUND = ["support_", "n_support_", "dual_coef_", "intercept_", "n_iter_"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("classes", "asked"), [(2, {}), (3, {"C": 30.0}), (10, {}), (10, {"max_iter": 7})])
@pytest.mark.filterwarnings("ignore:Solver terminated early")
def test_pairs_one_by_one_are_fitted_as_by_libsvm(classes, asked, dtype, monkeypatch):
    keep = DIGITS.target < classes
    X, y = (DIGITS.data[keep] / 16).astype(dtype), np.array([f"no. {9 - code}" for code in DIGITS.target[keep]])
    at_once = GaussianSVC(**asked).fit(X, y)
    monkeypatch.setattr(one_vs_one, "_FEWEST_ROWS", 1)
    for threads in (1, 3):
        one_by_one = GaussianSVC(n_jobs=threads, **asked).fit(X, y)
        for name in FOUND:
            np.testing.assert_array_equal(getattr(one_by_one, name), getattr(at_once, name), err_msg=name)
        np.testing.assert_array_equal(one_by_one.decision_function(X), at_once.decision_function(X))


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), classes=st.integers(3, 6), rows=st.integers(6, 80), columns=st.integers(1, 4))
def test_pairs_of_any_data_are_those_of_libsvm(seed, classes, rows, columns):
    rng = np.random.default_rng(seed)
    X = np.vstack([np.zeros((classes, columns)), rng.integers(0, 3, (rows, columns))])
    y = np.append(np.arange(classes), rng.integers(0, classes, rows))
    found, theirs = fit_one_vs_one(SVC(gamma=0.5), X, y, threads=2), SVC(gamma=0.5).fit(X, y)
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
    monkeypatch.setattr(gaussian, "_FEWEST_VALUES", 0)
    monkeypatch.setattr(gaussian, "_float_kernels", None)
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
    monkeypatch.setattr(gaussian, "_FEWEST_VALUES", 0)
    np.testing.assert_array_equal(ours.decision_function(asked), plain)
    np.testing.assert_allclose(plain, theirs.decision_function(asked), rtol=0, atol=1e-5)


@pytest.mark.parametrize("worth", [0, 1 << 18])
def test_blocks_and_threads_change_nothing(worth, monkeypatch):
    X, y = pixels(np.float64) / 255, DIGITS.target
    model = GaussianSVC().fit(X[:300], y[:300])
    monkeypatch.setattr(gaussian, "_FEWEST_VALUES", worth)
    whole = model.decision_function(X)
    for threads in (1, 2, 3):
        np.testing.assert_array_equal(copy.copy(model).set_params(n_jobs=threads).decision_function(X), whole)
        with threadpool_limits(threads):
            np.testing.assert_array_equal(model.decision_function(X), whole)
    parts = [model.decision_function(X[start : start + 100]) for start in range(0, len(X), 100)]
    np.testing.assert_allclose(np.concatenate(parts), whole, rtol=0, atol=1e-12)
    monkeypatch.setattr(gaussian, "_WIDTH", 7)
    np.testing.assert_allclose(model.decision_function(X), whole, rtol=0, atol=1e-12)


# As scikit-learn, a margin of 0 is the first class's where scores decide, the other's where votes alone do.
TIES = [
    {"break_ties": True},
    {"break_ties": False},
    {"break_ties": False, "decision_function_shape": "ovo"},
]


@pytest.mark.parametrize("shape", TIES)
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_margins_that_underflow_are_won_as_in_scikit_learn(classes, shape):
    keep = DIGITS.target < classes
    X, y = DIGITS.data[keep], DIGITS.target[keep]
    ours, theirs = (kind(gamma=1.0, **shape).fit(X[::2], y[::2]) for kind in (GaussianSVC, SVC))
    far = np.vstack([X[1::2], np.full((1, 64), 1e4)])
    assert (theirs.decision_function(far)[-1] == ours.decision_function(far)[-1]).all()
    np.testing.assert_array_equal(ours.predict(far), theirs.predict(far))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    classes=st.integers(2, 5),
    rows=st.integers(2, 12),
    columns=st.integers(1, 3),
    gamma=st.sampled_from([0.1, 10.0, 1e4]),
    shape=st.sampled_from(TIES),
)
def test_ties_are_decided_as_in_scikit_learn(seed, classes, rows, columns, gamma, shape):
    """Classes that share their places: margins are 0 there, between them, and where nothing reaches."""
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 2, (rows, columns)).astype(float)
    X, y = np.repeat(places, classes, axis=0), np.tile(np.arange(classes), rows)
    ours, theirs = (kind(gamma=gamma, **shape).fit(X, y) for kind in (GaussianSVC, SVC))
    asked = np.vstack([X, rng.integers(-1, 3, (20, columns)), np.full((1, columns), 1e3), np.full((1, columns), 0.5)])
    margins = SVC(gamma=gamma, decision_function_shape="ovo").fit(X, y).decision_function(asked).reshape(len(asked), -1)
    # A margin that is 0 but for scikit-learn's own rounding is decided by that.
    decided = ((np.abs(margins) > 1e-12) | (margins == 0)).all(axis=1)
    assert decided[-2]
    np.testing.assert_array_equal(ours.predict(asked)[decided], theirs.predict(asked)[decided])
    np.testing.assert_allclose(
        ours.decision_function(asked)[decided], theirs.decision_function(asked)[decided], rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("offset", [1e3, 1e6, 1e7])
@pytest.mark.parametrize("apart", [0.0, 1.0])
def test_far_from_zero_scores_are_those_of_scikit_learn(offset, apart):
    """All rows lie far from it, or those of one class do, which no centre brings near."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 240)
    X = rng.normal(size=(240, 5)) + y[:, None] + offset * (1 + apart * (y == 2))[:, None]
    ours, theirs = GaussianSVC(gamma=0.1, C=10.0).fit(X, y), SVC(gamma=0.1, C=10.0, break_ties=True).fit(X, y)
    np.testing.assert_array_equal(ours.dual_coef_, theirs.dual_coef_)
    asked = np.vstack([X, X + rng.normal(size=X.shape), X * 2, X[:1] * 0])
    np.testing.assert_allclose(ours.decision_function(asked), theirs.decision_function(asked), rtol=0, atol=1e-10)
    np.testing.assert_array_equal(ours.predict(asked), theirs.predict(asked))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("gamma", ["scale", 0.0, 1e-300])
def test_values_of_any_size_are_answered(gamma):
    X, y = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 3
    for size in (1e-200, 1.0, 1e150, 1e170):
        ours = GaussianSVC(gamma=gamma if size == 1 or gamma != "scale" else 1e-9).fit(X, y)
        theirs = SVC(gamma=ours.gamma_, break_ties=True).fit(X, y)
        if gamma == 0 and size == 1e170:
            continue  # No number times infinity is one, in either.
        np.testing.assert_array_equal(ours.predict(X * size), theirs.predict(X * size))


def vote_weights(rows, *, zero=0.0):
    rng = np.random.default_rng(3)
    return np.where(rng.random(rows) < zero, rng.integers(-1, 1, rows), 10 ** rng.uniform(-1, 1, rows))


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("one_by_one", [False, True])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 0.2, 1: 3.0}])
@pytest.mark.parametrize("weighted", [False, True])
def test_weights_count_as_in_scikit_learn(classes, one_by_one, class_weight, weighted, monkeypatch):
    if one_by_one:
        monkeypatch.setattr(one_vs_one, "_FEWEST_ROWS", 1)
    keep = (DIGITS.target < classes) & ((DIGITS.target > 0) | (np.arange(len(DIGITS.target)) % 3 == 0))
    X, y = DIGITS.data[keep] / 16, DIGITS.target[keep]
    weights = vote_weights(len(y)) if weighted else None
    asked = {"class_weight": class_weight, "C": 0.3}
    ours, theirs = (kind(**asked).fit(X, y, sample_weight=weights) for kind in (GaussianSVC, SVC))
    for name in [*FOUND, "class_weight_"]:
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), err_msg=name)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=0, atol=1e-10)


def test_rows_without_a_weight_above_zero_are_as_if_not_given():
    X, y = DIGITS.data[:300] / 16, DIGITS.target[:300] % 3
    weights = vote_weights(300, zero=0.3)
    counted = weights > 0
    assert set(weights[~counted]) == {-1.0, 0.0}
    ours = GaussianSVC(gamma=0.1).fit(X, y, weights)
    without = GaussianSVC(gamma=0.1).fit(X[counted], y[counted], weights[counted])
    np.testing.assert_array_equal(ours.dual_coef_, without.dual_coef_)
    np.testing.assert_array_equal(X[ours.support_], ours.support_vectors_)
    theirs = SVC(gamma=0.1).fit(X, y, weights)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=0, atol=1e-10)
    # scikit-learn would name the two classes that are left by the wrong names.
    two = GaussianSVC(gamma=0.1).fit(X, y, np.where(y == 0, 0.0, 1.0))
    assert two.classes_.tolist() == [1, 2]
    np.testing.assert_array_equal(two.predict(X), SVC(gamma=0.1).fit(X[y > 0], y[y > 0]).predict(X))


@pytest.mark.parametrize(
    ("asked", "weights", "match"),
    [
        ({}, [1, 1, 1], "incompatible shapes"),
        ({}, [[1], [1], [1], [1]], "incompatible shapes"),
        ({}, [1, np.nan, 1, 1], "must be finite"),
        ({}, [0, 0, -1, 0], "zero or negative weights"),
        ({}, [1, 1, 0, 0], "the rows with a weight above 0 hold one class: 0"),
        ({"class_weight": {0: 0.0}}, None, "above 0, not 0.0 for class 0"),
        ({"class_weight": {1: np.nan}}, None, "above 0, not nan for class 1"),
        ({"class_weight": {7: 2.0}}, None, "not in class_weight"),
        ({"class_weight": "most"}, None, "class_weight"),
        ({"C": -1}, None, "'C' parameter"),
        ({"C": "much"}, None, "'C' parameter"),
        ({"gamma": "wide"}, None, "'gamma' parameter"),
        ({"gamma": -0.1}, None, "'gamma' parameter"),
        ({"gamma": np.nan}, None, "'gamma' parameter"),
        ({"tol": 0}, None, "'tol' parameter"),
        ({"cache_size": 0}, None, "'cache_size' parameter"),
        ({"max_iter": 1.5}, None, "'max_iter' parameter"),
        ({"decision_function_shape": "ovx"}, None, "'decision_function_shape' parameter"),
        ({"break_ties": "yes"}, None, "'break_ties' parameter"),
        ({"shrinking": None}, None, "'shrinking' parameter"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(asked, weights, match):
    with pytest.raises(ValueError, match=match):
        GaussianSVC(**asked).fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1], sample_weight=weights)


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="hold one class: 1"):
        GaussianSVC().fit([[0.0], [1.0]], [1, 1])


def test_models_of_before_a_parameter_existed_predict():
    model = GaussianSVC().fit(DIGITS.data[:300], DIGITS.target[:300])
    state = model.__getstate__()
    for name in ("class_weight", "class_weight_", "decision_function_shape", "break_ties", "shrinking"):
        del state[name]
    former = GaussianSVC.__new__(GaussianSVC)
    former.__setstate__(state)
    assert repr(former) == "GaussianSVC()"
    np.testing.assert_array_equal(former.decision_function(DIGITS.data), model.decision_function(DIGITS.data))
    np.testing.assert_array_equal(former.predict(DIGITS.data), model.predict(DIGITS.data))


def test_what_is_made_ready_for_answers_is_kept_and_is_no_part_of_a_copy():
    X, y = load_digits(return_X_y=True)
    model = GaussianSVC(gamma=0.001).fit(X[:900], y[:900])
    expected = model.decision_function(X[900:])
    ready = vars(model._kernel)["_float_evaluator"]
    assert np.array_equal(model.decision_function(X[900:]), expected)
    assert vars(model._kernel)["_float_evaluator"] is ready
    other = copy.deepcopy(model)
    assert "_kernel" not in vars(other)
    assert np.array_equal(other.decision_function(X[900:]), expected)
    again = model.fit(X[:500], y[:500]).decision_function(X[900:])
    assert np.array_equal(again, GaussianSVC(gamma=0.001).fit(X[:500], y[:500]).decision_function(X[900:]))


def test_bytes_are_the_numbers_that_they_stand_for():
    bytes_, rows = DIGITS.data[:300].astype(np.uint8), DIGITS.data[300:400]
    kernels = [gaussian.GaussianKernel(vectors, 0.001).values(rows, 1) for vectors in (bytes_, bytes_.astype(float))]
    np.testing.assert_array_equal(*kernels)
