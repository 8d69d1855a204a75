"""The first half of the line: data checked, test part sealed, choices made, folds assigned."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.augmentation import refuse_augmentation
from tenfold.candidates.own import candidate_of
from tenfold.candidates.regressors.catalogue import refuse_target_values
from tenfold.candidates.setting import Setting, setting_of
from tenfold.data.checks import Finding, check
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import SealedTest, class_strata, row_groups, split, time_strata
from tenfold.data.roles.choice import column_roles, role_sentences
from tenfold.data.roles.role import ColumnRole, plain_roles
from tenfold.decision.rule import Rule
from tenfold.errors import DataError, UsageError
from tenfold.folds.assign import EARLIEST, assign_folds, folds_in_time
from tenfold.line.memory.plan import Plan, make_plan
from tenfold.record.config import RunConfig
from tenfold.record.identity import own_sources
from tenfold.record.source import labelled_rows
from tenfold.task import Task, infer_task
from tenfold.text import near, shown

__all__ = ["Prepared", "prepare", "refuse_fatal", "refuse_metric"]

_LISTED = 12


@dataclass(frozen=True, eq=False)
class Prepared:
    """
    Everything that is fixed before the first fit.

    Parameters
    ----------
    data : Dataset
        All rows with a label.
    task : Task
    findings : tuple of Finding
        What the data check found, none of it fatal.
    training : Dataset
    codes : ndarray of int64, shape (n,); of several labels (n, k)
        Classes of the training rows.
    test : SealedTest
    folds : ndarray of int16, shape (n,)
        `EARLIEST` of rows that are learnt from alone.
    plan : Plan
    sources : mapping of str to str
        Hash of the source of each candidate that is the user's own module.
    roles : tuple of ColumnRole
        What each column of a table is; empty for other kinds, and for configs made before columns had roles.
    """

    data: Dataset
    task: Task
    findings: tuple[Finding, ...]
    training: Dataset
    codes: NDArray[np.int64]
    test: SealedTest[Dataset]
    folds: NDArray[np.int16]
    plan: Plan
    sources: Mapping[str, str]
    roles: tuple[ColumnRole, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The candidates, the baseline first."""
        return tuple(self.plan.candidates)

    @cached_property
    def held_out(self) -> NDArray[np.int64]:
        """Positions of the training rows that are predicted out of fold, ascending: in order of time not the first."""
        return np.flatnonzero(self.folds != EARLIEST)

    @cached_property
    def held_out_rows(self) -> Dataset:
        """The training rows that are predicted out of fold."""
        return self.training if self.all_held_out else self.training.take(self.held_out)

    @property
    def held_out_codes(self) -> NDArray[np.int64]:
        """What is to be predicted of them."""
        return self.codes[self.held_out]

    @property
    def held_out_folds(self) -> NDArray[np.int16]:
        """Their folds."""
        return self.folds[self.held_out]

    @property
    def all_held_out(self) -> bool:
        """Whether every training row is predicted out of fold."""
        return len(self.held_out) == len(self.folds)

    @property
    def setting(self) -> Setting:
        """What the candidates are built for."""
        return self.plan.setting


def prepare(
    config: RunConfig,
    loaded: Dataset,
    rule: Rule,
    own: Mapping[str, Any],
    cores: int,
    trusted: Collection[str] = (),
) -> Prepared:
    """
    Make every choice that is left open, and refuse what cannot work, before the first fit.

    Parameters
    ----------
    config : RunConfig
    loaded : Dataset
    rule : Rule
        Of the decision asked for.
    own : mapping of name to classifier
        Live classifiers beside the catalogue's.
    cores : int
    trusted : collection of str
        Names ``module:object`` whose code may be imported.

    Raises
    ------
    DataError, LimitError, UsageError
    """
    data = labelled_rows(loaded, config.drop_unlabelled)
    task = infer_task(
        data.labels,
        name=config.task,
        positive=config.positive,
        target_names=data.target_names,
        source=data.source,
    )
    task.refuse_rule(rule)
    refuse_metric(config.metric, task)
    if config.augment is not None:
        refuse_augmentation(config.augment, data)
    findings = check(data, task, folds=config.cv or 2, group_duplicates=config.group_duplicates)
    refuse_fatal(findings, data.source)
    config = replace(config, shuffle=_shuffled(config, data))
    training, test = split(
        data, task, test_size=config.test_size, seed=config.seed, group_duplicates=config.group_duplicates
    )
    roles = column_roles(training, config.columns)
    config = replace(config, columns=plain_roles(roles) if roles else config.columns)
    codes = task.encode(training.labels)
    setting = setting_of(training, task, config.seed, config.augment, config.columns)
    _refuse_no_column(setting, data)
    live = {name: candidate_of(name, estimator, setting) for name, estimator in own.items()}
    plan = make_plan(config, training, test, task, setting, task.default_metric(codes), cores, live, trusted)
    plan = replace(plan, sentences=(*plan.sentences, *_parts_in_time(data, training, task), *role_sentences(roles)))
    if setting.quantities:
        refuse_target_values(plan.candidates, codes, data.source, task.classes[0])
    folds, sources = _folds(plan.config, training, codes, task), own_sources(plan.candidates.keys() - own.keys())
    return Prepared(data, task, findings, training, codes, test, folds, plan, sources, roles)


