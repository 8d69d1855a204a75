"""How do the classes differ in each column? Small pictures of the columns of a table, class by class."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.columns import ColumnSpread, spread_of
from tenfold.decimals import percent, percents
from tenfold.show.commands import source_command
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale
from tenfold.show.drawing.curves import path
from tenfold.text import shown

__all__ = ["ColumnCard", "ColumnsView", "columns_view"]

_COLUMNS = 24
_CLASSES = 8


@dataclass(frozen=True)
class ColumnCard:
    """One column: an outline a class, or a table of shares."""

    name: str
    note: str
    outlines: tuple[tuple[int, str], ...] = ()
    ends: tuple[str, str] = ("", "")
    description: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class ColumnsView:
    """All columns, those first in which the classes differ most."""

    title: str
    caption: str
    legend: tuple[tuple[int, str], ...]
    cards: tuple[ColumnCard, ...]
    more: str
    command: str


def columns_view(content: Content) -> ColumnsView | None:
    """Show how the values of each column are spread in each class; None for other data, or without the rows."""
    predictions = content.predictions
    table = None if predictions is None else predictions.data.table
    if predictions is None or table is None:
        return None
    frequent = _most_frequent(predictions.y, len(content.classes))
    names = {code: shown(content.spoken(content.classes[code]), 30) for code in frequent.tolist()}
    roles = {one.name: one.role for one in content.manifest.roles}
    every = [
        spread_of(table[name], predictions.y, len(content.classes), roles.get(str(name), "")) for name in table.columns
    ]
    spreads = sorted((one for one in every if one is not None), key=lambda one: -_apart(one, frequent))
    first = spreads[:_COLUMNS]
    left = "" if len(names) == len(content.classes) else f" The {len(names)} most frequent classes are shown."
    return ColumnsView(
        "How do the classes differ in each column?",
        f"Shares of each class's training {content.noun()} by value, the columns first in which the classes differ "
        f"most, each taken alone; columns that are not used are left out.{left}",
        tuple((place, name) for place, name in enumerate(names.values())),
        tuple(_card(one, frequent, list(names.values())) for one in first),
        f"{len(spreads) - len(first)} more columns are not shown." if len(spreads) > len(first) else "",
        source_command(content.config, "show"),
    )


def _most_frequent(y: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    counts = np.bincount(y, minlength=classes)
    return np.sort(np.argsort(-counts, kind="stable")[:_CLASSES])


def _apart(one: ColumnSpread, classes: NDArray[np.int64]) -> float:
    """Half the sum of differences between the two classes that are furthest apart in any bin: 0 alike, 1 disjoint."""
    shares = one.shares[classes]
    return float((shares.max(axis=0) - shares.min(axis=0)).sum() / 2)


def _card(one: ColumnSpread, classes: NDArray[np.int64], names: list[str]) -> ColumnCard:
    missing = f"{percent(one.missing)} missing" if one.missing else ""
    shares = one.shares[classes]
    if one.kind in ("number", "date"):
        peak = Scale(0.0, float(shares.max()) or 1.0)
        outlines = tuple((place, _outline(row, peak)) for place, row in enumerate(shares))
        description = f"Outlines of {shown(one.name, 40)} for {', '.join(names)}"
        end = _day if one.kind == "date" else _end
        return ColumnCard(shown(one.name, 40), missing, outlines, (end(one.low), end(one.high)), description)
    more, what = "other " if one.names else "", "word" if one.kind == "words" else "value"
    others = f"{one.others:,} {more}{what}{'' if one.others == 1 else 's'}" if one.others else ""
    texts = iter(percents(shares.T.ravel().tolist()))
    rows = tuple((name, *(next(texts) for _ in column)) for name, column in zip(one.names, shares.T, strict=True))
    note = ", ".join(words for words in (missing, others) if words)
    return ColumnCard(shown(one.name, 40), note, head=("", *names) if rows else (), rows=rows)


def _end(value: float | None) -> str:
    return "" if value is None else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _day(value: float | None) -> str:
    return "" if value is None else str(np.datetime64(math.floor(value), "D"))


def _outline(shares: NDArray[np.float64], peak: Scale) -> str:
    """A histogram as steps."""
    edges = np.repeat(np.arange(len(shares) + 1), 2)[1:-1]
    return path(edges, np.repeat(shares, 2), Scale(0.0, float(len(shares))), peak)
