"""The figures of restored images: against their definitions, written out, and against what they must be by nature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tenfold.figures.images.estimates import image_estimates, paired_difference_of_images
from tenfold.figures.images.quality import error_map, image_quality
from tenfold.figures.images.structural_similarity import ssim, ssim_window
from tenfold.figures.intervals.closed import mean_interval


def _pairs(n=6, shape=(28, 28), peak=255, seed=0):
    rng = np.random.default_rng(seed)
    clean = rng.integers(0, peak + 1, (n, *shape)).astype(np.uint8)
    return clean, np.clip(clean + rng.normal(0, peak / 8, clean.shape), 0, peak).round().astype(np.int16)


def _ssim_written_out(x, y, peak, window, sigma):
    """Wang et al. (2004), eq. 13, one window after the other."""
    place = np.arange(window) - window // 2
    bell = np.exp(-(place**2) / (2 * sigma**2))
    weights = np.outer(bell, bell) / np.outer(bell, bell).sum()
    c1, c2, found = (0.01 * peak) ** 2, (0.03 * peak) ** 2, []
    for i in range(x.shape[0] - window + 1):
        for j in range(x.shape[1] - window + 1):
            a, b = (image[i : i + window, j : j + window].astype(float) for image in (x, y))
            ma, mb = (weights * a).sum(), (weights * b).sum()
            va, vb = (weights * (a - ma) ** 2).sum(), (weights * (b - mb) ** 2).sum()
            cov = (weights * (a - ma) * (b - mb)).sum()
            found.append((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2)))
    return np.mean(found)


@pytest.mark.parametrize(("shape", "peak"), [((28, 28), 255), ((8, 8), 16), ((20, 9), 255), ((2, 2), 255)])
def test_structural_similarity_is_the_published_formula(shape, peak):
    clean, restored = _pairs(3, shape, peak)
    window = ssim_window(*shape)
    expected = [_ssim_written_out(a, b, peak, window, 1.5 * window / 11) for a, b in zip(clean, restored, strict=True)]
    np.testing.assert_allclose(ssim(clean, restored, peak), expected, rtol=1e-9)


def test_structural_similarity_of_pairs_computed_by_scikit_image_once():
    """Two pairs made without a random generator, and what scikit-image 0.26.0 says of them."""
    i, j = np.mgrid[0:28, 0:28]
    clean = np.stack([(i * 9) % 256, (i * j) % 256]).astype(np.uint8)
    restored = np.stack([(i * 9 + 3 * j) % 256, np.minimum((i * j) % 256 + 20, 255)]).astype(np.uint8)
    np.testing.assert_allclose(ssim(clean, restored, 255), [0.7510172594680325, 0.9818792718363123], rtol=1e-9)


def test_errors_and_shares_are_those_of_their_definition():
    clean, restored = _pairs(5)
    found = image_quality(clean, restored, 255)
    apart = np.abs(restored.astype(float) - clean).reshape(5, -1)
    np.testing.assert_allclose(found.mae, apart.mean(1))
    np.testing.assert_allclose(found.psnr, 10 * np.log10(255**2 / (apart**2).mean(1)))
    np.testing.assert_allclose(found.right, (apart <= 10).mean(1))
    np.testing.assert_allclose(found.exact, (apart == 0).mean(1))
    np.testing.assert_allclose(error_map(clean, restored), np.abs(restored - clean.astype(float)).mean(0))


def test_values_above_white_count_in_full():
    clean = np.full((1, 4, 4), 255, np.uint8)
    assert image_quality(clean, clean.astype(np.int16) + 99, 255).mae.tolist() == [99.0]


def test_images_restored_exactly_have_no_finite_psnr_and_say_so():
    clean, _ = _pairs(3)
    quality = image_quality(clean, clean, 255)
    estimates = image_estimates(quality)
    assert np.isinf(quality.psnr).all()
    assert estimates["psnr"].value is None
    assert estimates["psnr"].reason == "every image is restored exactly"
    assert estimates["mae"].value == 0
    np.testing.assert_allclose(quality.ssim, 1)


def test_one_exact_image_leaves_the_psnr_of_all_finite():
    clean, restored = _pairs(3)
    restored[0] = clean[0]
    psnr = image_estimates(image_quality(clean, restored, 255))["psnr"]
    expected = 10 * np.log10(255**2 / np.mean((restored - clean.astype(float)) ** 2))
    assert psnr.value == pytest.approx(expected)
    assert psnr.low < psnr.value


def test_black_constant_and_one_pixel_images_have_figures():
    for shape in ((1, 1), (1, 5), (3, 3)):
        black = np.zeros((2, *shape), np.uint8)
        quality = image_quality(black, black + np.uint8(7), 255)
        assert quality.mae.tolist() == [7, 7]
        assert np.isfinite(quality.ssim).all()
        assert (quality.ssim < 1).all()


def test_colour_images_are_the_mean_of_their_channels():
    clean, restored = _pairs(2, (16, 16, 3))
    channels = [ssim(clean[..., c], restored[..., c], 255) for c in range(3)]
    np.testing.assert_allclose(ssim(clean, restored, 255), np.mean(channels, axis=0))
    assert error_map(clean, restored).shape == (16, 16)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
def test_the_interval_of_a_mean_is_students(values):
    low, high = mean_interval(values)
    values = np.array(values)
    error = values.std(ddof=1) / np.sqrt(len(values))
    half = stats.t.ppf(0.975, len(values) - 1) * error
    assert low == pytest.approx(values.mean() - half, abs=1e-6)
    assert high == pytest.approx(values.mean() + half, abs=1e-6)


def test_one_image_has_no_interval():
    clean, restored = _pairs(1)
    found = image_estimates(image_quality(clean, restored, 255))["mae"]
    assert found.low is None
    assert found.n == 1


def test_figures_by_fold_and_by_class_are_those_of_their_images():
    clean, restored = _pairs(6)
    fold, labels = np.array([0, 0, 1, 1, 2, 2], np.int16), np.array(list("ababab"), object)
    quality = image_quality(clean, restored, 255)
    found = image_estimates(quality, fold, labels)
    assert found["mae"].folds == tuple(quality.mae[fold == number].mean() for number in range(3))
    assert found["mae:a"].value == quality.mae[::2].mean()
    assert found["mae:b"].n == 3


def test_a_paired_difference_is_narrower_than_its_parts_allow():
    rng = np.random.default_rng(1)
    hard = rng.normal(20, 5, 200)
    found = paired_difference_of_images(hard + 1 + rng.normal(0, 0.1, 200), hard)
    assert not found.contains_zero
    assert found.value == pytest.approx(1, abs=0.05)
    assert found.high - found.low < 0.1
