"""The errors of one candidate of a finished run: matrix, cells, instances."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.columns import differing_columns
from tenfold.analysis.errors import Flips, cell, flips, hardest_right, margin, surest_wrong
from tenfold.ask.errors.one_label import label_run
from tenfold.ask.errors.sentences import ErrorCounts, errors_html
from tenfold.data.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.figures.confusion import confusion_matrix
from tenfold.record.predictions import predictions_in
from tenfold.record.run import Run, refuse_denoised
from tenfold.task import Task
from tenfold.text import near, printable, shown

__all__ = ["Errors", "errors_of", "value_words"]

Codes = NDArray[np.int64]
_UNLIKE = 1.0


@dataclass(frozen=True, eq=False)
class Errors:
    """
    What a candidate answered for each row, at the decision in force.

    Parameters
    ----------
    run : Run
    candidate : str
    part : str
        "out of fold" or "test".
    task : Task
    lines : DataFrame
        The predictions as the run folder has them, n of them.
    y, predicted : ndarray of int64, shape (n,)
    sureness : ndarray of float64, shape (n,), or None
        See `tenfold.analysis.errors.margin`; None without scores.
    flips : Flips, optional
        The answers that differ from those in force, where another threshold was asked about.
    threshold : float, optional
        That threshold.
    """

    run: Run
    candidate: str
    part: str
    task: Task
    lines: pd.DataFrame
    y: Codes
    predicted: Codes
    sureness: NDArray[np.float64] | None
    flips: Flips | None = None
    threshold: float | None = None

    def __repr__(self) -> str:
        rows = f"{self.wrong:,} of {len(self.y):,} rows"
        return printable(f"<Errors of {self.candidate} in {self.run.path}, {self.part}: {rows}>")

    def _repr_html_(self) -> str:
        """Show the sentences and the matrix, errors only, in a notebook."""
        return errors_html(self.counts)

    @cached_property
    def counts(self) -> ErrorCounts:
        """The confusion matrix with what its sentences need."""
        target, classes = self.run.record.metrics.target, self.task.classes
        return ErrorCounts(self.candidate, self.part, classes, target, self.matrix, self.threshold, self.flips)

    @property
    def wrong(self) -> int:
        """Rows called wrongly."""
        return int((self.y != self.predicted).sum())

    @cached_property
    def matrix(self) -> Codes:
        """Confusion matrix, shape (k, k)."""
        return confusion_matrix(self.y, self.predicted, len(self.task.classes))

    @cached_property
    def fold_matrices(self) -> NDArray[np.int64]:
        """Confusion matrix of each fold, shape (folds, k, k)."""
        folds = self.lines["fold"].to_numpy()
        parts = [folds == fold for fold in np.unique(folds)]
        return np.stack([confusion_matrix(self.y[p], self.predicted[p], len(self.task.classes)) for p in parts])

    def code(self, name: str) -> int:
        """
        Give the code of a class by its name.

        Raises
        ------
        UsageError
            There is no such class; the message gives the nearest.
        """
        if name in self.task.classes:
            return self.task.classes.index(name)
        known = ", ".join(shown(one, 20) for one in self.task.classes[:12])
        raise UsageError(
            f"no class '{shown(name)}'.{near(name, self.task.classes)}", where=self.run.path, do=f"give one of {known}"
        )

    def cell(self, actual: str, called: str) -> Codes:
        """Give the positions of a cell's instances, the surest first; the classes by name."""
        return cell(self.y, self.predicted, self.code(actual), self.code(called), self.sureness)

    def first(self, kind: str, limit: int) -> Codes:
        """
        Give the positions of the instances most worth a look.

        Parameters
        ----------
        kind : str
            "surest-wrong", "hardest-right", or "everyone-wrong": called wrongly by every candidate but the baseline.
        limit : int

        Raises
        ------
        UsageError
            The candidate gives no scores, so that no answer is surer than another.
        """
        if kind == "everyone-wrong":
            return self.everyone_wrong()[:limit]
        if self.sureness is None:
            raise UsageError(f"{shown(self.candidate)} gives no scores, so no answer is surer than another")
        order = surest_wrong if kind == "surest-wrong" else hardest_right
        return order(self.y, self.predicted, self.sureness, limit)

    def everyone_wrong(self) -> Codes:
        """Give the positions of the rows that every candidate but the baseline has wrong; of the test part none."""
        if self.part == "test":
            return np.empty(0, np.int64)
        table = self.run.out_of_fold
        others = table[table["candidate"] != "baseline"] if table["candidate"].nunique() > 1 else table
        wrong = [(one["true"] != one["predicted"]).to_numpy() for _, one in others.groupby("candidate", sort=False)]
        return np.flatnonzero(np.logical_and.reduce(wrong))

    def table(self, positions: Codes, instances: Dataset | None = None) -> pd.DataFrame:
        """
        Give instances as a table: their predictions and, of a table, their columns and what is unusual in them.

        Parameters
        ----------
        positions : ndarray of int64
        instances : Dataset, optional
            The training rows.
        """
        table = self.lines.iloc[positions].drop(columns="candidate").reset_index(drop=True)
        if self.sureness is not None:
            table.insert(5, "sureness", self.sureness[positions])
        if instances is None or not isinstance(instances.X, pd.DataFrame):
            return table
        values = instances.X.iloc[positions].reset_index(drop=True)
        return pd.concat([table, values.rename(columns=lambda name: f"column:{name}")], axis=1)

    def unusual(self, positions: Codes, instances: Dataset, limit: int = 3) -> list[str]:
        """Say for each row of a table in which columns it is least like its class: ``Age 62, Sex female``."""
        whole: Any = instances.X
        X = whole.drop(columns=list(self.run.record.manifest.columns_unused), errors="ignore")
        words: list[str] = []
        for position in positions:
            row = X.iloc[[position]]
            scores = differing_columns(X[self.y == self.y[position]], row).iloc[0]
            first = scores[scores >= _UNLIKE].sort_values(ascending=False, kind="stable").index[:limit]
            words.append(", ".join(f"{shown(name, 24)} {value_words(row[name].iloc[0])}" for name in first))
        return words


