"""What a streamed run will do and roughly how long it takes, said before it starts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.candidates.setting import Setting
from tenfold.data.holdout import SealedTest
from tenfold.data.streamed.table_profile import TableProfile
from tenfold.line.memory.plan import duration
from tenfold.line.streamed.final import SealedRows
from tenfold.line.streamed.job import StreamJob
from tenfold.record.config import RunConfig
from tenfold.task import Task

__all__ = ["StreamPlan", "plan_stream"]


@dataclass(frozen=True, eq=False)
class StreamPlan:
    """
    A streamed run with every choice made.

    Parameters
    ----------
    config : RunConfig
    setting : Setting
    names : tuple of str
        Candidates, the baseline first.
    sentences : tuple of str
        The plan in words.
    """

    config: RunConfig
    setting: Setting
    names: tuple[str, ...]
    sentences: tuple[str, ...]


def plan_stream(
    config: RunConfig,
    name: str,
    facts: TableProfile,
    task: Task,
    job: StreamJob,
    test: SealedTest[SealedRows],
    names: tuple[str, ...],
    workers: int,
) -> StreamPlan:
    """
    Make the choices that were left open, and say what will be done.

    Parameters
    ----------
    config : RunConfig
    name : str
        Of the data.
    facts : TableProfile
    task : Task
    job : StreamJob
    test : SealedTest
    names : tuple of str
        Candidates.
    workers : int
    """
    class_rows, k = job.fold_rows.sum(axis=0), job.fold_count
    rows = int(class_rows.sum())
    metric = config.metric or task.default_metric(np.arange(len(class_rows)), class_rows)
    resolved = replace(config, models=names, cv=k, metric=metric, stream=True)
    setting, held_out = job.setting, rows // k
    seconds = 5e-6 * (rows + len(test)) * len(names) + sum(
        job.candidates[one].seconds(setting, rows - held_out, held_out) * k / min(workers, k * len(names))
        + job.candidates[one].seconds(setting, rows, len(test)) / len(names)
        for one in names
    )
    sealed = f"{len(test):,} sealed for one test ({test.how})"
    sentences = (
        f"{name}: {rows:,} rows of {len(facts.columns)} columns to learn from, {task.summary}; {sealed}.",
        "Streamed: no step holds more than a block of the rows.",
        f"{', '.join(names)}: each judged on {k} folds by {resolved.metric}, out of fold.",
        f"Roughly {duration(seconds)} on {workers} core{'s' if workers > 1 else ''}.",
    )
    return StreamPlan(resolved, setting, names, sentences)
