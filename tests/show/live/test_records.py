"""Rows of a table as the page shows them: harmless text, and marks on what is unusual for the class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tenfold.show.live.records import RARE, bytes_of_one, records, unusual_columns


@pytest.fixture
def passengers() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    y = np.arange(100) % 2
    X = pd.DataFrame({
        "age": rng.normal(40, 5, 100).round(1),
        "sex": np.where(y == 1, "female", "male"),
        "name": [f"passenger {i}" for i in range(100)],
        "number": np.arange(100),
    })  # fmt: skip
    X.loc[7, ["age", "sex"]] = [95.0, "male"]
    X.loc[8, "age"] = np.nan
    return X, y


def test_what_is_unusual_for_the_actual_class_is_marked(passengers):
    X, y = passengers
    found = records(X, y, np.array([7, 8]))
    assert set(found["marked"][0]) == {0, 1}
    assert found["marked"][1] == [0]
    assert found["values"][0] == ["95", ""]


def test_names_and_running_numbers_are_never_marked(passengers):
    X, y = passengers
    assert (unusual_columns(X, y)[:, 2:] == 1).all()


def test_a_class_of_one_row_has_nothing_unusual():
    X = pd.DataFrame({"a": [1.5, 2.5, 2.5], "b": ["x", "y", "y"]})
    assert (unusual_columns(X, np.array([0, 1, 1])) > RARE).all()


def test_control_characters_and_long_texts_are_made_harmless():
    X = pd.DataFrame({"te\x1bxt": ["\u202eevil" + "x" * 500, "b"]})
    found = records(X, np.array([0, 0]), np.array([0]))
    assert found["columns"] == ["te\\x1bxt"]
    assert "\u202e" not in found["values"][0][0]
    assert len(found["values"][0][0]) <= 60


def test_hundreds_of_columns_are_cut_and_counted():
    X = pd.DataFrame(np.random.default_rng(0).normal(size=(5, 200)))
    found = records(X, np.zeros(5, int), np.arange(5))
    assert len(found["columns"]) == 40
    assert found["hidden"] == 160
    assert bytes_of_one(X) > 40 * 5
