from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.figures import thinned, threshold_curve
from tests.figures.judged_rows import samples


def from_polyline(x, y, line_x, line_y):
    """Largest distance of points from a polyline, both in the unit square."""
    points, nodes = np.stack([x, y], 1), np.stack([line_x, line_y], 1)
    nearest = np.full(len(points), np.inf)
    for start, end in pairwise(nodes):
        chord = end - start
        along = np.clip((points - start) @ chord / max(chord @ chord, 1e-300), 0, 1)
        nearest = np.minimum(nearest, np.hypot(*(points - start - along[:, None] * chord).T))
    return nearest.max()


@pytest.mark.parametrize("shift", [0.0, 1.0, 4.0])
def test_lines_through_the_points_that_stay_pass_within_a_pixel_of_all(shift):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 20_000)
    curve = threshold_curve(y, rng.normal(y * shift))
    thin = thinned(curve, points=500)
    assert len(thin.thresholds) < 700
    span = np.ptp(curve.thresholds)
    every = {"threshold": curve.thresholds / span} | {name: getattr(curve, name) for name in NAMES}
    few = {"threshold": thin.thresholds / span} | {name: getattr(thin, name) for name in NAMES}
    for x, y in PLANES:
        assert from_polyline(every[x], every[y], few[x], few[y]) <= 1 / 500, (x, y)


NAMES = ("recall", "false_positive_rate", "precision", "f1")
PLANES = [("false_positive_rate", "recall"), ("recall", "precision")]
PLANES += [("threshold", name) for name in ("recall", "precision", "f1")]


@given(samples(k=st.just(2)), st.integers(2, 50))
def test_points_that_stay_are_exact_and_include_both_ends(sample, points):
    curve = threshold_curve(sample.y, sample.scores, sample.weight)
    thin = thinned(curve, points)
    kept = np.isin(curve.thresholds, thin.thresholds)
    assert kept[[0, -1]].all()
    np.testing.assert_array_equal(curve.thresholds[kept], thin.thresholds)
    np.testing.assert_array_equal(curve.true_positives[kept], thin.true_positives)
    np.testing.assert_array_equal(curve.false_positives[kept], thin.false_positives)
    assert (thin.positives, thin.negatives) == (curve.positives, curve.negatives)


def test_a_curve_of_no_points_and_one_of_extreme_scores_are_thinned_too():
    nothing = threshold_curve(np.empty(0, np.int64), np.empty(0))
    assert thinned(nothing) is nothing
    extreme = threshold_curve(np.array([0, 1, 1, 0]), np.array([-1.7e308, 5e-324, 0.0, 1.7e308]))
    assert thinned(extreme).thresholds[[0, -1]].tolist() == [1.7e308, -1.7e308]
