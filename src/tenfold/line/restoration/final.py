"""The last steps: the chosen denoiser fitted on all training images, and the one look at the test part."""

from __future__ import annotations

from dataclasses import dataclass

from sklearn.base import clone
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE
from tenfold.data.dataset import Dataset
from tenfold.figures.comparison.leader_board import Difference
from tenfold.figures.estimate import Estimate
from tenfold.figures.images.estimates import image_estimates
from tenfold.figures.images.quality import ImageQuality
from tenfold.line.restoration.judgement import class_labels
from tenfold.line.restoration.prepared import TEST_NOISE, Prepared
from tenfold.models.threads import limited_to
from tenfold.tasks.images.pairs import Pairs, pairs

__all__ = ["TestFigures", "final_model", "test_figures"]


def final_model(prepared: Prepared, chosen: str) -> Pipeline:
    """Fit the chosen candidate on every training image; numerical libraries keep one thread, as in the folds."""
    with limited_to(1):
        return clone(prepared.plan.candidates[chosen].pipeline).fit(prepared.training.noisy, prepared.training.clean)


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


def test_figures(prepared: Prepared, chosen: str, model: Pipeline, opened: Dataset) -> TestFigures:
    """Put noise on the opened test images, from a stream of its own, and let the model restore them."""
    task = prepared.task
    test = pairs(opened, prepared.noise, task.peak, [prepared.config.seed, TEST_NOISE])
    with limited_to(1):
        restored = task.predict(model, test.noisy).predicted
    quality = task.checked_rows(test.clean, restored)
    nothing = quality if chosen == BASELINE else task.checked_rows(test.clean, test.noisy)
    labels = class_labels(test)
    return TestFigures(
        test,
        quality,
        nothing,
        image_estimates(quality, labels=labels),
        image_estimates(nothing, labels=labels),
        task.difference(quality, nothing),
    )
