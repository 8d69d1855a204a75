"""What shuffled folds would say of the chosen candidate, beside a run in order of time or with groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tenfold.candidates.entry import Candidate
from tenfold.errors import TenfoldError
from tenfold.folds.assign import assign_folds
from tenfold.folds.engine import LocalExecutor
from tenfold.folds.job import Job
from tenfold.folds.loop import judge_out_of_fold
from tenfold.folds.result import OutOfFold
from tenfold.line.memory.judgement import Judgement
from tenfold.line.memory.prepared import Prepared
from tenfold.record.entries.metrics import ShuffledRecord

__all__ = ["shuffled_figure"]


def shuffled_figure(
    prepared: Prepared, judgement: Judgement, candidate: Candidate, work: Path, cores: int, *, live: bool
) -> ShuffledRecord | None:
    """
    Judge the chosen candidate once more, on folds drawn at random row by row; nothing is chosen by it.

    Parameters
    ----------
    prepared : Prepared
    judgement : Judgement
    candidate : Candidate
        The chosen one, at its setting.
    work : Path
        The work folder of the run: what was done there before is not done again.
    cores : int
        Worker processes; with 0 of them this process does the units.
    live : bool
        The candidate may exist in this process alone.

    Returns
    -------
    ShuffledRecord or None
        None of a run whose folds are shuffled anyway, and where it cannot be computed.
    """
    if prepared.training.order is None and prepared.training.groups is None:
        return None
    result = _shuffled(prepared, candidate, work, cores, live=live)
    if result is None:
        return None
    task, metric, rows = prepared.task, judgement.board.metric, prepared.held_out
    own = judgement.candidates[candidate.name].result
    scores = None if result.scores is None else result.scores[rows]
    first, second = (
        task.checked_rows(prepared.held_out_codes, predicted, scored, probabilities=one.probabilities)
        for one, predicted, scored in ((result, result.predicted[rows], scores), (own, own.predicted, own.scores))
    )
    value, difference = task.value(first, metric), task.difference(first, second, metric)
    return None if value is None or difference is None else ShuffledRecord(metric, value, difference)


def _shuffled(prepared: Prepared, candidate: Candidate, work: Path, cores: int, *, live: bool) -> OutOfFold | None:
    """Predictions of all training rows on shuffled folds; None where there are too few rows, or it fails."""
    config, task = prepared.plan.config, prepared.task
    try:
        folds = assign_folds(prepared.codes, task, config.cv or 2, shuffle=True, seed=config.seed)
    except TenfoldError:
        return None
    job = Job(
        work / "shuffled",
        prepared.training,
        prepared.codes,
        folds,
        task,
        prepared.setting,
        {candidate.name: candidate},
        sources=prepared.sources,
    )
    # A worker makes the candidate by its name, so at its default setting.
    only_here = live or bool(prepared.plan.candidates[candidate.name].settings)
    results = judge_out_of_fold(job, [candidate.name], LocalExecutor(cores, only_here)).results
    return replace(results[candidate.name][0], nearest=None) if results else None
