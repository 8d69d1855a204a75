"""What a candidate is built for: the kind of data, its size and the task; nothing of the values themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tenfold.data.dataset import Dataset
from tenfold.data.kinds import Kind, find_kind
from tenfold.data.roles.role import read_roles
from tenfold.task import Task

__all__ = ["Setting", "setting_of"]


@dataclass(frozen=True)
class Setting:
    """
    The data a candidate will meet.

    Parameters
    ----------
    kind : str
        Name of the kind of data.
    rows : int
        Training rows, all folds together.
    values : int
        Numbers an instance becomes after preparation (an estimate for tables); 0 where it has none.
    classes : int
    layout : dataclass or None
        What the kind has found out about the training rows, such as the roles of the columns of a table.
    seed : int
        For everything random in the candidate.
    several : bool
        Several of the classes may be true of a row at once: they are labels.
    augment : str, optional
        How candidates augment their training rows.
    quantities : int
        Targets, where numbers are predicted rather than classes; 0 where they are not.
    """

    kind: str
    rows: int
    values: int
    classes: int
    layout: Any = None
    seed: int = 42
    several: bool = False
    augment: str | None = None
    quantities: int = 0

    @property
    def traits(self) -> Kind:
        """All that depends on the kind of the data."""
        return find_kind(self.kind)

    @property
    def unused(self) -> tuple[str, ...]:
        """Names of the columns that no candidate is given."""
        return self.traits.unused(self.layout)

    @property
    def in_blocks(self) -> bool:
        """Prepared rows are gone through in blocks: they may be more than memory holds."""
        return self.traits.in_blocks(self.layout)

    @property
    def detectors(self) -> int:
        """One-vs-rest detectors that the task needs: one for two classes, else one a class; one a quantity."""
        if self.quantities:
            return self.quantities
        return 1 if self.classes == 2 and not self.several else self.classes

    @property
    def of_one_label(self) -> Setting:
        """The setting of a single label: a detector of two classes."""
        return replace(self, classes=2, several=False)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    @staticmethod
    def from_dict(plain: dict[str, Any]) -> Setting:
        """Read what `as_dict` gave."""
        layout = plain["layout"]
        return Setting(**{**plain, "layout": None if layout is None else find_kind(plain["kind"]).read_layout(layout)})


def setting_of(
    training: Dataset, task: Task, seed: int = 42, augment: str | None = None, columns: Sequence[str] | None = None
) -> Setting:
    """Describe the training part, and the roles of its columns as a config has them, to the candidates."""
    layout = training.traits.layout(training.X)
    if columns:
        layout = training.traits.layout_of_roles(training.X, read_roles(columns), not task.several)
    values = training.traits.width(training.X, layout)
    quantities = len(task.classes) if task.numeric else 0
    classes = 0 if quantities else len(task.classes)
    return Setting(training.kind, len(training), values, classes, layout, seed, task.several, augment, quantities)
