"""The readings of a confusion matrix, against scikit-learn and their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.metrics import confusion_matrix

from tenfold.figures.comparison.similarity import class_groups, group_counts, similar_order
from tenfold.figures.curves.readings import (
    READINGS,
    cells_over_folds,
    cells_with_intervals,
    most_confused,
    read_matrix,
)

matrices = st.integers(2, 7).flatmap(lambda k: arrays.arrays(np.int64, (k, k), elements=st.integers(0, 40)))


@pytest.mark.parametrize(("by", "normalize"), [("actual", "true"), ("predicted", "pred"), ("all", "all")])
def test_shares_are_those_of_scikit_learn(by, normalize):
    rng = np.random.default_rng(0)
    y, called = rng.integers(0, 4, 300), rng.integers(0, 4, 300)
    assert read_matrix(confusion_matrix(y, called), by) == pytest.approx(
        confusion_matrix(y, called, normalize=normalize)
    )


@given(matrices)
def test_errors_only_leaves_out_the_diagonal_and_sums_to_one(counts):
    shares = read_matrix(counts, "errors-actual")
    assert np.isnan(np.diag(shares)).all()
    errors = counts.sum(1) - np.diag(counts)
    assert np.nansum(shares, axis=1)[errors > 0] == pytest.approx(1)
    assert np.isnan(shares[errors == 0]).all()


@given(matrices, st.sampled_from([by for by in READINGS if by != "counts"]))
def test_each_cell_lies_in_its_interval(counts, by):
    low, high = cells_with_intervals(counts, by)
    shares = read_matrix(counts, by)
    told = ~np.isnan(shares)
    assert (np.isnan(low) == ~told).all()
    assert (low[told] <= shares[told] + 1e-12).all()
    assert (shares[told] <= high[told] + 1e-12).all()


@given(matrices)
def test_the_worst_confusions_are_the_largest_cells_off_the_diagonal(counts):
    found = most_confused(counts, 1000)
    wrong = counts - np.diag(np.diag(counts))
    assert sum(one.count for one in found) == wrong.sum()
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert all(one.low <= one.share <= one.high for one in found)


@given(matrices)
def test_an_order_by_confusion_holds_every_class_once(counts):
    assert sorted(similar_order(counts)) == list(range(len(counts)))


def test_classes_taken_for_each_other_stand_side_by_side():
    counts = 100 * np.eye(6, dtype=np.int64)
    for one, other in ((0, 3), (1, 5), (2, 4)):
        counts[one, other] = counts[other, one] = 30
    place = {code: at for at, code in enumerate(similar_order(counts))}
    assert all(abs(place[a] - place[b]) == 1 for a, b in ((0, 3), (1, 5), (2, 4)))


def test_a_class_never_present_and_one_never_called_have_no_share():
    counts = np.array([[5, 0, 1], [0, 0, 0], [2, 0, 4]])
    assert np.isnan(read_matrix(counts, "actual")[1]).all()
    assert np.isnan(read_matrix(counts, "predicted")[:, 1]).all()


def test_five_hundred_classes_are_read():
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 2, (500, 500)) + 20 * np.eye(500, dtype=np.int64)
    assert len(similar_order(counts)) == 500
    assert read_matrix(counts, "all").sum() == pytest.approx(1)


@given(st.integers(2, 5), st.integers(2, 4), st.integers(0, 99), st.sampled_from(list(READINGS)))
def test_folds_hold_each_cell_between_their_ends(k, folds, seed, by):
    counts = np.random.default_rng(seed).integers(0, 9, (folds, k, k))
    low, high = cells_over_folds(counts, by)
    each = np.stack([read_matrix(one, by) for one in counts])
    told = ~np.isnan(each).all(axis=0)
    assert (np.isnan(low) == ~told).all()
    assert low[told] == pytest.approx(np.nanmin(each[:, told], axis=0))
    assert high[told] == pytest.approx(np.nanmax(each[:, told], axis=0))


@given(matrices, st.integers(1, 6))
def test_groups_hold_every_class_once_and_keep_the_rows(counts, limit):
    groups = class_groups(counts, limit)
    assert sorted(code for group in groups for code in group) == list(range(len(counts)))
    assert len(groups) == min(limit, len(counts))
    assert group_counts(counts, groups).sum() == counts.sum()


def test_five_hundred_classes_make_forty_groups_of_those_taken_for_each_other():
    counts = 50 * np.eye(500, dtype=np.int64)
    for one in range(0, 500, 2):
        counts[one, one + 1] = counts[one + 1, one] = 10
    groups = class_groups(counts, 300)
    together = {code: place for place, group in enumerate(groups) for code in group}
    joined = sum(together[one] == together[one + 1] for one in range(0, 500, 2))
    assert len(groups) == 300
    assert joined >= 200
    assert len(class_groups(counts)) == 40
