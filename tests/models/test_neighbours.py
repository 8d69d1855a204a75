"""Exact neighbours: the same as scikit-learn's brute force, whatever the numbers are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier as Theirs
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from tenfold.models import KNeighborsClassifier
from tenfold.models.neighbours.real import RealNumbers
from tenfold.models.neighbours.search import NeighbourSearch
from tenfold.models.neighbours.whole import WholeNumbers


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
    dense = WholeNumbers(0, X) if small else RealNumbers.of(X.astype(np.float64) if X.dtype == np.uint8 else X)
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
        ({"metric": "cosine"}, "Euclidean"),
        ({"p": 1}, "Euclidean"),
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
