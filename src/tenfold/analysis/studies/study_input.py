"""What studies are made of: the chosen candidate, unfitted, and the training rows with what it said of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from tenfold.candidates.augmentation import augmented_rows
from tenfold.candidates.catalogue import resolve
from tenfold.candidates.entry import Candidate
from tenfold.candidates.own import candidate_of
from tenfold.candidates.search import with_setting
from tenfold.candidates.setting import Setting, setting_of
from tenfold.data.dataset import Dataset
from tenfold.decision.decision import Decision
from tenfold.errors import DataError, UsageError
from tenfold.figures.quantities.rows import QuantityRows, checked_quantity_rows
from tenfold.figures.rows import Rows, checked_rows
from tenfold.folds.assign import training_positions
from tenfold.folds.result import OutOfFold
from tenfold.record.analysis import made_for
from tenfold.record.config import read_config
from tenfold.record.identity import own_sources
from tenfold.record.instances import training_instances
from tenfold.record.predictions import predictions_in
from tenfold.record.run import Run, out_of_fold_of, refuse_denoised
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["Subject", "fitted_without", "is_studied", "subject_of"]


@dataclass(frozen=True, eq=False)
class Subject:
    """
    The subject of a study.

    Parameters
    ----------
    candidate : Candidate
        The chosen one, unfitted.
    data : Dataset
        The training rows.
    task : Task
    codes : ndarray of int64, shape (n,); of quantities float64
    folds : ndarray of int16, shape (n,)
    setting : Setting
    result : OutOfFold
        What the candidate said, at its own decision.
    decision : Decision
        In force.
    metric : str
        That orders the candidates.
    """

    candidate: Candidate
    data: Dataset
    task: Task
    codes: NDArray[np.int64]
    folds: NDArray[np.int16]
    setting: Setting
    result: OutOfFold
    decision: Decision
    metric: str

    @property
    def seed(self) -> int:
        """Of whatever is drawn."""
        return self.setting.seed

    def made_for(self, study: str) -> dict[str, Any]:
        """Return what a study of it rests on."""
        return made_for(study, self.candidate.name, self.metric, self.decision.threshold)

    def rows(
        self, predicted: NDArray[Any], scores: NDArray[np.float64] | None, where: Any = slice(None)
    ) -> Rows | QuantityRows:
        """Return predictions of the candidate for some of the rows, ready to be compared."""
        if self.task.numeric:
            return checked_quantity_rows(self.task.classes, self.codes[where], predicted)
        scored = self.result.probabilities and scores is not None
        return checked_rows(self.task, self.codes[where], predicted, scores, probabilities=scored)


def is_studied(task: Task) -> bool:
    """
    Return whether importance and learning curves are studied for a task: one class a row, or quantities.

    Examples
    --------
    >>> from tenfold.tasks import ClassTask, LabelTask
    >>> is_studied(ClassTask(("a", "b"), "b")), is_studied(LabelTask(("a", "b")))
    (True, False)
    """
    return task.exclusive or task.numeric


def subject_of(run: Run, trusted: Collection[str] = ()) -> Subject:
    """
    Read the subject of a finished run's studies.

    Parameters
    ----------
    run : Run
    trusted : collection of str
        Names ``module:object`` whose code may be imported.

    Raises
    ------
    TenfoldError
        The data are not at hand, rows have several labels, or the chosen candidate was a live object.
    """
    refuse_denoised(run, "this study")
    task = run.task
    if not is_studied(task):
        raise UsageError(f"a run to predict {task.summary} has no such study", where=run.path)
    config = read_config(run.folder.config, run.path)
    if config.order is not None:
        what = "a run in order of time has no such study: it would learn from rows that came later"
        raise UsageError(what, where=run.path, do="make a run without --order for it")
    data = training_instances(run)
    setting = setting_of(data, task, config.seed, config.augment, config.columns)
    saved = predictions_in(run.lines(run.chosen), task)
    metrics = run.record.metrics
    return Subject(
        _candidate(run, setting, trusted),
        data,
        task,
        saved.y,
        saved.fold,
        setting,
        out_of_fold_of(run, run.chosen),
        metrics.chosen_record.decision.decision,
        metrics.metric,
    )


def _candidate(run: Run, setting: Setting, trusted: Collection[str]) -> Candidate:
    try:
        live = run.live.get(run.chosen)
        candidate = resolve(run.chosen, setting, trusted) if live is None else candidate_of(run.chosen, live, setting)
        _refuse_other_source(run)
        tuning = run.record.metrics.chosen_record.tuning
        return candidate if tuning is None else with_setting(candidate, tuning.setting)
    except UsageError as fault:
        if ":" in run.chosen:
            raise
        raise UsageError(
            f"'{shown(run.chosen)}' was given to this run from Python, and cannot be fitted again from here",
            where=run.path,
            do="open the run with it, tenfold.open_run(folder, models=…), or give it to the run as module:object",
        ) from fault


def _refuse_other_source(run: Run) -> None:
    """A study of a classifier of the user's own is of the one that the run judged."""
    begun = run.record.manifest.own_sources.get(run.chosen)
    if begun is not None and own_sources([run.chosen]).get(run.chosen) != begun:
        what = f"the source of '{shown(run.chosen)}' has changed since this run: a study would be of another classifier"
        raise DataError(what, where=run.path, do="repeat the run")


def fitted_without(subject: Subject, fold: int) -> Pipeline:
    """Fit the candidate of a study on all rows that it learnt from where a fold was held out, grown as in the run."""
    learn = training_positions(subject.folds, fold)
    X, y = augmented_rows(subject.candidate.augment, subject.data.take(learn), subject.codes[learn])
    pipeline: Pipeline = clone(subject.candidate.pipeline).fit(X, y)
    return pipeline
