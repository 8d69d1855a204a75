"""Candidates judged: figures of each over the judged images, paired differences to the best, and the choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.denoising.catalogue import BASELINE, entry_of
from tenfold.denoising.pairs import Pairs
from tenfold.denoising.prepared import Prepared
from tenfold.denoising.units import Judged, Restored
from tenfold.evaluation.comparison import Difference
from tenfold.evaluation.estimate import Estimate
from tenfold.evaluation.image_estimates import image_estimates, paired_difference_of_images
from tenfold.evaluation.image_quality import ImageQuality, error_map, image_quality

__all__ = ["CandidateFigures", "Judgement", "class_labels", "judgement"]

_MOST_CLASSES = 100


@dataclass(frozen=True, eq=False)
class CandidateFigures:
    """
    All figures of one candidate, out of fold.

    Parameters
    ----------
    restored : Restored
    quality : ImageQuality
        Of each judged image.
    estimates : dict of str to Estimate
        Over the images.
    errors : ndarray of float64, shape (height, width)
        Mean absolute error of each pixel.
    difference : Difference or None
        Mean absolute error less the best candidate's, on the same images; None for the best.
    tied : bool
        Cannot be told apart from the best, or is it.
    """

    restored: Restored
    quality: ImageQuality
    estimates: dict[str, Estimate]
    errors: NDArray[np.float64]
    difference: Difference | None
    tied: bool


@dataclass(frozen=True, eq=False)
class Judgement:
    """
    All candidates, the least error first, and the chosen one.

    Parameters
    ----------
    candidates : dict of str to CandidateFigures
    pairs : Pairs
        The judged images.
    fold : ndarray of int16, shape (m,)
        Of the judged images.
    chosen : str
    """

    candidates: dict[str, CandidateFigures]
    pairs: Pairs
    fold: NDArray[np.int16]
    chosen: str


def judgement(prepared: Prepared, judged: Judged) -> Judgement:
    """
    Compute all figures and choose: the cheapest of those whose error cannot be told apart from the least.

    Cost is the catalogue's estimate, not a measured time, so that the choice repeats. The baseline is chosen only
    when there is no other.
    """
    shown, fold = prepared.training.take(prepared.judged), prepared.folds[prepared.judged]
    quality = {name: image_quality(shown.clean, r.images, prepared.peak) for name, r in judged.results.items()}
    ranked = sorted(quality, key=lambda name: quality[name].mae.mean())
    best, labels = quality[ranked[0]], class_labels(shown)
    figures = {}
    for name in ranked:
        apart = None if name == ranked[0] else paired_difference_of_images(quality[name].mae, best.mae)
        result = judged.results[name]
        figures[name] = CandidateFigures(
            result,
            quality[name],
            image_estimates(quality[name], fold, labels),
            error_map(shown.clean, result.images),
            apart,
            tied=apart is None or apart.contains_zero,
        )
    return Judgement(figures, shown, fold, _chosen(prepared, figures))


def class_labels(pairs: Pairs) -> NDArray[np.object_] | None:
    """Give the classes that get figures of their own: two or more, and not as many as an id would have."""
    labels = pairs.labels
    return labels if labels is not None and 2 <= len(set(labels.tolist()) - {""}) <= _MOST_CLASSES else None


def _chosen(prepared: Prepared, figures: dict[str, CandidateFigures]) -> str:
    real = [name for name in figures if name != BASELINE] or list(figures)
    tied = [name for name in real if figures[name].tied] or real[:1]
    sizes = (len(prepared.training), len(prepared.judged), len(prepared.task.classes))
    return min(tied, key=lambda name: entry_of(name).seconds(*sizes))
