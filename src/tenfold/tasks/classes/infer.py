"""Classes inferred from one column of labels, or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from tenfold.errors import DataError, LimitError, UsageError
from tenfold.figures.losses import LOSSES
from tenfold.task import CLASS_LIMIT, LabelColumns
from tenfold.tasks.classes.task import ClassTask
from tenfold.text import near, shown

__all__ = ["TASK"]


class _Classes:
    """The tasks of one class a row."""

    types = ("binary", "multiclass", "classes")
    losses = frozenset(LOSSES)

    def infer(self, labels: LabelColumns, name: str | None) -> ClassTask | None:
        """Return the task of one column of labels, as text; None for several columns and where another is asked."""
        if labels.y.ndim != 1 or name not in {None, *self.types}:
            return None
        classes = _class_names(labels.y)
        _refuse_unusable(classes, labels)
        if labels.positive is not None:
            return _one_class_against_the_rest(classes, labels.positive, labels.source)
        name = None if name == "classes" else name
        if name == "binary" and len(classes) > 2:
            raise UsageError(
                f"--task binary, but there are {len(classes)} classes",
                where=labels.source,
                do="name one with --positive",
            )
        is_detector = len(classes) == 2 and name != "multiclass"
        return ClassTask(classes, positive=classes[1] if is_detector else None)

    def from_dict(self, plain: Mapping[str, Any]) -> ClassTask:
        """Read what `ClassTask.as_dict` gave."""
        classes, positive, rest = tuple(plain["classes"]), plain.get("positive"), plain.get("one_vs_rest")
        if plain["type"] == "binary":
            if len(classes) != 2 or positive != classes[1]:
                raise ValueError(f"positive class {positive!r} is not the second class")
        elif positive is not None:
            raise ValueError("a positive class, but the task is not binary")
        if len(classes) > CLASS_LIMIT:
            raise ValueError(f"{len(classes):,} classes, over the limit of {CLASS_LIMIT:,}")
        return ClassTask(classes, positive, rest)


TASK = _Classes()
"""For the list of tasks."""


def _class_names(y: NDArray[Any]) -> tuple[str, ...]:
    """Distinct labels; in order of number where all are numbers, else of text."""
    names = sorted(set(y.tolist()))
    try:
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(names)


def _refuse_unusable(classes: tuple[str, ...], labels: LabelColumns) -> None:
    where, column = labels.source, labels.target_names[0]
    if len(classes) == 1:
        raise DataError(
            f"every row has the label '{shown(classes[0])}': one class only, nothing to tell apart",
            where=where,
            column=column,
            do="choose another target, or add rows of another class",
        )
    if len(classes) > CLASS_LIMIT:
        raise LimitError(
            f"{len(classes):,} different labels, over the limit of {CLASS_LIMIT:,} classes: it looks like an id",
            where=where,
            column=column,
            do="choose another target column",
        )


def _one_class_against_the_rest(classes: tuple[str, ...], positive: str, source: str | None) -> ClassTask:
    if positive not in classes:
        few = ", ".join(shown(name, 20) for name in classes[:10])
        raise UsageError(
            f"no class '{shown(positive)}' for --positive.{near(positive, classes)}",
            where=source,
            do=f"give one of {few}",
        )
    if len(classes) == 2:
        return ClassTask((next(c for c in classes if c != positive), positive), positive=positive)
    return ClassTask((f"not {positive}", positive), positive=positive, one_vs_rest=positive)
