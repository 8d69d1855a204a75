"""Which rows are furthest off? What is odd about them, and whose true value may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.neighbours import nearest_outside_fold
from tenfold.analysis.quantities.rows import Oddity, odd_values, value_suspects, worst_rows
from tenfold.ask.errors.errors import value_words
from tenfold.ask.errors.quantities import odd_words
from tenfold.decimals import percent
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.pictures import Shots
from tenfold.show.sections.quantities.measures import cell_value, errors_command, first_target, row_pictures
from tenfold.text import shown

__all__ = ["FarRow", "RowsView", "rows_view"]

_WORST, _SUSPECTS = 10, 8
_NEAREST = 5
_ODD = 3
_COLUMNS = 24


@dataclass(frozen=True)
class FarRow:
    """
    One row.

    Parameters
    ----------
    row : str
        In the source.
    true, predicted, interval, off : str
    inside : bool
        Whether the true value lies inside the interval.
    odd : tuple of str
        What few rows have in common with it.
    nearest : str
        True values of the rows most like it.
    values : str
        Its columns.
    picture : str
        A ``data:`` URI, of images.
    near : Shots or None
        Those most like it, of images.
    ink, coarse : bool
        How the picture is drawn.
    """

    row: str
    true: str
    predicted: str
    interval: str
    off: str
    inside: bool
    odd: tuple[str, ...]
    nearest: str
    values: str
    picture: str = ""
    near: Shots | None = None
    ink: bool = False
    coarse: bool = False

    @property
    def plain(self) -> tuple[str, ...]:
        """The row as cells of text."""
        return (self.row, self.true, self.predicted, self.interval, self.off, "; ".join(self.odd), self.nearest)


@dataclass(frozen=True)
class RowsView:
    """The worst rows and the suspects; `absent` says why nothing more is known of them."""

    title: str
    caption: str
    worst: tuple[FarRow, ...]
    suspects_title: str
    suspects_caption: str
    suspects: tuple[FarRow, ...]
    command: str
    absent: str = ""
    has_nearest: bool = False

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return both lists as text."""
        head = ("row", "true", "predicted", "interval", "off by", "what is odd about it", "the rows most like it have")
        parts = [(self.title, self.caption, self.worst)]
        if self.suspects_title:
            parts.append((self.suspects_title, self.suspects_caption, self.suspects))
        return tuple(PlainTable(title, note, head, tuple(one.plain for one in rows)) for title, note, rows in parts)


def rows_view(content: Content) -> RowsView:
    """Show the largest errors, and true values that fit neither the prediction nor the rows like theirs."""
    column = content.quantity
    worst = worst_rows(column.errors, _WORST)
    space = None if content.instances is None else content.instances.without(content.manifest.columns_unused).values()
    fold = content.lines(content.chosen)["fold"].to_numpy(np.int64)
    suspects = [] if space is None else value_suspects(column.y, column.predicted, space, fold, content.seed)
    near = None
    if space is not None and space.shape[1] and len(column.y) > _NEAREST:
        near = nearest_outside_fold(space, fold, worst, _NEAREST).positions
    listed = suspects[:_SUSPECTS]
    return RowsView(
        _title(content, worst),
        _caption(content, worst),
        _rows(content, worst, near),
        _suspects_title(content, len(suspects)) if space is not None else "",
        _suspects_caption(content, suspects_shown=len(listed), count=len(suspects)),
        _rows(content, np.array([one.position for one in listed], np.int64), [one.nearest for one in listed]),
        errors_command(content),
        content.absent
        and f"What is odd about these rows needs the training rows, which could not be loaded: {content.absent}",
        near is not None,
    )


def _title(content: Content, worst: NDArray[np.int64]) -> str:
    errors = content.quantity.errors
    squared = float((errors[worst] ** 2).sum() / max(float((errors**2).sum()), 1e-300))
    if squared >= 0.2 and len(errors) >= 10 * len(worst):
        return f"{len(worst)} {content.noun()} make {percent(squared)} of the squared error"
    return f"Which {content.noun()} are furthest off?"