def _parts_in_time(data: Dataset, training: Dataset, task: Task) -> Iterator[str]:
    """Say how many rows of each class of the source the two parts hold, where time cuts them."""
    if data.order is None or data.official_test is not None or time_strata(training, task) is None:
        return
    rows, totals = (Counter(part.labels.tolist()) for part in (training, data))
    counts = [f"{shown(name, 40)} {rows[name]:,} and {total - rows[name]:,}" for name, total in sorted(totals.items())]
    if len(counts) <= _LISTED:
        yield f"To learn from and sealed, each class cut in time by itself: {', '.join(counts)}."


def _shuffled(config: RunConfig, data: Dataset) -> bool:
    """Whether folds are drawn at random: unless the source has a test part, or figures, in its own order."""
    if data.order is not None:
        if config.shuffle:
            raise UsageError("--shuffle and --order go two ways", do="leave one of them out")
        return False
    if config.shuffle is not None:
        return config.shuffle
    return data.official_test is None and not data.in_its_order


def _refuse_no_column(setting: Setting, data: Dataset) -> None:
    if not setting.values:
        raise DataError("no column but the label holds a value", where=data.source, do="add columns to learn from")


def refuse_metric(metric: str | None, task: Task) -> None:
    """Refuse a metric that the task does not have."""
    keys = task.ranking_keys
    if metric is not None and metric not in keys:
        raise UsageError(f"no metric '{shown(metric)}'.{near(metric, keys)}", do=f"give one of {', '.join(keys[:12])}")


def refuse_fatal(findings: tuple[Finding, ...], source: str) -> None:
    """Refuse data of which the check says that no training is possible."""
    fatal = [finding for finding in findings if finding.level == "fatal"]
    if fatal:
        others = len(fatal) - 1
        more = f" (and {others} more; {shlex.join(['tenfold', 'data', 'check', source])} tells all)" if others else ""
        raise DataError(fatal[0].what + more, where=source, column=fatal[0].column, do=fatal[0].do)


def _folds(config: RunConfig, training: Dataset, codes: NDArray[np.int64], task: Task) -> NDArray[np.int16]:
    if training.order is None:
        return _folds_without_time(config, training, codes, task)
    strata, folds = time_strata(training, task), config.cv or 2
    groups = None if training.groups is None else training.groups.astype(str)
    assigned = folds_in_time(
        training.order,
        folds,
        task.classes,
        class_strata(task, codes),
        strata=strata,
        groups=groups,
        source=training.source,
    )
    if task.several:
        _refuse_one_sided(codes[assigned == EARLIEST], task, training.source)
    return assigned


def _refuse_one_sided(codes: NDArray[np.int64], task: Task, source: str) -> None:
    for name, share in zip(task.classes, codes.mean(axis=0).tolist(), strict=True):
        if share in {0.0, 1.0}:
            what = f"label '{shown(name)}' is {'always' if share else 'never'} true before the first fold"
            raise DataError(what, where=source, do="add earlier rows, leave the label out, or give a smaller --cv")


def _folds_without_time(
    config: RunConfig, training: Dataset, codes: NDArray[np.int64], task: Task
) -> NDArray[np.int16]:
    return assign_folds(
        codes,
        task,
        config.cv or 2,
        groups=row_groups(training, config.group_duplicates),
        shuffle=bool(config.shuffle),
        seed=config.seed,
        source=training.source,
    )
