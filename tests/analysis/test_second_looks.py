"""Labels and pairs worth a second look: what is planted is found."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from tenfold.analysis.averages import averages_of
from tenfold.analysis.label_errors import suspect_labels
from tenfold.analysis.projection import project
from tenfold.analysis.twins import nearest_of_other_class
from tenfold.analysis.values import values_of


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
    assert len(caught) > 0.8 * len(planted)
    assert len(caught) > 0.6 * len(found)
    assert np.mean([one.suggested == truth[one.position] for one in found if one.position in caught]) > 0.9


def test_the_most_suspicious_come_first(spoilt):
    found = suspect_labels(*spoilt[1:])
    assert [one.of_given for one in found] == sorted(one.of_given for one in found)


def test_a_class_without_rows_has_no_suspects():
    assert suspect_labels(np.zeros(5, np.int64), np.full((5, 2), 0.5)) == []


def test_a_row_that_stands_under_two_labels_is_found():
    X, y = load_digits(return_X_y=True)
    values = np.concatenate([X, X[:1] + 0.1]).astype(np.float32)
    found = nearest_of_other_class(values, np.append(y, (y[0] + 1) % 10))
    assert (found[0].first, found[0].second) == (0, len(y))
    assert found[0].distance < found[0].typical
    assert [one.distance for one in found] == sorted(one.distance for one in found)


def test_classes_far_apart_have_no_pairs():
    values = np.repeat([[0.0], [50.0]], 10, axis=0) + np.linspace(0, 1, 20)[:, None]
    assert nearest_of_other_class(values.astype(np.float32), np.repeat([0, 1], 10)) == []


def test_means_are_those_of_numpy():
    X, y = load_digits(return_X_y=True)
    images = X.reshape(-1, 8, 8).astype(np.uint8)
    for one in averages_of(images, y):
        assert one.mean == pytest.approx(images[y == one.code].mean(axis=0))
        assert one.spread == pytest.approx(images[y == one.code].std(axis=0), abs=1e-4)


@pytest.mark.parametrize("method", ["PCA", "t-SNE"])
def test_a_map_repeats_and_is_of_the_rows_asked(method):
    X, _ = load_digits(return_X_y=True)
    one, other = (project(X.astype(np.float32), method=method, most=120, seed=3) for _ in range(2))
    assert one.places.shape == (120, 2)
    assert np.array_equal(one.places, other.places)
    assert np.array_equal(one.rows, np.unique(one.rows))


def test_a_map_of_one_column_is_a_line():
    assert project(np.arange(9.0, dtype=np.float32)[:, None]).places[:, 1].tolist() == [0.0] * 9


def test_values_of_a_table_are_numbers_whatever_is_in_it():
    X = pd.DataFrame({"n": [1.0, np.nan, 3.0], "c": ["a", None, "b"], "k": [1, 1, 1], "none": [None] * 3})
    assert np.isfinite(values_of(X)).all()


def test_rows_without_a_column_to_compare_have_no_pairs():
    names = pd.DataFrame({"name": [f"n{i}" for i in range(40)]})
    assert values_of(names).shape == (40, 0)
    assert nearest_of_other_class(values_of(names), np.arange(40) % 2) == []
