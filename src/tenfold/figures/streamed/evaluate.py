"""Every figure of a candidate from answers that stream by, equal to those in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.figures import Estimate, Evaluation, metric_keys
from tenfold.figures.classes import HasClasses
from tenfold.figures.curves.ranking import ranking_estimate
from tenfold.figures.curves.stretches import StratifiedSums
from tenfold.figures.evaluate import confusion_estimates, mean_estimate
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import macro, weighted
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.figures.streamed.ranking import NAMES, Ranking, ranking_of
from tenfold.figures.streamed.survey import Survey, confusion_of_folds, survey
from tenfold.regular_files import open_regular, open_regular_update
from tenfold.text import shown

__all__ = ["StreamedEvaluation", "at_threshold", "evaluate_streamed", "file_blocks"]

Floats = NDArray[np.float64]
_AVERAGES = {"macro": macro, "weighted": weighted}
_BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class StreamedEvaluation:
    """
    The figures of one candidate and what they were made from.

    Parameters
    ----------
    evaluation : Evaluation
        At its own decision.
    survey : Survey
        Its scores lie in order on disk.
    influence : Path or None
        The influence of each row on the metric that candidates are compared by, where that is one of their order.
    """

    evaluation: Evaluation
    survey: Survey
    influence: Path | None


def evaluate_streamed(
    task: HasClasses, answers: StreamedAnswers, folder: Path, metric: str | None = None
) -> StreamedEvaluation:
    """
    Compute every figure of a binary or multiclass task with its interval.

    The figures and intervals are those of `evaluate`: sums are taken in another order, so that the last digits may
    differ, no more.

    Parameters
    ----------
    task : HasClasses
    answers : StreamedAnswers
    folder : Path
        For files that are needed on the way.
    metric : str, optional
        The influence of each row on this figure is kept.
    """
    counted = survey(answers, folder)
    estimates = confusion_estimates(task, counted.counts, counted.fold_counts)
    rankings = _Rankings(task, answers, counted, folder, metric)
    estimates |= rankings.estimates()
    estimates |= {name: _loss(name, counted, answers) for name in LOSSES}
    ordered = {key: estimates[key] for key in metric_keys(task)}
    return StreamedEvaluation(Evaluation(ordered, counted.counts, answers.rows), counted, rankings.influence)


def at_threshold(
    task: HasClasses, answers: StreamedAnswers, before: StreamedEvaluation, threshold: float
) -> Evaluation:
    """Give the figures at another decision: only those of the confusion matrix change."""
    folds = confusion_of_folds(answers, threshold)
    counts = np.asarray(folds.sum(axis=0))
    moved = confusion_estimates(task, counts, folds)
    return replace(before.evaluation, metrics={**before.evaluation.metrics, **moved}, confusion_matrix=counts)


def _loss(name: str, counted: Survey, answers: StreamedAnswers) -> Estimate:
    if name not in counted.losses:
        reason = "the scores are not probabilities"
        return Estimate(None, None, None, answers.rows, "", None, (None,) * answers.folds, reason=reason)
    sums = counted.losses[name]
    return mean_estimate(sums.value, sums.squares, answers.rows, sums.folds)


class _Rankings:
    """ROC AUC and average precision of every column, and their averages over classes."""

    def __init__(
        self, task: HasClasses, answers: StreamedAnswers, counted: Survey, folder: Path, metric: str | None
    ) -> None:
        self.task, self.answers, self.folder, self.metric = task, answers, folder, metric
        self.fold_class_rows = np.asarray(counted.fold_counts.sum(axis=2))
        self.class_rows = np.asarray(self.fold_class_rows.sum(axis=0))
        self.columns = counted.ordered
        self.influence: Path | None = None
        self._totals = {
            (which, average): folder / f"influence.{average}.{which}" for which in range(2) for average in _AVERAGES
        }

    def estimates(self) -> dict[str, Estimate]:
        """All of them by key."""
        several = self.task.positive is None
        rankings, estimates = [], {}
        for column in self.columns:
            keys = [name if not several else f"{name}:{self.task.classes[column.code]}" for name in NAMES]
            path = self.folder / f"influence.{column.code}" if several or self.metric in keys else None
            ranking = ranking_of(column, self.fold_class_rows, influences=path)
            rankings.append(ranking)
            for which, key in enumerate(keys):
                estimates[key] = self._of_class(ranking, which, column.code)
            self._keep(ranking, column.code, keys, several)
        if several:
            for which, name in enumerate(NAMES):
                for average in _AVERAGES:
                    estimates[f"{name}_{average}"] = self._averaged(rankings, which, average)
        return estimates

    def _keep(self, ranking: Ranking, code: int, keys: list[str], several: bool) -> None:
        for which, path in enumerate(ranking.influences):
            if several:
                _add_to(self._totals[which, "macro"], path, 1 / len(self.class_rows))
                _add_to(self._totals[which, "weighted"], path, self.class_rows[code] / self.class_rows.sum())
            if keys[which] == self.metric:
                self.influence = path
            else:
                path.unlink()

    def _of_class(self, ranking: Ranking, which: int, code: int) -> Estimate:
        size, n = int(self.class_rows[code]), self.answers.rows
        reason = self._reason(which, code)
        value, folds = ranking.values[which], ranking.folds[which]
        return ranking_estimate(value, ranking.errors[which], n, [size], which, folds, reason)

    def _reason(self, which: int, code: int) -> str | None:
        size, name = int(self.class_rows[code]), shown(self.task.classes[code])
        if not size:
            return f"there is no row of class '{name}'"
        return f"there is no row of another class than '{name}'" if not which and size == self.answers.rows else None

    def _averaged(self, rankings: list[Ranking], which: int, average: str) -> Estimate:
        values = np.array([np.nan if one.values[which] is None else one.values[which] for one in rankings], np.float64)
        by_fold = np.array([[np.nan if v is None else v for v in one.folds[which]] for one in rankings], np.float64).T
        value = float(_AVERAGES[average](values, self.class_rows.astype(np.float64)))
        folds = _AVERAGES[average](by_fold, self.fold_class_rows.astype(np.float64))
        reasons = (self._reason(which, column.code) for column in self.columns)
        reason = next((reason for reason in reasons if reason), None)
        path, sizes = self._totals[which, average], self.class_rows.tolist()
        defined = bool(np.isfinite(value))
        error = self._error(path, values, value, average) if defined else 0.0
        if defined and self.metric == f"{NAMES[which]}_{average}":
            self.influence = path
        else:
            path.unlink(missing_ok=True)
        fold_values = tuple(float(one) if np.isfinite(one) else None for one in folds)
        return ranking_estimate(value if defined else None, error, self.answers.rows, sizes, which, fold_values, reason)

    def _error(self, path: Path, values: Floats, value: float, average: str) -> float:
        sums = StratifiedSums(len(self.class_rows))
        # More of a row is also more of its class, whose figure then counts for more.
        own = (values - value) / self.class_rows.sum() if average == "weighted" else np.zeros(len(values))
        with open_regular_update(path) as file:
            for block in self.answers.blocks():
                place = file.tell()
                influence = np.fromfile(file, np.float64, len(block.y)) + own[block.y]
                sums.add(influence, block.y)
                file.seek(place)
                file.write(influence.tobytes())
        return float(np.sqrt(sums.variance))


def _add_to(total: Path, part: Path, portion: float) -> None:
    """Add a multiple of one file of float64 to another, made of zeros where it is not there."""
    if not total.exists():
        total.touch()
    with open_regular_update(total) as sum_file:
        for some in file_blocks(part):
            place = sum_file.tell()
            before = np.fromfile(sum_file, np.float64, len(some))
            sum_file.seek(place)
            sum_file.write((portion * some + (before if len(before) else 0.0)).tobytes())


def file_blocks(path: Path) -> Iterator[Floats]:
    """Read a file of float64, block by block."""
    with open_regular(path) as file:
        while len(some := np.fromfile(file, np.float64, _BLOCK)):
            yield some
