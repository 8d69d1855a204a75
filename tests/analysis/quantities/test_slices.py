"""Slices of the rows: what is planted is found, and noise is not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from tenfold.analysis.quantities.slices import quantity_slices, value_slices
from tenfold.analysis.slices import slices_of
from tenfold.figures.quantities.rows import Column


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    return pd.DataFrame({"a": rng.normal(size=900), "kind": pd.Series(rng.choice(list("xyz"), 900), dtype=object)})


def _column(errors, low=None, high=None, coverage=None):
    return Column(np.zeros(len(errors)), errors, low, high, coverage)


def test_a_planted_slice_comes_first_and_is_beyond_chance(table):
    rng = np.random.default_rng(1)
    errors = rng.normal(0, np.where(table["kind"] == "y", 3.0, 1.0))
    found = quantity_slices(slices_of(table), _column(errors))
    assert found[0].name == "kind is y"
    assert found[0].beyond_chance
    assert found[0].rmse.value == pytest.approx(np.sqrt((errors[table["kind"] == "y"] ** 2).mean()))
    assert found[0].rmse.low < found[0].rmse.value < found[0].rmse.high
    assert [one.name for one in found if one.beyond_chance] == ["kind is y"]


def test_noise_has_seldom_a_slice_beyond_chance(table):
    rng = np.random.default_rng(2)
    beyond = sum(
        any(one.beyond_chance for one in quantity_slices(slices_of(table), _column(rng.normal(size=900))))
        for _ in range(40)
    )
    assert beyond <= 5


@given(st.integers(0, 10_000), st.integers(20, 100))
def test_a_single_slice_has_the_p_value_of_welchs_test(seed, size):
    errors = np.random.default_rng(seed).normal(size=150)
    rows = np.arange(150) < size
    (one,) = quantity_slices([("s", rows)], _column(errors))
    sizes = np.abs(errors)
    expected = ttest_ind(sizes[rows], sizes[~rows], equal_var=False, alternative="greater").pvalue
    assert one.p_adjusted == pytest.approx(expected)


def test_slices_whose_intervals_hold_too_few_or_too_many_are_told():
    rng = np.random.default_rng(3)
    wide = np.arange(3000) < 1500
    errors = rng.normal(0, np.where(wide, 3.0, 1.0))
    end = np.quantile(np.abs(errors), 0.9)
    column = _column(errors, errors - end, errors + end, 0.9)
    held = {one.name: one for one in quantity_slices([("wide", wide), ("narrow", ~wide)], column)}
    assert held["wide"].held == "too few"
    assert held["narrow"].held == "too many"
    assert held["wide"].coverage.value < 0.9 < held["narrow"].coverage.value


def test_small_slices_and_those_of_all_rows_are_passed_over():
    errors = np.ones(50)
    assert quantity_slices([("few", np.arange(50) < 19), ("all", np.ones(50, bool))], _column(errors)) == []
    assert list(value_slices("prediction", np.zeros(50))) == []


def test_fifths_of_a_value_hold_every_row_once():
    parts = [rows for _, rows in value_slices("prediction", np.random.default_rng(4).normal(size=97))]
    assert (np.sum(parts, axis=0) == 1).all()
    assert len(parts) == 5
