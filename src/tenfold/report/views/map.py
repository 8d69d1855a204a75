"""How do the rows lie to each other? A map in two dimensions, errors marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.projection import Projection, project
from tenfold.analysis.values import values_of
from tenfold.report.content import Content
from tenfold.report.svg import Scale
from tenfold.runs.verdict import percent
from tenfold.text import shown

__all__ = ["MapView", "Mark", "map_view"]

_POINTS = 1_200
_SHORT = 2
_COLOURS = 8
_ROOM = 0.04


@dataclass(frozen=True)
class Mark:
    """One row on the map: its place in percent, its letters or none, its colour's number, whether it is an error."""

    x: float
    y: float
    text: str
    colour: int
    wrong: bool
    told: str


@dataclass(frozen=True)
class MapView:
    """The map and what it can and cannot say."""

    title: str
    caption: str
    marks: tuple[Mark, ...]
    legend: tuple[tuple[int, str], ...]
    note: str


def map_view(content: Content) -> MapView | None:
    """Draw up to 1,200 training rows by their first two principal components; None without the rows."""
    if content.instances is None:
        return None
    values = values_of(content.instances.X)
    if values.shape[1] < 2 or len(values) < 3 or not values.std():
        return None
    found, said = project(values, most=_POINTS), content.answers(content.chosen)
    names = [shown(content.spoken(name), 40) for name in content.classes]
    short = len(content.classes) > 2 and all(len(name) <= _SHORT for name in content.classes)
    legend = () if short else tuple((code % _COLOURS, name) for code, name in enumerate(names))
    marks = _marks(found, said.y, said.predicted, names, list(content.classes) if short else [])
    wrong = sum(mark.wrong for mark in marks)
    return MapView(
        title="How do the classes lie to each other?",
        caption=f"{len(marks):,} of {len(values):,} training {content.noun()}, near each other where they are alike; "
        f"the {wrong:,} orange ones are called wrongly by {shown(content.chosen, 40)}.",
        marks=marks,
        legend=legend[:_COLOURS] if len(legend) <= _COLOURS else (),
        note=f"Two principal components, which hold {percent(found.kept or 0.0)} of the variance: rows that lie apart "
        "here are different; rows that lie together need not be alike.",
    )


def _marks(
    found: Projection, y: NDArray[np.int64], predicted: NDArray[np.int64], names: list[str], letters: list[str]
) -> tuple[Mark, ...]:
    low, high = found.places.min(axis=0), found.places.max(axis=0)
    room = _ROOM * (high - low)
    ends = zip((low - room).tolist(), (high + room).tolist(), strict=True)
    across, up = (Scale(a, b if b > a else a + 1) for a, b in ends)
    marks = []
    for row, (x, place) in zip(found.rows.tolist(), found.places.tolist(), strict=True):
        actual, called = int(y[row]), int(predicted[row])
        told = f"{names[actual]} called {names[called]}" if actual != called else names[actual]
        text = letters[actual] if letters else ""
        marks.append(Mark(across.at(x), round(100 - up.at(place), 2), text, actual % _COLOURS, actual != called, told))
    # Errors last, so that nothing lies over them.
    return tuple(sorted(marks, key=lambda mark: mark.wrong))
