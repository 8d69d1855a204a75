"""How wide must an interval be, and how far predictions move? What several coverages and costs come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.quantities.choices import CostChoice, CoverageChoice, cost_choices, coverage_choices
from tenfold.decimals import percent
from tenfold.figures.quantities.rows import Column as Values
from tenfold.show.components import NUMBER, Cell, Column, Name, PlainTable, Row, Table, interval_below
from tenfold.show.content import Content
from tenfold.show.live.packing import packed
from tenfold.show.sections.quantities.measures import cell_value, first_target, measured
from tenfold.show.words import number, numbers
from tenfold.text import shown

__all__ = ["IntervalsView", "intervals_view", "predictions_of_quantity"]

_COVERAGES = (0.5, 0.8, 0.9, 0.95, 0.99)
_COSTS = ((9.0, 1.0), (3.0, 1.0), (1.0, 1.0), (1.0, 3.0), (1.0, 9.0))
_MOST = 50_000


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
    lacks, tested = _lacks(content, content.quantity), _lacks(content, content.test_quantity)
    coverages = coverage_choices(lacks, tested, _asked(content))
    return IntervalsView(
        _title(content),
        _caption(content),
        _coverage_table(content, coverages) if coverages else None,
        "Where too little costs otherwise than too much",
        "A prediction that is too low may cost more than one that is too high, or less. Moved by the quantile of the "
        "out-of-fold errors that the costs ask for, predictions cost least; what that saves is seen on the test set.",
        _cost_table(cost_choices(lacks, tested, _COSTS)),
        (content.command("decide", "coverage>=0.9"), content.command("decide", "cost under=3 over=1")),
        "" if coverages else f"{len(lacks):,} rows are too few for an interval, even of 50 %.",
    )


def _lacks(content: Content, column: Values) -> NDArray[np.float64]:
    """True less predicted, as the model predicts without a shift."""
    shift = content.decision.shift
    return -column.errors + (0.0 if shift is None else shift[0])


def _asked(content: Content) -> Sequence[float]:
    asked = content.quantity.coverage
    return _COVERAGES if asked is None else sorted({*_COVERAGES, asked})


def _title(content: Content) -> str:
    held = content.test.get("coverage" if len(content.classes) == 1 else f"coverage:{content.classes[0]}")
    asked = content.quantity.coverage
    if asked is None or held is None or held.value is None:
        return "How wide must an interval be?"
    return f"{percent(held.value)} of the test values lie inside their intervals; {percent(asked)} were asked for"


def _caption(content: Content) -> str:
    how = (
        "An interval is the prediction with an amount taken off and another added, so wide that the asked share of "
        "out-of-fold errors lies between them, with a correction for their number. The test set, which had no say in "
        "that, shows whether it holds."
    )
    interval = content.decision.interval
    if interval is None:
        return f"{how}{first_target(content)}"
    force = f" In force: {measured(interval.below[0])} to {_plus(interval.above[0])} around each prediction."
    missed = content.test.get("coverage")
    said = ""
    if missed is not None and missed.high is not None and missed.high < interval.coverage:
        said = " Fewer test values lie inside than chance explains, so new rows are not like those it was judged on."
    if missed is not None and missed.value is not None:
        said = f" On the test set {number('coverage', missed).range} (95 % interval).{said}"
    return f"{how}{force}{said}{first_target(content)}"


def _plus(value: float) -> str:
    return f"+{measured(value)}" if value > 0 else measured(value)


def _coverage_table(content: Content, choices: Sequence[CoverageChoice]) -> Table:
    shares = numbers(("coverage", one) for choice in choices for one in (choice.out_of_fold, choice.test))
    widths = numbers(_width(choice) for choice in choices)
    columns = (
        Column("asked for"),
        Column("from", NUMBER),
        Column("to", NUMBER),
        Column("width", NUMBER),
        Column("inside, out of fold", NUMBER),
        Column("inside, on the test set", NUMBER),
        Column("test rows outside", NUMBER),
    )
    rows = tuple(
        Row(
            Name(percent(one.asked), remark="in force" if one.asked == content.quantity.coverage else ""),
            (
                Cell(cell_value(float(f"{one.below:.4g}"))),
                Cell(_added(one.above)),
                Cell(widths[place].text),
                interval_below(shares[2 * place]),
                interval_below(shares[2 * place + 1]),
                Cell(f"{round((1 - (one.test.value or 0.0)) * one.test.n):,}"),
            ),
            "chosen" if one.asked == content.quantity.coverage else "",
        )
        for place, one in enumerate(choices)
    )
    return Table(columns, rows, "choices")


def _width(choice: CoverageChoice) -> tuple[str, Any]:
    from tenfold.figures.estimate import Estimate

    return "width", Estimate(choice.above - choice.below, None, None, n=choice.out_of_fold.n)


def _added(value: float) -> str:
    text = cell_value(float(f"{value:.4g}"))
    return f"+{text}" if value > 0 else text


def _cost_table(choices: Sequence[CostChoice]) -> Table:
    costs = numbers(("width", one) for choice in choices for one in (choice.as_predicted, choice.moved))
    columns = (
        Column("under : over"),
        Column("predictions move by", NUMBER),
        Column("mean cost as predicted", NUMBER),
        Column("mean cost moved", NUMBER),
        Column("n", NUMBER),
    )
    rows = tuple(
        Row(
            Name(f"{one.under:g} : {one.over:g}"),
            (
                Cell(_added(one.shift)),
                interval_below(costs[2 * place]),
                interval_below(costs[2 * place + 1]),
                Cell(f"{one.moved.n:,}"),
            ),
        )
        for place, one in enumerate(choices)
    )
    return Table(columns, rows, "choices")


def predictions_of_quantity(content: Content) -> dict[str, Any] | None:
    """
    Return the errors that the sliders of the page compute with, sorted: true less predicted.

    Of more than 50,000 rows evenly spaced ones of the sorted errors are given, the least and the largest among them.

    Returns
    -------
    dict or None
        None where there are fewer than two rows.
    """
    lacks, tested = np.sort(_lacks(content, content.quantity)), np.sort(_lacks(content, content.test_quantity))
    if len(lacks) < 2:
        return None
    return {
        "quantity": {
            "lacks": packed(_thinned(lacks)),
            "tested": packed(_thinned(tested)),
            "rows": len(lacks),
            "test_rows": len(tested),
            "coverage": content.quantity.coverage,
            "cost": _cost_in_force(content),
            "noun": [content.noun(1), content.noun(2)],
            "target": shown(content.classes[0], 40),
            "decide": content.command("decide"),
        }
    }


def _thinned(ordered: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(ordered) <= _MOST:
        return ordered
    return ordered[np.linspace(0, len(ordered) - 1, _MOST).round().astype(np.int64)]


def _cost_in_force(content: Content) -> list[float] | None:
    from tenfold.decision.rule import parse_rule

    if content.decision.shift is None:
        return None
    rule = parse_rule(content.rule)
    return None if rule.under is None or rule.over is None else [rule.under, rule.over]
