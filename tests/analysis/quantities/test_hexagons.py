"""Points counted in hexagons: none is lost, and each lies in the hexagon whose centre is nearest."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.quantities.hexagons import hexagons_of

ENDS = (-3.0, 5.0), (10.0, 1000.0)


def _points(seed, n=200):
    rng = np.random.default_rng(seed)
    return rng.uniform(-4, 6, n), rng.uniform(0, 1100, n)


@given(st.integers(0, 10_000), st.integers(2, 40), st.floats(0.5, 3))
def test_every_point_inside_is_counted_once(seed, across, aspect):
    x, y = _points(seed)
    inside = (x >= ENDS[0][0]) & (x <= ENDS[0][1]) & (y >= ENDS[1][0]) & (y <= ENDS[1][1])
    found = hexagons_of(x, y, *ENDS, across, aspect)
    assert found.counts.sum() == inside.sum()
    assert ((found.place >= 0) == inside).all()
    assert (found.counts == np.bincount(found.place[inside], minlength=len(found.counts))).all()


@given(st.integers(0, 10_000), st.integers(2, 20), st.floats(0.5, 3))
def test_a_point_lies_in_the_hexagon_whose_centre_is_nearest_as_it_is_drawn(seed, across, aspect):
    x, y = _points(seed)
    found = hexagons_of(x, y, *ENDS, across, aspect)
    inside = np.flatnonzero(found.place >= 0)
    drawn_x = aspect * (x[inside, None] - found.x) / 8
    drawn_y = (y[inside, None] - found.y) / 990
    apart = drawn_x**2 + drawn_y**2
    own = apart[np.arange(len(inside)), found.place[inside]]
    assert (own <= apart.min(axis=1) + 1e-9).all()


@given(st.integers(0, 10_000))
def test_means_are_those_of_the_points_in_a_hexagon(seed):
    x, y = _points(seed)
    found = hexagons_of(x, y, *ENDS, 6)
    values = x * y
    for place, mean in enumerate(found.means(values)):
        assert np.isclose(mean, values[found.place == place].mean())


def test_no_points_make_no_hexagons():
    found = hexagons_of(np.zeros(0), np.zeros(0), *ENDS, 6)
    assert len(found.counts) == len(found.x) == 0
