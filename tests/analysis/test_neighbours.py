"""The nearest rows outside the fold, and near duplicates of different classes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestNeighbors

from tenfold.analysis.neighbours import near_duplicates, near_duplicates_among, nearest_by_class, nearest_outside_fold
from tenfold.data.kinds.table.preparation import values as values_of_table
from tenfold.folds.nearest import NearestRows


@given(st.integers(0, 2**32 - 1))
def test_neighbours_are_the_nearest_of_all_rows_of_other_folds(seed):
    rng = np.random.default_rng(seed)
    space, fold = rng.normal(size=(40, 3)), rng.integers(0, 3, 40)
    asked = rng.choice(40, 6, replace=False)
    found = nearest_outside_fold(space, fold, asked, 4)
    for at, near, away in zip(asked, found.positions, found.distances, strict=True):
        distances = np.linalg.norm(space - space[at], axis=1)
        distances[fold == fold[at]] = np.inf
        assert away == pytest.approx(np.sort(distances)[:4])
        assert distances[near] == pytest.approx(away)


def test_too_few_rows_outside_leave_places_empty():
    found = nearest_outside_fold(np.arange(4.0)[:, None], np.array([0, 0, 0, 1]), np.array([0, 3]), 2)
    assert found.positions[0].tolist() == [3, -1]
    assert found.distances[0, 1] == np.inf
    assert found.positions[1].tolist() == [2, 1]


def test_a_table_is_measured_with_numbers_to_scale_and_categories_apart():
    X = pd.DataFrame({"pay": [1e6, 1.1e6, 1e6, 1.1e6] * 5, "sex": list("mmff") * 5})
    space = values_of_table(X)
    assert space.std(axis=0).max() <= 1.01
    found = nearest_outside_fold(space, np.arange(20) % 5, np.array([0]), 1)
    assert found.distances[0, 0] == 0
    assert (X.iloc[found.positions[0, 0]] == X.iloc[0]).all()


@given(st.integers(0, 1000), st.integers(2, 40), st.integers(1, 5))
def test_the_nearest_are_those_of_an_exhaustive_search(seed, n, k):
    rng = np.random.default_rng(seed)
    values, y = rng.normal(size=(n, 3)).astype(np.float32), rng.integers(0, k, n)
    found = nearest_by_class(values, y)
    for row in range(n):
        apart = np.linalg.norm(values - values[row], axis=1)
        others, own = apart[y != y[row]], np.delete(apart, row)[np.delete(y, row) == y[row]]
        assert found.to_other[row] == pytest.approx(others.min() if len(others) else np.inf, abs=1e-5)
        assert found.to_own[row] == pytest.approx(own.min() if len(own) else np.inf, abs=1e-5)


def test_the_search_over_several_blocks_is_that_of_scikit_learn():
    X, y = load_digits(return_X_y=True)
    values = X[:600].astype(np.float32)
    found = nearest_by_class(values, y[:600])
    for code in range(10):
        rows = y[:600] == code
        expected, _ = NearestNeighbors(n_neighbors=1).fit(values[~rows]).kneighbors(values[rows])
        assert found.to_other[rows] == pytest.approx(expected[:, 0], rel=1e-5)


def test_a_row_that_stands_under_two_labels_is_found():
    X, y = load_digits(return_X_y=True)
    values = np.concatenate([X, X[:1] + 0.1]).astype(np.float32)
    pairs, close = near_duplicates(values, np.append(y, (y[0] + 1) % 10))
    assert (pairs[0].first, pairs[0].second) == (0, len(y))
    assert pairs[0].distance < close
    assert [one.distance for one in pairs] == sorted(one.distance for one in pairs)


def test_classes_far_apart_have_no_pairs():
    values = np.repeat([[0.0], [50.0]], 10, axis=0) + np.linspace(0, 1, 20)[:, None]
    assert near_duplicates(values.astype(np.float32), np.repeat([0, 1], 10))[0] == []


def test_rows_without_a_column_to_compare_have_no_pairs():
    names = pd.DataFrame({"name": [None] * 40})
    assert values_of_table(names).shape == (40, 0)
    assert near_duplicates(values_of_table(names), np.arange(40) % 2) == ([], 0.0)


def test_known_neighbours_give_the_pairs_of_a_comparison_of_all():
    rng = np.random.default_rng(4)
    values = rng.integers(0, 12, (400, 3)).astype(np.float32)
    y = rng.integers(0, 3, 400)
    apart = np.linalg.norm(values[:, None].astype(np.float64) - values, axis=2)
    np.fill_diagonal(apart, np.inf)
    order = np.argsort(apart, axis=1, kind="stable")[:, :-1]
    nearby = NearestRows(order, np.take_along_axis(apart, order, 1))
    assert near_duplicates_among(nearby, y) == near_duplicates(values, y)
    # With few neighbours a pair may be missed, never invented, and what is close is not less.
    fewer, close = near_duplicates_among(NearestRows(order[:, :4], nearby.distances[:, :4]), y)
    every, least = near_duplicates(values, y)
    assert close >= least
    assert {(one.first, one.second) for one in fewer if one.distance <= least} <= {
        (one.first, one.second) for one in every
    }


def test_neighbours_of_other_classes_alone_say_nothing():
    y = np.arange(30)
    nearby = NearestRows(np.roll(y, 1)[:, None], np.ones((30, 1)))
    assert near_duplicates_among(nearby, y) == ([], 0.0)
