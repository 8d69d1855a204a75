"""Candidates judged: figures of each over the judged images, paired differences to the best, and the choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import BASELINE
from tenfold.figures import Choice, Difference, Standing, choose
from tenfold.figures.comparison.leader_board import board_of
from tenfold.figures.estimate import Estimate
from tenfold.figures.images.estimates import image_estimates
from tenfold.figures.images.quality import ImageQuality, error_map
from tenfold.folds.loop import CandidatePredictions
from tenfold.folds.result import OutOfFold
from tenfold.line.restoration.prepared import Prepared
from tenfold.tasks.images.pairs import Pairs

__all__ = ["CandidateFigures", "Judgement", "class_labels", "judgement"]

_MOST_CLASSES = 100


@dataclass(frozen=True, eq=False)
class CandidateFigures:
    """
    All figures of one candidate, out of fold.

    Parameters
    ----------
    result : OutOfFold
        Its predictions are the restored images, in the order of `Prepared.sample`.
    quality : ImageQuality
        Of each judged image.
    estimates : dict of str to Estimate
        Over the images.
    errors : ndarray of float64, shape (height, width)
        Mean absolute error of each pixel.
    place : Standing
        By the mean absolute error, compared with the best and with doing nothing on the same images.
    """

    result: OutOfFold
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


def judgement(prepared: Prepared, predictions: CandidatePredictions) -> Judgement:
    """
    Compute all figures and choose by `tenfold.figures.comparison.choice`, by the mean absolute error.

    Cost is the catalogue's estimate, not a measured time, so that the choice repeats. The baseline is chosen only
    when there is no other.
    """
    images, fold = prepared.training.take(prepared.sample), prepared.folds[prepared.sample]
    results = {name: settings[0] for name, settings in predictions.results.items()}
    quality = {name: prepared.task.checked_rows(images.clean, one.predicted) for name, one in results.items()}
    labels = class_labels(images)
    estimates = {name: image_estimates(one, fold, labels) for name, one in quality.items()}

    def difference(one: str, other: str) -> Difference:
        return prepared.task.difference(quality[one], quality[other])

    errors = {name: figures["mae"] for name, figures in estimates.items()}
    sizes, candidates = (len(prepared.training), len(prepared.sample)), prepared.plan.candidates
    seconds = {name: candidates[name].seconds(*sizes) for name in quality}
    board = board_of("mae", errors, seconds, difference, BASELINE)
    figures = {}
    for place in board.standings:
        name, result = place.name, results[place.name]
        error_of_pixels = error_map(images.clean, result.predicted)
        figures[name] = CandidateFigures(result, quality[name], estimates[name], error_of_pixels, place)
    return Judgement(figures, images, fold, choose(board, baseline=BASELINE))


def class_labels(pairs: Pairs) -> NDArray[np.object_] | None:
    """Give the classes that get figures of their own: two or more, and not as many as an id would have."""
    labels = pairs.labels
    return labels if labels is not None and 2 <= len(set(labels.tolist()) - {""}) <= _MOST_CLASSES else None
