"""The instances behind a cell."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.cells import cell, margin
from tenfold.analysis.differing import differing_columns


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


def test_a_row_is_unlike_its_class_where_its_values_are_rare_or_far():
    X = pd.DataFrame({"age": np.arange(20.0) % 5 + 30, "port": ["S"] * 19 + ["Q"], "fare": [7.0] * 19 + [np.nan]})
    row = pd.DataFrame({"age": [80.0], "port": ["Q"], "fare": [np.nan]})
    scores = differing_columns(X, row).iloc[0]
    assert scores["age"] > 10
    assert scores["port"] == pytest.approx(np.sqrt(0.95 / 0.05))
    assert scores["fare"] == pytest.approx(np.sqrt(0.95 / 0.05))


def test_a_value_the_class_does_not_have_and_a_constant_column_are_told():
    X = pd.DataFrame({"same": [1.0] * 10, "word": ["a"] * 10})
    scores = differing_columns(X, pd.DataFrame({"same": [1.0], "word": ["new"]})).iloc[0]
    assert scores["same"] == 0
    assert scores["word"] > 3


def test_columns_of_names_say_nothing():
    X = pd.DataFrame({"name": [f"person {i}" for i in range(30)]})
    assert differing_columns(X, X.head(1)).iloc[0]["name"] == 0
