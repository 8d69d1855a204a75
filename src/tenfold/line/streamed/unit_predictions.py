"""A candidate's out-of-fold predictions, block by block, from the units of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any

import numpy as np

from tenfold.data.streamed.assignment import TEST
from tenfold.figures.streamed.predictions import AnswerBlock, StreamedAnswers
from tenfold.line.streamed.job import StreamJob
from tenfold.regular_files import open_regular

__all__ = ["answers_of_units"]


def answers_of_units(job: StreamJob, candidate: str) -> StreamedAnswers:
    """Give the answers that the units of a candidate have committed."""
    records = [job.record(unit) for unit in job.units([candidate])]
    return StreamedAnswers(
        candidate,
        sum(one.rows for one in records),
        job.fold_count,
        job.classes,
        all(one.probabilities for one in records),
        lambda: _blocks(job, candidate),
    )


def _blocks(job: StreamJob, candidate: str) -> Iterator[AnswerBlock]:
    columns = job.score_columns
    with ExitStack() as stack:
        files: list[IO[Any]] = [
            stack.enter_context(open_regular(job.scores_path(unit), within=job.folder))
            for unit in job.units([candidate])
        ]
        for block in job.store.blocks(job.target.field, "parts"):
            training = block["parts"] != TEST
            fold = block["parts"][training].astype(np.int64)
            scores = np.empty((len(fold), columns))
            for number in np.unique(fold).tolist():
                own = fold == number
                count = int(own.sum()) * columns
                scores[own] = np.fromfile(files[number], np.float64, count).reshape(-1, columns)
            yield AnswerBlock(job.target.y(block)[training], fold, scores)
