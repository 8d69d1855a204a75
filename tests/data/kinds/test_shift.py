"""Images moved by whole pixels: what SciPy gives, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from tenfold.data.kinds.image.shift import DIRECTIONS, shifted, with_shifts
from tenfold.errors import DataError, TenfoldError, UsageError


@st.composite
def images_and_steps(draw):
    n, height, width = draw(st.integers(1, 4)), draw(st.integers(1, 9)), draw(st.integers(1, 9))
    channels = draw(st.sampled_from([(), (3,)]))
    images = draw(arrays(np.uint8, (n, height, width, *channels)))
    return images, draw(st.integers(1 - height, height - 1)), draw(st.integers(1 - width, width - 1))


@given(images_and_steps(), st.sampled_from([0, 1, 3]))
def test_every_bit_is_as_scipy_gives_it(found, order):
    images, down, right = found
    step = [down, right, 0][: images.ndim - 1]
    one_by_one = [ndimage.shift(image, step, cval=0, mode="constant", order=order) for image in images]
    assert np.array_equal(shifted(images, down, right), np.stack(one_by_one))


@given(images_and_steps())
def test_neither_images_nor_their_order_in_memory_matter(found):
    images, down, right = found
    before = images.copy()
    images.flags.writeable = False
    expected = shifted(images, down, right)
    assert np.array_equal(images, before)
    assert np.array_equal(shifted(np.asfortranarray(images), down, right), expected)
    assert np.array_equal(shifted(np.repeat(images, 2, axis=0)[::2], down, right), expected)


@pytest.mark.parametrize("pixels", [1, 2])
def test_a_grown_set_holds_the_originals_then_each_direction(pixels):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (7, 5, 6), dtype=np.uint8), rng.integers(0, 2, (7, 2))
    grown, grown_labels = with_shifts(images, labels, pixels)
    parts = np.split(grown, 5)
    assert np.array_equal(parts[0], images)
    for part, (down, right) in zip(parts[1:], DIRECTIONS, strict=True):
        assert np.array_equal(part, shifted(images, pixels * down, pixels * right))
    assert np.array_equal(grown_labels, np.tile(labels, (5, 1)))


def test_no_image_gives_none():
    grown, labels = with_shifts(np.zeros((0, 4, 4), np.uint8), np.array([], object))
    assert grown.shape == (0, 4, 4)
    assert labels.shape == (0,)


IMAGES = np.zeros((2, 4, 6), np.uint8)


@pytest.mark.parametrize(
    ("images", "down", "right", "kind", "said"),
    [
        (IMAGES, 0.5, 0, UsageError, "whole pixels, not by 0.5"),
        (IMAGES, 0, True, UsageError, "whole pixels, not by True"),
        (IMAGES, 4, 0, UsageError, "4 pixels leaves nothing of images 4 high. Do: give less than 4"),
        (IMAGES, 0, -6, UsageError, "-6 pixels leaves nothing of images 6 wide"),
        (IMAGES.astype(np.float32), 1, 0, DataError, r"\(uint8\), not float32"),
        ([[[1]]], 1, 0, DataError, r"\(uint8\), not list"),
        (IMAGES[0], 1, 0, DataError, r"not \(4, 6\)"),
        (IMAGES[..., None], 1, 0, DataError, r"not \(2, 4, 6, 1\)"),
    ],
)
def test_what_cannot_be_moved_is_refused_in_one_line(images, down, right, kind, said):
    with pytest.raises(kind, match=said) as refusal:
        shifted(images, down, right)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(("labels", "pixels"), [([1], 1), ([1, 2], 0), ([1, 2], 1.5), ([1, 2], 4)])
def test_a_set_that_cannot_grow_is_refused(labels, pixels):
    with pytest.raises(TenfoldError, match=r"labels|pixel"):
        with_shifts(IMAGES, np.array(labels), pixels)
