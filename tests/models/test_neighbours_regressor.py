"""Means of exact neighbours: those of scikit-learn's regressor, and the first of rows at equal distance."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.neighbors import KNeighborsRegressor as Theirs
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.models import KNeighborsRegressor
from tenfold.models.neighbours import nearest_rows
from tests.program.proof import SINGLE, assert_same_quantities


@parametrize_with_checks([KNeighborsRegressor()])
def test_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


def rows(seed, n=200, width=4, targets=None):
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, width))
    y = X @ random.normal(size=(width, targets or 1)) + random.normal(size=(n, targets or 1))
    return X, (y if targets else y[:, 0])


@given(
    seed=st.integers(0, 99),
    k=st.integers(1, 20),
    weights=st.sampled_from(["uniform", "distance", None]),
    targets=st.sampled_from([None, 1, 3]),
    width=st.sampled_from([1, 4, 30]),
)
def test_predictions_are_those_of_scikit_learn(seed, k, weights, targets, width):
    X, y = rows(seed, 60, width, targets)
    queries = np.concatenate([X[:10], rows(seed + 100, 20, width)[0]])
    settings = {"n_neighbors": k, "weights": weights}
    theirs = Theirs(algorithm="kd_tree", **settings).fit(X, y).predict(queries)
    ours = KNeighborsRegressor(**settings).fit(X, y).predict(queries)
    assert ours.shape == theirs.shape
    if weights == "distance":
        assert ours == pytest.approx(theirs, rel=1e-12)
    else:
        assert np.array_equal(ours, theirs)


@given(seed=st.integers(0, 99), k=st.integers(1, 15), weights=st.sampled_from(["uniform", "distance"]))
def test_of_rows_at_equal_distance_the_first_count(seed, k, weights):
    random = np.random.default_rng(seed)
    X, Q = random.integers(0, 3, (40, 2)).astype(float), random.integers(0, 3, (9, 2)).astype(float)
    y = random.normal(size=40)
    distances = np.sqrt(((X[None] - Q[:, None]) ** 2).sum(axis=2))
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    near = np.take_along_axis(distances, nearest, axis=1)
    each = (near == 0) + (~(near == 0).any(axis=1, keepdims=True)) / np.where(near == 0, 1, near)
    share = each if weights == "distance" else np.ones_like(near)
    expected = (y[nearest] * share).sum(axis=1) / share.sum(axis=1)
    assert KNeighborsRegressor(k, weights=weights).fit(X, y).predict(Q) == pytest.approx(expected, rel=1e-12)


def test_training_rows_are_not_their_own_neighbours():
    X, y = rows(1, targets=2)
    for weights in ("uniform", "distance"):
        theirs = Theirs(3, weights=weights).fit(X, y).predict(None)
        assert KNeighborsRegressor(3, weights=weights).fit(X, y).predict(None) == pytest.approx(theirs, rel=1e-12)


def test_other_metrics_sparse_rows_and_own_weights_are_as_scikit_learn_has_them():
    X, y = rows(2)
    for settings in ({"metric": "manhattan"}, {"p": 3}, {"weights": lambda distances: 1 / (1 + distances)}):
        theirs = Theirs(**settings).fit(X, y).predict(X + 0.1)
        assert KNeighborsRegressor(**settings).fit(X, y).predict(X + 0.1) == pytest.approx(theirs, rel=1e-12)
    sparse = csr_matrix(np.where(X > 0.5, X, 0))
    assert KNeighborsRegressor().fit(sparse, y).predict(sparse[:5]) == pytest.approx(
        Theirs().fit(sparse, y).predict(sparse[:5]), rel=1e-12
    )


def test_parts_of_the_queries_are_predicted_alike(monkeypatch):
    X, y = rows(3, targets=3)
    whole = KNeighborsRegressor(7, weights="distance").fit(X, y).predict(X)
    monkeypatch.setattr(nearest_rows, "_NEIGHBOURS_AT_ONCE", 7 * 3 * 11)
    assert np.array_equal(KNeighborsRegressor(7, weights="distance").fit(X, y).predict(X), whole)


def test_many_counts_and_weights_from_a_single_search():
    X, y = rows(4)
    model = KNeighborsRegressor().fit(X, y)
    once = model.with_neighbours(X, 9)
    for k, weights in ((1, "uniform"), (9, "distance")):
        each = KNeighborsRegressor(k, weights=weights).fit(X, y)
        assert np.array_equal(once.set_params(n_neighbors=k, weights=weights).predict(X), each.predict(X))
    with pytest.raises(ValueError, match="9 neighbours of 200 rows"):
        once.set_params(n_neighbors=10).predict(X)


def test_a_pickled_model_predicts_the_same():
    X, y = rows(5)
    model = KNeighborsRegressor().fit(X, y)
    assert np.array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_neighbors": 0}, "n_neighbors must be"),
        ({"weights": "votes"}, "weights must be"),
        ({"algorithm": "x"}, "algorithm must be"),
        ({"n_neighbors": 500}, "n_neighbors = 500"),
    ],
)
def test_parameters_that_are_none_are_refused(settings, message):
    X, y = rows(6)
    with pytest.raises(ValueError, match=message):
        KNeighborsRegressor(**settings).fit(X, y).predict(X)


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("targets", [None, 2])
def test_its_program(weights, dtype, targets):
    X, y = rows(7, targets=targets)
    X = (60 * X + 120).clip(0, 255).astype(dtype)
    program = assert_same_quantities(KNeighborsRegressor(weights=weights).fit(X, y), X, SINGLE)
    assert program.operations == ("neighbour_mean", "neighbours")
    scaled = make_pipeline(StandardScaler(), KNeighborsRegressor(3, weights=weights)).fit(X, y)
    assert_same_quantities(scaled, X, SINGLE if dtype is np.float32 else 1e-12)
