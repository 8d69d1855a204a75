"""Linear regression by gradient descent: scikit-learn's steps, batches, several targets, curves, and divergence."""

import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import ElasticNet, HuberRegressor, LinearRegression, Ridge
from sklearn.linear_model import SGDRegressor as Theirs
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.models import SGDRegressor
from tests.program.proof import assert_same_quantities

LOSSES = ("squared_error", "huber", "epsilon_insensitive", "squared_epsilon_insensitive")
BATCH = {"batch_size": "all", "learning_rate": "constant", "tol": None, "penalty": None}
pytestmark = pytest.mark.filterwarnings("ignore:Maximum number of iteration")


STOCHASTIC = {
    f"check_sample_weight_equivalence_on_{kind}_data": "any stochastic order fails it, scikit-learn's SGD too"
    for kind in ("dense", "sparse")
}


@parametrize_with_checks(
    [SGDRegressor(), SGDRegressor(batch_size=16, learning_rate="adaptive")],
    expected_failed_checks=lambda estimator: STOCHASTIC,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


def rows(seed, n=200, width=5, targets=None, noise=0.3):
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, width))
    y = 1 + X @ random.normal(size=(width, targets or 1)) + noise * random.normal(size=(n, targets or 1))
    return X, (y if targets else y[:, 0])


# Left out is where scikit-learn 1.9 miscounts, as of classifiers: an L2 penalty of sparse rows, and of rows held out.
@pytest.mark.parametrize("form", [np.asarray, csr_matrix])
@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("average", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_without_shuffling_weights_and_passes_are_those_of_scikit_learn(loss, average, early_stopping, form):
    X, y = rows(0, n=100)
    miscounted = early_stopping or form is csr_matrix
    for penalty in ("l1", None) if miscounted else ("l1", None, "l2", "elasticnet"):
        for rate in ("invscaling", "constant", "optimal", "adaptive"):
            options = {
                "loss": loss, "penalty": penalty, "learning_rate": rate, "early_stopping": early_stopping,
                "average": average, "alpha": 0.5 if rate == "optimal" else 1e-3, "eta0": 0.02, "shuffle": False,
                "random_state": 0, "max_iter": 25,
            }  # fmt: skip
            ours, theirs = (model(**options).fit(form(X), y) for model in (SGDRegressor, Theirs))
            assert ours.n_iter_ == theirs.n_iter_, options
            assert ours.coef_.shape == theirs.coef_.shape
            assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-9), options
            assert ours.intercept_ == pytest.approx(theirs.intercept_, abs=1e-9), options


def test_weights_of_rows_and_a_start_are_as_in_scikit_learn():
    X, y = rows(1)
    weights = np.random.default_rng(2).random(len(y))
    options = {"shuffle": False, "max_iter": 7, "tol": None}
    ours, theirs = (
        model(**options).fit(X, y, np.ones(5), [2.0], sample_weight=weights) for model in (SGDRegressor, Theirs)
    )
    assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-12)
    assert ours.t_ == theirs.t_


@pytest.mark.parametrize("batch", [1, 7, "all"])
@pytest.mark.parametrize("loss", LOSSES)
def test_targets_of_one_pass_are_those_of_passes_of_their_own(loss, batch):
    X, Y = rows(3, targets=3)
    options = {"loss": loss, "batch_size": batch, "random_state": 0, "max_iter": 20, "tol": None, "eta0": 0.05}
    together = SGDRegressor(**options).fit(X, Y)
    assert together.coef_.shape == (3, 5)
    assert together.predict(X).shape == (200, 3)
    for target in range(3):
        alone = SGDRegressor(**options).fit(X, Y[:, target])
        assert together.coef_[target] == pytest.approx(alone.coef_, rel=1e-9)
        assert together.loss_curve_[:, target] == pytest.approx(alone.loss_curve_, rel=1e-9)


