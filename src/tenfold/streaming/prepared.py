"""The first half of a streamed run: the table read and dealt out, the test part sealed, every open choice made."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.setting import Setting
from tenfold.checks import Finding
from tenfold.decision.rule import Rule
from tenfold.errors import DataError, UsageError
from tenfold.holdout import SealedTest
from tenfold.preparation.table import TableColumns
from tenfold.runs.config import RunConfig
from tenfold.runs.plan import default_metric, duration
from tenfold.runs.prepared import refuse_fatal, refuse_metric, refuse_unfit
from tenfold.sources.files import stem
from tenfold.sources.table import refuse_absent
from tenfold.storage import make_folder
from tenfold.streaming.buckets import Buckets
from tenfold.streaming.content import hexadecimal, rows_digest
from tenfold.streaming.dealing import TEST, Dealt, deal_out
from tenfold.streaming.distinct import unit_interval
from tenfold.streaming.facts import Facts, facts_of, findings_of, read_facts, stamps, write_facts
from tenfold.streaming.final import TestRows
from tenfold.streaming.job import StreamJob
from tenfold.streaming.learners import LEARNERS, refuse_names, streamed_names
from tenfold.streaming.moments import moments_of_folds
from tenfold.streaming.reading import read_table
from tenfold.streaming.room import refuse_no_space, rows_that_fit
from tenfold.streaming.source import TableSource
from tenfold.streaming.spool import Spool, open_spool
from tenfold.task import Task, infer_task

__all__ = ["FACTS", "StreamPlan", "StreamPrepared", "prepare_streamed"]

FACTS = "facts.json"
"""In the work folder once the table is read."""

_MANY_ROWS, _FEW_FOLDS, _FOLDS = 20_000, 3, 5
_TOLD_EVERY = 10.0
_MOST_ONE_HOT = 50
_ID = np.dtype([("key", "<f8"), ("id", "<u8", (2,))])


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


@dataclass(frozen=True, eq=False)
class StreamPrepared:
    """
    Everything that is fixed before the first fit.

    Parameters
    ----------
    name : str
        Of the data.
    facts : Facts
    task : Task
    findings : tuple of Finding
    job : StreamJob
    test : SealedTest
    plan : StreamPlan
    """

    name: str
    facts: Facts
    task: Task
    findings: tuple[Finding, ...]
    job: StreamJob
    test: SealedTest[TestRows]
    plan: StreamPlan


def prepare_streamed(
    config: RunConfig,
    source: TableSource,
    work: Path,
    rule: Rule,
    workers: int,
    note: Callable[[str], None],
) -> StreamPrepared:
    """
    Read the table unless that was done before, and make every choice that is left open.

    Parameters
    ----------
    config : RunConfig
    source : TableSource
    work : Path
        The work folder of the run.
    rule : Rule
    workers : int
    note : callable
        Told how far the reading is.

    Raises
    ------
    DataError, LimitError, StorageError, UsageError
    """
    target = _refuse_options(config, source)
    asked = streamed_names(config.models)
    refuse_names(asked, source.rows, rows_that_fit(source))
    spool, facts = _read_once(config, source, target, work, len(asked), note)
    labels = np.array(spool.labels, object)
    task = infer_task(
        labels,
        asked=config.task,
        positive=config.positive,
        target_names=(target,),
        source=str(source.path),
        rows=spool.rows,
    )
    refuse_unfit(rule, task)
    refuse_metric(config.metric, task)
    class_of, folds = task.encode(labels), config.cv or _fold_count(spool.rows, config.test_size)
    dealt = deal_out(
        spool,
        class_of,
        task,
        k=folds,
        test_size=config.test_size,
        seed=config.seed,
        grouped=config.group is not None,
    )
    class_rows = dict(zip(task.classes, dealt.folds.sum(axis=0).tolist(), strict=True))
    findings = findings_of(facts, class_rows, folds, target)
    refuse_fatal(findings, str(source.path))
    columns = facts.roles
    if not columns.numbers + columns.categories:
        raise DataError("no column but the label holds a value", where=source.path, do="add columns to learn from")
    moments = moments_of_folds(spool, folds)
    job = StreamJob(work, spool, columns, facts.whole, class_of, len(task.classes), dealt.folds, moments, config.seed)
    job.write()
    test = _sealed(job, facts, config, dealt)
    plan = _plan(config, stem(source.path), facts, task, job, test, asked, workers)
    return StreamPrepared(stem(source.path), facts, task, findings, job, test, plan)


def _refuse_options(config: RunConfig, source: TableSource) -> str:
    """Refuse what a streamed run cannot do; give the target column."""
    where = source.path
    if config.target is None:
        raise UsageError("which column is the label?", where=where, do="give --target")
    if config.target not in source.columns and "," in config.target:
        raise UsageError(
            "a streamed table has one label a row, --target names several columns", where=where, do="give one of them"
        )
    refuse_absent(config.target, "target", list(source.columns), where)
    if config.group is not None:
        refuse_absent(config.group, "group", list(source.columns), where)
    for option, value in (("--labels", config.labels), ("--tune", config.tune), ("--resize", config.resize)):
        if value is not None:
            raise UsageError(f"{option} does not go with a streamed table", where=where, do="leave it out")
    if len(source.columns) - 1 - (config.group is not None) < 1:
        raise DataError("no column is left as a feature", where=where, do="give a file with more columns")
    return config.target


def _read_once(
    config: RunConfig, source: TableSource, target: str, work: Path, candidates: int, note: Callable[[str], None]
) -> tuple[Spool, Facts]:
    """Read the table into the spool, or take the spool of an interrupted run whose source has not changed."""
    folder, kept = work / "spool", work / FACTS
    spool, facts = open_spool(folder), read_facts(kept)
    if spool is not None and facts is not None and facts.source == stamps(source):
        return spool, facts
    refuse_no_space(work.parent, source, candidates)
    make_folder(work)
    kept.unlink(missing_ok=True)
    telling = _Telling(note, source.rows)
    reading = read_table(
        source, target, folder, group=config.group, drop_unlabelled=config.drop_unlabelled, tell=telling.read
    )
    reading.spool.save()
    facts = facts_of(reading, source)
    write_facts(facts, kept)
    return reading.spool, facts


class _Telling:
    """Says every ten seconds how far the reading is."""

    def __init__(self, note: Callable[[str], None], rows: int) -> None:
        self._note, self._all, self._rows, self._last = note, rows, 0, time.perf_counter()

    def read(self, rows: int) -> None:
        self._rows += rows
        now = time.perf_counter()
        if now - self._last >= _TOLD_EVERY:
            self._last = now
            self._note(f"read {self._rows:,} rows of about {max(self._all, self._rows):,}")


def _fold_count(rows: int, test_size: float) -> int:
    return _FEW_FOLDS if rows * (1 - test_size) > _MANY_ROWS else _FOLDS


def _sealed(job: StreamJob, facts: Facts, config: RunConfig, dealt: Dealt) -> SealedTest[TestRows]:
    kind = "grouped" if config.group is not None else "stratified"
    how = f"a {kind} draw of {100 * config.test_size:g} % of the rows by content, seed {config.seed}"
    return SealedTest(
        lambda: TestRows(job),
        int(dealt.test.sum()),
        how=how,
        key=rows_digest(facts.fingerprint, _test_positions(job.spool)),
        ids_digest=_ids_digest(job),
    )


def _test_positions(spool: Spool) -> Iterator[NDArray[np.int64]]:
    start = 0
    for block in spool.blocks("parts"):
        yield start + np.flatnonzero(block["parts"] == TEST)
        start += len(block["parts"])


def _ids_digest(job: StreamJob) -> str:
    """SHA-256 of the sorted content ids of the test part, sorted on disk: as `instances_digest` gives it."""
    edges = np.arange(1, 256) / 256
    buckets = Buckets(job.folder / "test.ids", edges, _ID)
    for block in job.spool.blocks("ids", "parts"):
        ids = block["ids"][block["parts"] == TEST]
        records = np.empty(len(ids), _ID)
        records["key"], records["id"] = unit_interval(ids[:, 0]), ids
        buckets.add(records)
    digest, first = hashlib.sha256(), True
    for bucket in range(len(buckets)):
        pieces = list(buckets.pieces(bucket))
        if pieces:
            names = np.sort(hexadecimal(np.concatenate(pieces)["id"]))
            digest.update((b"" if first else b"\n") + b"\n".join(names.tolist()))
            first = False
    buckets.remove()
    return digest.hexdigest()


def _plan(
    config: RunConfig,
    name: str,
    facts: Facts,
    task: Task,
    job: StreamJob,
    test: SealedTest[TestRows],
    names: tuple[str, ...],
    workers: int,
) -> StreamPlan:
    class_rows, k = job.fold_rows.sum(axis=0), job.fold_count
    rows = int(class_rows.sum())
    share = float(class_rows[1] / rows) if task.type == "binary" else 1.0
    resolved = replace(config, models=names, cv=k, metric=config.metric or default_metric(task, share), stream=True)
    setting = _setting(job, facts.roles, rows, config.seed)
    held = rows // k
    seconds = 5e-6 * (rows + len(test)) * len(names) + sum(
        LEARNERS[one].seconds(setting, rows - held, held) * k / min(workers, k * len(names))
        + LEARNERS[one].seconds(setting, rows, len(test)) / len(names)
        for one in names
    )
    classes = f"{len(task.classes)} classes" if task.positive is None else f"'{task.positive}' to detect"
    sealed = f"{len(test):,} sealed for one test ({test.how})"
    sentences = (
        f"{name}: {rows:,} rows of {len(facts.columns)} columns to learn from, {classes}; {sealed}.",
        "Streamed: no step holds more than a block of the rows.",
        f"{', '.join(names)}: each judged on {k} folds by {resolved.metric}, out of fold.",
        f"Roughly {duration(seconds)} on {workers} core{'s' if workers > 1 else ''}.",
    )
    return StreamPlan(resolved, setting, names, sentences)


def _setting(job: StreamJob, columns: TableColumns, rows: int, seed: int) -> Setting:
    distinct = sum(min(len(job.spool.values[name]), _MOST_ONE_HOT) for name in columns.categories)
    return Setting("table", rows, max(len(columns.numbers) + distinct, 1), job.classes, columns, seed)
