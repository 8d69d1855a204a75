"""Sketches rule rows out; what they leave is compared: the answers are those of comparing all rows, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.models.neighbours import float_search
from tenfold.models.neighbours.bounded_search import BoundedSearch, pruning_pays
from tenfold.models.neighbours.byte_search import ByteSearch
from tenfold.models.neighbours.float_search import FloatSearch
from tenfold.models.neighbours.lower_bounds import Cells, LowerBounds
from tenfold.models.neighbours.search import NeighbourSearch


def bundled(rng, n, d, directions, noise):
    """Rows along a few directions with some noise about them, as images lie."""
    return rng.normal(size=(n, directions)) @ rng.normal(size=(directions, d)) + noise * rng.normal(size=(n, d))


def as_whole(values):
    """Spread over the bytes."""
    return np.rint((values - values.min()) / np.ptp(values) * 255).astype(np.uint8)


def compared_with_all(X, Q, k):
    dense = ByteSearch(0, X) if X.dtype == np.uint8 else FloatSearch.of(X)
    return dense.nearest(Q, k, 1)


def search_of(X):
    return BoundedSearch(X, LowerBounds.of(X, 1))


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(64, 1200),
    d=st.integers(64, 90),
    directions=st.integers(1, 64),
    noise=st.sampled_from([0.0, 0.1, 3.0]),
    dtype=st.sampled_from([np.uint8, np.float32, np.float64]),
    scale=st.sampled_from([1e-25, 1.0, 1e25]),
    k=st.integers(1, 30),
    twins=st.booleans(),
)
def test_answers_are_those_of_comparing_all_rows(seed, n, d, directions, noise, dtype, scale, k, twins):
    rng = np.random.default_rng(seed)
    both = bundled(rng, n + 40, d, directions, noise)
    if twins:
        both[: n // 2] = both[rng.integers(0, len(both), n // 2)]
    both = as_whole(both) if dtype is np.uint8 else (both * scale).astype(dtype)
    X, Q = both[:n], both[n:]
    for found, expected in zip(search_of(X).nearest(Q, k, 2), compared_with_all(X, Q, k), strict=True):
        assert np.array_equal(found, expected)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    directions=st.integers(1, 64),
    stretched=st.sampled_from([1.0, 1e3]),
    far=st.sampled_from([0.0, 1e6]),
)
def test_no_sketch_makes_a_distance_greater_than_it_is(seed, directions, stretched, far):
    rng = np.random.default_rng(seed)
    X = bundled(rng, 300, 70, directions, 0.01) + far
    X[rng.integers(0, 300, 3)] *= stretched
    Q = np.concatenate([X[:20] + 0.001 * rng.normal(size=(20, 70)), stretched * bundled(rng, 20, 70, 3, 1.0) + far])
    bounds = LowerBounds.of(X, 1)
    ours, theirs = bounds.sketches(Q), bounds.sketches(X)
    gaps = ours.values[:, None].astype(float) - theirs.values[None].astype(float)
    lower = bounds.step * np.sqrt((gaps**2).sum(axis=2)) - ours.error[:, None] - theirs.error
    true = np.sqrt(((Q[:, None] - X[None]) ** 2).sum(axis=2))
    assert (lower <= true * (1 + 1e-12)).all()
    assert theirs.error.max() <= bounds.error


def test_rows_that_are_all_alike_have_neighbours_by_row():
    X = np.full((700, 80), 7, np.uint8)
    distances, rows = search_of(X).nearest(X[:3], 4, 1)
    assert distances.tolist() == [[0.0] * 4] * 3
    assert rows.tolist() == [[0, 1, 2, 3]] * 3


def test_a_query_of_another_type_is_compared_in_the_wider_one():
    rng = np.random.default_rng(5)
    X, Q = bundled(rng, 900, 70, 9, 0.2).astype(np.float32), bundled(rng, 30, 70, 9, 0.2)
    for found, expected in zip(search_of(X).nearest(Q, 5, 1), compared_with_all(X, Q, 5), strict=True):
        assert np.array_equal(found, expected)


def test_cells_give_different_rows_even_of_a_query_far_from_all():
    rng = np.random.default_rng(6)
    rows = rng.integers(0, 9, (300, 64), dtype=np.uint8)
    rows[:250] = 0
    for k in (1, 60, 300):
        found = Cells.of(rows).nearby(np.full((5, 64), 255, np.uint8), k)
        assert [len(set(of_query)) for of_query in found.tolist()] == [k] * 5


@pytest.fixture(scope="module")
def many():
    """Enough rows and queries for sketches to be worth their making."""
    rng = np.random.default_rng(7)
    both = bundled(rng, 10_300, 128, 12, 0.05)
    assert pruning_pays(both[:8_300], 2_000, 3)
    return both[:8_300], both[8_300:]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_search_goes_by_sketches_where_these_rule_most_rows_out(many, dtype):
    X, Q = (part.astype(dtype) for part in many)
    search = NeighbourSearch(X)
    distances, rows = search.nearest(Q, 3)
    assert "_float_search" not in vars(search), "nothing was compared with all rows"
    expected, first = compared_with_all(X, Q, 3)
    assert np.array_equal(distances, expected)
    assert np.array_equal(rows, first)


def test_bytes_too_are_searched_by_sketches_where_these_rule_most_rows_out():
    both = as_whole(bundled(np.random.default_rng(10), 24_000, 400, 12, 0.05))
    X, Q = both[:17_000], both[17_000:]
    search = NeighbourSearch(X)
    distances, rows = search.nearest(Q[:1_024], 3)
    assert "_bounded_search" not in vars(search), "too few queries for sketches that are still to be made"
    again = search.nearest(Q, 3)
    assert "_bounded_search" not in vars(search)
    for one, other in zip(search.nearest(Q[:1_024], 3), (distances, rows), strict=True):
        assert np.array_equal(one, other)
    assert "_bounded_search" in vars(search), "who has asked often will ask again"
    search = NeighbourSearch(np.concatenate([X, Q]))
    found = search.nearest(Q, 3)
    assert "packed" not in vars(search._byte_search), "nothing was compared with all rows"
    for one, other in zip(found, compared_with_all(search.X, Q, 3), strict=True):
        assert np.array_equal(one, other)
    for one, other in zip(search.nearest(Q[:1_024], 3), found, strict=True):
        assert np.array_equal(one, other[:1_024])
    assert "packed" not in vars(search._byte_search), "sketches once made serve fewer queries too"
    for one, other in zip(again, (distances, rows), strict=True):
        assert np.array_equal(one[:1_024], other)


def test_the_number_of_threads_does_not_change_what_sketches_find(many):
    X, Q = many
    one, two = NeighbourSearch(X).nearest(Q, 3, 1), NeighbourSearch(X).nearest(Q, 3, 2)
    assert np.array_equal(one[0], two[0])
    assert np.array_equal(one[1], two[1])


@pytest.mark.parametrize("size", [1e200, 1e40])
def test_a_query_too_large_to_sketch_has_its_neighbours_all_the_same(many, size):
    X, Q = many
    Q = Q.copy()
    Q[17] = size
    distances, rows = NeighbourSearch(X).nearest(Q, 3)
    expected, first = compared_with_all(X, Q, 3)
    assert np.array_equal(distances, expected)
    assert np.array_equal(rows, first)


def test_rows_too_large_to_sketch_are_compared_with_all(many):
    X, Q = many[0] * 1e60, many[1] * 1e60
    assert LowerBounds.of(X, 1) is None
    distances, rows = NeighbourSearch(X).nearest(Q, 3)
    expected, first = compared_with_all(X, Q, 3)
    assert np.array_equal(distances, expected)
    assert np.array_equal(rows, first)


def test_rows_without_direction_are_compared_with_all():
    rng = np.random.default_rng(8)
    X, Q = rng.random((8_300, 300)), rng.random((2_050, 300))
    search = NeighbourSearch(X)
    assert not BoundedSearch(X, LowerBounds.of(X, 1)).pays(Q, 3)
    search.nearest(Q[:2_000], 3)
    assert "_float_search" in vars(search)


def test_one_row_far_out_leaves_the_others_certain(monkeypatch):
    """Standardised data have such rows; the length of the longest once put all queries in doubt."""
    rng = np.random.default_rng(9)
    X = rng.normal(size=(3_000, 100))
    X[5] *= 1e4
    expected = compared_with_all(X, X[:50] + 0.01, 3)

    def never(*arguments, **named):
        raise AssertionError("compared with all rows one by one")

    monkeypatch.setattr(float_search, "nearest_of_few", never)
    certain = FloatSearch.of(X).nearest(X[10:60] + 0.01, 3, 1)
    assert np.array_equal(certain[1][:40], expected[1][10:])
