"""How wide must an interval be, and how far predictions move? What several coverages and costs come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
from tenfold.decision.interval import rows_needed
from tenfold.decision.rule import parse_rule
from tenfold.figures import Estimate
from tenfold.show.components import NUMBER, Cell, Column, Name, PlainTable, Row, Table, interval_below
from tenfold.show.content import Content
from tenfold.show.sections.quantities.measures import cell_value, first_target, measured, size_texts
from tenfold.show.words import Number, number, numbers

__all__ = ["IntervalsView", "choices_of_quantity", "intervals_view"]

_COVERAGES = (0.5, 0.8, 0.9, 0.95, 0.99)
_COSTS = ((9.0, 1.0), (3.0, 1.0), (1.0, 1.0), (1.0, 3.0), (1.0, 9.0))
_STOPS, _STOPS_OF_MANY, _MANY = 160, 40, 200_000
_MOST_COVERAGE, _MOST_TIMES = 0.999, 50.0
_BARS, _FEWEST_BARS = 60, 8
_INNER = (0.002, 0.998)


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
    own, tested = _own(content)
    coverages = coverage_choices(own, tested, _asked(content))
    return IntervalsView(
        _title(content),
        _caption(content, coverages),
        _coverage_table(content, coverages) if coverages else None,
        "Where too little costs otherwise than too much",
        "A prediction that is too low may cost more than one that is too high, or less. Moved by the quantile of the "
        "out-of-fold errors that the costs ask for, predictions cost least; what that saves is seen on the test set.",
        _cost_table(cost_choices(own, tested, _COSTS)),
        (content.command("decide", "coverage>=0.9"), content.command("decide", "cost under=3 over=1")),
        "" if coverages else f"{len(own.y):,} rows are too few for an interval, even of 50 %.",
    )


def _own(content: Content) -> tuple[OwnPredictions, OwnPredictions]:
    """What the model predicts by itself, out of fold and on the test part."""
    shift = content.decision.shift
    by = 0.0 if shift is None else shift[0]
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
    name = "difficulty" if len(content.classes) == 1 else f"difficulty:{content.classes[0]}"
    return lines[name].to_numpy(np.float64)


def _is_scaled(content: Content) -> bool:
    return content.decision.interval is not None and content.decision.interval.scaled


def _asked(content: Content) -> Sequence[float]:
    asked = content.quantity.coverage
    return _COVERAGES if asked is None else sorted({*_COVERAGES, asked})


def _title(content: Content) -> str:
    held = _held(content)
    asked = content.quantity.coverage
    if asked is None or held is None or held.value is None:
        return "How wide must an interval be?"
    return f"{percent(held.value)} of the test values lie inside their intervals; {percent(asked)} were asked for"


def _held(content: Content) -> Estimate | None:
    return content.test.get("coverage" if len(content.classes) == 1 else f"coverage:{content.classes[0]}")


def _caption(content: Content, choices: Sequence[CoverageChoice]) -> str:
    how = (
        "An interval is the prediction with an amount taken off and another added, so wide that the asked share of "
        "out-of-fold errors lies between them, with a correction for their number. "
    )
    if _is_scaled(content):
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
    if _is_scaled(content):
        return (
            f" In force: {measured(one.width)} wide on average; a tenth of them less than {measured(one.narrow)}, a "
            f"tenth more than {measured(one.wide)}."
        )
    return f" In force: {measured(one.below)} to {_plus(one.above)} around each prediction."


def _is_in_force(content: Content, choice: CoverageChoice) -> bool:
    return choice.asked == content.quantity.coverage and content.decision.shift is None


def _plus(value: float) -> str:
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
                Cell(f"{_outside(one.test):,}"),
            ),
            "chosen" if _is_in_force(content, one) else "",
        )
        for place, one in enumerate(choices)
    )
    return Table(columns, rows, "choices")


def _end_columns(content: Content) -> tuple[Column, Column]:
    heads = ("narrowest tenth", "widest tenth") if _is_scaled(content) else ("from", "to")
    first, second = (Column(head, NUMBER) for head in heads)
    return first, second


def _end_cells(content: Content, one: CoverageChoice) -> tuple[Cell, Cell]:
    """Scaled intervals have ends of their own for each row, so that their widths are told."""
    if _is_scaled(content):
        return Cell(f"below {measured(one.narrow)}"), Cell(f"above {measured(one.wide)}")
    return Cell(cell_value(float(f"{one.below:.4g}"))), Cell(_added(one.above))


def _outside(inside: Estimate) -> int:
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


def choices_of_quantity(content: Content) -> dict[str, Any] | None:
    """
    Return what the sliders of the page go over: each stop with all that it comes to, written as the tables are.

    Returns
    -------
    dict or None
        None where there are fewer than two rows.
    """
    own, tested = _own(content)
    if len(own.y) < 2:
        return None
    coverages = coverage_choices(own, tested, _coverage_stops(content, len(own.y)))
    costs = cost_choices(own, tested, _cost_stops(content, len(own.y)))
    return {
        "quantity": {
            "noun": content.noun(2),
            "decide": content.command("decide"),
            "scaled": _is_scaled(content),
            "coverage": {
                "chips": [one for one in _COVERAGES if rows_needed(one) <= len(own.y)],
                "start": content.quantity.coverage or 0.9,
                "stops": [_coverage_stop(content, one) for one in coverages],
            },
            "cost": {
                "chips": [list(one) for one in reversed(_COSTS)],
                "start": _cost_in_force(content) or [3.0, 1.0],
                "stops": [_cost_stop(one) for one in costs],
            },
            "drawings": {
                "coverage": _histogram(own.lacks if own.difficulty is None else own.lacks / own.difficulty),
                "cost": _histogram(own.lacks),
            },
        }
    }


def _stops(rows: int) -> int:
    return _STOPS if rows <= _MANY else _STOPS_OF_MANY


def _coverage_stops(content: Content, rows: int) -> list[float]:
    """Evenly in the logarithm of the share outside, and those that chips and the decision in force ask for."""
    most = min(1 - 2 / (rows + 1), _MOST_COVERAGE)
    if most <= 0.5:
        return []
    evenly = 1 - np.geomspace(0.7, 1 - most, _stops(rows))
    asked = {round(one, 3 if one < 0.98 else 4) for one in evenly.tolist()} | set(_asked(content))
    return sorted(one for one in asked if rows_needed(one) <= rows)


def _cost_stops(content: Content, rows: int) -> list[tuple[float, float]]:
    times = np.geomspace(1.0, _MOST_TIMES, _stops(rows) // 2)
    ratios = sorted({float(f"{one:.2g}") for one in times.tolist()} | {3.0, 9.0})
    stops = {(1.0, one) for one in ratios} | {(one, 1.0) for one in ratios}
    if (force := _cost_in_force(content)) is not None:
        stops.add((force[0], force[1]))
    return sorted(stops, key=lambda one: one[0] / one[1])


def _cost_in_force(content: Content) -> list[float] | None:
    if content.decision.shift is None:
        return None
    rule = parse_rule(content.rule)
    return None if rule.under is None or rule.over is None else [rule.under, rule.over]


def _coverage_stop(content: Content, one: CoverageChoice) -> dict[str, Any]:
    inside, on_test = numbers([("coverage", one.out_of_fold), ("coverage", one.test)])
    ends = (
        [["narrowest tenth", f"below {measured(one.narrow)}"], ["widest tenth", f"above {measured(one.wide)}"]]
        if _is_scaled(content)
        else [["from", measured(one.below)], ["to", _plus(one.above)]]
    )
    return {
        "at": one.asked,
        "name": percent(one.asked),
        "rule": f"coverage>={one.asked:.12g}",
        "ends": [one.below, one.above],
        "lines": [
            *([*end, ""] for end in ends),
            ["mean width", measured(one.width), ""],
            _share_line("inside, out of fold", inside),
            ["outside, out of fold", f"{_outside(one.out_of_fold):,}", f"of {one.out_of_fold.n:,}"],
            *(
                []
                if on_test.value is None
                else [
                    _share_line("inside, on the test set", on_test),
                    ["outside, test set", f"{_outside(one.test):,}", f"of {one.test.n:,}"],
                ]
            ),
        ],
    }


def _share_line(name: str, share: Number) -> list[str]:
    return [name, share.text, f"{share.range}, of {share.n:,}"]


def _cost_stop(one: CostChoice) -> dict[str, Any]:
    texts = numbers(("width", figure) for figure in (one.before, one.after, one.test_before, one.test_after))
    lines = [
        ["predictions move by", _plus(one.shift), ""],
        ["mean cost, as predicted", texts[0].text, f"{texts[0].range}, out of fold"],
        ["mean cost, moved", texts[1].text, f"{texts[1].range}{_saved(one.before, one.after)}"],
    ]
    if one.test_before.value is not None:
        lines += [
            ["on the test set, as predicted", texts[2].text, f"{texts[2].range}"],
            ["on the test set, moved", texts[3].text, f"{texts[3].range}{_saved(one.test_before, one.test_after)}"],
        ]
    return {
        "at": [one.under, one.over],
        "name": f"{one.under:g} : {one.over:g}",
        "rule": f"cost under={one.under:.12g} over={one.over:.12g}",
        "ends": [one.shift],
        "lines": lines,
    }


def _saved(before: Estimate, after: Estimate) -> str:
    if not before.value or after.value is None:
        return ""
    share = (before.value - after.value) / before.value
    return f"; {'saves' if share >= 0 else 'adds'} {percent(abs(share))}"


def _histogram(values: NDArray[np.float64]) -> dict[str, Any]:
    low, high = np.quantile(values, _INNER).tolist()
    low, high = min(low, 0.0), max(high, 0.0)
    high = high if high > low else low + 1.0
    bars = int(np.clip(round(1.5 * np.sqrt(len(values))), _FEWEST_BARS, _BARS))
    inside = np.clip(values, low, high)
    counts, _ = np.histogram(inside, bins=bars, range=(low, high))
    peak = max(int(counts.max(initial=1)), 1)
    return {"low": low, "high": high, "bars": [round(100 * count / peak, 1) for count in counts.tolist()]}
