"""Candidates judged: figures of each over the judged images, paired differences to the best, and the choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.denoising.catalogue import BASELINE, entry_of
from tenfold.denoising.pairs import Pairs
from tenfold.denoising.prepared import Prepared
from tenfold.denoising.units import Judged, Restored
from tenfold.figures import Choice, Difference, Standing, choose
from tenfold.figures.comparison.leader_board import board_of
from tenfold.figures.estimate import Estimate
from tenfold.figures.images.estimates import image_estimates, paired_difference_of_images
from tenfold.figures.images.quality import ImageQuality, error_map, image_quality

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
    place : Standing
        By the mean absolute error, compared with the best and with doing nothing on the same images.
    """

    restored: Restored
    quality: ImageQuality
    estimates: dict[str, Estimate]
    errors: NDArray[np.float64]
    place: Standing


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
    choice : Choice
    """

    candidates: dict[str, CandidateFigures]
    pairs: Pairs
    fold: NDArray[np.int16]
    choice: Choice

    @property
    def chosen(self) -> str:
        """Name of the chosen candidate."""
        return self.choice.name


def judgement(prepared: Prepared, judged: Judged) -> Judgement:
    """
    Compute all figures and choose by `tenfold.figures.comparison.choice`, by the mean absolute error.

    Cost is the catalogue's estimate, not a measured time, so that the choice repeats. The baseline is chosen only
    when there is no other.
    """
    shown, fold = prepared.training.take(prepared.judged), prepared.folds[prepared.judged]
    quality = {name: image_quality(shown.clean, r.images, prepared.peak) for name, r in judged.results.items()}
    labels = class_labels(shown)
    estimates = {name: image_estimates(one, fold, labels) for name, one in quality.items()}
    sizes = (len(prepared.training), len(prepared.judged), len(prepared.task.classes))

    def difference(one: str, other: str) -> Difference:
        return paired_difference_of_images(quality[one].mae, quality[other].mae)

    errors = {name: found["mae"] for name, found in estimates.items()}
    seconds = {name: entry_of(name).seconds(*sizes) for name in quality}
    board = board_of("mae", errors, seconds, difference, BASELINE)
    figures = {}
    for place in board.standings:
        result, name = judged.results[place.name], place.name
        errors_of = error_map(shown.clean, result.images)
        figures[name] = CandidateFigures(result, quality[name], estimates[name], errors_of, place)
    return Judgement(figures, shown, fold, choose(board, baseline=BASELINE))


def class_labels(pairs: Pairs) -> NDArray[np.object_] | None:
    """Give the classes that get figures of their own: two or more, and not as many as an id would have."""
    labels = pairs.labels
    return labels if labels is not None and 2 <= len(set(labels.tolist()) - {""}) <= _MOST_CLASSES else None
