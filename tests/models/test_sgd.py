"""One-vs-rest SGD in one shared pass: as good as scikit-learn's, whatever the loss, the penalty, the rate."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier as Theirs
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.models import SGDClassifier
from tenfold.models.linear.grid import on_grid
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
    assert model.classes_[p.argmax(axis=1)].tolist() == model.predict(Q).tolist() or loss == "modified_huber"


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
