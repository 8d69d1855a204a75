"""Matrices of more than 2^31 elements: no index may be held in 32 bits. Gigabytes of memory, so on request only."""

import numpy as np
import pytest

from tenfold.models import KNeighborsClassifier, SGDClassifier

ROWS, COLUMNS = 2**21 + 5, 1024


def two_classes(dtype):
    X = np.zeros((ROWS, COLUMNS), dtype)
    y = np.arange(ROWS) % 2
    X[y == 1, -1] = 3
    X[:, 0] = np.arange(ROWS) % 7
    return X, y


@pytest.mark.slow
def test_neighbours_are_found_among_the_last_rows_too():
    X, y = two_classes(np.uint8)
    X[-1, 5], X[-2, 9] = 200, 200
    model = KNeighborsClassifier(1).fit(X, y)
    distances, rows = model.kneighbors(X[[-1, -2, 0]])
    assert rows.ravel().tolist() == [ROWS - 1, ROWS - 2, 0]
    assert not distances.any()
    assert model.predict(X[-2:]).tolist() == y[-2:].tolist()


@pytest.mark.slow
def test_a_linear_classifier_learns_from_the_last_rows_too():
    X, y = two_classes(np.float32)
    X[-400:, 1], y[-400:] = 9, 0
    model = SGDClassifier(max_iter=2, tol=None, random_state=0).fit(X, y)
    assert model.coef_[0, -1] > 0
    assert model.coef_[0, 1] < 0
    assert model.score(X[-1000:], y[-1000:]) > 0.99