def _caption(content: Content, worst: NDArray[np.int64]) -> str:
    near, odd = "", ""
    if content.used_table is not None:
        odd = "Odd is a value that at most one row in a hundred has, or one as far out."
    if content.instances is not None:
        space = content.instances.traits.measure
        near = (
            f" The {content.noun()} most like one are the nearest outside its fold, by Euclidean distance of {space}."
        )
    return (
        f"The {len(worst)} largest errors of {len(content.quantity.y):,} training {content.noun()}, judged out of fold."
        f" {odd}{near}{first_target(content)}"
    )


def _suspects_title(content: Content, count: int) -> str:
    if not count:
        return "No true value looks wrong"
    return f"{count:,} true value{'' if count == 1 else 's'} worth a second look"


def _suspects_caption(content: Content, suspects_shown: int, count: int) -> str:
    how = (
        "far from the prediction, which had not seen it, and from the values of the rows most like it, which agree "
        "among themselves"
    )
    if not count:
        return f"Nowhere is a true value {how}."
    more = f" The first {suspects_shown} are listed." if suspects_shown < count else ""
    return f"Each is {how}. It may be a slip, or a row that is special: look before you change anything.{more}"


def _rows(
    content: Content, rows: NDArray[np.int64], near: Sequence[NDArray[np.int64]] | NDArray[np.int64] | None
) -> tuple[FarRow, ...]:
    table = content.used_table
    odd = [[] for _ in rows] if table is None or not len(rows) else odd_values(table, rows)
    pictures = None if content.instances is None else content.instances.pictures()
    made = [
        _row(content, int(row), odd[place], None if near is None else near[place])
        for place, row in enumerate(rows.tolist())
    ]
    if pictures is None or not made:
        return tuple(made)
    own = row_pictures(content, pictures, rows)
    beside = [None if near is None else row_pictures(content, pictures, _known(near[at])) for at in range(len(rows))]
    return tuple(
        replace(one, picture=shot.uri, ink=own.ink, coarse=own.coarse, near=its)
        for one, shot, its in zip(made, own.each, beside, strict=True)
    )


def _known(near: NDArray[np.int64]) -> NDArray[np.int64]:
    return near[near >= 0]


def _row(content: Content, row: int, odd: Sequence[Oddity], near: NDArray[np.int64] | None) -> FarRow:
    column = content.quantity
    true, predicted = float(column.y[row]), float(column.predicted[row])
    interval, inside = "", True
    if column.low is not None and column.high is not None:
        low, high = float(column.low[row]), float(column.high[row])
        interval, inside = f"{cell_value(_short(low))} to {cell_value(_short(high))}", low <= true <= high
    off = predicted - true
    return FarRow(
        f"{content.rows_in_source[row]:,}",
        cell_value(true),
        cell_value(_short(predicted)),
        interval,
        f"{cell_value(_short(abs(off)))} too {'high' if off > 0 else 'low'}" if off else "0",
        inside,
        tuple(odd_words(one) for one in odd[:_ODD]),
        "" if near is None else ", ".join(cell_value(value) for value in column.y[_known(near)].tolist()),
        _values(content, row),
    )


def _short(value: float) -> float:
    """Four figures: what a model predicts is not known better."""
    return float(f"{value:.4g}")


def _values(content: Content, row: int) -> str:
    table = content.used_table
    if table is None:
        return ""
    names = list(table.columns[:_COLUMNS])
    more = f" · {table.shape[1] - len(names)} more columns" if table.shape[1] > len(names) else ""
    cells = (f"{shown(name, 30)} {_cell(table[name].iloc[row])}" for name in names)
    return " · ".join(cells) + more


def _cell(value: object) -> str:
    return cell_value(value) if isinstance(value, float) and value == value else value_words(value)  # noqa: PLR0124
