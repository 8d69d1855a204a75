"""Rows that are far off: what is odd about them, and true values that fit nothing."""

import numpy as np
import pandas as pd
import pytest

from tenfold.analysis.quantities.rows import odd_values, value_suspects, worst_rows


def test_the_worst_rows_are_those_of_the_largest_errors_in_either_direction():
    errors = np.random.default_rng(0).normal(size=300)
    worst = worst_rows(errors, 20)
    assert np.abs(errors[worst]).min() >= np.sort(np.abs(errors))[-20]
    assert (np.diff(np.abs(errors[worst])) <= 0).all()


def test_what_is_odd_about_a_row_is_found_and_what_is_usual_is_not():
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "a": np.append(rng.normal(size=399), 40.0),
            "kind": pd.Series(["x"] * 200 + ["y"] * 199 + ["z"], dtype=object),
            "gap": np.append(rng.normal(size=399), np.nan),
            "name": pd.Series([f"n{i}" for i in range(400)], dtype=object),
        }
    )
    usual = int(np.argsort(table["a"].to_numpy())[200])
    middle = int(np.nanargmin(np.abs(table["gap"] - table["gap"].median())))
    odd, _, _ = odd_values(table, np.array([399, usual, middle]))
    assert {(one.column, one.kind) for one in odd} == {("a", "highest"), ("kind", "rare"), ("gap", "missing")}
    assert [one.share for one in odd] == pytest.approx([1 / 400] * 3)
    assert not [one for one in odd_values(table, np.array([usual]))[0] if one.column in {"a", "kind", "name"}]


def test_equal_values_of_most_rows_are_not_odd():
    table = pd.DataFrame({"mostly": [0.0] * 300 + [1.0]})
    assert odd_values(table, np.array([0])) == [[]]


@pytest.fixture(scope="module")
def plain():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(800, 3)).astype(np.float32)
    y = X @ np.array([3.0, -2.0, 1.0]) + rng.normal(0, 0.1, 800)
    return X, y, np.arange(800) % 5


def test_planted_slips_are_suspects_and_come_first(plain):
    X, clean, fold = plain
    y = clean.copy()
    slips = [17, 230, 611]
    y[slips] = [60.0, -50.0, 70.0]
    found = [one.position for one in value_suspects(y, clean, X, fold)]
    assert set(found[:3]) == set(slips)
    assert found[0] == 611


def test_sound_values_are_no_suspects(plain):
    X, y, fold = plain
    assert value_suspects(y, y + np.random.default_rng(3).normal(0, 0.2, 800), X, fold) == []


def test_a_value_that_its_neighbours_share_is_no_suspect_however_far_off_the_prediction(plain):
    X, y, fold = plain
    predicted = y.copy()
    predicted[X[:, 0] > 1.5] -= 50
    assert value_suspects(y, predicted, X, fold) == []


def test_rows_that_cannot_be_compared_have_no_suspects():
    y = np.arange(30.0)
    assert value_suspects(y, y + 1, np.zeros((30, 0), np.float32), np.arange(30) % 3) == []
    assert value_suspects(y[:6], y[:6] + 1, np.ones((6, 1), np.float32), np.arange(6) % 3) == []
