"""How do predictions move with a column? Partial dependence on the columns that matter most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.analysis.quantities.dependence import Dependence, read_dependence
from tenfold.record.analysis import IMPORTANCE
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, spanning, ticks, uncrowded
from tenfold.show.drawing.curves import path
from tenfold.show.sections.quantities.measures import cell_value, first_target, measured, size_texts, target_name
from tenfold.text import shown

__all__ = ["DependenceCard", "DependenceView", "ValueLine", "dependence_view"]

_ROOM = 210
_MOVES = "moves them by "


@dataclass(frozen=True)
class ValueLine:
    """What is predicted at one value, with where most rows lie."""

    value: str
    mean: str
    spread: str


@dataclass(frozen=True)
class DependenceCard:
    """One column: a line with a band, or a table of its values."""

    name: str
    moves: str
    line: str
    band: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    description: str
    values: tuple[ValueLine, ...]


@dataclass(frozen=True)
class DependenceView:
    """The heaviest columns."""

    title: str
    caption: str
    cards: tuple[DependenceCard, ...]

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return how far each column moves predictions, and what they are at its first and last value."""
        head = ("column", "moves predictions by", "first value", "mean prediction", "last value", "mean prediction")
        rows = tuple(
            (card.name, card.moves.removeprefix(_MOVES), *(text for one in ends for text in (one.value, one.mean)))
            for card in self.cards
            for ends in [(card.values[0], card.values[-1])]
        )
        return (PlainTable(self.title, self.caption, head, rows),)


def dependence_view(content: Content) -> DependenceView | None:
    """Draw what was found with the study of importance; None where it was not made, or nothing was found."""
    study = content.study(IMPORTANCE)
    found = [] if study is None else [read_dependence(one) for one in study.get("dependence", [])]
    if not found:
        return None
    up = spanning([end for one in found for end in (*one.low, *one.high)])
    widest = max(found, key=_move)
    return DependenceView(
        f"Predictions move most with {shown(widest.column, 40)}",
        f"The mean prediction of {target_name(content)} for {found[0].rows:,} {content.noun()} that the model had not "
        "seen, each given the value on the axis and left as it is otherwise. Eight of ten rows move within the band, "
        "brought to one mean: where it is wide, the column matters together with others. It shows what the model does, "
        "not what would happen if the value changed; values that go together in the data are taken apart."
        f"{first_target(content)}",
        tuple(_card(one, up) for one in found),
    )


def _move(one: Dependence) -> float:
    return max(one.mean) - min(one.mean)


def _card(one: Dependence, up: Scale) -> DependenceCard:
    name = shown(one.column, 40)
    means = size_texts(one.mean)
    ends = size_texts([*one.low, *one.high])
    lines = tuple(
        ValueLine(_value(place), mean, f"{low} to {high}")
        for place, mean, low, high in zip(one.places, means, ends[: len(one.low)], ends[len(one.low) :], strict=True)
    )
    moves = f"{_MOVES}{measured(_move(one))}"
    if one.kind == "value":
        return DependenceCard(name, moves, "", "", (), (), "", lines)
    x = np.array(one.places, np.float64)
    across = Scale(float(x.min()), float(x.max()))
    band = path(np.append(x, x[::-1]), np.append(one.high, one.low[::-1]), across, up)
    return DependenceCard(
        name,
        moves,
        path(x, one.mean, across, up),
        f"{band}Z",
        uncrowded(ticks(across), _ROOM),
        ticks(up, 6),
        f"Mean prediction along {name}, from {lines[0].mean} to {lines[-1].mean}",
        lines,
    )


def _value(place: float | str) -> str:
    return shown(place, 24) if isinstance(place, str) else cell_value(float(f"{place:.4g}"))
