"""Labels, pairs and rows worth a second look: what is planted is found."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import NearestNeighbors

from tenfold.analysis.averages import averages_of
from tenfold.analysis.hard import wrong_for_all
from tenfold.analysis.label_errors import against_the_label, suspect_labels
from tenfold.analysis.neighbours import nearest_by_class
from tenfold.analysis.projection import project
from tenfold.analysis.sample import drawn_rows
from tenfold.analysis.twins import Twins, near_twins, twins_nearby
from tenfold.analysis.values import values_of
from tenfold.analysis.weak_spots import Judged, weak_spots
from tenfold.folds.nearest import NearestRows


@pytest.fixture(scope="module")
def spoilt():
    """Digits of which one in twenty-five has a wrong label, and what a model that has not seen them says."""
    X, y = load_digits(return_X_y=True)
    planted = np.random.default_rng(0).choice(len(y), 70, replace=False)
    given = y.copy()
    given[planted] = (given[planted] + 1 + planted % 9) % 10
    said = cross_val_predict(LogisticRegression(max_iter=300), X / 16, given, cv=3, method="predict_proba")
    return planted, given, said


def test_planted_label_errors_are_found_and_their_class_suggested(spoilt):
    planted, given, said = spoilt
    truth = load_digits(return_X_y=True)[1]
    found = suspect_labels(given, said)
    caught = {one.position for one in found} & set(planted.tolist())
    assert len(caught) > 0.65 * len(planted)
    assert len(caught) > 0.7 * len(found)
    assert np.mean([one.suggested == truth[one.position] for one in found if one.position in caught]) > 0.9


def test_the_most_suspicious_come_first(spoilt):
    found = suspect_labels(*spoilt[1:])
    assert [one.of_given for one in found] == sorted(one.of_given for one in found)


def test_scores_that_are_no_probabilities_put_planted_label_errors_first(spoilt):
    planted, given, said = spoilt
    found = against_the_label(given, np.log(said + 1e-12))[:40]
    assert np.mean([one.position in set(planted.tolist()) for one in found]) > 0.8


def test_two_classes_are_treated_alike_by_both_forms_of_scores():
    y, p = np.array([0, 0, 0, 1, 1, 1]), np.array([0.1, 0.2, 0.95, 0.9, 0.8, 0.05])
    assert suspect_labels(y, p) == suspect_labels(y, np.stack([1 - p, p], axis=1))
    assert {one.position for one in suspect_labels(y, p)} == {2, 5}


@pytest.mark.parametrize("classes", [2, 500])
def test_classes_without_rows_and_equal_scores_have_no_suspects(classes):
    assert suspect_labels(np.zeros(5, np.int64), np.full((5, classes), 1 / classes)) == []
    assert against_the_label(np.zeros(5, np.int64), np.zeros((5, classes))) == []


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
    pairs, close = near_twins(values, np.append(y, (y[0] + 1) % 10))
    assert (pairs[0].first, pairs[0].second) == (0, len(y))
    assert pairs[0].distance < close
    assert [one.distance for one in pairs] == sorted(one.distance for one in pairs)


def test_classes_far_apart_have_no_pairs():
    values = np.repeat([[0.0], [50.0]], 10, axis=0) + np.linspace(0, 1, 20)[:, None]
    assert near_twins(values.astype(np.float32), np.repeat([0, 1], 10))[0] == []


def test_every_row_that_all_have_wrong_is_given_and_no_other():
    rng = np.random.default_rng(0)
    y, said = rng.integers(0, 3, 200), [rng.integers(0, 3, 200) for _ in range(3)]
    sureness = rng.random(200)
    found = wrong_for_all(y, said, sureness)
    assert sorted(found.tolist()) == [row for row in range(200) if all(one[row] != y[row] for one in said)]
    assert (np.diff(sureness[found]) <= 0).all()


def test_means_are_those_of_numpy():
    X, y = load_digits(return_X_y=True)
    images = X.reshape(-1, 8, 8).astype(np.uint8)
    for one in averages_of(images, y):
        assert one.mean == pytest.approx(images[y == one.code].mean(axis=0))
        assert one.spread == pytest.approx(images[y == one.code].std(axis=0), abs=1e-9)


def test_images_larger_than_the_room_are_averaged_in_parts(monkeypatch):
    monkeypatch.setattr("tenfold.analysis.averages._PIXELS_AT_ONCE", 40)
    X = np.random.default_rng(0).integers(0, 256, (23, 4, 4, 3)).astype(np.uint8)
    (one,) = averages_of(X, np.zeros(23, np.int64))
    assert one.mean == pytest.approx(X.mean(axis=0))
    assert one.spread == pytest.approx(X.std(axis=0), abs=1e-9)


@pytest.mark.parametrize("method", ["PCA", "t-SNE"])
def test_a_map_repeats(method):
    X = load_digits().data[:120].astype(np.float32)
    one, other = (project(X, method=method, seed=3) for _ in range(2))
    assert one.places.shape == (120, 2)
    assert np.array_equal(one.places, other.places)


def test_a_map_keeps_digits_of_one_kind_together():
    X, y = load_digits(return_X_y=True)
    places = project(X[:400].astype(np.float32), method="t-SNE").places
    near = NearestNeighbors(n_neighbors=2).fit(places).kneighbors(places)[1][:, 1]
    assert (y[:400][near] == y[:400]).mean() > 0.9


@pytest.mark.parametrize("values", [np.zeros((9, 3)), np.zeros((9, 0)), np.arange(3.0)[:, None]])
def test_rows_that_do_not_differ_or_are_too_few_have_no_map(values):
    assert project(values.astype(np.float32)) is None


def test_a_map_of_one_column_is_a_line():
    assert project(np.arange(9.0, dtype=np.float32)[:, None]).places[:, 1].tolist() == [0.0] * 9


def test_a_smaller_draw_lies_in_a_larger_one():
    few, many = (set(drawn_rows(1000, most, seed=5).tolist()) for most in (50, 300))
    assert few < many


def test_values_of_a_table_are_numbers_whatever_is_in_it():
    X = pd.DataFrame({"n": [1.0, np.nan, 3.0], "c": ["a", None, "b"], "k": [1, 1, 1], "none": [None] * 3})
    assert np.isfinite(values_of(X)).all()


@pytest.mark.parametrize(
    "X",
    [
        np.random.default_rng(0).integers(0, 9, (8, 1, 1)).astype(np.uint8),
        np.zeros((8, 5, 5, 3), np.uint8),
        pd.DataFrame({"constant": [1.0] * 8, "missing": [np.nan] * 8, "words": [f"w{i}" for i in range(8)]}),
        pd.DataFrame({"missing": [None] * 8}),
    ],
)  # fmt: skip
def test_weak_spots_of_next_to_nothing_are_none_and_no_complaint(X):
    y = np.arange(8) // 2
    scores = np.full((8, 4), 0.25)
    found = weak_spots(Judged(X, y, (y + 1) % 4, scores, True, 0.0, y.astype(str).astype(object)))
    assert found.looked_at == 0
    assert sorted(found.hard.tolist()) == list(range(8))


def test_rows_without_a_column_to_compare_have_no_pairs():
    names = pd.DataFrame({"name": [None] * 40})
    assert values_of(names).shape == (40, 0)
    assert near_twins(values_of(names), np.arange(40) % 2) == ([], 0.0)


def test_known_neighbours_give_the_pairs_of_a_comparison_of_all():
    rng = np.random.default_rng(4)
    values = rng.integers(0, 12, (400, 3)).astype(np.float32)
    y = rng.integers(0, 3, 400)
    apart = np.linalg.norm(values[:, None].astype(np.float64) - values, axis=2)
    np.fill_diagonal(apart, np.inf)
    order = np.argsort(apart, axis=1, kind="stable")[:, :-1]
    nearby = NearestRows(order, np.take_along_axis(apart, order, 1))
    assert twins_nearby(nearby, y) == near_twins(values, y)
    # With few neighbours a pair may be missed, never invented, and what is close is not less.
    fewer, close = twins_nearby(NearestRows(order[:, :4], nearby.distances[:, :4]), y)
    every, least = near_twins(values, y)
    assert close >= least
    assert {(one.first, one.second) for one in fewer if one.distance <= least} <= {
        (one.first, one.second) for one in every
    }


def test_of_many_rows_all_are_compared_where_their_neighbours_are_known():
    n = 6_000
    X, y = np.zeros((n, 2, 2), np.uint8), np.arange(n) % 2
    nearby = NearestRows(np.roll(np.arange(n), 2)[:, None].repeat(2, 1), np.full((n, 2), 3.0))
    nearby.rows[7, 0], nearby.distances[7, 0] = 8, 1.0
    judged = Judged(X, y, y, None, False, 0.0, y.astype(str).astype(object), (), nearby)
    found = weak_spots(judged)
    assert (found.compared, found.across_folds, found.close) == (n, True, 3.0)
    assert found.twins == [Twins(7, 8, 1.0)]
    assert not weak_spots(replace(judged, nearby=None)).across_folds


def test_neighbours_of_other_classes_alone_say_nothing():
    y = np.arange(30)
    nearby = NearestRows(np.roll(y, 1)[:, None], np.ones((30, 1)))
    assert twins_nearby(nearby, y) == ([], 0.0)
