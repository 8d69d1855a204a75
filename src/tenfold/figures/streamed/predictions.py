"""A candidate's out-of-fold predictions, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions

__all__ = ["AnswerBlock", "StreamedAnswers", "own_answers"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AnswerBlock:
    """
    Answers to some training rows, in order.

    Parameters
    ----------
    y : ndarray, shape (m,)
        Class codes, int64, or numbers, float64.
    fold : ndarray of int64, shape (m,)
        The fold that held each row out.
    scores : ndarray of float64, shape (m, s)
        One column for a detector, else one a class; of numbers the prediction, and beside it the difficulty of a row
        where intervals scale with that.
    """

    y: NDArray[Any]
    fold: NDArray[np.int64]
    scores: Floats


@dataclass(frozen=True, eq=False)
class StreamedAnswers:
    """
    All answers of one candidate; they can be gone through again and again.

    Parameters
    ----------
    candidate : str
    rows, folds : int
    classes : int
        0 where numbers are predicted.
    probabilities : bool
    blocks : callable
        Begins at the first row and gives `AnswerBlock` after `AnswerBlock`.
    """

    candidate: str
    rows: int
    folds: int
    classes: int
    probabilities: bool
    blocks: Callable[[], Iterator[AnswerBlock]]

    @property
    def score_columns(self) -> int:
        """Scores of a row."""
        return self.classes if self.classes > 2 else 1

    def own(self, block: AnswerBlock) -> Predictions:
        """Return what the model itself predicts."""
        first = block.scores[:, 0]
        if not self.classes:
            difficulty = block.scores[:, 1] if block.scores.shape[1] > 1 else None
            return Predictions(first, difficulty, probabilities=False)
        scores = first if block.scores.shape[1] == 1 else block.scores
        return Predictions(self.predicted(block), scores, self.probabilities)

    def predicted(self, block: AnswerBlock) -> NDArray[np.int64]:
        """The classifier's own answers, shape (m,)."""
        return own_answers(block.scores, self.probabilities)


def own_answers(scores: Floats, probabilities: bool) -> NDArray[np.int64]:
    """Give the class of the highest score, shape (m,); of a detector, positive where it is more than a half, or 0."""
    if scores.shape[1] == 1:
        return (scores[:, 0] > (0.5 if probabilities else 0.0)).astype(np.int64)
    return np.asarray(scores.argmax(axis=1), np.int64)
