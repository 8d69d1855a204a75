"""Restoration is never inferred from labels: it is asked for by a command of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenfold.task import LabelColumns
from tenfold.tasks.images.task import RestorationTask

__all__ = ["TASK"]


class _Restoration:
    """The task of restoring images."""

    types = ("multioutput",)
    losses = frozenset({"mae"})

    def infer(self, labels: LabelColumns, name: str | None) -> None:
        """Return None: images have no label that says what is to be done with them."""

    def from_dict(self, plain: Mapping[str, Any]) -> RestorationTask:
        """Read what `RestorationTask.as_dict` gave."""
        return RestorationTask(tuple(plain["shape"]), plain["peak"])


TASK = _Restoration()
"""For the list of tasks."""
