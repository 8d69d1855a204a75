"""The last steps: the chosen denoiser fitted on all training images, and the one look at the test part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.holdout import OpenedTest
from tenfold.denoising.catalogue import BASELINE, Denoiser
from tenfold.denoising.judgement import class_labels
from tenfold.denoising.pairs import Pairs, pairs
from tenfold.denoising.prepared import TEST_NOISE, Prepared
from tenfold.denoising.units import fitted, restored_images
from tenfold.figures.comparison.leader_board import Difference
from tenfold.figures.estimate import Estimate
from tenfold.figures.images.estimates import image_estimates, paired_difference_of_images
from tenfold.figures.images.quality import ImageQuality, image_quality

__all__ = ["TestFigures", "final_model", "test_figures"]


def final_model(prepared: Prepared, chosen: str) -> Denoiser:
    """Fit the chosen candidate on every training image."""
    return fitted(chosen, prepared.training.noisy, prepared.training.clean)


@dataclass(frozen=True, eq=False)
class TestFigures:
    """
    What the test part says of the final model and of doing nothing, on the same images with the same noise.

    Parameters
    ----------
    pairs : Pairs
    quality, nothing : ImageQuality
        Of each image, restored and as it is.
    estimates, baseline : dict of str to Estimate
    difference : Difference
        Mean absolute error of the model less that of doing nothing, paired.
    """

    pairs: Pairs
    quality: ImageQuality
    nothing: ImageQuality
    estimates: dict[str, Estimate]
    baseline: dict[str, Estimate]
    difference: Difference


def test_figures(prepared: Prepared, chosen: str, model: Denoiser, opened: OpenedTest[Dataset]) -> TestFigures:
    """Put noise on the opened test images, from a stream of its own, and let the model restore them."""
    test = pairs(opened.data, prepared.noise, prepared.peak, [prepared.config.seed, TEST_NOISE])
    quality = image_quality(test.clean, restored_images(chosen, model, test.noisy, prepared.peak), prepared.peak)
    as_it_is: NDArray[np.int16] = test.noisy
    nothing = quality if chosen == BASELINE else image_quality(test.clean, as_it_is, prepared.peak)
    labels = class_labels(test)
    return TestFigures(
        test,
        quality,
        nothing,
        image_estimates(quality, labels=labels),
        image_estimates(nothing, labels=labels),
        paired_difference_of_images(quality.mae, nothing.mae),
    )
