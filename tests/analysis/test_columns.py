"""Columns: their spread in each class, and what is unusual in a row."""

import numpy as np
import pandas as pd
import pytest

from tenfold.analysis.columns import differing_columns, spread_of


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


def test_shares_of_each_class_add_up_whatever_the_column():
    y = np.arange(90) % 3
    rng = np.random.default_rng(0)
    for values in (rng.normal(size=90), rng.integers(0, 3, 90), rng.choice(["a", "b"], 90), np.full(90, 7.5)):
        found = spread_of(pd.Series(values, name="x"), y, 3)
        assert found.shares.sum(axis=1) == pytest.approx(1)


def test_columns_without_values_have_no_spread_and_names_are_not_listed():
    y = np.zeros(40, np.int64)
    assert spread_of(pd.Series([None] * 40, name="x"), y, 2) is None
    names = spread_of(pd.Series([f"Mr {i}" for i in range(40)], name="x"), y, 2)
    assert names.names == ()
    assert names.others == 40
