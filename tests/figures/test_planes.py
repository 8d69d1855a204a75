import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from tenfold.figures import one_vs_rest_curves, threshold_curve
from tenfold.figures.averages import at_places, macro_average, micro_curve
from tenfold.figures.curves.bands import curve_bands
from tenfold.figures.curves.planes import PLANES, equal_error_rate, in_plane
from tenfold.figures.curves.thinning import thinned
from tests.figures.judged_rows import samples


def both_classes(sample):
    sample.y[:2] = 0, 1
    return sample


binary = samples(k=st.just(2), least=2, weighted=False).map(both_classes)
several = samples(k=st.just(4), least=2, weighted=False).map(both_classes)


@given(binary)
def test_det_is_scikit_learns(sample):
    fpr, fnr, _ = sk.det_curve(sample.y, sample.scores, drop_intermediate=False)
    x, y = in_plane(threshold_curve(sample.y, sample.scores), "det")
    ours = set(zip(x.round(9).tolist(), y.round(9).tolist(), strict=True))
    # scikit-learn leaves out the ends where nothing more is to be gained.
    assert set(zip(fpr.round(9).tolist(), fnr.round(9).tolist(), strict=True)) <= ours


@given(binary)
def test_gain_and_lift_are_counted_from_the_top(sample):
    curve = threshold_curve(sample.y, sample.scores)
    called = [sample.scores >= threshold for threshold in curve.thresholds]
    gain = [sample.y[one].sum() / sample.y.sum() for one in called]
    lift = [sample.y[one].mean() / sample.y.mean() for one in called]
    for plane, wanted in (("gain", gain), ("lift", lift)):
        x, y = in_plane(curve, plane)
        np.testing.assert_allclose(x[1:], [one.mean() for one in called])
        np.testing.assert_allclose(y[1:], wanted)


@given(binary)
def test_roc_and_precision_recall_are_scikit_learns(sample):
    curve = threshold_curve(sample.y, sample.scores)
    fpr, tpr, _ = sk.roc_curve(sample.y, sample.scores, drop_intermediate=False)
    np.testing.assert_allclose(in_plane(curve, "roc"), (fpr, tpr))
    precision, recall, _ = sk.precision_recall_curve(sample.y, sample.scores)
    np.testing.assert_allclose([axis[1:] for axis in in_plane(curve, "pr")], (recall[-2::-1], precision[-2::-1]))


@given(binary, st.sampled_from(PLANES), st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(sample, plane, seed):
    order = np.random.default_rng(seed).permutation(len(sample.y))
    one = in_plane(threshold_curve(sample.y, sample.scores), plane)
    other = in_plane(threshold_curve(sample.y[order], sample.scores[order]), plane)
    np.testing.assert_array_equal(one, other)


@given(several)
def test_micro_pools_as_scikit_learn_does(sample):
    curve = micro_curve(sample.y, sample.scores)
    pooled = np.eye(4)[sample.y].ravel()
    fpr, tpr, _ = sk.roc_curve(pooled, sample.scores.ravel(), drop_intermediate=False)
    np.testing.assert_allclose(in_plane(curve, "roc"), (fpr, tpr))


@given(several)
def test_macro_is_the_mean_of_scikit_learns_curves(sample):
    places = np.linspace(0, 1, 23)
    there = [c for c in range(4) if 0 < (sample.y == c).sum() < len(sample.y)]
    curves = one_vs_rest_curves(sample.y, sample.scores)
    wanted = np.mean(
        [
            np.interp(places, *sk.roc_curve(sample.y == c, sample.scores[:, c], drop_intermediate=False)[:2])
            for c in there
        ],
        axis=0,
    )
    np.testing.assert_allclose(macro_average(curves, "roc", places), wanted)


def test_precision_between_two_recalls_is_that_of_the_next_one_reached():
    x, y = in_plane(threshold_curve(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1])), "pr")
    assert at_places(x, y, "pr", np.array([0.2, 0.5, 0.51, 1.0])).round(3).tolist() == [1.0, 1.0, 0.667, 0.667]


@pytest.mark.parametrize("plane", PLANES)
def test_equal_scores_and_three_positives_give_a_curve_and_a_band(plane):
    y = np.zeros(50, np.int64)
    y[:3] = 1
    for scores in (np.full(50, 0.5), np.linspace(0, 1, 50)):
        curve = threshold_curve(y, scores)
        band = curve_bands(curve, (plane,), resamples=30)[plane]
        assert np.isfinite(in_plane(curve, plane)).all()
        assert (band.low <= band.high).all()


def test_a_class_alone_has_no_curve():
    with pytest.raises(ValueError, match="both classes"):
        in_plane(threshold_curve(np.array([1, 1]), np.array([0.1, 0.2])), "roc")


@settings(max_examples=30)
@given(binary)
def test_the_equal_error_rate_lies_on_the_diagonal_of_det(sample):
    curve = threshold_curve(sample.y, sample.scores)
    rate = equal_error_rate(curve)
    x, y = in_plane(curve, "det")
    assert np.min(np.maximum(x, y)) + 1e-12 >= rate
    assert 0 <= rate <= 1


def test_the_band_holds_the_true_curve_about_as_often_as_it_says():
    from scipy.stats import norm

    rng, inside, places = np.random.default_rng(3), [], np.array([0.1, 0.3])
    true = norm.cdf(norm.ppf(places) + 1.5)
    for _ in range(60):
        y = np.repeat([0, 1], 150)
        band = curve_bands(threshold_curve(y, rng.normal(size=300) + 1.5 * y), ("roc",), resamples=100)["roc"]
        low, high = (np.interp(places, band.x, end) for end in (band.low, band.high))
        inside.append((low <= true) & (true <= high))
    assert np.mean(inside) > 0.85


@pytest.mark.parametrize("plane", PLANES)
def test_a_thinned_curve_lies_within_its_band_all_along(plane):
    rng = np.random.default_rng(7)
    y = (rng.random(20_000) < 0.1).astype(np.int64)
    curve = threshold_curve(y, rng.normal(size=20_000) + 2 * y)
    band = curve_bands(curve, (plane,), resamples=200)[plane]
    drawn = np.interp(band.x, *in_plane(thinned(curve), plane))
    pixel = 0.005 * max(1.0, drawn.max())
    assert ((band.low - pixel <= drawn) & (drawn <= band.high + pixel)).all()


def test_a_band_is_repeated_by_its_seed():
    y = np.arange(60) % 2
    curve = threshold_curve(y, y + np.random.default_rng(0).normal(size=60))
    one, other = (curve_bands(curve, ("pr",), resamples=20)["pr"] for _ in range(2))
    np.testing.assert_array_equal(one.low, other.low)
