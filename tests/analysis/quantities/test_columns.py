"""Errors along columns, and columns that are coordinates."""

import numpy as np
import pandas as pd
import pytest

from tenfold.analysis.quantities.columns import coordinate_columns, errors_along


def test_errors_that_go_with_a_column_are_found_and_noise_is_not():
    rng = np.random.default_rng(0)
    a = rng.uniform(-1, 1, 2000)
    errors = np.sin(3 * a) + rng.normal(0, 1.0, 2000)
    with_it, noise = (errors_along(pd.Series(one, name="c"), errors) for one in (a, rng.normal(size=2000)))
    share = np.var(np.sin(3 * a)) / np.var(errors)
    assert with_it.share == pytest.approx(share, abs=0.04)
    assert noise.share < 0.01
    assert len(with_it.means) == len(with_it.places) == 10
    assert with_it.means[-1].low > 0 > with_it.means[0].high


def test_groups_hold_the_rows_they_say():
    column = pd.Series(["b"] * 30 + ["a"] * 25 + ["rare"] * 3 + [None] * 20, name="kind", dtype=object)
    errors = np.arange(78.0)
    along = errors_along(column, errors)
    assert along.names == ("a", "b")
    assert [(one.n, one.value) for one in along.means] == [(25, errors[30:55].mean()), (30, errors[:30].mean())]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([f"id {i}" for i in range(200)], dtype=object),
        pd.Series(np.full(200, 4.0)),
        pd.Series(np.full(200, np.nan)),
        pd.Series(np.arange(20.0)),
    ],
)
def test_columns_that_make_no_two_groups_say_nothing(column):
    assert errors_along(column, np.random.default_rng(0).normal(size=len(column))) is None


@pytest.mark.parametrize(
    ("names", "values", "pair"),
    [
        (("lat", "Lon"), ([10.0, 20.0], [170.0, -170.0]), ("Lon", "lat")),
        (("x", "y"), ([1e6, 2e6], [3.0, 4.0]), ("x", "y")),
        (("coord_x", "coord_y"), ([1.0, 2.0], [3.0, 4.0]), ("coord_x", "coord_y")),
        (("latitude", "longitude"), ([91.0, 20.0], [1.0, 2.0]), None),
        (("latitude", "longitude"), ([10.0, 10.0], [1.0, 2.0]), None),
        (("lat", "depth"), ([1.0, 2.0], [3.0, 4.0]), None),
        (("x", "y"), (["a", "b"], [1.0, 2.0]), None),
    ],
)
def test_coordinates_are_told_by_names_and_ranges(names, values, pair):
    assert coordinate_columns(pd.DataFrame(dict(zip(names, values, strict=True)))) == pair
