"""How wide must an interval be, and how far predictions move? What several coverages and costs come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.quantities.choices import (
    CostChoice,
    CoverageChoice,
    OwnPredictions,
    cost_choices,
    coverage_choices,
)
from tenfold.decimals import percent
from tenfold.figures import Estimate
from tenfold.show.components import NUMBER, Cell, Column, Name, PlainTable, Row, Table, interval_below
from tenfold.show.content import Content
from tenfold.show.sections.quantities.measures import cell_value, first_target, measured, size_texts
from tenfold.show.words import number, numbers

__all__ = [
    "COSTS",
    "COVERAGES",
    "IntervalsView",
    "asked_coverages",
    "intervals_view",
    "is_scaled",
    "outside_count",
    "own_predictions",
    "plus",
]

COVERAGES = (0.5, 0.8, 0.9, 0.95, 0.99)
COSTS = ((9.0, 1.0), (3.0, 1.0), (1.0, 1.0), (1.0, 3.0), (1.0, 9.0))
"""Those laid out: what a unit too little and a unit too much costs."""


@dataclass(frozen=True)
class IntervalsView:
    """What several coverages and several costs come to."""

    title: str
    caption: str
    coverage: Table | None
    cost_title: str
    cost_caption: str
    cost: Table
    commands: tuple[str, str]
    nothing: str = ""

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return both tables as text."""
        first = () if self.coverage is None else (self.coverage.plain(self.title, self.caption),)
        return (*first, self.cost.plain(self.cost_title, self.cost_caption))


def intervals_view(content: Content) -> IntervalsView:
    """Lay out intervals of several coverages, and predictions moved for several costs."""
    own, tested = own_predictions(content)
    coverages = coverage_choices(own, tested, asked_coverages(content))
    return IntervalsView(
        _title(content),
        _caption(content, coverages),
        _coverage_table(content, coverages) if coverages else None,
        "Where too little costs otherwise than too much",
        "A prediction that is too low may cost more than one that is too high, or less. Moved by the quantile of the "
        "out-of-fold errors that the costs ask for, predictions cost least; what that saves is seen on the test set.",
        _cost_table(cost_choices(own, tested, COSTS)),
        (content.command("decide", "coverage>=0.9"), content.command("decide", "cost under=3 over=1")),
        "" if coverages else f"{len(own.y):,} rows are too few for an interval, even of 50 %.",
    )


def own_predictions(content: Content) -> tuple[OwnPredictions, OwnPredictions]:
    """Return what the model predicts by itself, out of fold and on the test part."""
    shift = content.decision.shift
    by = 0.0 if shift is None else shift[content.target_place]
    parts = (
        (content.quantity, content.lines(content.chosen)),
        (content.test_quantity, content.origin.test),
    )
    own, tested = (OwnPredictions(one.y, one.predicted - by, _difficulty(content, lines)) for one, lines in parts)
    return own, tested


def _difficulty(content: Content, lines: pd.DataFrame) -> NDArray[np.float64] | None:
    interval = content.decision.interval
    if interval is None or not interval.scaled:
        return None
    name = "difficulty" if len(content.classes) == 1 else f"difficulty:{content.target}"
    return lines[name].to_numpy(np.float64)


def is_scaled(content: Content) -> bool:
    """Return whether intervals are wider where larger errors are expected."""
    return content.decision.interval is not None and content.decision.interval.scaled


def asked_coverages(content: Content) -> Sequence[float]:
    """Return the coverages that are laid out, that in force among them."""
    asked = content.quantity.coverage
    return COVERAGES if asked is None else sorted({*COVERAGES, asked})


def _title(content: Content) -> str:
    held = _held(content)
    asked = content.quantity.coverage
    if asked is None or held is None or held.value is None:
        return "How wide must an interval be?"
    return f"{percent(held.value)} of the test values lie inside their intervals; {percent(asked)} were asked for"


def _held(content: Content) -> Estimate | None:
    return content.test.get("coverage" if len(content.classes) == 1 else f"coverage:{content.target}")


