"""How errors, and the target itself, go with each column: the mean of rows with like values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.quantities.columns import ColumnErrors, errors_along
from tenfold.decimals import QUANTITY, Unit, percent
from tenfold.record.analysis import IMPORTANCE
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, spanning, ticks, uncrowded
from tenfold.show.drawing.curves import path
from tenfold.show.sections.quantities.measures import (
    SIGNED,
    cell_value,
    first_target,
    measured,
    plain_rows,
    target_name,
)
from tenfold.text import shown

__all__ = ["ColumnCard", "ColumnsView", "MeanDot", "residual_columns_view", "target_columns_view"]

_SHOWN = 9
_ROOM = 210
_NARROW = 0.02


@dataclass(frozen=True)
class MeanDot:
    """The mean error of one group: its place and interval in percent from the left and the top, and its words."""

    x: float
    y: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class ColumnCard:
    """One column: dots on a scale, or a table of its values."""

    name: str
    share: str
    dots: tuple[MeanDot, ...]
    middle: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    description: str
    rows: tuple[tuple[str, str, str, str], ...]
    furthest: int


@dataclass(frozen=True)
class ColumnsView:
    """Columns, each with the means of rows with like values; `what` is averaged, `id` that of the section."""

    id: str
    what: str
    title: str
    caption: str
    cards: tuple[ColumnCard, ...]
    more: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return of each column the group whose mean is furthest from that of all."""
        head = ("column", "goes with", "furthest off around", self.what, "95 % interval", "rows")
        rows = tuple((card.name, card.share, *card.rows[card.furthest]) for card in self.cards)
        return (PlainTable(self.title, self.caption, head, rows),)


def residual_columns_view(content: Content) -> ColumnsView | None:
    """Average errors along the columns of a table; None of other kinds, and without the rows."""
    table = content.used_table
    if table is None:
        return None
    known = _along(table, content.quantity.errors)
    if not known:
        return None
    ordered, by = _ordered(content, known)
    return _view("residualcolumns", "mean error", _title(known), _caption(content, by), ordered, SIGNED, 0.0)


def target_columns_view(content: Content) -> ColumnsView | None:
    """Average the target along the columns of a table; None of other kinds, and without the rows."""
    table = content.used_table
    if table is None:
        return None
    y = content.quantity.y
    ordered = sorted(_along(table, y), key=lambda one: -one.share)
    if not ordered:
        return None
    name = target_name(content)
    first = ordered[0]
    title = f"How {name} goes with each column"
    if first.share >= _NARROW:
        title = f"By itself {shown(first.name, 40)} goes with {percent(first.share)} of the variance of {name}"
    caption = (
        f"The mean of {name} over training {content.noun()} with like values: tenths of a number, or each frequent "
        f"value, with 95 % intervals; the dashed line is the mean of all, {measured(float(y.mean()))}. Beside each "
        "name: the share of the variance that goes with it, taken alone, less what chance gives."
        f"{first_target(content)}"
    )
    return _view("columns", "mean value", title, caption, ordered, QUANTITY, float(y.mean()))


def _along(table: pd.DataFrame, values: NDArray[np.float64]) -> list[ColumnErrors]:
    found = (errors_along(table[name], values) for name in table.columns)
    return [one for one in found if one is not None]


def _view(
    section: str, what: str, title: str, caption: str, ordered: Sequence[ColumnErrors], unit: Unit, middle: float
) -> ColumnsView:
    first = ordered[:_SHOWN]
    scale = spanning([middle, *(end for one in first for end in _ends(one))], 4)
    return ColumnsView(
        section,
        what,
        title,
        caption,
        tuple(_card(one, scale, what, unit, middle) for one in first),
        f"{len(ordered) - len(first):,} more columns are not shown." if len(ordered) > len(first) else "",
    )


def _ordered(content: Content, known: Sequence[ColumnErrors]) -> tuple[list[ColumnErrors], str]:
    """By importance where that was studied, else by how much of the errors goes with the column."""
    study = content.study(IMPORTANCE)
    if study is None:
        return sorted(known, key=lambda one: -one.share), "those first with which errors vary most"
    drops = {part["part"]: part["drop"] or 0.0 for part in study["parts"]}
    return sorted(known, key=lambda one: -drops.get(one.name, 0.0)), "those first that matter most to the model"


def _title(known: Sequence[ColumnErrors]) -> str:
    most = max(known, key=lambda one: one.share)
    if most.share < _NARROW:
        return "Errors go with no single column"
    return f"Errors still go with {shown(most.name, 40)}"


def _caption(content: Content, by: str) -> str:
    return (
        "The mean error (predicted less true) of rows with like values: tenths of a number, or each frequent value, "
        f"with 95 % intervals; {by}. Where a mean is not zero, predictions there are too high or too low on average, "
        "and the model could still learn that. Beside each name: the share of the variance of errors that goes with "
        f"it, less what chance gives.{first_target(content)}"
    )


def _ends(one: ColumnErrors) -> list[float]:
    return [end for mean in one.means for end in (mean.low, mean.value, mean.high) if end is not None]


def _card(one: ColumnErrors, up: Scale, what: str, unit: Unit, middle: float) -> ColumnCard:
    texts = plain_rows(unit, one.means)
    is_number = one.kind == "number"
    across = _across(one)
    values = [cell_value(float(f"{place:.4g}")) for place in one.places.tolist()] if is_number else list(one.names)
    dots = tuple(
        MeanDot(
            across.at(float(place)),
            _down(up, mean.value),
            _down(up, mean.low),
            _down(up, mean.high),
            f"{'around ' if is_number else ''}{value}: {text.value} ({text.interval}), {mean.n:,} rows",
        )
        for place, mean, text, value in zip(one.places, one.means, texts, values, strict=True)
    )
    rows = tuple(
        (value, text.value, text.interval, f"{mean.n:,}")
        for value, text, mean in zip(values, texts, one.means, strict=True)
    )
    return ColumnCard(
        shown(one.name, 40),
        f"{percent(one.share)} of the variance",
        dots if is_number else (),
        path([0, 1], [middle, middle], Scale(0, 1), up),
        uncrowded(ticks(across), _ROOM) if is_number else (),
        ticks(up, 6),
        f"{what.capitalize()} along {shown(one.name, 40)}",
        rows,
        int(np.argmax([abs((mean.value or 0.0) - middle) for mean in one.means])),
    )


def _across(one: ColumnErrors) -> Scale:
    low, high = float(np.min(one.places)), float(np.max(one.places))
    room = 0.04 * (high - low) or 1.0
    return Scale(low - room, high + room)


def _down(up: Scale, value: float | None) -> float:
    return round(100 - up.at(value or 0.0), 2)
