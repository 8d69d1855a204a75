"""Noise: what may be asked for, and that it is what it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import UsageError
from tenfold.tasks.images.noise import default_noise, parse_noise

IMAGES = np.random.default_rng(0).integers(0, 256, (2_500, 8, 8)).astype(np.uint8)


def _on(text, images=IMAGES, seed=7):
    return parse_noise(text).on(images, 255, [seed, 0])


def test_uniform_noise_is_that_of_the_arc_not_cut_off_at_white():
    added = _on("uniform:0:100") - IMAGES.astype(np.int16)
    assert (added.min(), added.max()) == (0, 99)
    assert _on("uniform:0:100").max() == 354
    assert added.mean() == pytest.approx(49.5, abs=0.3)


def test_gaussian_noise_has_its_spread_and_goes_below_black():
    added = _on("gaussian:20") - IMAGES.astype(np.int16)
    assert added.std() == pytest.approx(20, rel=0.02)
    assert added.mean() == pytest.approx(0, abs=0.3)
    assert _on("gaussian:20").min() < 0


def test_salt_sets_its_share_of_pixels_to_black_or_white():
    grey = np.full((2_500, 8, 8), 100, np.uint8)
    noisy = _on("salt:0.3", grey)
    assert set(np.unique(noisy)) == {0, 100, 255}
    assert (noisy != 100).mean() == pytest.approx(0.3, abs=0.01)
    assert (noisy == 255).mean() == pytest.approx(0.15, abs=0.01)


def test_blur_keeps_the_mean_and_does_not_mix_images_or_channels():
    image = np.zeros((2, 9, 9, 3), np.uint8)
    image[0, 4, 4, 1] = 255
    noisy = parse_noise("blur:1").on(image, 255, [0])
    assert not noisy[1].any()
    assert not noisy[0, :, :, 0].any()
    assert noisy[0, :, :, 1].sum() == pytest.approx(255, abs=12)
    assert noisy[0, 4, 4, 1] < 60


@pytest.mark.parametrize("text", ["uniform:0:100", "gaussian:30", "salt:0.1"])
def test_the_same_seed_gives_the_same_noise_and_another_stream_another(text):
    np.testing.assert_array_equal(_on(text), _on(text))
    assert (_on(text) != _on(text, seed=8)).any()
    assert (parse_noise(text).on(IMAGES, 255, [7, 0]) != parse_noise(text).on(IMAGES, 255, [7, 1])).any()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("foo", "unknown noise 'foo'"),
        ("gausian:3", "Did you mean 'gaussian'?"),
        ("", "unknown noise ''"),
        ("gaussian", "incomplete"),
        ("gaussian:1:2", "too long"),
        ("gaussian:-3", "-3 is not above 0"),
        ("gaussian:nan", "'nan' is no number"),
        ("gaussian:1e9", "over the limit"),
        ("salt:1.5", "1.5 is no probability"),
        ("salt:0", "0 is no probability"),
        ("uniform:9:2", "the first below the second"),
        ("uniform:0.5:2", "two whole numbers"),
        ("uniform:5", "incomplete"),
        ("blur:0", "0 is not above 0"),
        ("salt:\x1b[31m", "\\x1b"),
    ],
)
def test_impossible_noise_is_refused_with_the_reason(text, told):
    with pytest.raises(UsageError) as refused:
        parse_noise(text)
    assert told in str(refused.value)
    assert "Do: give uniform:0:100" in str(refused.value)


@given(st.sampled_from(["gaussian", "salt", "blur"]), st.floats(0.01, 1))
def test_the_text_of_a_noise_reads_back_to_it(kind, strength):
    noise = parse_noise(f"{kind}:{strength:g}")
    assert parse_noise(noise.text) == noise


def test_the_usual_noise_fits_the_scale_of_the_images():
    assert default_noise(16).on(np.zeros((50, 8, 8), np.uint8), 16, [1]).max() == 5
    assert default_noise(1).high == 2


def test_noise_does_not_depend_on_the_size_of_the_blocks_it_is_made_in(monkeypatch):
    for text in ("uniform:0:100", "gaussian:30", "salt:0.1", "blur:1"):
        whole = _on(text, IMAGES[:50])
        monkeypatch.setattr("tenfold.figures.images.quality._VALUES", 300)
        np.testing.assert_array_equal(_on(text, IMAGES[:50]), whole)
        monkeypatch.undo()