def _caption(content: Content, choices: Sequence[CoverageChoice]) -> str:
    how = (
        "An interval is the prediction with an amount taken off and another added, so wide that the asked share of "
        "out-of-fold errors lies between them, with a correction for their number. "
    )
    if is_scaled(content):
        how += "Both amounts are larger for rows on which a second model expects larger errors. "
    how += "The test set, which had no say in that, shows whether it holds."
    held, asked = _held(content), content.quantity.coverage
    if asked is None or held is None or held.value is None:
        return f"{how}{first_target(content)}"
    said = f" On the test set {number('coverage', held).range} (95 % interval, {held.n:,} {content.noun(held.n)})."
    if held.high is not None and held.high < asked:
        said += " Fewer test values lie inside than chance explains, so new rows are not like those it was judged on."
    return f"{how}{_in_force(content, choices)}{said}{first_target(content)}"


def _in_force(content: Content, choices: Sequence[CoverageChoice]) -> str:
    if content.decision.shift is not None:
        return (
            " In force are intervals around predictions that are moved for a cost; those below are around predictions "
            "as they are."
        )
    one = next((choice for choice in choices if _is_in_force(content, choice)), None)
    if one is None:
        return ""
    if is_scaled(content):
        return (
            f" In force: {measured(one.width)} wide on average; a tenth of them less than {measured(one.narrow)}, a "
            f"tenth more than {measured(one.wide)}."
        )
    return f" In force: {measured(one.below)} to {plus(one.above)} around each prediction."


def _is_in_force(content: Content, choice: CoverageChoice) -> bool:
    return choice.asked == content.quantity.coverage and content.decision.shift is None


def plus(value: float) -> str:
    """Write what is added to a prediction, with its sign."""
    return f"+{measured(value)}" if value > 0 else measured(value)


def _coverage_table(content: Content, choices: Sequence[CoverageChoice]) -> Table:
    shares = numbers(("coverage", one) for choice in choices for one in (choice.out_of_fold, choice.test))
    widths = size_texts(choice.width for choice in choices)
    columns = (
        Column("asked for"),
        *_end_columns(content),
        Column("mean width", NUMBER),
        Column("inside, out of fold", NUMBER),
        Column("inside, on the test set", NUMBER),
        Column("test rows outside", NUMBER),
    )
    rows = tuple(
        Row(
            Name(percent(one.asked), remark="in force" if _is_in_force(content, one) else ""),
            (
                *_end_cells(content, one),
                Cell(widths[place]),
                interval_below(shares[2 * place]),
                interval_below(shares[2 * place + 1]),
                Cell(f"{outside_count(one.test):,}"),
            ),
            "chosen" if _is_in_force(content, one) else "",
        )
        for place, one in enumerate(choices)
    )
    return Table(columns, rows, "choices")


def _end_columns(content: Content) -> tuple[Column, Column]:
    heads = ("narrowest tenth", "widest tenth") if is_scaled(content) else ("from", "to")
    first, second = (Column(head, NUMBER) for head in heads)
    return first, second


def _end_cells(content: Content, one: CoverageChoice) -> tuple[Cell, Cell]:
    """Scaled intervals have ends of their own for each row, so that their widths are told."""
    if is_scaled(content):
        return Cell(f"below {measured(one.narrow)}"), Cell(f"above {measured(one.wide)}")
    return Cell(cell_value(float(f"{one.below:.4g}"))), Cell(_added(one.above))


def outside_count(inside: Estimate) -> int:
    """Return how many rows lie outside, of the share inside."""
    return round((1 - (inside.value or 0.0)) * inside.n)


def _added(value: float) -> str:
    text = cell_value(float(f"{value:.4g}"))
    return f"+{text}" if value > 0 else text


def _cost_table(choices: Sequence[CostChoice]) -> Table:
    costs = numbers(("width", one) for choice in choices for one in (choice.test_before, choice.test_after))
    columns = (
        Column("under : over"),
        Column("predictions move by", NUMBER),
        Column("mean test cost as predicted", NUMBER),
        Column("moved", NUMBER),
        Column("n", NUMBER),
    )
    rows = tuple(
        Row(
            Name(f"{one.under:g} : {one.over:g}"),
            (
                Cell(_added(one.shift)),
                interval_below(costs[2 * place]),
                interval_below(costs[2 * place + 1]),
                Cell(f"{one.test_after.n:,}"),
            ),
        )
        for place, one in enumerate(choices)
    )
    return Table(columns, rows, "choices")
