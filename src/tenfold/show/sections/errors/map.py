"""How do the rows lie to each other? A map in two dimensions, errors marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.projection import project
from tenfold.analysis.rows import sample_rows
from tenfold.decimals import percent
from tenfold.record.analysis import MAP
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale
from tenfold.text import shown

__all__ = ["MapView", "Mark", "map_view"]

_POINTS = 1_200
_SHORT = 2
_COLOURS = 8
_MARGIN = 0.04
_CROSS = "×"

Style = Literal["letters", "colours", "plain"]


@dataclass(frozen=True)
class Mark:
    """One row on the map: its place in percent, its letters or none, its colour's number, whether it is an error."""

    x: float
    y: float
    text: str
    colour: int
    wrong: bool
    words: str


@dataclass(frozen=True)
class MapView:
    """The map and what it can and cannot say; `command` draws the other kind of map, where it was not drawn."""

    title: str
    caption: str
    marks: tuple[Mark, ...]
    legend: tuple[tuple[int, str], ...]
    note: str
    command: str
    crosses: bool


@dataclass(frozen=True, eq=False)
class _Placed:
    rows: NDArray[np.int64]
    places: NDArray[np.float64]
    note: str


def map_view(content: Content) -> MapView | None:
    """Draw training rows on the map that was studied, or else up to 1,200 by their principal components."""
    predictions = content.predictions
    if predictions is None:
        return None
    placed = _studied(content) or _components(content)
    if placed is None:
        return None
    style = _style(content.classes)
    marks = _marks(content, placed, predictions.y, predictions.predicted, style)
    wrong = sum(mark.wrong for mark in marks)
    names = [shown(content.spoken(name), 40) for name in content.classes]
    return MapView(
        title="How do the classes lie to each other?",
        caption=_caption(content, len(marks), len(predictions.y), wrong, style),
        marks=marks,
        legend=tuple(enumerate(names)) if style == "colours" else (),
        note=placed.note,
        command="" if content.study(MAP) else content.command("report", "--map"),
        crosses=style != "letters",
    )


def _caption(content: Content, points: int, n: int, wrong: int, style: Style) -> str:
    which = f"All {n:,}" if points == n else f"{points:,} of {n:,}"
    called = f"{wrong:,} of them, {'orange and underlined' if style == 'letters' else 'the orange crosses'},"
    many = "" if style != "plain" else f" {len(content.classes)} classes are too many for a colour each."
    return (
        f"{which} training {content.noun()}, near each other where they are alike; {called} "
        f"{'is' if wrong == 1 else 'are'} called wrongly by {shown(content.chosen, 40)}, judged out of fold.{many}"
    )


def _style(classes: tuple[str, ...]) -> Style:
    if len(classes) > 2 and all(len(name) <= _SHORT for name in classes):
        return "letters"
    return "colours" if len(classes) <= _COLOURS else "plain"


def _studied(content: Content) -> _Placed | None:
    study = content.study(MAP)
    if study is None:
        return None
    note = (
        "A t-SNE map keeps neighbours together: rows side by side are alike. How far groups lie from each other, and "
        "how large they are, says nothing."
    )
    return _Placed(np.array(study["rows"], np.int64), np.array(study["places"], np.float64), note)


def _components(content: Content) -> _Placed | None:
    if content.instances is None:
        return None
    rows = sample_rows(len(content.instances), _POINTS, content.seed)
    projection = project(content.instances.take(rows).values())
    if projection is None:
        return None
    share = percent(projection.explained or 0.0)
    note = (
        f"Two principal components, which hold {share} of the variance: rows that lie apart here are different; rows "
        "that lie together need not be alike."
    )
    return _Placed(rows, projection.places, note)


def _marks(
    content: Content, placed: _Placed, y: NDArray[np.int64], predicted: NDArray[np.int64], style: Style
) -> tuple[Mark, ...]:
    across, up = _scales(placed.places)
    names = [shown(content.spoken(name), 40) for name in content.classes]
    marks = []
    for row, (x, height) in zip(placed.rows.tolist(), placed.places.tolist(), strict=True):
        actual, called = int(y[row]), int(predicted[row])
        wrong = actual != called
        text = shown(content.classes[actual], _SHORT) if style == "letters" else _CROSS if wrong else ""
        words = f"{names[actual]} called {names[called]}, row {content.rows_in_source[row]:,}" if wrong else ""
        colour = _COLOURS if style == "plain" else actual % _COLOURS
        marks.append(Mark(across.at(x), round(100 - up.at(height), 2), text, colour, wrong, words))
    # Errors last, so that nothing lies over them.
    return tuple(sorted(marks, key=lambda mark: mark.wrong))


def _scales(places: NDArray[np.float64]) -> tuple[Scale, Scale]:
    low, high = places.min(axis=0), places.max(axis=0)
    margin = np.where(high > low, _MARGIN * (high - low), 1.0)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return Scale(left, right), Scale(bottom, top)
