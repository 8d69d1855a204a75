"""Which classes are hard? Recall and precision of each class with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.decimals import percent
from tenfold.show.content import Content
from tenfold.show.drawing.svg import Dot, Scale, Tick, dot, percent_ticks, zoomed
from tenfold.show.sections.decision.curves import Small, small_multiples
from tenfold.show.words import Number, number, numbers
from tenfold.text import shown

__all__ = ["ClassLine", "Classes", "classes_view"]

_ALL = 20
_SHOWN = 40
_COLUMNS = ("recall", "precision", "average_precision", "roc_auc")
_NONE = {"value": None, "n": 0, "reason": "not computed"}


@dataclass(frozen=True)
class ClassLine:
    """One class; the dots stand on the scale that all classes share."""

    name: str
    full: str
    recall: Number
    recall_dot: Dot | None
    precision: Number
    precision_dot: Dot | None
    average_precision: Number
    roc_auc: Number


@dataclass(frozen=True)
class Classes:
    """All classes, or the hardest of many."""

    lines: tuple[ClassLine, ...]
    ticks: tuple[Tick, ...]
    note: str
    smalls: tuple[Small, ...]
    nothing: str


def classes_view(content: Content) -> Classes:
    """Lay out recall and precision by class."""
    kept = _kept(content)
    columns = [numbers((f"{key}:{name}", _figure(content, key, name)) for name in kept) for key in _COLUMNS]
    shares = (*columns[0], *columns[1])
    scale = zoomed([end for one in shares for end in (one.low, one.value, one.high) if end is not None])
    smalls = small_multiples(content)
    return Classes(
        lines=tuple(_line(name, found, scale) for name, *found in zip(kept, *columns, strict=True)),
        ticks=percent_ticks(scale),
        note=_note(content, scale, len(kept)),
        smalls=smalls,
        nothing=_nothing(content),
    )


def _figure(content: Content, key: str, name: str) -> dict[str, object]:
    found: dict[str, object] = content.figures.get(f"{key}:{name}", _NONE)
    return found


def _kept(content: Content) -> list[str]:
    """Classes in their own order if there are few, else the ones with the lowest recall first."""
    if len(content.classes) <= _ALL:
        return list(content.classes)
    recall = {name: number("recall", _figure(content, "recall", name)).value for name in content.classes}
    return sorted(content.classes, key=lambda name: 2.0 if recall[name] is None else recall[name] or 0.0)[:_SHOWN]


def _line(name: str, found: Sequence[Number], scale: Scale) -> ClassLine:
    recall, precision, average, area = found
    return ClassLine(
        name=shown(name, 18),
        full=shown(name, 120),
        recall=recall,
        recall_dot=dot(scale, recall.value, recall.low, recall.high),
        precision=precision,
        precision_dot=dot(scale, precision.value, precision.low, precision.high),
        average_precision=average,
        roc_auc=area,
    )


def _note(content: Content, scale: Scale, kept: int) -> str:
    few = (
        "" if kept == len(content.classes) else f"The {kept} of {len(content.classes)} classes with the lowest recall. "
    )
    low, high = percent(scale.low), percent(scale.high)
    zoom = "" if (scale.low, scale.high) == (0, 1) else f" The scale is zoomed: {low} to {high}."
    return (
        f"{few}Recall: of the {content.noun()} of a class, the share found. "
        f"Precision: of the answers of a class, the share right.{zoom}"
    )


def _nothing(content: Content) -> str:
    if content.curves(content.chosen) is None:
        return f"{shown(content.chosen, 40)} gives answers without scores, so no curve can be drawn for any class."
    return ""
