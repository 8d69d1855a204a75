"""Labels inferred from several columns of 0 and 1, or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.errors import UsageError
from tenfold.task import LabelColumns
from tenfold.tasks.labels.task import LabelTask
from tenfold.text import shown

__all__ = ["TASK"]


class _Labels:
    """The task of several labels a row."""

    types = ("multilabel",)
    losses = frozenset({"hamming_loss"})

    def infer(self, labels: LabelColumns, name: str | None) -> LabelTask | None:
        """Return the task of several columns of 0 and 1; None for one column, unless this task is asked for."""
        if labels.y.ndim != 2:
            _refuse_one_column(labels, name)
            return None
        if name == "quantities" or (name is None and labels.positive is None and not _are_indicators(labels)):
            return None
        _refuse_unusable(labels, name)
        return LabelTask(labels.target_names)

    def from_dict(self, plain: Mapping[str, Any]) -> LabelTask:
        """Read what `LabelTask.as_dict` gave."""
        if plain.get("positive") is not None:
            raise ValueError("a positive class, but the task is not binary")
        return LabelTask(tuple(plain["classes"]))


TASK = _Labels()
"""For the list of tasks."""


def _refuse_one_column(labels: LabelColumns, name: str | None) -> None:
    if name in {"multilabel", "multioutput"}:
        raise UsageError(
            f"--task {name} needs several target columns, the data have one",
            where=labels.source,
            do="name several with --target, or define labels with --labels" if name == "multilabel" else None,
        )


def _are_indicators(labels: LabelColumns) -> bool:
    return labels.y.dtype == bool or bool(np.isin(labels.y, (0, 1)).all())


def _refuse_unusable(labels: LabelColumns, name: str | None) -> None:
    indicator = _are_indicators(labels)
    if name == "multilabel" and not indicator:
        raise UsageError("--task multilabel needs target columns of 0 and 1")
    names = labels.target_names
    if labels.positive is not None or name in {"binary", "multiclass"}:
        option = f"--positive {shown(labels.positive, 40)}" if labels.positive is not None else f"--task {name}"
        raise UsageError(f"{option} is for one label a row, the data have {len(names)}", do=f"leave {option} out")
    if len(names) < 2:
        raise UsageError(
            f"one target column ('{shown(names[0], 40)}') in two dimensions: that is no {name or 'multilabel'} task",
            do="give the labels as one dimension, or two columns or more",
        )
    if name == "multioutput" or not indicator:
        raise UsageError(
            f"a multioutput task ({len(names)} target columns of numbers): they are quantities",
            do="ask for --task quantities",
        )
