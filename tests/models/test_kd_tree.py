"""A tree rules boxes of rows out, the rest is compared: the answers are those of comparing all, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.models import KNeighborsClassifier
from tenfold.models.neighbours.kd_tree import KDTree, tree_bytes
from tenfold.models.neighbours.search import NeighbourSearch


def by_differences(X, Q, k):
    """The definition: all distances, summed value by value; of equal ones the first row."""
    distances = np.zeros((len(Q), len(X)))
    with np.errstate(over="ignore"):
        for theirs, own in zip(X.T.astype(np.float64), Q.T.astype(np.float64), strict=True):
            distances += (theirs - own[:, None]) ** 2
    rows = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(distances, rows, axis=1), rows


def along_a_few_directions(rng, n, d):
    return rng.normal(size=(n, 3)) @ rng.normal(size=(3, d)) + 0.05 * rng.normal(size=(n, d))


@settings(max_examples=150)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 900),
    d=st.integers(1, 32),
    kind=st.sampled_from(["spread", "grid", "twins", "alike", "far out"]),
    dtype=st.sampled_from([np.uint8, np.float32, np.float64]),
    scale=st.sampled_from([1e-160, 1e-30, 1.0, 1e30, 1e160]),
    k=st.integers(1, 40),
)
def test_answers_are_those_of_the_definition_ties_by_row(seed, n, d, kind, dtype, scale, k):
    rng = np.random.default_rng(seed)
    both = along_a_few_directions(rng, n + 20, d)
    if kind == "grid":
        both = rng.integers(0, 3, both.shape).astype(float)
    elif kind == "twins":
        both = both[rng.integers(0, 1 + n // 8, len(both))]
    elif kind == "alike":
        both[:] = both[0]
    elif kind == "far out":
        both[rng.integers(0, len(both), 3)] *= 1e6
    if dtype is np.uint8:
        both = np.rint(255 * (both - both.min()) / (np.ptp(both) or 1))
    else:
        both = both * (scale if dtype is np.float64 else 1.0)
    X, Q = both[:n].astype(dtype), both[n:].astype(dtype)
    found = KDTree.of(X).nearest(Q, min(k, n), threads=2)
    for one, other in zip(found, by_differences(X, Q, min(k, n)), strict=True):
        assert np.array_equal(one, other)


def test_queries_more_precise_than_the_rows_are_compared_as_they_are():
    rng = np.random.default_rng(1)
    X, Q = along_a_few_directions(rng, 700, 5).astype(np.float32), along_a_few_directions(rng, 50, 5)
    for one, other in zip(KDTree.of(X).nearest(Q, 7, 1), by_differences(X, Q, 7), strict=True):
        assert np.array_equal(one, other)


def test_of_rows_all_alike_a_few_are_compared():
    tree = KDTree.of(np.full((5_000, 4), 7.0))
    assert tree.pays(np.full((3, 4), 7.0), 5)
    assert tree.nearest(np.full((1, 4), 7.0), 5, 1)[1].tolist() == [[0, 1, 2, 3, 4]]


def test_a_tree_is_taken_where_it_rules_most_rows_out():
    rng = np.random.default_rng(2)
    both = along_a_few_directions(rng, 6_000, 6)
    X, Q = both[:5_000], both[5_000:]
    search = NeighbourSearch(X)
    found = search.nearest(Q, 5)
    assert "_float_search" not in vars(search), "nothing was compared with all rows"
    for one, other in zip(found, by_differences(X, Q, 5), strict=True):
        assert np.array_equal(one, other)
    for one, other in zip(search.nearest(Q[:3], 5), found, strict=True):
        assert np.array_equal(one, other[:3])
    assert "_float_search" not in vars(search), "a tree once grown serves few queries too"


@pytest.mark.parametrize("dtype", [np.float64, np.uint8])
def test_rows_without_direction_are_compared_with_all(dtype):
    rng = np.random.default_rng(3)
    X, Q = (rng.integers(0, 256, (n, 28)).astype(dtype) for n in (3_000, 3_600))
    X, Q = (X + 0.5, Q + 0.5) if dtype is np.float64 else (X, Q)
    search = NeighbourSearch(X)
    distances, rows = search.nearest(Q, 5)
    assert search._history.k_without_tree == 5
    expected, first = by_differences(X, Q[:50], 5)
    assert np.array_equal(distances[:50], expected)
    assert np.array_equal(rows[:50], first)


def test_answers_do_not_depend_on_the_threads_nor_on_what_was_asked_before():
    rng = np.random.default_rng(4)
    X, y = along_a_few_directions(rng, 3_000, 4), rng.integers(0, 3, 3_000)
    one = KNeighborsClassifier(7, weights="distance", n_jobs=1).fit(X, y)
    two = KNeighborsClassifier(7, weights="distance", n_jobs=2).fit(X, y)
    few = np.concatenate([two.predict_proba(X[start : start + 100]) for start in range(0, 3_000, 100)])
    assert "_float_search" in vars(two._search.squares), "the first hundred rows were not worth a tree"
    assert "_tree" in vars(two._search.squares), "all together were"
    assert np.array_equal(one.predict_proba(X), few)


def test_neighbours_of_the_training_rows_leave_out_each_row_itself():
    rng = np.random.default_rng(5)
    X = rng.integers(0, 4, (2_000, 3)).astype(float)
    rows = KNeighborsClassifier(4).fit(X, np.arange(2_000) % 2).kneighbors(return_distance=False)
    _, expected = by_differences(X, X, 2_000)
    for i in range(0, 2_000, 97):
        assert rows[i].tolist() == [row for row in expected[i] if row != i][:4]


@pytest.mark.parametrize("n", [600, 16 * 1024 + 1, 70_000])
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_a_tree_takes_no_more_memory_than_it_is_said_to(n, dtype):
    X = np.random.default_rng(6).integers(0, 256, (n, 3)).astype(dtype)
    assert sum(part.nbytes for part in KDTree.of(X).boxes) <= tree_bytes(X)
