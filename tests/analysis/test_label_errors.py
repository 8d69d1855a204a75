"""Doubtful labels: those that are planted are found."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from tenfold.analysis.label_errors import against_the_label, suspect_labels


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
    assert [one.of_label for one in found] == sorted(one.of_label for one in found)


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