def test_a_target_that_has_stopped_stays_while_others_go_on():
    X, Y = rows(4, targets=2)
    Y[:, 0] = 0.0
    model = SGDRegressor(random_state=0, early_stopping=True).fit(X, Y)
    assert np.isnan(model.loss_curve_[-1, 0])
    assert np.isfinite(model.loss_curve_[:, 1]).all()
    assert not model.coef_[0].any()
    assert model.validation_curve_.shape == model.loss_curve_.shape == (model.n_iter_, 2)


@given(seed=st.integers(0, 99), weights=st.booleans(), form=st.sampled_from([np.asarray, csr_matrix]))
@settings(max_examples=20)
def test_a_step_of_all_rows_goes_against_the_mean_gradient(seed, weights, form):
    X, y = rows(seed)
    w = np.random.default_rng(seed).random(len(y)) if weights else np.ones(len(y))
    model = SGDRegressor(**BATCH, eta0=0.1, max_iter=3, fit_intercept=form is np.asarray)
    model.fit(form(X), y, sample_weight=w)
    theta, offset = np.zeros(5), 0.0
    for _ in range(3):
        residual = w * (X @ theta + offset - y)
        theta, offset = theta - 0.1 * X.T @ residual / len(y), offset - 0.1 * residual.mean() * model.fit_intercept
    assert model.coef_ == pytest.approx(theta, rel=1e-9)
    assert model.intercept_ == pytest.approx([offset], rel=1e-9)


@pytest.mark.parametrize("form", [np.asarray, csr_matrix])
@pytest.mark.parametrize(("batch", "tolerance"), [("all", 1e-9), (20, 0.03), (1, 0.03)])
def test_the_answer_of_the_normal_equation_is_reached(batch, tolerance, form):
    X, y = rows(5)
    line = LinearRegression(fit_intercept=form is np.asarray).fit(X, y)
    rate = {"learning_rate": "constant", "eta0": 0.5} if batch == "all" else {"eta0": 0.1, "power_t": 0.5}
    model = SGDRegressor(
        penalty=None, tol=None, max_iter=300, batch_size=batch, random_state=0, fit_intercept=form is np.asarray, **rate
    ).fit(form(X), y)
    assert model.coef_ == pytest.approx(line.coef_, abs=tolerance)


def test_penalties_of_batches_reach_their_optimum():
    X, y = rows(6)
    options = {**BATCH, "eta0": 0.5, "max_iter": 400, "alpha": 0.2}
    ridge = Ridge(alpha=0.2 * len(y)).fit(X, y)
    assert SGDRegressor(**{**options, "penalty": "l2"}).fit(X, y).coef_ == pytest.approx(ridge.coef_, abs=1e-6)
    for penalty, ratio in (("l1", 1.0), ("elasticnet", 0.4)):
        theirs = ElasticNet(alpha=0.2, l1_ratio=ratio, tol=1e-12).fit(X, y)
        ours = SGDRegressor(**{**options, "penalty": penalty, "l1_ratio": ratio}).fit(X, y)
        assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-6)
        assert np.array_equal(ours.coef_ == 0, theirs.coef_ == 0)


def test_outliers_move_huber_less():
    X, y = rows(7)
    clean = LinearRegression().fit(X, y).coef_
    y[:10] += 300
    far, near = (
        np.abs(SGDRegressor(loss, random_state=0, epsilon=1.35).fit(X, y).coef_ - clean).max()
        for loss in ("squared_error", "huber")
    )
    assert near < far / 10
    assert HuberRegressor().fit(X, y).coef_ == pytest.approx(clean, abs=0.1)


def test_early_stopping_keeps_its_curves_and_may_restore_the_best_epoch():
    random = np.random.default_rng(8)
    X = random.normal(size=(60, 40))
    y = X[:, 0] + random.normal(size=60)
    options = {"penalty": None, "early_stopping": True, "validation_fraction": 0.5, "random_state": 1, "eta0": 0.02}
    options |= {"n_iter_no_change": 8, "learning_rate": "constant"}
    last = SGDRegressor(**options).fit(X, y)
    best = SGDRegressor(**options, restore_best=True).fit(X, y)
    assert len(last.validation_curve_) == len(last.loss_curve_) == last.n_iter_
    assert last.best_epoch_ == int(np.argmin(last.validation_curve_)) + 1 < last.n_iter_
    assert not np.array_equal(best.coef_, last.coef_)
    again = SGDRegressor(**{**options, "max_iter": last.best_epoch_, "tol": None}).fit(X, y)
    assert np.array_equal(best.coef_, again.coef_)
    assert SGDRegressor(random_state=0).fit(X, y).validation_curve_ is None


