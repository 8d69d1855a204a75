"""What a candidate is built for: the kind of data, its size and the task; nothing of the values themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tenfold.data.dataset import Dataset, Kind
from tenfold.data.kinds.table.preparation import TableColumns, column_roles, one_hot_width
from tenfold.task import Task

__all__ = ["Setting", "setting_of"]


@dataclass(frozen=True)
class Setting:
    """
    The data a candidate will meet.

    Parameters
    ----------
    kind : {"image", "table", "mail"}
    rows : int
        Training rows, all folds together.
    values : int
        Numbers an instance becomes after preparation (an estimate for tables).
    classes : int
    columns : TableColumns or None
        For tables.
    seed : int
        For everything random in the candidate.
    multilabel : bool
        Several of the classes may be true of a row at once: they are labels.
    augment : str, optional
        How candidates grow the rows that they learn from.
    """

    kind: Kind
    rows: int
    values: int
    classes: int
    columns: TableColumns | None = None
    seed: int = 42
    multilabel: bool = False
    augment: str | None = None

    @property
    def detectors(self) -> int:
        """One-vs-rest detectors that the task needs: one for two classes, else one a class."""
        return 1 if self.classes == 2 and not self.multilabel else self.classes

    @property
    def of_one_label(self) -> Setting:
        """The setting of a single label: a detector of two classes."""
        return replace(self, classes=2, multilabel=False)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return asdict(self)

    @staticmethod
    def from_dict(plain: dict[str, Any]) -> Setting:
        """Read what `as_dict` gave."""
        columns = plain["columns"]
        kept = None if columns is None else TableColumns(**{key: tuple(names) for key, names in columns.items()})
        return Setting(**{**plain, "columns": kept})


def setting_of(training: Dataset, task: Task, seed: int = 42, augment: str | None = None) -> Setting:
    """Describe the training part to the candidates."""
    columns = column_roles(training.X) if isinstance(training.X, pd.DataFrame) else None
    if columns is not None and isinstance(training.X, pd.DataFrame):
        values = len(columns.numbers) + sum(one_hot_width(training.X[name]) for name in columns.categories)
    else:
        values = int(np.prod(training.image_shape or (1,)))
    several = task.type == "multilabel"
    return Setting(training.kind, len(training), max(values, 1), len(task.classes), columns, seed, several, augment)
