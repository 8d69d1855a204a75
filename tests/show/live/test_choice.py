"""What the page carries: errors before right answers, the surest first, never more than fits."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenfold.show.live.choice import instances_that_fit


@st.composite
def answered(draw):
    n, k = draw(st.integers(0, 60)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    return rng.integers(0, k, n), rng.integers(0, k, n), rng.random(n).round(1)


@given(answered(), st.integers(0, 70))
def test_no_more_than_fits_and_no_right_one_before_an_error(given_answers, room):
    y, predicted, sure = given_answers
    kept = instances_that_fit(y, predicted, sure, bytes_each=1, most=room)
    assert len(kept) == len(set(kept.tolist())) == min(room, len(y))
    wrong = np.flatnonzero(y != predicted)
    assert (y[kept] != predicted[kept]).sum() == min(room, len(wrong))
    assert kept.tolist() == sorted(kept.tolist(), key=lambda i: (y[i], i))


def test_each_cell_gives_its_surest_before_any_gives_its_next():
    y, predicted = np.array([0, 0, 0, 1, 1]), np.array([1, 1, 1, 0, 0])
    sure = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    assert instances_that_fit(y, predicted, sure, bytes_each=1, most=2).tolist() == [0, 3]


def test_a_cell_of_thousands_is_cut():
    y, predicted = np.zeros(5_000, int), np.ones(5_000, int)
    assert len(instances_that_fit(y, predicted, np.zeros(5_000), bytes_each=1)) == 1_000
