"""How well is each target predicted? Where there are several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.show.components import (
    NUMBER,
    QUIET,
    Cell,
    Column,
    Name,
    PlainTable,
    Row,
    Table,
    dot_cell,
    dots,
    ends_of,
    figure_cells,
    interval_below,
)
from tenfold.show.content import Content
from tenfold.show.drawing.axes import ticks, uncrowded, zoomed
from tenfold.show.words import Number, number, numbers
from tenfold.text import shown

__all__ = ["TargetsView", "chosen_targets", "further_targets", "targets_view"]

_MOST = 8
"""Targets that a page draws by themselves: each adds two planes and a list of rows."""


@dataclass(frozen=True)
class TargetsView:
    """A row a target, the one that is predicted worst first."""

    title: str
    caption: str
    table: Table
    choice: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the table as text."""
        return (self.table.plain(self.title, self.caption),)


def targets_view(content: Content) -> TargetsView | None:
    """Lay out the figures of each target; None where there is one."""
    if len(content.classes) == 1:
        return None
    r2 = dict(
        zip(
            content.classes,
            numbers((f"r2:{one}", content.figures[f"r2:{one}"]) for one in content.classes),
            strict=True,
        )
    )
    ordered = sorted(content.classes, key=lambda one: (r2[one].value is None, r2[one].value or 0.0))
    scale = zoomed(ends_of(list(r2.values())), floor=-1e9)
    columns = (
        Column("target"),
        dots(uncrowded(ticks(scale))),
        Column("R²", NUMBER),
        Column("95 % interval", QUIET),
        Column("RMSE", NUMBER),
        Column("half of all errors", NUMBER, "below"),
        Column("inside, on the test set", NUMBER),
    )
    rows = tuple(
        Row(
            Name(shown(one, 40), shown(one, 120)),
            (
                dot_cell(scale, r2[one]),
                *figure_cells(r2[one]),
                interval_below(number("rmse", content.figures[f"rmse:{one}"])),
                interval_below(number("rmse", content.figures[f"median_absolute_error:{one}"])),
                _inside(content, one),
            ),
        )
        for one in ordered
    )
    return TargetsView(_title(ordered, r2), _caption(content), Table(columns, rows, "board"), _choice(content))


def _inside(content: Content, target: str) -> Cell:
    held = content.test.get(f"coverage:{target}")
    return Cell() if held is None or held.value is None else interval_below(number("coverage", held))


def _title(ordered: list[str], r2: dict[str, Number]) -> str:
    worst, best = r2[ordered[0]], r2[ordered[-1]]
    if worst.high is not None and best.low is not None and worst.high < best.low:
        return f"“{shown(ordered[0], 40)}” is predicted worst"
    return "How well is each target predicted?"


def _caption(content: Content) -> str:
    return (
        f"{shown(content.chosen, 40)} on {content.rows:,} training {content.noun()}, judged out of fold, the target "
        "with the lowest R² first: R² has no unit, so that targets can be compared by it; RMSE and errors are in the "
        "unit of their target. The sections below are about the first target of the data, "
        f"“{shown(content.classes[0], 40)}”."
    )


def _choice(content: Content) -> str:
    more = ""
    if len(content.classes) > _MOST:
        command = shown(content.command("errors", "--label", content.classes[_MOST]), 160)
        more = f" The page holds the first {_MOST} of them; others are told in a terminal, such as by: {command}"
    return f"True and predicted values, errors and rows can be had of each target: choose it there.{more}"


def further_targets(content: Content) -> tuple[str, ...]:
    """Return the targets beside the first that the page draws by themselves."""
    return tuple(content.classes[1:_MOST]) if content.task.numeric and not content.streamed else ()


def chosen_targets(content: Content) -> dict[str, Any] | None:
    """Return the names between which the page lets choose; None where there is one."""
    further = further_targets(content)
    return {"targets": {"names": [shown(one, 40) for one in (content.classes[0], *further)]}} if further else None
