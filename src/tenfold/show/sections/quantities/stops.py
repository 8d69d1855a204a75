"""What the sliders of the page go over: every stop with all that it comes to, written as the tables are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.quantities.choices import CostChoice, CoverageChoice, cost_choices, coverage_choices
from tenfold.decimals import percent
from tenfold.decision.interval import rows_needed
from tenfold.decision.rule import parse_rule
from tenfold.figures import Estimate
from tenfold.show.content import Content
from tenfold.show.sections.quantities.intervals import (
    COSTS,
    COVERAGES,
    asked_coverages,
    is_scaled,
    outside_count,
    own_predictions,
    plus,
)
from tenfold.show.sections.quantities.measures import measured
from tenfold.show.words import Number, numbers

__all__ = ["choices_of_quantity"]

_STOPS, _STOPS_OF_MANY, _MANY = 160, 40, 200_000
_MOST_COVERAGE, _MOST_TIMES = 0.999, 50.0
_BARS, _FEWEST_BARS = 60, 8
_INNER = (0.002, 0.998)


def choices_of_quantity(content: Content) -> dict[str, Any] | None:
    """
    Return what the sliders of the page go over: each stop with all that it comes to, written as the tables are.

    Returns
    -------
    dict or None
        None where there are fewer than two rows.
    """
    own, tested = own_predictions(content)
    if len(own.y) < 2:
        return None
    coverages = coverage_choices(own, tested, _coverage_stops(content, len(own.y)))
    costs = cost_choices(own, tested, _cost_stops(content, len(own.y)))
    return {
        "quantity": {
            "noun": content.noun(2),
            "decide": content.command("decide"),
            "scaled": is_scaled(content),
            "coverage": {
                "chips": [one for one in COVERAGES if rows_needed(one) <= len(own.y)],
                "start": content.quantity.coverage or 0.9,
                "stops": [_coverage_stop(content, one) for one in coverages],
            },
            "cost": {
                "chips": [list(one) for one in reversed(COSTS)],
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
    asked = {round(one, 3 if one < 0.98 else 4) for one in evenly.tolist()} | set(asked_coverages(content))
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
        if is_scaled(content)
        else [["from", measured(one.below)], ["to", plus(one.above)]]
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
            ["outside, out of fold", f"{outside_count(one.out_of_fold):,}", f"of {one.out_of_fold.n:,}"],
            *(
                []
                if on_test.value is None
                else [
                    _share_line("inside, on the test set", on_test),
                    ["outside, test set", f"{outside_count(one.test):,}", f"of {one.test.n:,}"],
                ]
            ),
        ],
    }


def _share_line(name: str, share: Number) -> list[str]:
    return [name, share.text, f"{share.range}, of {share.n:,}"]


def _cost_stop(one: CostChoice) -> dict[str, Any]:
    texts = numbers(("width", figure) for figure in (one.before, one.after, one.test_before, one.test_after))
    lines = [
        ["predictions move by", plus(one.shift), ""],
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