def value_words(value: Any) -> str:
    """Give a value of a table in few words; what is missing is called so."""
    if pd.isna(value):
        return "missing"
    return f"{value:,.4g}" if isinstance(value, float) else shown(value, 32)


def errors_of(
    run: Run,
    candidate: str | None = None,
    *,
    label: str | None = None,
    test: bool = False,
    threshold: float | None = None,
) -> Errors:
    """
    Read the answers of a candidate.

    Parameters
    ----------
    run : Run
    candidate : str, optional
        The chosen one by default.
    label : str, optional
        Of rows with several labels: the one to look at, as the answers of a detector.
    test : bool
        Of the test part, which only the chosen candidate has answered.
    threshold : float, optional
        Of a detector with scores: what it would answer at this threshold instead of the one in force.

    Raises
    ------
    UsageError
        No such candidate or label, several labels and none named, or a threshold where there is none to move.
    """
    refuse_denoised(run, "tenfold errors")
    run = run if label is None else label_run(run, label)
    task, known = run.task, list(run.record.metrics.candidates)
    name = candidate or run.chosen
    if task.several:
        raise UsageError(
            "a row has several labels here: one of them has to be named", where=run.path,
            do=f"give one of {', '.join(shown(one, 20) for one in task.classes[:12])} with --label",
        )  # fmt: skip
    if name not in known or (test and name != run.chosen):
        known = [run.chosen] if test else known
        raise UsageError(
            f"no answers of '{shown(name)}' there.{near(name, known)}", where=run.path,
            do=f"give one of {', '.join(known)}",
        )  # fmt: skip
    lines = run.test if test else run.lines(name)
    saved = predictions_in(lines, task)
    y, predicted, scores = saved.y, saved.predicted, saved.scores
    in_force = _threshold(run, name)
    moved = None
    if threshold is not None:
        if scores is None or scores.ndim != 1:
            raise UsageError(f"{shown(name)} has no threshold to move", where=run.path, do="leave out --threshold")
        moved, predicted = flips(y, scores, predicted == 1, threshold), (scores >= threshold).astype(np.int64)
        lines = lines.assign(predicted=task.decode(predicted))
        in_force = threshold
    sureness = None if scores is None else margin(predicted, scores, in_force)
    part = "test" if test else "out of fold"
    return Errors(run, name, part, task, lines, y, predicted, sureness, moved, threshold)


def _threshold(run: Run, name: str) -> float:
    candidate = run.record.metrics.candidates[name]
    threshold = candidate.decision.threshold
    return threshold if threshold is not None else 0.5 if candidate.probabilities else 0.0
