"""One pass over a candidate's answers: its confusion matrices, its losses, and its scores put in order on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.confusion import confusion_matrix
from tenfold.figures.curves.stretches import StratifiedSums
from tenfold.figures.losses import LOSSES
from tenfold.figures.streamed.buckets import Buckets, cuts
from tenfold.figures.streamed.predictions import StreamedAnswers

__all__ = ["LossSums", "Ordered", "Survey", "confusion_of_folds", "sampled_scores", "survey"]

Floats = NDArray[np.float64]
_SAMPLE = 1 << 16
RECORD = np.dtype([("key", "<f8"), ("row", "<i8"), ("y", "<i2"), ("fold", "<i2")])
"""A score with its row among the training rows, its true class and its fold."""


@dataclass(frozen=True, eq=False)
class Ordered:
    """
    One column of scores, in buckets.

    Parameters
    ----------
    code : int
        The class that it is of.
    buckets : Buckets
        Of `RECORD`.
    """

    code: int
    buckets: Buckets


@dataclass(frozen=True, eq=False)
class LossSums:
    """
    A loss over all rows.

    Parameters
    ----------
    value : float
        Its mean.
    squares : float
        Sum of the squared influences of the rows.
    folds : tuple of float
        The mean of each fold.
    """

    value: float
    squares: float
    folds: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Survey:
    """
    What one pass gives.

    Parameters
    ----------
    fold_counts : ndarray of int64, shape (folds, k, k)
        Confusion matrices at the candidate's own decision.
    ordered : tuple of Ordered
        A score column each.
    losses : dict of str to LossSums
        Empty where scores are no probabilities.
    sample : ndarray of float64, shape (m, s)
        Scores evenly drawn.
    """

    fold_counts: NDArray[np.int64]
    ordered: tuple[Ordered, ...]
    losses: dict[str, LossSums]
    sample: Floats

    @property
    def counts(self) -> NDArray[np.int64]:
        """Confusion matrix of all rows."""
        return np.asarray(self.fold_counts.sum(axis=0))


def survey(answers: StreamedAnswers, folder: Path) -> Survey:
    """Go through the answers twice: a sample of the scores decides how they are dealt out to buckets."""
    sample = sampled_scores(answers)
    codes = (1,) if answers.score_columns == 1 else tuple(range(answers.classes))
    ordered = tuple(
        Ordered(code, Buckets(folder / f"scores.{place}", cuts(sample[:, place], answers.rows), RECORD))
        for place, code in enumerate(codes)
    )
    k = answers.classes
    fold_counts = np.zeros((answers.folds, k, k), np.int64)
    losses = {name: _Running(answers.folds) for name in LOSSES} if answers.probabilities else {}
    first = 0
    for block in answers.blocks():
        _count(fold_counts, block.y, answers.predicted(block), block.fold)
        for name, running in losses.items():
            running.add(LOSSES[name](block.y, block.scores), block.fold)
        records = np.empty(len(block.y), RECORD)
        records["row"] = np.arange(first, first + len(block.y))
        records["y"], records["fold"] = block.y, block.fold
        for place, column in enumerate(ordered):
            records["key"] = block.scores[:, place]
            column.buckets.add(records)
        first += len(block.y)
    return Survey(fold_counts, ordered, {name: one.sums() for name, one in losses.items()}, sample)


def confusion_of_folds(answers: StreamedAnswers, threshold: float) -> NDArray[np.int64]:
    """Count what a detector answers from this score on, shape (folds, 2, 2)."""
    counts = np.zeros((answers.folds, 2, 2), np.int64)
    for block in answers.blocks():
        _count(counts, block.y, (block.scores[:, 0] >= threshold).astype(np.int64), block.fold)
    return counts


def sampled_scores(answers: StreamedAnswers) -> Floats:
    """Take the scores of every so many rows, at most 65,536, shape (m, s)."""
    step, first, samples = max(1, -(-answers.rows // _SAMPLE)), 0, []
    for block in answers.blocks():
        samples.append(block.scores[(-first) % step :: step])
        first += len(block.y)
    return np.concatenate(samples) if samples else np.empty((0, answers.score_columns))


def _count(
    counts: NDArray[np.int64], y: NDArray[np.int64], predicted: NDArray[np.int64], fold: NDArray[np.int64]
) -> None:
    for number in np.unique(fold).tolist():
        own = fold == number
        counts[number] += confusion_matrix(y[own], predicted[own], counts.shape[1])


class _Running:
    """The mean and the spread of a loss, of all rows and of each fold."""

    def __init__(self, folds: int) -> None:
        self._all, self._rows = StratifiedSums(1), np.zeros(folds)
        self._sums: list[Floats] = []

    def add(self, losses: Floats, fold: NDArray[np.int64]) -> None:
        self._all.add(losses, np.zeros(len(losses), np.int64))
        self._rows += np.bincount(fold, minlength=len(self._rows))
        self._sums.append(np.asarray(np.bincount(fold, losses, minlength=len(self._rows)), np.float64))

    def sums(self) -> LossSums:
        by_fold, n = np.sum(self._sums, axis=0), self._rows.sum()
        return LossSums(
            self._all.mean[0], self._all.squares[0] / n**2, tuple((by_fold / np.maximum(self._rows, 1)).tolist())
        )
