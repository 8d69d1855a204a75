"""
The choice among settings: over all folds for the model, and over the other folds for the answers to each fold.

A figure of the best of many settings, computed on the folds that chose it, flatters (Varma and Simon, "Bias in error
estimation when using cross-validation for model selection", 2006; Cawley and Talbot, "On over-fitting in model
selection", 2010). Here no fold has a say in which setting answers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.metrics import better
from tenfold.folds.result import OutOfFold
from tenfold.task import Task

__all__ = ["Trial", "Tuning", "chosen_setting"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """
    One setting that was tried.

    Parameters
    ----------
    setting : mapping
        Parameter of the pipeline -> value.
    folds : tuple of float or None
        The metric on each fold by models of the others; None where it is undefined.
    """

    setting: Mapping[str, Any]
    folds: tuple[float | None, ...]

    @property
    def mean(self) -> float | None:
        """The plain mean over folds, as ``GridSearchCV`` takes it; None where a fold has no value."""
        return _mean(self.folds)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {"setting": dict(self.setting), "folds": list(self.folds), "mean": self.mean}


@dataclass(frozen=True)
class Tuning:
    """
    What came of trying the settings of a candidate.

    Parameters
    ----------
    how : str
        The way they were gone through: ``grid``.
    metric : str
        That orders them.
    trials : tuple of Trial
        In the order tried.
    chosen : int
        Number of the setting that the model gets: the best mean over all folds, of equal ones the first.
    by_fold : tuple of int
        For each fold the number of the setting that answers it: the best mean over the other folds.
    """

    how: str
    metric: str
    trials: tuple[Trial, ...]
    chosen: int
    by_fold: tuple[int, ...]

    @property
    def setting(self) -> Mapping[str, Any]:
        """The setting chosen."""
        return self.trials[self.chosen].setting

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "how": self.how,
            "metric": self.metric,
            "chosen": self.chosen,
            "setting": dict(self.setting),
            "by_fold": list(self.by_fold),
            "trials": [trial.as_dict() for trial in self.trials],
        }


def chosen_setting(
    task: Task,
    codes: NDArray[np.int64],
    settings: Sequence[Mapping[str, Any]],
    results: Sequence[OutOfFold],
    *,
    how: str,
    metric: str,
) -> tuple[Tuning, OutOfFold]:
    """
    Choose among settings by their figures on the folds.

    Parameters
    ----------
    task : Task
    codes : ndarray of int64, shape (n,); of several labels (n, k)
    settings : sequence of mapping
    results : sequence of OutOfFold
        What each setting said of every row, by models that had not seen it.
    how, metric : str

    Returns
    -------
    tuning : Tuning
    result : OutOfFold
        The answers of the candidate as it tunes itself: those to each fold are of the setting that is best on the
        other folds. Its seconds are those of all settings.
    """
    fold = results[0].fold
    values = [[_value(task, codes, one, metric, fold == number) for number in range(_count(fold))] for one in results]
    trials = tuple(Trial(setting, tuple(row)) for setting, row in zip(settings, values, strict=True))
    everywhere = range(_count(fold))
    by_fold = tuple(_best(trials, metric, [f for f in everywhere if f != out]) for out in everywhere)
    tuning = Tuning(how, metric, trials, _best(trials, metric, list(everywhere)), by_fold)
    return tuning, _joined(results, by_fold)


def _count(fold: NDArray[np.int16]) -> int:
    return int(fold.max()) + 1


def _value(task: Task, y: NDArray[Any], result: OutOfFold, metric: str, rows: NDArray[np.bool_]) -> float | None:
    scores = None if result.scores is None else result.scores[rows]
    checked = task.checked_rows(y[rows], result.predicted[rows], scores, probabilities=result.probabilities)
    return task.value(checked, metric)


def _best(trials: Sequence[Trial], metric: str, folds: Sequence[int]) -> int:
    """The first of the best; a setting without a value on one of these folds comes last."""
    means = [_mean([trial.folds[fold] for fold in folds]) for trial in trials]
    worth = [-np.inf if mean is None else better(metric) * mean for mean in means]
    return int(np.argmax(worth))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.average(known)) if len(known) == len(values) else None


def _joined(results: Sequence[OutOfFold], by_fold: Sequence[int]) -> OutOfFold:
    fold = results[0].fold
    predicted = results[0].predicted.copy()
    scores = None if any(one.scores is None for one in results) else np.array(results[0].scores)
    for number, chosen in enumerate(by_fold):
        rows, one = fold == number, results[chosen]
        predicted[rows] = one.predicted[rows]
        if scores is not None and one.scores is not None:
            scores[rows] = one.scores[rows]
    return replace(
        results[0],
        predicted=predicted,
        scores=scores,
        probabilities=all(one.probabilities for one in results),
        fit_seconds=tuple(map(sum, zip(*(one.fit_seconds for one in results), strict=True))),
        predict_seconds=tuple(map(sum, zip(*(one.predict_seconds for one in results), strict=True))),
        peak_bytes=max(one.peak_bytes for one in results),
    )
