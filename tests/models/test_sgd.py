"""One-vs-rest SGD in one shared pass: as good as scikit-learn's, whatever the loss, the penalty, the rate."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
import skops.io
from scipy.sparse import csc_matrix, csr_matrix
from scipy.sparse import random as sparse_random
from scipy.stats import chisquare
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier as Theirs
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.models import SGDClassifier
from tenfold.models.grid import on_grid
from tenfold.models.linear import class_descent, descent
from tenfold.models.linear.rows import rows_of

STOCHASTIC = {
    f"check_sample_weight_equivalence_on_{kind}_data": "any stochastic order fails it, scikit-learn's SGD too"
    for kind in ("dense", "sparse")
}


@parametrize_with_checks([SGDClassifier()], expected_failed_checks=lambda estimator: STOCHASTIC)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    return X[:1200] / 16, y[:1200], X[1200:] / 16, y[1200:]


OPTIONS = [
    {}, {"loss": "log_loss"}, {"loss": "modified_huber"}, {"loss": "perceptron"}, {"penalty": "l1"},
    {"penalty": "elasticnet"}, {"penalty": None}, {"average": True}, {"average": 200}, {"learning_rate": "constant"},
    {"learning_rate": "invscaling", "eta0": 1.0}, {"learning_rate": "adaptive"}, {"class_weight": "balanced"},
    {"fit_intercept": False}, {"loss": "squared_hinge", "learning_rate": "constant", "eta0": 0.001},
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_answers_are_as_right_as_those_of_scikit_learn(digits, options):
    X, y, Q, truth = digits
    ours, theirs = (
        np.mean([model(random_state=seed, **options).fit(X, y).score(Q, truth) for seed in range(8)])
        for model in (SGDClassifier, Theirs)
    )
    assert ours > theirs - 0.015


@pytest.mark.parametrize("options", [{}, {"loss": "log_loss"}, {"penalty": "l1"}, {"average": True}], ids=str)
def test_weights_are_of_the_size_of_scikit_learns(digits, options):
    X, y, _, _ = digits
    ours, theirs = (model(random_state=0, **options).fit(X, y).coef_ for model in (SGDClassifier, Theirs))
    assert np.abs(ours).mean() == pytest.approx(np.abs(theirs).mean(), rel=0.05)
    assert (ours == 0).mean() == pytest.approx((theirs == 0).mean(), abs=0.05)


# Where the loss is curved and steps are long at first, a last digit grows to a first one within some hundred steps.
CALM = {"log_loss": {"alpha": 0.01}, "modified_huber": {"alpha": 0.1}}


@pytest.mark.parametrize("form", [np.asarray, csr_matrix], ids=["dense", "sparse"])
@pytest.mark.parametrize("options", [*OPTIONS, {"penalty": "l1", "average": True}], ids=str)
def test_in_the_order_of_the_rows_every_weight_is_that_of_scikit_learn(digits, options, form):
    X, y, _, _ = digits
    options = {**CALM.get(options.get("loss"), {}), **options, "shuffle": False, "max_iter": 4, "tol": None}
    ours, theirs = (model(**options).fit(form(X[:600]), y[:600]) for model in (SGDClassifier, Theirs))
    assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-9 * np.abs(theirs.coef_).max())
    assert ours.intercept_ == pytest.approx(theirs.intercept_, rel=1e-9)


def test_wide_sparse_rows_of_any_length_are_learnt_as_by_scikit_learn():
    rng = np.random.default_rng(8)
    X = sparse_random(500, 3_000, density=0.004, random_state=8)
    X = X.multiply(~np.isin(np.arange(500), [0, 17, 499])[:, None]).tocsr()
    X.eliminate_zeros()
    assert set(np.diff(X.indptr)) >= {0, 5, 6, 7, 8}
    y = rng.integers(0, 3, 500)
    for penalty in ("l2", "l1", "elasticnet"):
        options = {"penalty": penalty, "shuffle": False, "max_iter": 6, "tol": None}
        for labels in (y, y == 1):
            ours, theirs = (model(**options).fit(X, labels) for model in (SGDClassifier, Theirs))
            assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-9 * np.abs(theirs.coef_).max())
            assert ((ours.coef_ == 0) == (theirs.coef_ == 0)).all()


def test_two_classes_are_one_detector_of_the_second(digits):
    X, y, Q, truth = digits
    model = SGDClassifier(random_state=0).fit(X, np.where(y == 8, "eight", "other"))
    assert model.coef_.shape == (1, 64)
    assert np.array_equal(model.predict(Q) == "other", model.decision_function(Q) > 0)
    assert model.score(Q, np.where(truth == 8, "eight", "other")) > 0.93


def test_the_number_of_threads_changes_no_figure():
    rng = np.random.default_rng(0)
    X = (rng.integers(0, 9, (20_000, 64)) - 4.0) / 3
    y = (X[:, :4].sum(axis=1) > 0) + 2 * (X[:, 4] > 0)
    assert len(rows_of(X)) == 3, "large and on a grid: held as bytes"
    one, two = (SGDClassifier(random_state=0, max_iter=5, tol=None, n_jobs=n).fit(X, y) for n in (1, 2))
    assert np.array_equal(one.coef_, two.coef_)
    assert one.score(X, y) > 0.8


def test_a_grid_is_only_taken_where_every_value_lies_on_it():
    X = np.tile(np.arange(64.0) / 7, (2**15, 1))
    X[::2] += 1 / 7
    codes, lowest, step = on_grid(X)
    assert (lowest + step * codes) == pytest.approx(X, abs=1e-12)
    X[12_345, 6] += 0.0137
    assert on_grid(X) is None
    assert on_grid(np.random.default_rng(0).normal(size=(2**15, 40))) is None


def test_sparse_rows_are_learnt_as_scikit_learn_does(digits):
    X, y, Q, truth = digits
    ours, theirs = (
        np.mean([model(random_state=seed).fit(csr_matrix(X), y).score(csr_matrix(Q), truth) for seed in range(8)])
        for model in (SGDClassifier, Theirs)
    )
    assert ours > theirs - 0.015


def test_parts_add_up_to_a_classifier(digits):
    X, y, Q, truth = digits
    model = SGDClassifier(random_state=0)
    for _ in range(20):
        for part in np.array_split(np.arange(len(X)), 4):
            model.partial_fit(X[part], y[part], classes=np.arange(10))
    assert model.score(Q, truth) > 0.88
    assert model.t_ == 1 + 20 * len(X)


def test_rows_of_no_weight_are_not_learnt_and_a_heavy_class_is_found_more(digits):
    X, y, Q, _ = digits
    weights = (y != 3).astype(float)
    assert not (SGDClassifier(random_state=0).fit(X, y, sample_weight=weights).predict(X[y == 3]) == 3).any()
    light, heavy = (
        sum(
            (SGDClassifier(random_state=seed, class_weight={8: w}).fit(X, y).predict(Q) == 8).sum() for seed in range(8)
        )
        for w in (0.1, 10)
    )
    assert heavy > light


@pytest.mark.parametrize("loss", ["log_loss", "modified_huber"])
def test_probabilities_sum_to_one_and_rank_as_the_scores(digits, loss):
    X, y, Q, _ = digits
    model = SGDClassifier(loss=loss, random_state=0).fit(X, y)
    p = model.predict_proba(Q)
    assert p.sum(axis=1) == pytest.approx(1)
    # "modified_huber" gives several classes the same probability where their scores are beyond 1.
    of_predicted = p[np.arange(len(Q)), np.searchsorted(model.classes_, model.predict(Q))]
    assert np.array_equal(of_predicted, p.max(axis=1))
    order = np.argsort(model.decision_function(Q), axis=1)
    assert (np.diff(np.take_along_axis(p, order, axis=1), axis=1) >= 0).all()


def test_other_losses_give_no_probabilities(digits):
    with pytest.raises(AttributeError, match="predict_proba") as caught:
        SGDClassifier().fit(*digits[:2]).predict_proba(digits[2])
    assert "loss='hinge'" in str(caught.value.__cause__)


def test_early_stopping_stops_earlier_and_still_answers(digits):
    X, y, Q, truth = digits
    model = SGDClassifier(random_state=0, early_stopping=True, n_iter_no_change=3).fit(X, y)
    assert model.n_iter_ < SGDClassifier(random_state=0).fit(X, y).n_iter_
    assert model.score(Q, truth) > 0.8


def test_weights_that_overflow_are_refused():
    rng = np.random.default_rng(0)
    X, y, options = rng.normal(size=(60, 2)) * 1e6, rng.integers(0, 2, 60), {"learning_rate": "constant", "eta0": 1e300}
    for model in (SGDClassifier, Theirs):
        with pytest.raises(ValueError, match="overflow"):
            model(loss="squared_hinge", random_state=0, **options).fit(X, y)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"loss": "cube"}, "loss must be one of"),
        ({"alpha": -1}, "alpha must be"),
        ({"learning_rate": "optimal", "alpha": 0}, "alpha must be above 0"),
        ({"max_iter": 0}, "max_iter"),
        ({"l1_ratio": 2}, "l1_ratio"),
        ({"penalty": "l3"}, "penalty"),
    ],
)
def test_parameters_that_make_no_sense_are_refused_by_name(options, said):
    with pytest.raises(ValueError, match=said):
        SGDClassifier(**options).fit(np.eye(4), [0, 1, 0, 1])


PAIRED = [
    {"loss": loss, "penalty": penalty, "learning_rate": rate, "eta0": 0.01}
    for loss, penalty, rate in [
        ("hinge", "l2", "invscaling"), ("squared_hinge", "l1", "invscaling"), ("log_loss", "elasticnet", "optimal"),
        ("modified_huber", "l2", "adaptive"), ("perceptron", None, "constant"), ("hinge", "elasticnet", "adaptive"),
    ]
]  # fmt: skip


@pytest.mark.parametrize("options", PAIRED, ids=str)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_on_the_same_folds_no_worse_than_scikit_learn(options):
    X, y = load_digits(return_X_y=True)
    differences = []
    for seed, (train, held) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y)):
        ours, theirs = (
            model(random_state=seed, max_iter=60, **options).fit(X[train] / 16, y[train]).score(X[held] / 16, y[held])
            for model in (SGDClassifier, Theirs)
        )
        differences.append(ours - theirs)
    # The interval of the mean difference over folds reaches above a difference that no one would notice.
    assert np.mean(differences) + 2.8 * np.std(differences, ddof=1) / np.sqrt(5) > -0.01
    assert np.mean(differences) > -0.02


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge", "modified_huber", "perceptron"])
@pytest.mark.parametrize("rate", ["optimal", "constant", "invscaling"])
def test_rows_that_are_not_looked_at_would_have_changed_nothing(loss, rate, monkeypatch):
    X, y = load_digits(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    options = {"loss": loss, "learning_rate": rate, "eta0": 0.001, "max_iter": 25, "tol": None, "random_state": 3}
    sparing = SGDClassifier(**options).fit(X, y)
    monkeypatch.setattr(class_descent, "FLAT_BEYOND", {})
    thorough = SGDClassifier(**options).fit(X, y)
    np.testing.assert_allclose(sparing.coef_, thorough.coef_, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(sparing.intercept_, thorough.intercept_, rtol=1e-6, atol=1e-9)
    assert sparing.n_iter_ == thorough.n_iter_


def test_margins_spare_most_products(monkeypatch):
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(2000, 50)) + shift for shift in (-3, 3)])
    seen = []
    begin = class_descent.ClassDescent.begin_pass
    monkeypatch.setattr(class_descent.ClassDescent, "begin_pass", lambda one: (seen.append(one.products), begin(one)))
    SGDClassifier(random_state=0, max_iter=30, tol=None).fit(X, np.arange(4000) >= 2000)
    assert seen[1] == 4000
    assert np.mean(seen[5:]) < 400


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_that_grow_along_themselves_leave_margins_known(dtype, monkeypatch):
    X, y = load_digits(return_X_y=True)
    X, seen = StandardScaler().fit_transform(X).astype(dtype), []
    options = {"random_state": 0, "max_iter": 120, "tol": None}
    with monkeypatch.context() as watched:
        begin = class_descent.ClassDescent.begin_pass
        watched.setattr(class_descent.ClassDescent, "begin_pass", lambda one: (seen.append(one.products), begin(one)))
        sparing = SGDClassifier(n_jobs=1, **options).fit(X, y)
    assert np.mean(seen[20:50]) < 0.06 * X.shape[0] * 10
    monkeypatch.setattr(class_descent, "FLAT_BEYOND", {})
    thorough = SGDClassifier(**options).fit(X, y)
    exact = {np.float32: 1e-3, np.float64: 1e-9}[dtype]
    np.testing.assert_allclose(sparing.coef_, thorough.coef_, rtol=exact, atol=exact * np.abs(thorough.coef_).max())


@pytest.mark.parametrize(
    ("eta0", "alpha", "passes"), [(0.9, 1.0, 3), (0.9, 1.0, 12), (0.01, 0.3, 12), (0.003, 0.3, 12)]
)
def test_scales_that_run_out_are_taken_into_the_weights(eta0, alpha, passes, monkeypatch):
    X, y = load_digits(return_X_y=True)
    rate = {"learning_rate": "constant", "eta0": eta0, "alpha": alpha}
    options = {**rate, "max_iter": passes, "tol": None, "random_state": 0}
    model = SGDClassifier(**options).fit(X / 16, y)
    assert np.isfinite(model.coef_).all()
    assert np.abs(model.coef_).sum() > 0
    monkeypatch.setattr(class_descent, "FLAT_BEYOND", {})
    thorough = SGDClassifier(**options).fit(X / 16, y)
    np.testing.assert_allclose(model.coef_, thorough.coef_, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    "form", ["fortran", "strided", "read-only", "big-endian", "list", "integers", "float32", "csc"]
)
def test_the_same_numbers_in_another_form_give_the_same_classifier(digits, form):
    X, y, Q, _ = digits
    X, Q = np.round(X * 16), np.round(Q * 16)
    wide = np.zeros((len(X), 128))
    wide[:, ::2] = X
    frozen = X.copy()
    frozen.flags.writeable = False
    other = {
        "fortran": np.asfortranarray(X), "strided": wide[:, ::2], "read-only": frozen, "big-endian": X.astype(">f8"),
        "list": X.tolist(), "integers": X.astype(np.uint8), "float32": X.astype(np.float32), "csc": csc_matrix(X),
    }[form]  # fmt: skip
    model = SGDClassifier(random_state=0, max_iter=5, tol=None).fit(other, y)
    plain = SGDClassifier(random_state=0, max_iter=5, tol=None).fit(csr_matrix(X) if form == "csc" else X, y)
    assert model.coef_.dtype == (np.float32 if form == "float32" else np.float64)
    assert (model.predict(Q) == plain.predict(Q)).mean() > (0.9 if form == "float32" else 0.9999)


@pytest.mark.parametrize(
    ("X", "y", "said"),
    [
        ([[0.0], [np.nan]], [0, 1], "NaN"),
        ([[0.0], [np.inf]], [0, 1], "infinity"),
        ([["a"], ["b"]], [0, 1], "could not convert"),
        (np.zeros((0, 3)), [], "0 sample"),
        ([[0.0], [1.0]], [0, 0], "greater than one"),
        ([[0.0], [1.0]], [0.5, 1.5], "Unknown label type"),
        ([[0.0], [1.0]], [0, 1, 1], "inconsistent"),
        ([0.0, 1.0], [0, 1], "Expected 2D"),
        (np.array([[0.0], [1.0j]]), [0, 1], "Complex"),
    ],
)
def test_bad_values_are_refused_in_a_line(X, y, said):
    with pytest.raises(ValueError, match=said):
        SGDClassifier().fit(X, y)


@pytest.mark.parametrize("sparse", [False, True])
def test_a_value_that_is_no_number_is_named_by_its_place(sparse):
    X = np.ones((5, 4))
    X[3, 2] = np.nan
    with pytest.raises(ValueError, match="row 3, column 2"):
        SGDClassifier().fit(csr_matrix(X) if sparse else X, [0, 1, 0, 1, 0])


def test_one_column_is_enough():
    X = np.linspace(-1, 1, 50)[:, None]
    assert SGDClassifier(random_state=0).fit(X, X[:, 0] > 0.1).score(X, X[:, 0] > 0.1) > 0.9


@pytest.mark.parametrize(
    "options", [{}, {"average": True}, {"penalty": "l1"}, {"loss": "log_loss", "average": 50}], ids=str
)
def test_copies_go_on_where_the_original_stands(digits, options):
    X, y, Q, _ = digits
    model = SGDClassifier(random_state=0, max_iter=5, tol=None, **options).fit(X, y)
    copies = [pickle.loads(pickle.dumps(model)), copy.deepcopy(model), skops_copy(model)]
    model.partial_fit(X, y)
    for one in copies:
        one.partial_fit(X, y)
        np.testing.assert_array_equal(one.decision_function(Q), model.decision_function(Q))
    assert clone(model).get_params() == model.get_params()
    assert not hasattr(clone(model), "coef_")


def skops_copy(model):
    return skops.io.loads(skops.io.dumps(model), trusted=["tenfold.models.linear.classifier.SGDClassifier"])


def test_a_fitted_model_holds_plain_values_alone(digits):
    model = SGDClassifier(random_state=0, max_iter=5, tol=None, average=True).fit(*digits[:2])
    kinds = {type(value) for name, value in vars(model).items() if name not in model.get_params()}
    assert kinds <= {np.ndarray, int, float}


def test_a_warm_start_goes_on_and_a_given_start_is_taken(digits):
    X, y, _, _ = digits
    model = SGDClassifier(random_state=0, max_iter=40, tol=None, warm_start=True).fit(X, y)
    again = SGDClassifier(random_state=0, max_iter=1, tol=None, learning_rate="constant", eta0=1e-12)
    again.fit(X, y, coef_init=model.coef_, intercept_init=model.intercept_)
    np.testing.assert_allclose(again.coef_, model.coef_, atol=1e-6)
    before = model.coef_.copy()
    model.set_params(learning_rate="constant", eta0=1e-12, max_iter=1, tol=None).fit(X, y)
    np.testing.assert_allclose(model.coef_, before, atol=1e-6)
    with pytest.raises(ValueError, match="does not match"):
        again.fit(X, y, coef_init=np.zeros((2, 2)))


def test_every_order_of_the_rows_is_as_likely():
    random, times = np.random.default_rng(0), 24_000
    order, seen = np.arange(4), {}
    for _ in range(times):
        descent._shuffle(order, random.random(4))
        seen[tuple(order)] = seen.get(tuple(order), 0) + 1
    assert len(seen) == 24
    assert chisquare(list(seen.values())).pvalue > 1e-3


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
def test_an_interrupt_is_heard_while_kernels_run():
    program = """
import os, signal, threading
import numpy as np
from tenfold.models import SGDClassifier
X, y = np.random.default_rng(0).normal(size=(20000, 200)), np.arange(20000) % 10
SGDClassifier(max_iter=1, tol=None, loss="log_loss", n_jobs=2).fit(X, y)
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    SGDClassifier(max_iter=10**6, tol=None, loss="log_loss", n_jobs=2).fit(X, y)
except KeyboardInterrupt:
    print("heard")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == "heard", done.stderr
