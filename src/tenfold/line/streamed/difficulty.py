"""Intervals of a streamed run that are wider where its model errs more, kept where they are better."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.candidates.regressors.difficulty import FEWEST_ROWS, difficulty_pipeline, sizes_of
from tenfold.candidates.streamed.preparation import BlockPreparation, coded_from
from tenfold.candidates.streamed.trees import SAMPLE_VALUES, trees_for
from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.distinct import mixed, unit_interval
from tenfold.decision.rule import Rule
from tenfold.figures.streamed.predictions import AnswerBlock, StreamedAnswers
from tenfold.line.streamed.job import StreamJob
from tenfold.line.streamed.judgement import StreamedJudgement, judge_streamed
from tenfold.models.threads import limited_to
from tenfold.regular_files import open_regular
from tenfold.storage import storage_faults, writing
from tenfold.task import Task

__all__ = ["with_scaled_intervals"]

Floats = NDArray[np.float64]
_SAMPLE_SEED = 2
_FEWEST_OTHERS = 100
"""Fewer rows of other folds, as where one group is nearly all, tell nothing of the errors in a fold."""


@dataclass(frozen=True, eq=False)
class _Errors:
    """Numbers (m, p), codes (m, q), fold (m,) and out-of-fold error (m,) of drawn training rows."""

    numbers: NDArray[Any]
    codes: NDArray[np.int32]
    fold: NDArray[np.int64]
    errors: Floats


def with_scaled_intervals(
    job: StreamJob, task: Task, judgement: StreamedJudgement, rule: Rule, folder: Path
) -> StreamedJudgement:
    """
    Return the judgement with intervals of the chosen candidate that scale with the difficulty of a row.

    As `tenfold.line.memory.difficulty.with_scaled_intervals`, but that the sizes of errors are learnt from a drawn
    sample of the rows.

    Parameters
    ----------
    job : StreamJob
    task : Task
        Of a quantity.
    judgement : StreamedJudgement
    rule : Rule
        Of the decision asked for.
    folder : Path
        For the difficulties.
    """
    chosen = judgement.candidates[judgement.chosen]
    if chosen.decision.interval is None or chosen.answers.rows < FEWEST_ROWS:
        return judgement
    sample = _sample(job, chosen.answers)
    others = len(sample.fold) - np.bincount(sample.fold, minlength=job.fold_count)
    if not sample.errors.any() or others.min() < _FEWEST_OTHERS:
        return judgement
    with limited_to(1):
        path = folder / "difficulties"
        _write_difficulties(job, sample, path)
        answers = _beside(chosen.answers, path)
        scaled = judge_streamed(task, answers, chosen.result, rule, folder)
        before, after = (one.decided.metrics["pinball"].value for one in (chosen, scaled))
        if before is None or after is None or after >= before:
            return judgement
        difficulty = _fitted(job, sample, None)
    candidates = {**judgement.candidates, judgement.chosen: scaled}
    return replace(judgement, candidates=candidates, difficulty=difficulty)


def _sample(job: StreamJob, answers: StreamedAnswers) -> _Errors:
    width = max(len(job.columns.numbers) + len(job.columns.categories), 1)
    share = SAMPLE_VALUES / width / answers.rows
    drawn = []
    for block, predicted in zip(job.store.blocks("numbers", "codes", "parts", "ids"), answers.blocks(), strict=True):
        training = block["parts"] != TEST
        keys = unit_interval(mixed(block["ids"][training, 1], job.seed + _SAMPLE_SEED))
        mine = keys < share
        errors = predicted.y - predicted.scores[:, 0]
        rows = np.flatnonzero(training)[mine]
        drawn.append((block["numbers"][rows], block["codes"][rows], predicted.fold[mine], errors[mine]))
    numbers, codes, fold, errors = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
    return _Errors(numbers, codes, fold, errors)


def _fitted(job: StreamJob, sample: _Errors, left_out: int | None) -> Pipeline:
    """Fit on the sizes of the errors of all folds but one."""
    training = job.training(left_out)
    transformer = coded_from(training.columns, training.store, training.moments)
    prepared = BlockPreparation(transformer, training.store)
    learn = np.arange(len(sample.fold)) if left_out is None else np.flatnonzero(sample.fold != left_out)
    model = trees_for(training, prepared.texts, difficulty_pipeline(training.setting_of(1, len(learn))))
    # The least size is that of all errors, as where rows are in memory.
    sizes = sizes_of(sample.errors)[learn]
    model.fit(prepared.matrix(sample.numbers[learn], sample.codes[learn]), sizes)
    return Pipeline([("columns", transformer), ("model", model)])


def _write_difficulties(job: StreamJob, sample: _Errors, path: Path) -> None:
    """Write the predicted size of each training row's error, by a model of the other folds."""
    fitted = [_fitted(job, sample, fold) for fold in range(job.fold_count)]
    prepared = [BlockPreparation(one.steps[0][1], job.store) for one in fitted]
    with writing(path) as draft, draft.open("wb") as file:
        for block in job.store.blocks("numbers", "codes", "parts"):
            sizes = np.empty(len(block["parts"]))
            for fold in np.unique(block["parts"][block["parts"] != TEST]).tolist():
                own = block["parts"] == fold
                X = prepared[fold].matrix(block["numbers"][own], block["codes"][own])
                sizes[own] = fitted[fold].steps[-1][1].predict(X)
            with storage_faults(path):
                file.write(sizes[block["parts"] != TEST].tobytes())


def _beside(answers: StreamedAnswers, path: Path) -> StreamedAnswers:
    """The same answers with difficulties beside them."""

    def blocks() -> Iterator[AnswerBlock]:
        with open_regular(path, within=path.parent) as file:
            for block in answers.blocks():
                sizes = np.fromfile(file, np.float64, len(block.y))
                yield replace(block, scores=np.column_stack([block.scores[:, 0], sizes]))

    return replace(answers, blocks=blocks)
