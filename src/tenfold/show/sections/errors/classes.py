"""Which classes are hard? Recall and precision of each class with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.decimals import percent
from tenfold.show.components import (
    NUMBER,
    QUIET,
    QUIET_NUMBER,
    Cell,
    Column,
    Name,
    Row,
    Table,
    dot_cell,
    dots,
    ends_of,
    figure_cells,
)
from tenfold.show.content import NOT_COMPUTED, Content
from tenfold.show.drawing.axes import Scale, percent_ticks, zoomed
from tenfold.show.sections.decision.curves import Small, small_multiples
from tenfold.show.words import number, numbers
from tenfold.text import shown

__all__ = ["Classes", "classes_view"]

_ALL = 20
_LISTED = 40
_KEYS = ("recall", "precision", "average_precision", "roc_auc")


@dataclass(frozen=True)
class Classes:
    """
    All classes, or the hardest of many.

    Parameters
    ----------
    caption : str
    table, areas : Table
        Recall and precision of each class, and the areas under its curves.
    smalls : tuple of Small
        The curves themselves, where there are few.
    nothing : str
        Why there are no curves.
    """

    caption: str
    table: Table
    areas: Table
    smalls: tuple[Small, ...]
    nothing: str


def classes_view(content: Content) -> Classes:
    """Lay out recall and precision by class."""
    listed = _listed(content)
    columns = [numbers((f"{key}:{name}", _figure(content, key, name)) for name in listed) for key in _KEYS]
    recall, precision, *areas = columns
    scale = zoomed(ends_of([*recall, *precision]))
    rows = tuple(
        Row(
            Name(shown(name, 18), shown(name, 120)),
            (
                Cell(f"{hits.n:,}"),
                dot_cell(scale, hits),
                *figure_cells(hits),
                dot_cell(scale, right, "quiet"),
                *figure_cells(right),
            ),
        )
        for name, hits, right in zip(listed, recall, precision, strict=True)
    )
    return Classes(
        caption=_caption(content, scale, len(listed)),
        table=Table(_columns(content, scale), rows, "classes"),
        areas=Table(
            (Column("class"), *_with_intervals("average precision", "area under ROC")),
            tuple(Row(Name(shown(name, 18)), figure_cells(*two)) for name, *two in zip(listed, *areas, strict=True)),
        ),
        smalls=small_multiples(content),
        nothing=_nothing(content),
    )


def _columns(content: Content, scale: Scale) -> tuple[Column, ...]:
    dotted = dots(percent_ticks(scale))
    recall, precision = _with_intervals("recall"), _with_intervals("precision")
    return (Column("class"), Column(content.noun(), QUIET_NUMBER), dotted, *recall, dotted, *precision)


def _with_intervals(*heads: str) -> tuple[Column, ...]:
    return tuple(column for head in heads for column in (Column(head, NUMBER), Column("95 % interval", QUIET)))


def _figure(content: Content, key: str, name: str) -> Any:
    return content.figures.get(f"{key}:{name}", NOT_COMPUTED)


def _listed(content: Content) -> list[str]:
    """Classes in their own order if there are few, else the ones with the lowest recall first."""
    if len(content.classes) <= _ALL:
        return list(content.classes)
    recall = {name: number("recall", _figure(content, "recall", name)).value for name in content.classes}
    return sorted(content.classes, key=lambda name: 2.0 if recall[name] is None else recall[name] or 0.0)[:_LISTED]


def _caption(content: Content, scale: Scale, listed: int) -> str:
    k = len(content.classes)
    few = "" if listed == k else f"The {listed} of {k} classes with the lowest recall. "
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
