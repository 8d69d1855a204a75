"""The last steps of a streamed run: the chosen candidate on all training rows, and the one look at the test part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tenfold.candidates.streamed.model import StreamedModel
from tenfold.candidates.streamed.preparation import frame_of
from tenfold.data.streamed.assignment import TEST
from tenfold.decision.decision import Decision
from tenfold.figures import Evaluation
from tenfold.figures.streamed.predictions import AnswerBlock, StreamedAnswers
from tenfold.line.streamed.job import StreamJob, predicted_rows
from tenfold.line.streamed.judging import judging_of
from tenfold.models.threads import limited_to
from tenfold.record.bundle.classifier_files import PROOF_ROWS
from tenfold.regular_files import open_regular
from tenfold.storage import storage_faults, writing
from tenfold.task import Task

__all__ = ["SealedRows", "StreamedTestFigures", "evaluated_test", "first_rows", "learn_all", "streamed_test_figures"]


@dataclass(frozen=True, eq=False)
class SealedRows:
    """
    The rows of the test part, which a sealed test gives once it is opened.

    Parameters
    ----------
    job : StreamJob
    """

    job: StreamJob


@dataclass(frozen=True, eq=False)
class StreamedTestFigures:
    """
    What the test part says.

    Parameters
    ----------
    answers : StreamedAnswers
        Of the final model.
    evaluation : Evaluation
        At its decision.
    baseline : Evaluation
        Of the most frequent training class, or of the mean, on the same rows.
    """

    answers: StreamedAnswers
    evaluation: Evaluation
    baseline: Evaluation


def learn_all(job: StreamJob, candidate: str) -> StreamedModel:
    """Let the chosen candidate learn from every training row; numerical libraries keep one thread, as in the folds."""
    with limited_to(1):
        return job.candidates[candidate].fit(job.training(None))


def first_rows(job: StreamJob, order: tuple[str, ...]) -> pd.DataFrame:
    """Give the first training rows, up to 1,000, as a table of these columns, in this order."""
    tables, rows_so_far = [], 0
    for rows in job.training(None).in_order():
        tables.append(frame_of(job.store, job.whole, rows.numbers[:PROOF_ROWS], rows.codes[:PROOF_ROWS])[list(order)])
        rows_so_far += len(tables[-1])
        if rows_so_far >= PROOF_ROWS:
            break
    return pd.concat(tables, ignore_index=True).iloc[:PROOF_ROWS]


def streamed_test_figures(
    rows: SealedRows, task: Task, candidate: str, model: StreamedModel, decision: Decision, folder: Path
) -> StreamedTestFigures:
    """Let the final model, and the baseline of the training rows, answer the opened test part."""
    answers = _answers(rows.job, candidate, model, folder / "test.scores")
    return StreamedTestFigures(
        answers,
        evaluated_test(task, answers, decision, folder / "test"),
        evaluated_test(task, _baseline(rows.job, answers), task.usual_decision, folder / "test.baseline"),
    )


def evaluated_test(task: Task, answers: StreamedAnswers, decision: Decision, folder: Path) -> Evaluation:
    """Give the figures of answers to the test part at a decision."""
    judging = judging_of(task)
    evaluation = judging.at(answers, judging.evaluate(answers, folder), decision)
    # The test part is one piece: it has no folds to tell of.
    metrics = {key: replace(one, folds=()) for key, one in evaluation.metrics.items()}
    return replace(evaluation, metrics=metrics)


def _answers(job: StreamJob, candidate: str, model: StreamedModel, path: Path) -> StreamedAnswers:
    rows, probabilities = 0, False
    with writing(path) as draft, draft.open("wb") as file, limited_to(1):
        for numbers, of_probabilities in predicted_rows(job, model, TEST):
            with storage_faults(path):
                file.write(numbers.tobytes())
            rows, probabilities = rows + len(numbers), of_probabilities
    columns = job.score_columns if model.difficulty is None else 2
    return StreamedAnswers(candidate, rows, 1, job.classes, probabilities, lambda: _blocks(job, path, columns))


def _blocks(job: StreamJob, path: Path, columns: int) -> Iterator[AnswerBlock]:
    with open_regular(path, within=job.folder) as file:
        for block in job.store.blocks(job.target.field, "parts"):
            y = job.target.y(block)[block["parts"] == TEST]
            scores = np.fromfile(file, np.float64, len(y) * columns).reshape(-1, columns)
            yield AnswerBlock(y, np.zeros(len(y), np.int64), scores)


def _baseline(job: StreamJob, answers: StreamedAnswers) -> StreamedAnswers:
    """The same rows, always answered with the most frequent training class, or the mean of the training values."""
    if job.classes:
        common = int(job.fold_rows.sum(axis=0).argmax())
        scores = np.eye(job.classes)[common, -job.score_columns :]
    else:
        scores = job.training(None).target_moments.mean

    def blocks() -> Iterator[AnswerBlock]:
        for block in answers.blocks():
            yield replace(block, scores=np.broadcast_to(scores, (len(block.y), job.score_columns)))

    return replace(answers, probabilities=bool(job.classes), blocks=blocks)