def test_a_rate_that_diverges_is_named():
    X, y = rows(9)
    with pytest.raises(ValueError, match=r"the learning rate 1e\+150 diverges: the weights overflow at epoch \d"):
        SGDRegressor(**BATCH, eta0=1e150, max_iter=100).fit(X, y)
    with pytest.warns(
        ConvergenceWarning, match=r"the learning rate 5 diverges: the loss is .* after 9 epochs, and was"
    ):
        SGDRegressor(**BATCH, eta0=5, max_iter=9).fit(X, y)
    with pytest.warns(ConvergenceWarning, match="the learning rate 'optimal' of alpha=0.0001 diverges"):
        SGDRegressor(learning_rate="optimal", random_state=0).fit(1e3 * X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        SGDRegressor(random_state=0).fit(X, y)


@pytest.mark.parametrize("batch", [1, 8])
def test_blocks_of_rows_one_after_another(batch):
    X, Y = rows(10, targets=2)
    stream = SGDRegressor(shuffle=False, batch_size=batch)
    for start in range(0, 200, 40):
        stream.partial_fit(X[start : start + 40], Y[start : start + 40])
    whole = SGDRegressor(shuffle=False, batch_size=batch, max_iter=1, tol=None).fit(X, Y)
    assert stream.coef_ == pytest.approx(whole.coef_, rel=1e-9)
    assert stream.t_ == whole.t_ == 201
    with pytest.raises(ValueError, match="y has 1 targets, not the 2 of before"):
        stream.partial_fit(X, Y[:, 0])


def test_a_warm_start_goes_on():
    X, y = rows(11)
    options = {"warm_start": True, "max_iter": 2, "tol": None, "shuffle": False, "learning_rate": "constant"}
    model = SGDRegressor(**options).fit(X, y).fit(X, y)
    assert model.coef_ == pytest.approx(SGDRegressor(**{**options, "max_iter": 4}).fit(X, y).coef_, rel=1e-12)


def test_no_figure_depends_on_threads():
    X, Y = rows(12, n=20_000, width=30, targets=4)
    one, two = (SGDRegressor(random_state=0, max_iter=2, tol=None, n_jobs=jobs).fit(X, Y) for jobs in (1, 2))
    assert np.array_equal(one.coef_, two.coef_)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "hinge"}, "loss must be one of"),
        ({"learning_rate": "pa1"}, "learning_rate must be one of"),
        ({"epsilon": -1}, "epsilon must be"),
        ({"eta0": 0}, "eta0 must be"),
        ({"batch_size": 0}, "batch_size must be"),
        ({"batch_size": "some"}, "batch_size must be"),
        ({"batch_size": 5, "average": True}, "average needs batch_size=1"),
        ({"restore_best": True}, "restore_best needs early_stopping"),
        ({"penalty": "elasticnet", "l1_ratio": None}, "l1_ratio must be set"),
    ],
)
def test_parameters_that_are_none_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        SGDRegressor(**options).fit(*rows(13))


def test_gaps_are_named_by_their_place():
    X, y = rows(14)
    X[3, 2] = np.nan
    with pytest.raises(ValueError, match=r"NaN: row 3, column 2\. SGDRegressor does not take it"):
        SGDRegressor().fit(X, y)
    X[3, 2], y[5] = 0, np.inf
    with pytest.raises(ValueError, match="infinity"):
        SGDRegressor().fit(X, y)


def test_a_pickled_model_predicts_the_same_and_so_does_its_program():
    X, Y = rows(15, targets=2)
    for y in (Y, Y[:, 0]):
        model = make_pipeline(StandardScaler(), SGDRegressor(random_state=0)).fit(X, y)
        assert np.array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))
        assert_same_quantities(model, X)
