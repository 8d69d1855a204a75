"""A candidate's out-of-fold answers, block by block, from the units of a run or from its finished file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.regular_files import open_regular
from tenfold.streaming.dealing import TEST
from tenfold.streaming.job import StreamJob

__all__ = ["AnswerBlock", "StreamedAnswers", "answers_of_units", "own_answers"]

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


def answers_of_units(job: StreamJob, candidate: str) -> StreamedAnswers:
    """Give the answers that the units of a candidate have committed."""
    told = [job.answered(unit) for unit in job.units([candidate])]
    return StreamedAnswers(
        candidate,
        sum(one.rows for one in told),
        job.fold_count,
        job.classes,
        all(one.probabilities for one in told),
        lambda: _blocks(job, candidate),
    )


def _blocks(job: StreamJob, candidate: str) -> Iterator[AnswerBlock]:
    columns = job.score_columns
    with ExitStack() as stack:
        files: list[IO[Any]] = [
            stack.enter_context(open_regular(job.scores_path(unit), within=job.folder))
            for unit in job.units([candidate])
        ]
        for block in job.spool.blocks("labels", "parts"):
            kept = block["parts"] != TEST
            fold = block["parts"][kept].astype(np.int64)
            scores = np.empty((len(fold), columns))
            for number in np.unique(fold).tolist():
                own = fold == number
                count = int(own.sum()) * columns
                scores[own] = np.fromfile(files[number], np.float64, count).reshape(-1, columns)
            yield AnswerBlock(job.class_of[block["labels"][kept]], fold, scores)
