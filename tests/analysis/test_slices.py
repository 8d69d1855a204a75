"""Slices and groups in which errors pile up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.slices import cluster_names, clusters_of, slices_of, worst_slices


def test_a_planted_weak_slice_is_found_and_comes_first():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"port": rng.choice(list("SCQ"), 2000), "age": rng.normal(40, 10, 2000)})
    wrong = rng.random(2000) < np.where(X["port"] == "Q", 0.4, 0.05)
    found, looked_at = worst_slices(slices_of(X), wrong)
    assert [one.name for one in found if one.beyond_chance] == ["port is Q"]
    assert looked_at == 8
    assert found[0].low <= 0.4 <= found[0].high


def test_errors_at_random_seldom_make_a_slice_beyond_chance():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.integers(0, 4, 600), "b": rng.normal(size=600)})
    cuts = list(slices_of(X))
    alarms = sum(any(one.beyond_chance for one in worst_slices(cuts, rng.random(600) < 0.1)[0]) for _ in range(200))
    assert alarms <= 20


def test_intervals_of_all_slices_together_hold_the_true_rate_nineteen_times_in_twenty():
    rng = np.random.default_rng(1)
    cuts = [(str(number), np.arange(1000) % 10 == number) for number in range(10)]
    missed = sum(any(one.low > 0.2 for one in worst_slices(cuts, rng.random(1000) < 0.2)[0]) for _ in range(300))
    assert missed <= 0.05 * 300


@given(st.lists(st.booleans(), min_size=1, max_size=120), st.integers(0, 9))
def test_slices_found_have_more_errors_than_the_whole_and_enough_rows(wrong, seed):
    X = pd.DataFrame({"a": np.random.default_rng(seed).integers(0, 3, len(wrong))})
    found, _ = worst_slices(slices_of(X), np.array(wrong))
    for one in found:
        assert len(one.rows) >= 20
        assert one.rate > np.mean(wrong)
        assert one.low <= one.rate <= one.high
        assert np.array(wrong)[one.rows].sum() == one.errors


def test_missing_values_are_a_slice_of_their_own_and_numbers_come_in_fifths():
    X = pd.DataFrame({"age": [np.nan] * 5 + list(range(20)), "flag": [True, False] * 12 + [None]})
    names = [name for name, _ in slices_of(X)]
    assert "age is missing" in names
    assert sum(name.startswith("age from") for name in names) == 5
    rows = dict(slices_of(X))
    assert sum(rows[name].sum() for name in names if name.startswith("age")) == 25


def test_odd_columns_are_cut_without_complaint():
    X = pd.DataFrame({
        "all missing": [None] * 30, "constant": [1.0] * 30, "words": [f"w{i}" for i in range(30)],
        "<b>": np.arange(30) % 2,
    })  # fmt: skip
    found, looked_at = worst_slices(slices_of(X), np.arange(30) < 3)
    assert found == []
    assert looked_at == 0


def test_images_that_look_alike_share_a_group():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 40, (90, 6, 6)).astype(np.uint8)
    X[:45, :3] += 200
    clusters = clusters_of(X.reshape(len(X), -1))
    assert len(clusters) == 90
    assert not set(clusters[:45]) & set(clusters[45:])


@pytest.mark.parametrize("X", [np.arange(30, dtype=np.uint8).reshape(-1, 1, 1), np.zeros((30, 4, 4), np.uint8)])
def test_images_of_one_pixel_or_all_alike_have_groups(X):
    clusters = clusters_of(X.reshape(len(X), -1))
    assert len(clusters) == 30
    assert clusters.min() == 0


def test_groups_have_different_harmless_names():
    clusters, labels = np.array([0, 0, 1, 1, 2, 2]), np.array(["a", "a", "a", "a", "b\n", "c"], object)
    assert cluster_names(clusters, labels) == ["mostly a", "mostly a, group 2", "b\\n and c"]


def test_slices_that_are_always_looked_at_come_last():
    rows = np.arange(200)
    cuts = [("few", rows < 100), ("many", rows >= 100), ("small", rows < 5)]
    found, _ = worst_slices(cuts, rows >= 170, always=("few", "small"))
    assert [(one.name, one.errors) for one in found] == [("many", 30), ("few", 0)]
