"""Denoisers as programs: the same grey levels as the estimators, from the file too."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import median_filter

from tenfold.models.denoising import KNeighborsDenoiser, MedianDenoiser, RidgeDenoiser, UnchangedImages
from tenfold.program.files import pack_program, read_program
from tenfold.program.lowering import lower_images
from tenfold.program.operations import find_operation
from tenfold.program.refusal import Refused
from tenfold.program.values import Images
from tests.program.proof import DOUBLE, SINGLE

SHAPES = [(8, 8), (1, 1), (5, 2), (2, 3, 3)]


def images_of(shape: tuple[int, ...], seed: int = 0, noise: int = 60) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    clean = random.integers(0, 256, (30, *shape)).astype(np.uint8)
    return clean + random.integers(-noise, noise + 1, clean.shape).astype(np.int16), clean


def assert_same_levels(denoiser: Any, noisy: Any, tolerance: float = DOUBLE) -> None:
    program = lower_images(denoiser, Images(noisy.shape[1:]))
    expected = denoiser.predict(noisy).reshape(len(noisy), -1)
    for one in (program, read_program(io.BytesIO(pack_program(program)))):
        levels = one.run(noisy)["predicted"]
        assert levels.dtype == np.float64
        np.testing.assert_allclose(levels, expected, rtol=0, atol=tolerance * np.abs(expected).max())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "denoiser",
    [
        UnchangedImages(),
        MedianDenoiser(),
        KNeighborsDenoiser(),
        KNeighborsDenoiser(7, "mean"),
        KNeighborsDenoiser(100, "median"),
        RidgeDenoiser(),
    ],
    ids=lambda one: repr(one),
)
def test_a_denoiser_gives_the_same_grey_levels(denoiser: Any, shape: tuple[int, ...]) -> None:
    noisy, clean = images_of(shape)
    tolerance = SINGLE if isinstance(denoiser, RidgeDenoiser) else 0
    assert_same_levels(denoiser.fit(noisy[:20], clean[:20]), noisy, tolerance)


@pytest.mark.parametrize("noise", [0, 1, 127, 128, 255, 3_000, 32_000])
def test_noise_of_any_size_is_kept_and_searched_exactly(noise: int) -> None:
    noisy, clean = images_of((4, 4), noise, noise)
    assert_same_levels(KNeighborsDenoiser(3, "mean").fit(noisy[:25], clean[:25]), noisy, 0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_the_median_is_that_of_a_sorted_window(shape: tuple[int, ...], seed: int) -> None:
    few = np.random.default_rng(seed).integers(-3, 4, (20, *shape)).astype(np.int16)
    wide = np.random.default_rng(seed).integers(-(2**15), 2**15, (20, *shape)).astype(np.int16)
    operation = find_operation("median_filter")
    part, kind = operation.check((Images(shape),), {}, {})
    assert kind == Images(shape)
    for images in (few, wide):
        expected = median_filter(images, size=(1, 3, 3, *(1 for _ in shape[2:])), mode="nearest")
        np.testing.assert_array_equal(operation.bind(part)(images), expected)


CLEAN = np.zeros((3, 4), np.uint8)


@pytest.mark.parametrize(
    ("change", "parameters", "message"),
    [
        ({"clean": CLEAN[:2]}, {}, "where a size is"),
        ({"added": CLEAN[:, :3]}, {}, "where a size is"),
        ({"clean": CLEAN[:, :3], "added": CLEAN[:, :3]}, {}, "3 values are near to those of 4"),
        ({"clean": CLEAN[:0], "added": CLEAN[:0]}, {}, "the nearest 1 of 0 images"),
        ({"clean": CLEAN.astype(np.int16)}, {}, "holds int16"),
        ({"added": CLEAN.astype(np.float32)}, {}, "holds float32"),
        ({}, {"count": 4}, "the nearest 4 of 3 images"),
        ({}, {"count": 101}, "'count'"),
        ({}, {"statistic": "mode"}, "'statistic'"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: Any, parameters: Any, message: str) -> None:
    operation = find_operation("nearest_images")
    arrays, plain = {"clean": CLEAN, "added": CLEAN} | change, {"count": 1, "statistic": "vote"} | parameters
    with pytest.raises(Refused, match=message):
        operation.check((Images((2, 2)),), plain, arrays)


def test_noisy_images_are_flattened_to_no_bytes() -> None:
    with pytest.raises(Refused, match="cannot hold them"):
        find_operation("flatten").check((Images((2, 2)),), {"dtype": "uint8", "divisor": 1.0}, {})


def test_a_program_takes_noisy_images_of_its_own_type_alone() -> None:
    noisy, clean = images_of((4, 4))
    program = lower_images(MedianDenoiser().fit(noisy, clean), Images((4, 4)))
    for odd in (noisy.astype(np.uint8), noisy[:, :3], noisy.reshape(-1, 16)):
        with pytest.raises(Refused, match="is given others"):
            program.run(odd)
