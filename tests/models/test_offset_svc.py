"""The linear machine whose offset is chosen on held-out rows."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.svm import LinearSVC

from tenfold.models import OffsetSVC


def _rare(rows, seed):
    """A class of one in twenty, in more columns than there are rows."""
    rng = np.random.default_rng(seed)
    y = (np.arange(rows) % 20 == 0).astype(int)
    X = rng.normal(size=(rows, 400))
    X[:, :40] += 0.55 * y[:, np.newaxis]
    return sp.csr_matrix(X / np.linalg.norm(X, axis=1, keepdims=True)), y


def test_a_rare_class_is_missed_less_and_no_more_rows_are_wrong():
    (X, y), (new, actual) = _rare(400, 0), _rare(4_000, 1)
    plain, moved = (one.fit(X, y).predict(new) for one in (LinearSVC(random_state=0), OffsetSVC(random_state=0)))
    assert (moved[actual == 1] == 1).mean() > (plain[actual == 1] == 1).mean() + 0.05
    assert (moved == actual).mean() >= (plain == actual).mean()


def test_it_is_the_plain_machine_with_another_offset():
    X, y = _rare(400, 0)
    plain, moved = LinearSVC(random_state=0).fit(X, y), OffsetSVC(random_state=0).fit(X, y)
    assert np.array_equal(moved.coef_, plain.coef_)
    assert moved.shift_ < 0
    assert moved.decision_function(X) + moved.shift_ == pytest.approx(plain.decision_function(X))
    assert moved.predict(X).tolist() == (moved.decision_function(X) > 0).astype(int).tolist()


@pytest.mark.parametrize("y", [np.arange(60) % 3, (np.arange(60) < 3).astype(int)], ids=["three", "few"])
def test_three_classes_or_few_rows_leave_the_offset(y):
    X = np.random.default_rng(0).normal(size=(60, 3))
    moved = OffsetSVC(random_state=0).fit(X, y)
    assert moved.shift_ == 0
    assert moved.predict(X).tolist() == LinearSVC(random_state=0).fit(X, y).predict(X).tolist()
