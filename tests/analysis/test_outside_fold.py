"""The nearest rows outside the fold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.flips import flips
from tenfold.analysis.outside_fold import nearest_outside_fold
from tenfold.analysis.values import values_of


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
    space = values_of(X)
    assert space.std(axis=0).max() <= 1.01
    found = nearest_outside_fold(space, np.arange(20) % 5, np.array([0]), 1)
    assert found.distances[0, 0] == 0
    assert (X.iloc[found.positions[0, 0]] == X.iloc[0]).all()


@given(st.integers(0, 99), st.floats(0, 1), st.floats(0, 1))
def test_flips_are_the_rows_whose_answer_changes(seed, before, after):
    rng = np.random.default_rng(seed)
    y, scores = rng.integers(0, 2, 50), rng.random(50)
    found = flips(y, scores, scores >= before, after)
    was, now = (scores >= before) == y, (scores >= after) == y
    assert set(found.mended) == set(np.flatnonzero(~was & now))
    assert set(found.broken) == set(np.flatnonzero(was & ~now))
