"""One label of a run with several, seen as the run of a detector that tells whether it is true."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from tenfold.errors import UsageError
from tenfold.figures.labels.rows import label_task
from tenfold.record.entries.metrics import CandidateRecord, Metrics, OperatingPoint
from tenfold.record.run import Record, Run
from tenfold.text import near, shown

__all__ = ["LabelRun", "label_lines", "label_metrics", "label_run"]

_LINE = ("row", "id", "fold", "candidate")
_COLUMNS = ("true", "predicted")


@dataclass(frozen=True, eq=False)
class LabelRun(Run):
    """
    A run of which one label is looked at.

    Parameters
    ----------
    folder, data, live
        As of the run.
    label : str
    """

    label: str = field(kw_only=True)

    @cached_property
    def record(self) -> Record:
        """The record as if the run had been one of a detector of the label."""
        record = Run(self.folder).record
        return replace(record, metrics=label_metrics(record.metrics, self.label))

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """The figures of `record` as plain values."""
        return self.record.metrics.as_dict()

    @cached_property
    def out_of_fold(self) -> pd.DataFrame:
        """A line a training row and candidate, of the label alone."""
        return label_lines(Run(self.folder).out_of_fold, self.label)

    @cached_property
    def test(self) -> pd.DataFrame:
        """A line a test row, of the label alone."""
        return label_lines(Run(self.folder).test, self.label)


def label_run(run: Run, label: str) -> LabelRun:
    """
    Look at one label of a run.

    Raises
    ------
    UsageError
        The rows of the run have one class each, or there is no such label.
    """
    task = run.task
    if not task.several:
        raise UsageError("the rows of this run have one class each", where=run.path, do="leave out --label")
    if label not in task.classes:
        raise UsageError(
            f"no label '{shown(label)}'.{near(label, task.classes)}", where=run.path,
            do=f"give one of {', '.join(shown(name, 20) for name in task.classes[:12])}",
        )  # fmt: skip
    return LabelRun(run.folder, run.data, run.live, label=label)


def label_lines(lines: pd.DataFrame, label: str) -> pd.DataFrame:
    """
    Return the predictions of one label as those of a detector.

    Parameters
    ----------
    lines : DataFrame
        With the columns ``true:``, ``predicted:`` and ``score:`` of every label.
    label : str

    Examples
    --------
    >>> lines = pd.DataFrame({"row": [4], "true:odd": [True], "predicted:odd": [False], "score:odd": [0.25]})
    >>> label_lines(lines, "odd").to_dict("records")
    [{'row': 4, 'true': 'odd', 'predicted': 'not odd', 'score:odd': 0.25}]
    """
    names = dict(enumerate(label_task(label).classes))
    predictions = lines[[name for name in _LINE if name in lines]].copy()
    for column in _COLUMNS:
        predictions[column] = lines[f"{column}:{label}"].astype(int).map(names)
    predictions[f"score:{label}"] = lines[f"score:{label}"]
    return predictions


def label_metrics(metrics: Metrics, label: str) -> Metrics:
    """Return the figures of a run as if it had been one of a detector of the label: classes, and each decision."""
    place, task = metrics.classes.index(label), label_task(label)
    candidates = {name: _of_label(candidate, place, label) for name, candidate in metrics.candidates.items()}
    return replace(metrics, task="binary", classes=task.classes, positive=task.positive, candidates=candidates)


def _of_label(candidate: CandidateRecord, place: int, label: str) -> CandidateRecord:
    several = candidate.decision
    threshold = None if several.thresholds is None else several.thresholds[place]
    decision = replace(
        several,
        kind="argmax" if threshold is None else "threshold",
        threshold=threshold,
        thresholds=None,
        positive=label,
        confusion_matrix=several.confusion_matrix[place],
    )
    return replace(
        candidate,
        operating_point=OperatingPoint(
            confusion_matrix=candidate.confusion_matrix[place],
            decision=decision,
            probabilities=candidate.probabilities,
        ),
    )
