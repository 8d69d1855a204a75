"""A pair fitted on working sets: the optimum of all rows, whatever the memory budget; else by oneDAL or LIBSVM."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from tenfold.models import GaussianSVC
from tenfold.models.support import one_vs_one, working_set
from tenfold.models.support.kernel_cache import KernelCache
from tenfold.models.support.working_set import fit_working_set

DIGITS = load_digits()


def ends(K, y, weights, C):
    """What the intercept would be by the row that asks for the highest, and for the lowest; all weights may be."""
    sign = np.where(y, 1.0, -1.0)
    assert ((weights * sign >= 0) & (weights * sign <= C)).all()
    assert abs(weights.sum()) < 1e-6 * np.sum(C)
    gradient = sign - K @ weights
    up = np.where(y, weights < C, weights < 0)
    down = np.where(y, weights > 0, weights > -C)
    return gradient[up].max(), gradient[down].min()


def objective(K, y, weights):
    return weights @ np.where(y, 1.0, -1.0) - weights @ K @ weights / 2


def of_all_rows(rows, found, weights):
    whole = np.zeros(rows)
    whole[found] = weights
    return whole


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(100, 400),
    columns=st.integers(1, 12),
    wrong=st.sampled_from([0.0, 0.1, 0.5]),
    C=st.sampled_from([0.01, 1.0, 100.0]),
    whole=st.booleans(),
    room=st.sampled_from([0.2, 20.0]),
    weighted=st.booleans(),
)
@example(seed=100, rows=100, columns=8, wrong=0.0, C=0.01, whole=True, room=0.2, weighted=False)  # No free weight.
@example(seed=100, rows=100, columns=8, wrong=0.0, C=0.01, whole=True, room=0.2, weighted=True)
def test_the_optimum_is_that_of_all_rows(seed, rows, columns, wrong, C, whole, room, weighted):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, columns)).round(0 if whole else 9)
    y = (X[:, 0] + (X**2).sum(axis=1) > columns) ^ (rng.random(rows) < wrong)
    y[:2] = True, False
    machine, K = SVC(C=C, gamma=1 / columns, cache_size=room), rbf_kernel(X, gamma=1 / columns)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(working_set, "_FIRST_ROWS", 10)
        patched.setattr(working_set, "_MOST_NEW_ROWS", 15)
        weight = 10 ** rng.uniform(-1, 1, rows) if weighted else np.ones(rows)
        found = fit_working_set(machine, X, y, 1, weight if weighted else None)
    alone = machine.fit(X, y, weight)
    if found is None:
        assert room == 0.2
        return
    ours = of_all_rows(rows, found.rows, found.weights)
    theirs = of_all_rows(rows, alone.support_, alone.dual_coef_[0])
    size = np.abs(theirs).sum()
    close = machine.tol + 1e-6 * size
    highest, lowest = ends(K, y, ours, C * weight)
    assert highest - lowest <= close
    assert min(highest, lowest) - close <= found.intercept <= max(highest, lowest) + close
    assert objective(K, y, ours) >= objective(K, y, theirs) - machine.tol * size


def pixels(classes):
    keep = np.flatnonzero(DIGITS.target < classes)[:400]
    return np.rint(DIGITS.data[keep] * (255 / 16)), DIGITS.target[keep]


@pytest.fixture
def on_working_sets(monkeypatch):
    """Pairs of any size are fitted on small working sets; solvers of those fitted otherwise are listed."""
    for name, value in {"_ROWS_OF_FLOATS": 20, "_ROWS_OF_BYTES": 20, "_VALUES": 1, "_FEWEST_ROWS": 1}.items():
        monkeypatch.setattr(one_vs_one, name, value)
    monkeypatch.setattr(working_set, "_FIRST_ROWS", 10)
    monkeypatch.setattr(working_set, "_MOST_NEW_ROWS", 15)
    noted, at_once = [], one_vs_one._fit_at_once
    monkeypatch.setattr(one_vs_one, "_fit_at_once", lambda *asked: (noted.append(type(asked[0])), at_once(*asked))[1])
    return noted


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("asked", [{}, {"C": 10.0}])
@pytest.mark.parametrize("kind", ["float32", "float64", "bytes"])
def test_machines_of_working_sets_predict_as_those_of_scikit_learn(classes, asked, kind, on_working_sets, monkeypatch):
    X, y = pixels(classes)
    X, names = (X / 255).astype("float64" if kind == "bytes" else kind), np.array([f"no. {9 - code}" for code in y])
    if kind == "bytes":
        monkeypatch.setattr("tenfold.models.support.gaussian._FEWEST_VALUES", 0)
    ours, theirs = (
        GaussianSVC(tol=1e-4, **asked).fit(X, names),
        SVC(tol=1e-4, decision_function_shape="ovo", **asked).fit(X, names),
    )
    assert not on_working_sets
    assert ours.library_ == "scikit-learn"
    margins = theirs.decision_function(X)
    np.testing.assert_allclose(ours._pair_margins(X), margins.reshape(len(X), -1), rtol=0, atol=1e-3)
    assert len(set(ours.support_) ^ set(theirs.support_)) <= 0.01 * len(X)
    assert ours.n_support_.sum() == len(ours.support_)
    assert (ours.n_iter_ > 0).all()


@pytest.mark.parametrize("class_weight", ["balanced", {"no. 9": 0.05, "no. 7": 4.0}])
@pytest.mark.parametrize("weighted", [False, True])
def test_working_sets_heed_weights(class_weight, weighted, on_working_sets):
    X, y = pixels(3)
    X, names = X / 255, np.array([f"no. {9 - code}" for code in y])
    weights = 10 ** np.random.default_rng(0).uniform(-1, 1, len(y)) if weighted else None
    ours, theirs = (
        kind(tol=1e-5, C=0.1, class_weight=class_weight, **shape).fit(X, names, sample_weight=weights)
        for kind, shape in ((GaussianSVC, {}), (SVC, {"break_ties": True}))
    )
    assert not on_working_sets
    plain = GaussianSVC(tol=1e-5, C=0.1).fit(X, names)
    assert np.abs(ours._pair_margins(X) - plain._pair_margins(X)).max() > 5e-3
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=0, atol=1e-4)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


def test_beyond_the_memory_budget_a_gamma_of_zero_is_fitted_by_libsvm(on_working_sets):
    X, y = pixels(3)
    ours, theirs = (kind(gamma=0.0, cache_size=0.02).fit(X, y) for kind in (GaussianSVC, SVC))
    assert on_working_sets == [SVC] * 3
    np.testing.assert_array_equal(ours.intercept_, theirs.intercept_)


@pytest.mark.parametrize("classes", [2, 10])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_threads_do_not_decide_what_is_found(classes, noise, on_working_sets, monkeypatch):
    monkeypatch.setattr("tenfold.models.support.gaussian._FEWEST_VALUES", 0)
    X, y = pixels(classes)
    X[:, :30] += noise * np.random.default_rng(0).random((len(X), 30))
    one, *others = (GaussianSVC(n_jobs=threads, cache_size=0.5).fit(X, y) for threads in (1, 2, 3))
    with threadpool_limits(2):
        others.append(GaussianSVC(n_jobs=1, cache_size=0.5).fit(X, y))
    assert not on_working_sets
    for other in others:
        for name in ("support_", "dual_coef_", "intercept_", "n_iter_"):
            np.testing.assert_array_equal(getattr(other, name), getattr(one, name), err_msg=name)


def test_values_that_have_no_room_are_computed_again():
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(3000, 3)), rng.normal(size=900)
    K = rbf_kernel(X, gamma=0.5)
    held, none = (KernelCache(X, 0.5, megabytes, threads=2) for megabytes in (12, 0))
    for _ in range(4):
        rows = np.sort(rng.permutation(3000)[:900])
        for kernels in (held, none):
            np.testing.assert_allclose(kernels.between(rows), K[np.ix_(rows, rows)], rtol=0, atol=1e-7)
            np.testing.assert_allclose(kernels.sums(rows, weights), K[:, rows] @ weights, rtol=0, atol=1e-5)


@pytest.mark.parametrize("installed", [True, False])
def test_beyond_the_memory_budget_a_library_fits_all_rows(installed, on_working_sets, monkeypatch):
    if installed:
        pytest.importorskip("sklearnex", reason="pip install 'tenfold[fast]'")
    else:
        monkeypatch.setattr(one_vs_one, "_ONEDAL_MODULE", "no_such_library")
    X, y = pixels(3)
    X = X / 255
    ours, theirs = GaussianSVC(cache_size=0.02, n_jobs=1).fit(X, y), SVC(break_ties=True).fit(X, y)
    assert len(on_working_sets) > 0
    assert all((kind is not SVC) == installed for kind in on_working_sets)
    assert ours.library_ == ("scikit-learn-intelex" if installed else "scikit-learn")
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=0, atol=2e-3)
    assert type(ours.support_vectors_) is np.ndarray
    assert type(ours.dual_coef_) is np.ndarray


@pytest.mark.parametrize("asked", [{"max_iter": 5}, {"tol": 1e-7}])
@pytest.mark.filterwarnings("ignore:Solver terminated early")
def test_what_working_sets_cannot_promise_is_fitted_by_libsvm(asked, on_working_sets):
    X, y = pixels(2)
    ours, theirs = GaussianSVC(**asked).fit(X / 255, y), SVC(**asked).fit(X / 255, y)
    assert on_working_sets == [SVC]
    np.testing.assert_array_equal(ours.dual_coef_, theirs.dual_coef_)
    np.testing.assert_array_equal(ours.intercept_, theirs.intercept_)


def test_two_sides_of_equal_rows_end():
    """No row can be told from its twin on the other side: every weight stays at its bound."""
    X, y = np.repeat(np.arange(200.0), 2)[:, None], np.arange(400) % 2 == 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(working_set, "_FIRST_ROWS", 10)
        found = fit_working_set(SVC(gamma=0.5, C=2.0), X, y, threads=1)
    assert (np.abs(found.weights) == 2.0).all()
    assert len(found.rows) == 400
