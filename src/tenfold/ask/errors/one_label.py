"""One label of a run with several, seen as the run of a detector that tells whether it is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from tenfold.errors import UsageError
from tenfold.figures.labels.rows import label_task
from tenfold.record.run import Run
from tenfold.text import near, shown

__all__ = ["LabelRun", "label_figures", "label_lines", "label_run"]

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
    def metrics(self) -> dict[str, Any]:
        """What ``metrics.json`` would say of a detector of the label: task, classes, and each candidate's decision."""
        return label_figures(Run(self.folder).metrics, self.label)

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
    names = run.metrics["classes"]
    if run.metrics["task"] != "multilabel":
        raise UsageError("the rows of this run have one class each", where=run.path, do="leave out --label")
    if label not in names:
        raise UsageError(
            f"no label '{shown(label)}'.{near(label, names)}", where=run.path,
            do=f"give one of {', '.join(shown(name, 20) for name in names[:12])}",
        )  # fmt: skip
    return LabelRun(run.folder, run.data, run.live, label=label)


def label_lines(lines: pd.DataFrame, label: str) -> pd.DataFrame:
    """
    Give the predictions of one label as those of a detector.

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
    found = lines[[name for name in _LINE if name in lines]].copy()
    for column in _COLUMNS:
        found[column] = lines[f"{column}:{label}"].astype(int).map(names)
    found[f"score:{label}"] = lines[f"score:{label}"]
    return found


def label_figures(metrics: Mapping[str, Any], label: str) -> dict[str, Any]:
    """Give the content of ``metrics.json`` as if the run had been one of a detector of the label."""
    place, task = metrics["classes"].index(label), label_task(label)
    seen = {"task": "binary", "classes": list(task.classes), "positive": task.positive}
    candidates = {name: {**entry, "decision": _decision(entry, place)} for name, entry in metrics["candidates"].items()}
    return {**metrics, **seen, "candidates": candidates}


def _decision(entry: Mapping[str, Any], place: int) -> dict[str, Any]:
    decision = entry["decision"]
    thresholds = decision.get("thresholds")
    return {**decision, "threshold": thresholds[place] if thresholds else None}
