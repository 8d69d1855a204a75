"""Slices in which errors pile up."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.slices import clusters_of, slices_of, worst_slices


def test_a_planted_weak_slice_is_found_and_comes_first():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"port": rng.choice(list("SCQ"), 2000), "age": rng.normal(40, 10, 2000)})
    wrong = rng.random(2000) < np.where(X["port"] == "Q", 0.4, 0.05)
    found, looked_at = worst_slices(list(slices_of(X)), wrong)
    assert found[0].name == "port is Q"
    assert len(found) == 1
    assert looked_at == 8
    assert found[0].low <= 0.4 <= found[0].high


@given(st.integers(0, 10_000))
def test_errors_at_random_seldom_make_a_slice(seed):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"a": rng.integers(0, 4, 600), "b": rng.normal(size=600)})
    found, _ = worst_slices(list(slices_of(X)), rng.random(600) < 0.1, level=1e-6)
    assert not found


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
    found, _ = worst_slices(list(slices_of(X)), np.arange(30) < 3)
    assert isinstance(found, list)


def test_images_fall_into_clusters_that_hold_every_one_once():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 40, (90, 6, 6)).astype(np.uint8)
    X[:45, :3] += 200
    clusters = clusters_of(X)
    assert (np.sum([rows for _, rows in clusters], axis=0) == 1).all()
    assert all(rows[:45].all() or not rows[:45].any() or rows[45:].sum() == 0 for _, rows in clusters)


def test_images_of_one_pixel_or_all_alike_have_clusters():
    for X in (np.arange(30, dtype=np.uint8).reshape(-1, 1, 1), np.zeros((30, 4, 4), np.uint8)):
        assert np.sum([rows for _, rows in clusters_of(X)], axis=0).tolist() == [1] * 30
