"""A candidate's out-of-fold predictions, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["AnswerBlock", "StreamedAnswers", "own_answers"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AnswerBlock:
    """
    Answers to some training rows, in order.

    Parameters
    ----------
    y, fold : ndarray of int64, shape (m,)
        Class codes, and the fold that held each row out.
    scores : ndarray of float64, shape (m, s)
        One column for a detector, else one a class.
    """

    y: NDArray[np.int64]
    fold: NDArray[np.int64]
    scores: Floats


@dataclass(frozen=True, eq=False)
class StreamedAnswers:
    """
    All answers of one candidate; they can be gone through again and again.

    Parameters
    ----------
    candidate : str
    rows, folds, classes : int
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
        return 1 if self.classes == 2 else self.classes

    def predicted(self, block: AnswerBlock) -> NDArray[np.int64]:
        """The classifier's own answers, shape (m,)."""
        return own_answers(block.scores, self.probabilities)


def own_answers(scores: Floats, probabilities: bool) -> NDArray[np.int64]:
    """Give the class of the highest score, shape (m,); of a detector, positive where it is more than a half, or 0."""
    if scores.shape[1] == 1:
        return (scores[:, 0] > (0.5 if probabilities else 0.0)).astype(np.int64)
    return np.asarray(scores.argmax(axis=1), np.int64)
