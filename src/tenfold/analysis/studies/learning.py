"""Is more data worth getting? The chosen candidate judged out of fold with more and more training rows."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from tenfold.analysis.learning import LearningPoint, learning_point, learning_rows, learning_sizes
from tenfold.analysis.studies.study_input import Subject
from tenfold.candidates.augmentation import augmented_rows
from tenfold.candidates.entry import Candidate
from tenfold.candidates.few_rows import fitting_few_rows
from tenfold.errors import PartsFailedError
from tenfold.figures.estimate import Estimate
from tenfold.figures.quantities.estimates import quantity_estimates
from tenfold.figures.quantities.rows import QuantityRows, checked_quantity_rows
from tenfold.figures.rows import Rows
from tenfold.folds.job import Job
from tenfold.folds.result import assembled
from tenfold.folds.unit import Unit, fit_and_predict
from tenfold.models.threads import limited_to
from tenfold.record.analysis import LEARNING, Tell, study_folder, write_study
from tenfold.storage import make_folder, remove_folder
from tenfold.tasks.quantities.strata import quantile_strata
from tenfold.text import shown

__all__ = ["study_learning"]

_WORK = "learning_curve.work"
_TOLD_EVERY = 2.0
_LEAST_IN_STRATUM = 10


def study_learning(subject: Subject, run: Path, tell: Tell = lambda line: None) -> Path:
    """
    Judge the candidate with a half, a quarter, … of its training rows; with all of them it was judged by the run.

    Each fold of each size is kept when it ends, and not computed again when the study is begun anew.

    Parameters
    ----------
    subject : Subject
    run : Path
        The run folder.
    tell : callable

    Raises
    ------
    PartsFailedError
        The candidate can learn from none of the smaller sizes.
    """
    *smaller, whole = learning_sizes(subject.folds, 1 if _is_quantity(subject) else len(subject.task.classes))
    progress = _Progress(smaller, int(subject.folds.max()) + 1, tell)
    points, before, failed = list[LearningPoint](), None, dict[int, str]()
    for size in smaller:
        rows = _judged_at(size, subject, run, progress)
        if isinstance(rows, str):
            failed[size] = rows
            continue
        point = learning_point(subject.task, subject.metric, size, rows, before)
        points.append(replace(point, fitted=_on_fitted_rows(size, subject)))
        before = rows
    if before is None:
        reason = next(iter(failed.values()), "there are too few rows to leave any out")
        raise PartsFailedError(f"no learning curve: {reason}", where=run)
    now = subject.rows(subject.result.predicted, subject.result.scores)
    point = learning_point(subject.task, subject.metric, whole, now, before)
    points.append(replace(point, fitted=_on_fitted_rows(whole, subject)))
    content = {
        "points": [one.as_dict() for one in points],
        "failed": {str(size): why for size, why in failed.items()},
    }
    path = write_study(run, LEARNING, subject.made_for(LEARNING), content)
    remove_folder(study_folder(run) / _WORK)
    return path


class _Progress:
    """Says how far the study is: work grows with the rows learnt from."""

    def __init__(self, sizes: list[int], folds: int, tell: Tell) -> None:
        self._whole, self._tell = sum(sizes) * folds, tell
        self._folds, self._done, self._fresh = folds, 0, 0
        self._start, self._told = time.perf_counter(), 0.0

    def after(self, size: int, fold: int, *, fresh: bool) -> None:
        self._done += size
        self._fresh += size if fresh else 0
        seconds = time.perf_counter() - self._start
        left = seconds * (self._whole - self._done) / self._fresh if self._fresh else 0.0
        if fresh and (fold + 1 == self._folds or seconds > self._told + _TOLD_EVERY):
            self._told = seconds
            self._tell(f"{size:,} rows, fold {fold + 1}: {seconds:.0f} s, about {left:.0f} s left")


def _is_quantity(subject: Subject) -> bool:
    return subject.task.numeric


def _strata(subject: Subject) -> NDArray[np.int64]:
    """What a sample has in the same shares as all rows: classes, or tenths of a quantity."""
    return (
        quantile_strata(subject.codes.astype(np.float64), _LEAST_IN_STRATUM)[0]
        if _is_quantity(subject)
        else subject.codes
    )


def _on_fitted_rows(size: int, subject: Subject) -> Estimate | None:
    """The metric on the very rows that a model was fitted on, those of all folds but the first."""
    if not _is_quantity(subject):
        return None
    learn = learning_rows(_strata(subject), subject.folds, 0, size, subject.seed)
    X, y = augmented_rows(subject.candidate.augment, subject.data.take(learn), subject.codes[learn])
    with limited_to(1):
        pipeline = clone(_candidate_of(size, subject).pipeline).fit(X, y)
        predicted = subject.task.predict(pipeline, subject.data.take(learn).X).predicted
    rows = checked_quantity_rows(subject.task.classes, subject.codes[learn], predicted)
    return quantity_estimates(rows)[subject.metric]


def _candidate_of(size: int, subject: Subject) -> Candidate:
    """The candidate as a run would have it of whose rows so many are outside a fold."""
    n = len(subject.folds)
    outside = n - int(np.bincount(subject.folds).max())
    return fitting_few_rows(subject.candidate, size * n // outside)


def _judged_at(size: int, subject: Subject, run: Path, progress: _Progress) -> Rows | QuantityRows | str:
    """Answers of models of so many rows, or why there are none."""
    folder = study_folder(run) / _WORK / str(size)
    make_folder(folder / "units")
    candidate = _candidate_of(size, subject)
    job = Job(folder, subject.data, subject.codes, subject.folds, subject.task, subject.setting)
    units = job.units([candidate.name])
    for unit in units:
        fresh = not job.finished(unit)
        if fresh:
            failure = _do(unit, size, candidate, job, subject)
            if failure is not None:
                return failure
        progress.after(size, unit.fold, fresh=fresh)
    result = assembled(candidate.name, subject.folds, [job.results(unit)[0] for unit in units])
    return subject.rows(result.predicted, result.scores)


def _do(unit: Unit, size: int, candidate: Candidate, job: Job, subject: Subject) -> str | None:
    """Fit on so many rows of the other folds, answer this one, and keep the answers; give the reason of a failure."""
    learn = learning_rows(_strata(subject), subject.folds, unit.fold, size, subject.seed)
    rows = np.sort(np.concatenate([learn, np.flatnonzero(subject.folds == unit.fold)]))
    data, codes, folds = subject.data.take(rows), subject.codes[rows], subject.folds[rows]
    try:
        (result,) = fit_and_predict(candidate, data, codes, folds, unit.fold, subject.task)
    except Exception as fault:  # noqa: BLE001 - whatever a candidate raises is that candidate's failure
        return shown(f"{type(fault).__name__}: {fault}".splitlines()[0], 200)
    job.commit(unit, (replace(result, positions=rows[result.positions]),))
    return None
