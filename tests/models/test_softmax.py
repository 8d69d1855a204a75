"""Softmax regression by batch gradient descent: scikit-learn's optimum, early stopping, divergence."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.models import SoftmaxRegression
from tests.program.proof import assert_same_classes

DRAWN = {
    f"check_sample_weight_equivalence_on_{kind}_data": "rows held out are drawn from others"
    for kind in ("dense", "sparse")
}


@parametrize_with_checks(
    [SoftmaxRegression(max_iter=200), SoftmaxRegression(early_stopping=True, max_iter=200, random_state=0)],
    expected_failed_checks=lambda estimator: DRAWN if estimator.early_stopping else {},
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


def rows(seed, classes, n=120):
    random = np.random.default_rng(seed)
    y = np.concatenate([np.arange(classes), random.integers(0, classes, n)])
    return random.normal(size=(len(y), 4)) + np.eye(10)[y][:, :4], y


@given(seed=st.integers(0, 50), classes=st.integers(2, 5), weighted=st.booleans())
@settings(max_examples=15)
def test_its_optimum_is_that_of_scikit_learn(seed, classes, weighted):
    X, y = rows(seed, classes)
    w = np.random.default_rng(seed).random(len(y)) + 0.1 if weighted else np.ones(len(y))
    ours = SoftmaxRegression(alpha=0.02, tol=1e-8).fit(X, y, sample_weight=w)
    C = 1 / (0.02 * w.sum()) if classes > 2 else 2 / (0.02 * w.sum())
    theirs = LogisticRegression(C=C, tol=1e-10, max_iter=1000).fit(X, y, sample_weight=w)
    assert ours.coef_.shape == theirs.coef_.shape
    assert ours.predict_proba(X) == pytest.approx(theirs.predict_proba(X), abs=1e-5)
    assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-4)


def test_the_loss_falls_at_every_step_by_the_chosen_rate():
    X, y = rows(1, 3)
    for scale in (1e-3, 1.0, 1e3):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model = SoftmaxRegression(max_iter=200).fit(scale * X, y)
        assert (np.diff(model.loss_curve_) <= 1e-15).all()
        assert model.loss_curve_[0] == pytest.approx(np.log(3))


def test_early_stopping_keeps_the_weights_of_the_best_step():
    random = np.random.default_rng(2)
    X, y = random.normal(size=(80, 60)), random.integers(0, 3, 80)
    X[:, 0] += y
    model = SoftmaxRegression(0.0, early_stopping=True, validation_fraction=0.5, random_state=3).fit(X, y)
    assert len(model.validation_curve_) == len(model.loss_curve_) == model.n_iter_
    assert model.best_epoch_ == int(np.argmin(model.validation_curve_)) + 1 == model.n_iter_ - 5
    with pytest.warns(ConvergenceWarning, match="steps were too few"):
        free = SoftmaxRegression(0.0, max_iter=500, random_state=3).fit(X, y)
    assert np.linalg.norm(model.coef_) < np.linalg.norm(free.coef_) / 2
    assert free.validation_curve_ is None


def test_a_rate_that_diverges_is_named():
    X, y = rows(3, 3)
    with pytest.warns(ConvergenceWarning, match="the learning rate 500 diverges: the loss is .* and was 1.1 before"):
        SoftmaxRegression(0.1, learning_rate=500, max_iter=20).fit(X, y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": -1}, "alpha must be"),
        ({"learning_rate": 0}, "learning_rate must be"),
        ({"learning_rate": "fast"}, "learning_rate must be"),
        ({"max_iter": 0}, "max_iter must be"),
        ({"tol": None}, "tol must be"),
    ],
)
def test_parameters_that_are_none_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        SoftmaxRegression(**options).fit(*rows(4, 3))


def test_a_single_class_is_refused():
    with pytest.raises(ValueError, match="got 1 class"):
        SoftmaxRegression().fit(np.ones((5, 2)), np.zeros(5))


@pytest.mark.parametrize("classes", [2, 3])
def test_its_program(classes):
    X, y = load_iris(return_X_y=True)
    model = make_pipeline(StandardScaler(), SoftmaxRegression(1e-2)).fit(X[y < classes], y[y < classes])
    assert_same_classes(model, X, classes)
