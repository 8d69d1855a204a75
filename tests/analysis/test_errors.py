"""Cells, margins, and predictions that change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.errors import cell, exchange_of, flips, margin, wrong_for_all


@given(st.integers(0, 2**32 - 1))
def test_cells_part_the_rows_and_the_surest_come_first(seed):
    rng = np.random.default_rng(seed)
    scores = rng.random((60, 3))
    y, predicted = rng.integers(0, 3, 60), scores.argmax(1)
    sure = margin(predicted, scores)
    cells = [cell(y, predicted, a, b, sure) for a in range(3) for b in range(3)]
    assert sorted(np.concatenate(cells).tolist()) == list(range(60))
    assert all((np.diff(sure[rows]) <= 0).all() for rows in cells)


def test_an_answer_of_several_classes_is_as_sure_as_its_lead_on_the_next_best():
    assert margin(np.array([2]), np.array([[0.2, 0.3, 0.5]])) == pytest.approx([0.2])


def test_a_detector_is_as_sure_as_its_distance_from_the_threshold_on_either_side():
    assert margin(np.array([1, 0]), np.array([3.0, -1.0]), threshold=1.0) == pytest.approx([2.0, 2.0])


def test_every_row_that_all_have_wrong_is_given_and_no_other():
    rng = np.random.default_rng(0)
    y, said = rng.integers(0, 3, 200), [rng.integers(0, 3, 200) for _ in range(3)]
    sureness = rng.random(200)
    found = wrong_for_all(y, said, sureness)
    assert sorted(found.tolist()) == [row for row in range(200) if all(one[row] != y[row] for one in said)]
    assert (np.diff(sureness[found]) <= 0).all()


@given(st.integers(0, 99), st.floats(0, 1), st.floats(0, 1))
def test_flips_are_the_rows_whose_answer_changes(seed, before, after):
    rng = np.random.default_rng(seed)
    y, scores = rng.integers(0, 2, 50), rng.random(50)
    found = flips(y, scores, scores >= before, after)
    was, now = (scores >= before) == y, (scores >= after) == y
    assert set(found.mended) == set(np.flatnonzero(~was & now))
    assert set(found.broken) == set(np.flatnonzero(was & ~now))


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(2, 4))
def test_fixed_less_broken_is_the_change_in_rows_right_in_all_and_by_class(seed, n, classes):
    rng = np.random.default_rng(seed)
    y, first, second = rng.integers(0, classes, (3, n))
    found = exchange_of(y, first, second, classes)
    assert len(found.fixed) - len(found.broken) == (second == y).sum() - (first == y).sum()
    assert sum(after - before for _, before, after in found.by_class) == len(found.fixed) - len(found.broken)
    assert found.both_wrong + len(found.fixed) + (first == y).sum() == n
    swapped = exchange_of(y, second, first, classes)
    np.testing.assert_array_equal(swapped.fixed, found.broken)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_the_order_of_rows_does_not_matter(seed, n):
    rng = np.random.default_rng(seed)
    y, first, second = rng.integers(0, 3, (3, n))
    order = rng.permutation(n)
    found, shuffled = exchange_of(y, first, second, 3), exchange_of(y[order], first[order], second[order], 3)
    assert sorted(order[shuffled.fixed].tolist()) == found.fixed.tolist()
    assert shuffled.by_class == found.by_class
