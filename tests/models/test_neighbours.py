"""Exact neighbours: the same as scikit-learn's brute force, whatever the numbers are."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier as Theirs
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from tenfold.models import KNeighborsClassifier
from tenfold.models.neighbours.byte_search import ByteSearch
from tenfold.models.neighbours.float_search import FloatSearch
from tenfold.models.neighbours.search import NeighbourSearch


@parametrize_with_checks([KNeighborsClassifier()])
def test_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


def by_differences(X, Q, k):
    """The definition: all distances from the differences; of equal ones the first row."""
    distances = ((X[None].astype(np.float64) - Q[:, None].astype(np.float64)) ** 2).sum(axis=2)
    rows = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(distances, rows, axis=1), rows


def every_way(X, Q, k):
    """As a search answers, which goes by how many queries there are, and by the products of all."""
    small = X.dtype == Q.dtype == np.uint8
    dense = ByteSearch(0, X) if small else FloatSearch.of(X.astype(np.float64) if X.dtype == np.uint8 else X)
    return NeighbourSearch(X).nearest(Q, k), dense.nearest(Q, k, 1)


tied_numbers = st.integers(0, 3).map(float)


@given(
    X=arrays.arrays(np.float64, st.tuples(st.integers(1, 60), st.just(3)), elements=tied_numbers),
    Q=arrays.arrays(np.float64, st.tuples(st.integers(1, 20), st.just(3)), elements=tied_numbers),
    dtype=st.sampled_from([np.uint8, np.float32, np.float64]),
    data=st.data(),
)
def test_the_nearest_are_those_of_the_definition_ties_by_row(X, Q, dtype, data):
    k = data.draw(st.integers(1, len(X)))
    expected, first = by_differences(X, Q, k)
    for distances, rows in every_way(X.astype(dtype), Q.astype(dtype), k):
        assert np.array_equal(distances, expected)
        assert np.array_equal(rows, first)


@given(
    X=arrays.arrays(np.float64, st.tuples(st.integers(1, 60), st.just(2)), elements=st.floats(-1e6, 1e6)),
    Q=arrays.arrays(np.float64, st.tuples(st.integers(1, 20), st.just(2)), elements=st.floats(-1e6, 1e6)),
    scale=st.sampled_from([1e-30, 1.0, 1e30]),
    data=st.data(),
)
def test_real_numbers_of_any_size_are_compared_by_their_differences(X, Q, scale, data):
    k = data.draw(st.integers(1, len(X)))
    expected, _ = by_differences(X * scale, Q * scale, k)
    (few, row_of_few), (many, row_of_many) = every_way(X * scale, Q * scale, k)
    assert few == pytest.approx(expected, rel=1e-12)
    assert np.array_equal(few, many)
    assert np.array_equal(row_of_few, row_of_many)


@given(
    X=arrays.arrays(
        np.int16, st.tuples(st.integers(1, 60), st.just(3)), elements=st.sampled_from([-32768, 0, 9, 32767])
    ),
    Q=arrays.arrays(np.int16, st.tuples(st.integers(1, 20), st.just(3)), elements=st.integers(-32768, 32767)),
    data=st.data(),
)
def test_whole_numbers_of_16_bits_are_compared_exactly(X, Q, data):
    k = data.draw(st.integers(1, len(X)))
    expected, first = by_differences(X.astype(np.float64), Q.astype(np.float64), k)
    for distances, rows in every_way(X, Q, k):
        assert np.array_equal(distances, expected)
        assert np.array_equal(rows, first)


def test_single_precision_is_compared_in_double():
    rng = np.random.default_rng(0)
    X, Q = rng.normal(size=(60, 3)).astype(np.float32), rng.normal(size=(9, 3)).astype(np.float32)
    for distances, _ in every_way(X, Q, 4):
        assert distances == pytest.approx(by_differences(X, Q, 4)[0], rel=1e-15)


@pytest.mark.parametrize("n", [2, 60])
def test_a_query_that_overflows_beside_tiny_rows_still_has_different_neighbours(n):
    X = np.zeros((n, 2))
    X[0, 0] = np.finfo(np.float32).tiny
    for _, rows in every_way(X, np.array([[1.0, 0.0]]), 2):
        assert rows.tolist() == by_differences(X, np.array([[1.0, 0.0]]), 2)[1].tolist() == [[0, 1]]


def test_distances_that_overflow_are_equal_and_told_by_row():
    X = np.array([[1e200], [-1e200], [1.0], [3e200]])
    with np.errstate(over="ignore"):
        expected, first = by_differences(X, np.array([[0.0], [2.0]]), 3)
    for distances, rows in every_way(X, np.array([[0.0], [2.0]]), 3):
        assert np.array_equal(distances, expected)
        assert np.array_equal(rows, first)
        assert rows.tolist() == [[2, 0, 1]] * 2


def test_a_cluster_far_from_zero_is_told_apart():
    rng = np.random.default_rng(0)
    X = 1e8 + rng.normal(size=(400, 3))
    Q = 1e8 + rng.normal(size=(50, 3))
    _, rows = NeighbourSearch(X).nearest(Q, 5)
    assert np.array_equal(rows, by_differences(X, Q, 5)[1])


def test_two_far_clusters_whose_rounded_distances_cannot_be_told_apart():
    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(size=(200, 3)) * 1e-4, 1e6 + rng.normal(size=(200, 3)) * 1e-4])
    Q = X[::20] + 1e-6
    _, rows = NeighbourSearch(X).nearest(Q, 5)
    assert np.array_equal(rows, by_differences(X, Q, 5)[1])


def test_values_beyond_one_byte_and_between_whole_numbers_go_the_exact_way_too():
    rng = np.random.default_rng(2)
    X = rng.integers(0, 354, (300, 20)).astype(np.float64)
    Q = rng.integers(0, 255, (30, 20)) + 0.5
    for rows in (X, np.minimum(X, 255)):
        distances, _ = NeighbourSearch(rows).nearest(Q, 4)
        assert np.array_equal(distances, by_differences(rows, Q, 4)[0])


def test_whole_numbers_below_zero_are_exact():
    rng = np.random.default_rng(3)
    X, Q = rng.integers(-128, 127, (500, 30)).astype(np.float32), rng.integers(-128, 127, (40, 30)).astype(np.float32)
    distances, rows = NeighbourSearch(X).nearest(Q, 6)
    assert np.array_equal(distances, by_differences(X, Q, 6)[0])
    assert np.array_equal(rows, by_differences(X, Q, 6)[1])


def told_apart(distances, k):
    """Queries whose k nearest are no matter of opinion: scikit-learn breaks ties by the history of its heap."""
    return distances[:, k - 1] < distances[:, k]


@pytest.mark.parametrize("weights", ["uniform", "distance", lambda d: 1 / (1 + d)])
@pytest.mark.parametrize("k", [1, 3, 8, 20])
def test_answers_of_digits_are_those_of_scikit_learn(weights, k):
    X, y = load_digits(return_X_y=True)
    ours = KNeighborsClassifier(k, weights=weights).fit(X[:1200].astype(np.uint8), y[:1200])
    theirs = Theirs(k, weights=weights, algorithm="brute").fit(X[:1200], y[:1200])
    assert np.array_equal(ours.kneighbors(X[1200:])[0], theirs.kneighbors(X[1200:])[0])
    Q = X[1200:][told_apart(ours.kneighbors(X[1200:], k + 1)[0], k)]
    assert len(Q) > 500
    assert np.array_equal(ours.predict(Q.astype(np.uint8)), theirs.predict(Q))
    assert np.allclose(ours.predict_proba(Q.astype(np.uint8)), theirs.predict_proba(Q), atol=1e-12)


def test_several_outputs_and_labels_are_answered_as_scikit_learn_does():
    X, y = load_digits(return_X_y=True)
    Y = np.stack([y >= 7, y % 2 == 1], axis=1)
    ours, theirs = KNeighborsClassifier().fit(X[:1000], Y[:1000]), Theirs(algorithm="brute").fit(X[:1000], Y[:1000])
    Q = X[1000:][told_apart(ours.kneighbors(X[1000:], 6)[0], 5)]
    assert np.array_equal(ours.predict(Q), theirs.predict(Q))
    for mine, other in zip(ours.predict_proba(Q), theirs.predict_proba(Q), strict=True):
        assert np.allclose(mine, other)


def test_training_rows_are_not_their_own_neighbours_even_among_twins():
    X = np.zeros((6, 2))
    rows = KNeighborsClassifier(2).fit(X, [0, 1] * 3).kneighbors(return_distance=False)
    assert all(i not in found for i, found in enumerate(rows))


def test_the_graph_is_that_of_scikit_learn():
    X, y = load_digits(return_X_y=True)
    ours, theirs = KNeighborsClassifier(3).fit(X[:200], y[:200]), Theirs(3, algorithm="brute").fit(X[:200], y[:200])
    for mode in ("connectivity", "distance"):
        assert np.allclose(
            ours.kneighbors_graph(X[200:230], mode=mode).toarray(),
            theirs.kneighbors_graph(X[200:230], mode=mode).toarray(),
        )


@pytest.mark.parametrize("array", ["strided", "read-only", "big-endian", "fortran"])
def test_arrays_of_every_making_are_taken(array):
    X, y = load_digits(return_X_y=True)
    expected = KNeighborsClassifier(3).fit(X[:300], y[:300]).predict(X[300:400])
    made = {
        "strided": lambda a: np.repeat(a, 2, axis=0)[::2],
        "read-only": lambda a: _read_only(a.copy()),
        "big-endian": lambda a: a.astype(">f8"),
        "fortran": np.asfortranarray,
    }[array]
    assert np.array_equal(KNeighborsClassifier(3).fit(made(X[:300]), y[:300]).predict(made(X[300:400])), expected)


def _read_only(array):
    array.setflags(write=False)
    return array


def test_the_number_of_threads_does_not_change_an_answer():
    X, y = load_digits(return_X_y=True)
    one = KNeighborsClassifier(5, n_jobs=1).fit(X, y).kneighbors(X)
    two = KNeighborsClassifier(5, n_jobs=2).fit(X, y).kneighbors(X)
    with threadpool_limits(1):
        limited = KNeighborsClassifier(5).fit(X, y).kneighbors(X)
    assert all(np.array_equal(a, b) and np.array_equal(a, c) for a, b, c in zip(one, two, limited, strict=True))


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"n_neighbors": 0}, "at least 1"),
        ({"n_neighbors": 2.5}, "whole number"),
        ({"weights": "near"}, "weights must be"),
        ({"weights": ["a"]}, "weights must be"),
        ({"metric": "cubic"}, "metric"),
        ({"p": 0}, "p must be"),
        ({"leaf_size": 0}, "leaf_size must be"),
        ({"metric_params": ["p"]}, "metric_params must be"),
        ({"n_jobs": 1.5}, "n_jobs must be"),
        ({"algorithm": "cover_tree"}, "auto, brute, kd_tree"),
    ],
)
def test_parameters_that_are_not_known_are_refused_by_name(parameters, said):
    with pytest.raises(ValueError, match=said):
        KNeighborsClassifier(**parameters).fit(np.eye(3), [0, 1, 0])


def test_more_neighbours_than_rows_are_refused():
    with pytest.raises(ValueError, match="n_samples_fit = 3"):
        KNeighborsClassifier(4).fit(np.eye(3), [0, 1, 0]).predict(np.eye(3))


@pytest.mark.parametrize("words", [[["1"], ["2"]], [[b"1"], [b"2"]]])
def test_numbers_written_as_text_are_refused_as_by_scikit_learn(words):
    for classifier in (KNeighborsClassifier(1), Theirs(1)):
        with pytest.raises(ValueError, match="arrays of bytes/strings"):
            classifier.fit(np.array(words), [0, 1])
        with pytest.raises(ValueError, match="arrays of bytes/strings"):
            classifier.fit([[1], [2]], [0, 1]).predict(np.array(words))


@pytest.mark.parametrize("dtype", [bool, np.int16, np.float16, object, ">f4", ">f8"])
def test_numbers_of_every_type_are_answered(dtype):
    X = np.array([[0, 1], [1, 0], [1, 1]]).astype(dtype)
    assert KNeighborsClassifier(1).fit(X, [3, 4, 5]).predict(X).tolist() == [3, 4, 5]


def test_missing_and_infinite_values_are_refused():
    for value in (np.nan, np.inf):
        with pytest.raises(ValueError, match=r"NaN|infinity"):
            KNeighborsClassifier(1).fit(np.array([[1.0], [value]]), [0, 1])


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int64, bool, np.float32, np.float64])
@pytest.mark.parametrize("lowest", [-2.0, -32_900.0, 300.0])
def test_queries_of_another_type_than_the_rows_are_predicted(kind, lowest):
    X = np.array([[lowest], [lowest + 5]])
    Q = np.array([[0], [1]]).astype(kind)
    expected = Theirs(1).fit(X, [0, 1]).predict(Q)
    assert np.array_equal(KNeighborsClassifier(1).fit(X, [0, 1]).predict(Q), expected)
    many = np.repeat(Q, 20, axis=0)
    assert np.array_equal(KNeighborsClassifier(1).fit(X, [0, 1]).predict(many), np.repeat(expected, 20))


def test_whole_numbers_of_16_bits_below_those_of_the_rows_are_exact():
    X, Q = np.arange(-32_900.0, -32_650.0)[:, None], np.array([[-32_700], [-32_768]], np.int16)
    assert NeighbourSearch(X).nearest(Q, 1)[1].ravel().tolist() == [200, 132]


@pytest.mark.parametrize("n", [40, 900])
@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("size", [1e-305, 1e-300, 1e-170, 1e154, 1e200, 1e300, 1e308])
@pytest.mark.filterwarnings("error", "ignore:invalid value encountered in reduce")
def test_values_of_any_size_are_classified(size, weights, n):
    rng = np.random.default_rng(0)
    X, y = rng.integers(-9, 10, (n, 3)) / 10, np.arange(n) % 3
    Q = X[:20] + 0.03
    plain = KNeighborsClassifier(4, weights=weights).fit(X, y)
    model = KNeighborsClassifier(4, weights=weights).fit(X * size, y)
    distances, _ = model.kneighbors(Q * size)
    assert distances == pytest.approx(plain.kneighbors(Q)[0] * size, rel=1e-9, abs=5e-324)
    assert np.array_equal(np.sort(distances, axis=1), distances)
    assert (model.predict(Q * size) == plain.predict(Q)).mean() > 0.9, "but for ties that rounding makes or breaks"


def test_a_query_far_beyond_all_rows_has_a_distance_that_is_a_number():
    model = KNeighborsClassifier(2, weights="distance").fit([[0.0], [1.0], [2.0]], [0, 1, 1])
    distances, rows = model.kneighbors([[1e200], [-3e307]])
    assert distances.tolist() == [[1e200] * 2, [3e307] * 2]
    assert rows.tolist() == [[0, 1]] * 2
    assert model.predict([[1e200]]).tolist() == [0]


METRICS = [
    {"p": 1}, {"p": 3}, {"p": np.inf}, {"metric": "manhattan"}, {"metric": "chebyshev"}, {"metric": "cosine"},
    {"metric": "sqeuclidean"}, {"metric": "l1"}, {"metric": "minkowski", "metric_params": {"w": np.arange(1.0, 65.0)}},
    {"metric": "minkowski", "p": None, "metric_params": {"p": 1.5}},
    {"metric": lambda a, b: float(np.abs(a - b).sum())}, {"metric": "manhattan", "algorithm": "ball_tree"},
    {"metric": "canberra"}, {"metric": "seuclidean", "metric_params": {"V": np.ones(64)}},
]  # fmt: skip


@pytest.mark.parametrize("options", METRICS)
def test_other_metrics_are_those_of_scikit_learn(options):
    X, y = load_digits(return_X_y=True)
    X, y, Q = X[:200], y[:200], X[200:240]
    ours, theirs = (model(4, weights="distance", **options).fit(X, y) for model in (KNeighborsClassifier, Theirs))
    assert ours.effective_metric_ == theirs.effective_metric_
    assert np.array_equal(ours.kneighbors(Q)[0], theirs.kneighbors(Q)[0])
    assert np.array_equal(ours.kneighbors()[1], theirs.kneighbors()[1])
    assert np.array_equal(ours.predict(Q), theirs.predict(Q))
    assert ours.predict_proba(Q) == pytest.approx(theirs.predict_proba(Q))
    once = ours.with_neighbours(Q, 6).set_params(n_neighbors=6)
    assert np.array_equal(once.predict(Q), theirs.set_params(n_neighbors=6).predict(Q))


@pytest.mark.parametrize("options", [{}, {"p": 1}, {"metric": "cosine"}], ids=str)
def test_sparse_rows_and_queries_are_taken(options):
    X, y = load_digits(return_X_y=True)
    X, y, Q = X[:300] / 16, y[:300], X[300:340] / 16
    expected = Theirs(3, algorithm="brute", **options).fit(X, y).kneighbors(Q)
    for rows, queries in ((csr_matrix(X), csr_matrix(Q)), (csr_matrix(X), Q), (X, csr_matrix(Q))):
        model = KNeighborsClassifier(3, **options, **({"algorithm": "brute"} if options else {})).fit(rows, y)
        distances, found = model.kneighbors(queries)
        assert distances == pytest.approx(expected[0], abs=1e-7)
        assert (found == expected[1]).mean() > 0.95
        assert model.predict(queries).shape == (40,)


def test_distances_that_are_known_already_are_taken():
    X, y = load_digits(return_X_y=True)
    apart = np.abs(X[:150, None] - X[None, :100]).sum(axis=2)
    ours, theirs = (
        model(3, metric="precomputed").fit(apart[:100], y[:100]) for model in (KNeighborsClassifier, Theirs)
    )
    assert np.array_equal(ours.predict(apart[100:]), theirs.predict(apart[100:]))
    assert np.array_equal(ours.kneighbors()[1], theirs.kneighbors()[1])


def test_l2_is_the_euclidean_distance_of_our_own_kernels():
    X, y = load_digits(return_X_y=True)
    model = KNeighborsClassifier(3, metric="l2").fit(X, y)
    assert model.effective_metric_ == "l2"
    assert isinstance(model._search.squares, NeighbourSearch)
    assert np.array_equal(model.predict(X), KNeighborsClassifier(3).fit(X, y).predict(X))


@pytest.mark.parametrize("options", [{}, {"p": 3}, {"metric": "manhattan"}, {"metric": "l2"}], ids=str)
def test_a_copy_searches_by_the_metric_it_was_fitted_with(options):
    X, y = load_digits(return_X_y=True)
    model = KNeighborsClassifier(3, **options).fit(X[:300], y[:300])
    copied = pickle.loads(pickle.dumps(model))
    assert np.array_equal(copied.kneighbors(X[300:400])[0], model.kneighbors(X[300:400])[0])
    assert clone(model).get_params() == model.get_params()


def test_no_training_row_of_gaps_is_taken_but_by_the_metric_for_them():
    X = np.array([[1.0, np.nan], [2.0, 0.0], [9.0, 9.0]])
    model = KNeighborsClassifier(1, metric="nan_euclidean").fit(X, [0, 1, 2])
    assert model.predict([[1.0, np.nan], [np.nan, 9.0]]).tolist() == [0, 2]


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_few_queries_are_searched_among_rows_that_are_packed_already(dtype, monkeypatch):
    X = (np.random.default_rng(0).random((300, 40)) * 255).astype(dtype)
    expected = NeighbourSearch(X).nearest(X[:3], 4)
    ready = NeighbourSearch(X).prepare()
    monkeypatch.setattr("tenfold.models.neighbours.search.nearest_of_few", None)
    for ours, alone in zip(ready.nearest(X[:3], 4), expected, strict=True):
        assert np.array_equal(ours, alone)
