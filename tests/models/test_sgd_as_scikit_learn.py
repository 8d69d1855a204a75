"""SGD takes what scikit-learn's takes, refuses what it refuses, and stops where it stops."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_matrix, issparse
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier as Theirs

from tenfold.models import SGDClassifier

ONE_PASS = {"shuffle": False, "random_state": 0}


@pytest.fixture(scope="module")
def noisy():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 8))
    return X, (X[:, 0] + rng.normal(size=300) / 2 > 0).astype(int) + (X[:, 1] > 1)


# Left out is where scikit-learn 1.9 miscounts: of sparse rows it adds the L2 penalty of some weights only; rows held
# out it scores by weights that an L2 penalty has not shrunk yet.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    ("penalty", "early_stopping", "form"),
    [
        *((penalty, False, np.asarray) for penalty in ("l1", "elasticnet", "l2", None)),
        *((penalty, False, csr_matrix) for penalty in ("l1", "elasticnet", None)),
        *((penalty, True, form) for penalty in ("l1", None) for form in (np.asarray, csr_matrix)),
    ],
)
def test_as_many_passes_are_made(noisy, penalty, early_stopping, form):
    X, y = noisy
    for loss, rate, tol, alpha in [
        ("hinge", "optimal", 1e-3, 1e-3), ("hinge", "invscaling", 1e-4, 1e-2), ("log_loss", "adaptive", 1e-3, 1e-3),
        ("log_loss", "optimal", 1e-4, 1e-2), ("squared_hinge", "invscaling", 1e-3, 1e-2),
        ("modified_huber", "adaptive", 1e-4, 1e-2), ("perceptron", "constant", 1e-3, 1e-3),
    ]:  # fmt: skip
        if early_stopping and loss == "log_loss":
            continue  # scikit-learn 1.9 compares 0 and 1 with -1 and 1: it counts no row of the rest as right
        options = {
            "penalty": penalty, "loss": loss, "learning_rate": rate, "tol": tol, "alpha": alpha, "eta0": 0.02,
            "early_stopping": early_stopping, "max_iter": 300, **ONE_PASS,
        }  # fmt: skip
        ours, theirs = (model(**options).fit(form(X), y) for model in (SGDClassifier, Theirs))
        assert ours.n_iter_ == theirs.n_iter_, options
        assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-7 * np.abs(theirs.coef_).max()), options


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e140, 1e154, 1e160])
@pytest.mark.parametrize("form", [np.asarray, csr_matrix], ids=["dense", "sparse"])
def test_values_whose_squares_are_no_numbers_are_learnt(size, form):
    X, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    X[:, 0] += 3 * y
    options = {"max_iter": 8, **ONE_PASS}
    with np.errstate(over="ignore", invalid="ignore"):
        ours, theirs = (model(**options).fit(form(X * size), y) for model in (SGDClassifier, Theirs))
    assert ours.n_iter_ == theirs.n_iter_
    assert np.isfinite(ours.coef_).all()
    if size < 1e150:  # beyond, scores are infinite, or not, by the order in which they are summed
        assert ours.coef_ == pytest.approx(theirs.coef_, rel=1e-9)


@pytest.mark.parametrize("largest", [1e30, 1e160])
def test_one_row_far_out_leaves_the_others_to_be_learnt(largest):
    X, y = np.random.default_rng(0).normal(size=(20_000, 8)), np.arange(20_000) % 2
    X[:, 0] += 3 * y
    X[7] = largest
    options = {"max_iter": 3, "tol": None, "fit_intercept": False, **ONE_PASS}
    with np.errstate(over="ignore", invalid="ignore"):
        ours, theirs = (model(**options).fit(X, y) for model in (SGDClassifier, Theirs))
    assert ours.coef_ == pytest.approx(theirs.coef_, rel=1e-9)


def test_a_large_matrix_of_huge_steps_is_not_held_in_single_precision():
    X, y = np.random.default_rng(0).integers(0, 3, (2**15, 8)) * 1e154, np.arange(2**15) % 2
    with np.errstate(over="ignore", invalid="ignore"):
        model = SGDClassifier(max_iter=2, tol=None, random_state=0).fit(X, y)
    assert np.isfinite(model.coef_).all()


VALUES = {
    "loss": ["hinge", "cube", ["hinge"], None], "penalty": ["l1", "none", None, ["l2"]],
    "alpha": [0.0, 1e-3, -1.0, "a", np.inf, None], "l1_ratio": [0, 1, 0.5, None, -0.1, 1.1, "a"],
    "fit_intercept": [True, np.False_, "yes", None], "max_iter": [1, np.int64(2), 0, 1.5, None],
    "tol": [None, 0.0, 1e-3, -1.0, "a", np.inf], "shuffle": [False, "yes"], "verbose": [0, False, -1, "a"],
    "n_jobs": [None, 1, 1.5, "a"], "random_state": [None, 3, "a", -1],
    "learning_rate": ["constant", "fast", None, ["optimal"]], "eta0": [1, 1e-3, 0.0, -1.0, "a"],
    "power_t": [0.0, 2, -0.5, "a", np.inf, None], "early_stopping": [True, "yes"],
    "validation_fraction": [0.5, 0.0, 1.0, "a", None], "n_iter_no_change": [1, 0, 2.5],
    "class_weight": [None, "balanced", {0: 2.0}, "equal", [1, 2]], "warm_start": [True, "no"],
    "average": [True, 3, -1, 1.5, "a"],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", VALUES)
def test_parameters_are_taken_and_refused_as_by_scikit_learn(noisy, name, capsys):
    X, y = noisy
    for value in VALUES[name]:
        taken = []
        for model in (SGDClassifier, Theirs):
            options = {"max_iter": 2, "random_state": 0, "learning_rate": "invscaling", name: value}
            try:
                model(**options).fit(X, y)
                taken.append(True)
            except ValueError:
                taken.append(False)
        assert taken[0] == taken[1], value


def test_elastic_net_needs_its_ratio(noisy):
    with pytest.raises(ValueError, match="l1_ratio must be set"):
        SGDClassifier(penalty="elasticnet", l1_ratio=None).fit(*noisy)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_negative_exponent_is_taken_with_a_warning(noisy):
    options = {"learning_rate": "invscaling", "power_t": -0.1, "max_iter": 3, **ONE_PASS}
    models = []
    for model in (SGDClassifier, Theirs):
        with pytest.warns(FutureWarning, match="power_t"):
            models.append(model(**options).fit(*noisy))
    assert models[0].coef_ == pytest.approx(models[1].coef_)


@pytest.mark.parametrize("classes", [2, 3])
def test_sparse_weights_predict_as_before(classes):
    X, y = load_digits(n_class=classes, return_X_y=True)
    model = SGDClassifier(penalty="l1", alpha=0.01, random_state=0, max_iter=20, tol=None).fit(X / 16, y)
    expected, weights = model.decision_function(X / 16), model.coef_.copy()
    assert (weights == 0).any()
    assert model.sparsify() is model
    assert issparse(model.coef_)
    for form in (np.asarray, csr_matrix):
        assert model.decision_function(form(X / 16)) == pytest.approx(expected)
        assert np.array_equal(model.predict(form(X / 16)), model.classes_[_codes(expected)])
    assert np.array_equal(model.sparsify().densify().densify().coef_, weights)
    model.sparsify().partial_fit(X / 16, y)
    assert not issparse(model.coef_), "weights that change are an array again"


def _codes(scores):
    return scores.argmax(axis=1) if scores.ndim == 2 else (scores > 0).astype(int)


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_talkative_fit_says_how_each_class_stands_and_learns_the_same(noisy, early_stopping, capsys):
    options = {"random_state": 0, "max_iter": 3, "early_stopping": early_stopping}
    silent = SGDClassifier(**options).fit(*noisy)
    assert not capsys.readouterr().out
    assert np.array_equal(SGDClassifier(verbose=1, **options).fit(*noisy).coef_, silent.coef_)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "-- Epoch 1"
    assert lines[1].startswith("Class 0: Norm: ")
    assert ("Validation score: " if early_stopping else "Objective: ") in lines[3]
    assert lines[4] == "-- Epoch 2"


_WITHOUT_A_COMPILER = """
import warnings
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier as Theirs
from sklearn.neighbors import KNeighborsClassifier as TheirNeighbours
from tenfold.models import KNeighborsClassifier, SGDClassifier
warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
X, y = rng.normal(size=(60, 4)), np.arange(60) % 3
for form in (np.asarray, csr_matrix):
    for penalty in ("l2", "l1"):
        options = dict(penalty=penalty, shuffle=False, max_iter=3, average=True)
        ours, theirs = (model(**options).fit(form(X), y) for model in (SGDClassifier, Theirs))
        assert np.allclose(ours.coef_, theirs.coef_, rtol=1e-9), (form, penalty)
whole = rng.integers(0, 9, (2**12, 64)) * 1.0
for scaled in (whole, whole / np.arange(1, 65) - 3):
    SGDClassifier(max_iter=1, tol=None).fit(scaled[:, :], np.arange(2**12) % 2 == 0)
for k in (1, 5, 60):
    assert (KNeighborsClassifier(k).fit(X, y).predict(X[:20]) == TheirNeighbours(k).fit(X, y).predict(X[:20])).all()
print("learnt")
"""


def test_without_a_compiler_everything_is_computed_slowly():
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_A_COMPILER],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.stdout.strip() == "learnt", done.stderr
