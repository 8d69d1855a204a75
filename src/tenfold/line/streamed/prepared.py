"""The first half of a streamed run: the table read and dealt out, the test part sealed, every open choice made."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.candidates.streamed.catalogue import (
    STREAMED_CANDIDATES,
    refuse_names,
    refuse_unknown_names,
    streamed_names,
)
from tenfold.data.checks import Finding
from tenfold.data.checks.finding import gravest_first
from tenfold.data.holdout import SealedTest
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.data.roles.role import UNUSED, read_roles
from tenfold.data.sources.files import stem
from tenfold.data.sources.tables.table import refuse_absent
from tenfold.data.streamed.assignment import assign_rows
from tenfold.data.streamed.memory_budget import refuse_no_space, rows_that_fit
from tenfold.data.streamed.moments import moments_of_folds
from tenfold.data.streamed.quantity_checks import check_streamed_quantity
from tenfold.data.streamed.reading import read_table
from tenfold.data.streamed.row_store import RowStore, open_row_store
from tenfold.data.streamed.source import TableSource
from tenfold.data.streamed.table_profile import (
    TableProfile,
    findings_of,
    profile_of,
    read_profile,
    stamps,
    write_profile,
)
from tenfold.data.streamed.target import class_target, number_target
from tenfold.decision.rule import Rule
from tenfold.errors import DataError, UsageError
from tenfold.folds.assign import default_folds
from tenfold.line.memory.prepared import refuse_fatal, refuse_metric
from tenfold.line.streamed.final import SealedRows
from tenfold.line.streamed.job import StreamJob
from tenfold.line.streamed.plan import StreamPlan, plan_stream
from tenfold.line.streamed.sealing import sealed_test
from tenfold.record.config import RunConfig
from tenfold.storage import make_folder
from tenfold.task import Task, task_from_dict
from tenfold.text import near, shown

__all__ = ["FACTS", "StreamPrepared", "prepare_streamed", "streamed_columns"]

FACTS = "facts.json"
"""In the work folder once the table is read."""

_TOLD_EVERY = 10.0
_STREAMED_ROLES = dict.fromkeys(("number", "near-constant", "sum of others"), "numbers") | dict.fromkeys(
    ("category", "yes/no", "ordered category", "many categories"), "categories"
)


@dataclass(frozen=True, eq=False)
class StreamPrepared:
    """
    Everything that is fixed before the first fit.

    Parameters
    ----------
    name : str
        Of the data.
    facts : TableProfile
    task : Task
    findings : tuple of Finding
    job : StreamJob
    test : SealedTest
    plan : StreamPlan
    """

    name: str
    facts: TableProfile
    task: Task
    findings: tuple[Finding, ...]
    job: StreamJob
    test: SealedTest[SealedRows]
    plan: StreamPlan

    @property
    def names(self) -> tuple[str, ...]:
        """The candidates, the baseline first."""
        return self.plan.names


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
    refuse_unknown_names(config.models, source.rows, rows_that_fit(source))
    store, facts, task = _read_once(config, source, target, work, note)
    classes = 0 if task.numeric else len(task.classes)
    names = streamed_names(config.models, classes)
    refuse_names(names, classes, source.rows, rows_that_fit(source))
    task.refuse_rule(rule)
    refuse_metric(config.metric, task)
    refuse_no_space(work, source, len(names), max(len(task.score_names), 1))
    folds = config.cv or default_folds(store.rows * (1 - config.test_size))
    of_label = task.encode(np.array(store.labels, object))
    streamed_target = class_target(of_label, classes) if classes else number_target(store, of_label, folds, config.seed)
    assigned = assign_rows(
        store,
        streamed_target,
        task,
        k=folds,
        test_size=config.test_size,
        seed=config.seed,
        grouped=config.group is not None,
    )
    class_rows = dict(zip(task.classes, assigned.folds.sum(axis=0).tolist(), strict=True)) if classes else {}
    findings = findings_of(facts, class_rows, folds, target)
    if not classes:
        findings = gravest_first([*findings, *check_streamed_quantity(store, streamed_target, target)])
    refuse_fatal(findings, str(source.path))
    columns = streamed_columns(facts.roles, config.columns or (), source.path)
    if not columns.numbers + columns.categories:
        raise DataError("no column but the label holds a value", where=source.path, do="add columns to learn from")
    moments = moments_of_folds(store, folds)
    job = StreamJob(store, columns, streamed_target, assigned.folds, moments, config.seed, work, facts.whole)
    job.write()
    test = sealed_test(job, facts.fingerprint, config, int(assigned.test.sum()))
    plan = plan_stream(config, stem(source.path), facts, task, job, test, names, workers)
    return StreamPrepared(stem(source.path), facts, task, findings, job, test, plan)


def streamed_columns(columns: TableColumns, request: Sequence[str], source: Path) -> TableColumns:
    """
    Leave out columns that are asked to be, and refuse the roles that a streamed table does not have.

    Parameters
    ----------
    columns : TableColumns
        By their values.
    request : sequence of str
        As a config holds them.
    source : Path
        For messages.

    Examples
    --------
    >>> streamed_columns(TableColumns(("a", "b"), ("c",), ()), ["unused: b", "category: c"], Path("t.csv")).numbers
    ('a',)
    """
    known = {name: role for role in ("numbers", "categories", "unused") for name in getattr(columns, role)}
    left_out = set()
    for name, one in read_roles(request).items():
        role = one.role
        if name not in known:
            what = f"no column '{shown(name)}', whose role is given.{near(name, known)}"
            raise DataError(what, where=source, do="write its name as the table has it")
        if one.missing or one.order:
            what = "a streamed table has no values that count as missing, and no orders"
            raise UsageError(what, where=source, column=name, do="leave such cells empty, and the order out")
        if role in UNUSED:
            left_out.add(name)
        elif known[name] != _STREAMED_ROLES.get(role):
            what = f"'{shown(role)}' is no role that a streamed table can give this column"
            raise UsageError(what, where=source, column=name, do="leave it as inferred, or give unused")
    numbers, categories = (
        tuple(one for one in part if one not in left_out) for part in (columns.numbers, columns.categories)
    )
    return TableColumns(numbers, categories, (*columns.unused, *(one for one in left_out if one not in columns.unused)))


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
    options = {"labels": config.labels, "tune": config.tune, "resize": config.resize, "augment": config.augment}
    options |= {"bins": config.bins, "target_transform": config.target_transform}
    for option, value in options.items():
        if value is not None:
            word = f"--{option.replace('_', '-')}"
            raise UsageError(f"{word} does not go with a streamed table", where=where, do="leave it out")
    if len(source.columns) - 1 - (config.group is not None) < 1:
        raise DataError("no column is left as a feature", where=where, do="give a file with more columns")
    return config.target


def _read_once(
    config: RunConfig, source: TableSource, target: str, work: Path, note: Callable[[str], None]
) -> tuple[RowStore, TableProfile, Task]:
    """Read the table into the row store, or take that of an interrupted run whose source has not changed."""
    folder, profile_file = work / "rows", work / FACTS
    store, facts = open_row_store(folder), read_profile(profile_file)
    options = [target, config.group, config.drop_unlabelled, config.task, config.positive]
    if store is not None and facts is not None and (facts.source, facts.options) == (stamps(source), options):
        return store, facts, task_from_dict(facts.task)
    refuse_no_space(work.parent, source, len(config.models or STREAMED_CANDIDATES))
    make_folder(work)
    profile_file.unlink(missing_ok=True)
    telling = _Telling(note, source.rows)
    reading = read_table(
        source,
        target,
        folder,
        group=config.group,
        drop_unlabelled=config.drop_unlabelled,
        task=config.task,
        positive=config.positive,
        tell=telling.read,
    )
    reading.store.save()
    facts = profile_of(reading, source, options)
    write_profile(facts, profile_file)
    return reading.store, facts, reading.task


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
