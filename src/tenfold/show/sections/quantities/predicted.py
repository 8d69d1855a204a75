"""How close do predictions come? True values against predicted ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.analysis.quantities.residuals import error_quantile, running_medians
from tenfold.decimals import percent, percents
from tenfold.figures.quantities.rows import Column as Values
from tenfold.show.components import NUMBER, Column, Name, PlainTable, Row, Table, interval_below
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale
from tenfold.show.drawing.curves import path
from tenfold.show.sections.quantities.measures import cell_value, errors_command, first_target, target_name
from tenfold.show.sections.quantities.plane import Plane, PlaneLine, inner_scale, plane_of
from tenfold.show.words import numbers
from tenfold.text import shown

__all__ = ["PredictedView", "predicted_view"]

_SHARES = (0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class PredictedView:
    """The plane, and how far off the rows are."""

    title: str
    caption: str
    plane: Plane
    within: Table
    within_title: str
    within_note: str
    command: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return how far off the rows are as text."""
        return (self.within.plain(self.within_title, self.within_note),)


def predicted_view(content: Content) -> PredictedView:
    """Draw true values against predicted ones, the line where both are equal, and the intervals."""
    column, noun = content.quantity, content.noun()
    scale = inner_scale(np.concatenate([column.y, column.predicted]))
    plane = plane_of(
        column.predicted,
        column.y,
        (scale, scale),
        ("predicted", f"true {target_name(content)}"),
        aspect=1.0,
        css="square-plane",
        description=f"True values of {target_name(content)} against predicted ones, {len(column.y):,} rows.",
        lines=_lines(content, column, scale),
        words=_words(content, column),
        nouns=(content.noun(1), content.noun(2)),
    )
    return PredictedView(
        _title(content),
        _caption(content, column, plane),
        plane,
        _within(content),
        "How far off are they?",
        f"Each share of the {noun} is off by at most so much: out of fold {len(column.y):,}, on the test set "
        f"{len(content.test_quantity.y):,}. Errors in either direction count alike.",
        errors_command(content),
    )


def _title(content: Content) -> str:
    r2 = content.figures["r2" if len(content.classes) == 1 else f"r2:{content.target}"]
    name = shown(content.chosen, 40)
    if r2.value is None:
        return f"What {name} predicts beside what is true"
    if r2.value <= 0:
        return f"{name} predicts no better than the mean"
    return f"{name} explains {percent(r2.value)} of the variance of {target_name(content)}"


def _caption(content: Content, column: Values, plane: Plane) -> str:
    noun = content.noun()
    r2 = content.figures["r2" if len(content.classes) == 1 else f"r2:{content.target}"]
    interval = ""
    if r2.value is not None and r2.low is not None and r2.high is not None:
        low, high = percents([r2.low, r2.high])
        interval = f"R², 95 % interval {low.removesuffix(' %')} to {high}. "
    which = f"The darker a hexagon, the more of the {len(column.y):,} training {noun} it holds" if plane.most else ""
    each = which or f"Each dot is one of the {len(column.y):,} training {noun}"
    outside = f" {plane.outside:,} {content.noun(plane.outside)} lie outside the drawing." if plane.outside else ""
    band = ""
    if column.coverage is not None:
        which = "the median ends of intervals" if _is_scaled(content) else "the ends of the interval"
        band = f" The two thin lines are {which} to hold {percent(column.coverage)} of new values."
    return (
        f"{interval}{each}, judged out of fold. On the dashed line the prediction is true; above it it was too low."
        f"{band}{outside}{first_target(content)}"
    )


def _is_scaled(content: Content) -> bool:
    return content.decision.interval is not None and content.decision.interval.scaled


def _lines(content: Content, column: Values, scale: Scale) -> tuple[PlaneLine, ...]:
    ends = np.array([scale.low, scale.high])
    equal = PlaneLine(path(ends, ends, scale, scale), "line floor equal")
    interval = content.decision.interval
    if interval is None or column.low is None:
        return (equal,)
    if interval.scaled and column.high is not None:
        medians = running_medians(column.predicted, column.low, column.high)
        return (*(PlaneLine(path(medians[0], ends, scale, scale), "line end") for ends in medians[1:]), equal)
    many = np.linspace(scale.low, scale.high, 401)
    return (
        *(
            PlaneLine(_cut(many, many + far[content.target_place], scale), "line end")
            for far in (interval.below, interval.above)
        ),
        equal,
    )


def _cut(x: np.ndarray, y: np.ndarray, scale: Scale) -> str:
    """The part of a line inside the drawing."""
    inside = (y >= scale.low) & (y <= scale.high)
    return path(x[inside][[0, -1]], y[inside][[0, -1]], scale, scale) if inside.any() else ""


def _words(content: Content, column: Values) -> list[str]:
    if len(column.y) > 300 or content.target_place:  # with words, dots of every target would weigh too much
        return []
    rows = content.rows_in_source.tolist()
    return [
        f"row {row:,}: predicted {cell_value(predicted)}, true {cell_value(true)}"
        for row, predicted, true in zip(rows, column.predicted.tolist(), column.y.tolist(), strict=True)
    ]


def _within(content: Content) -> Table:
    errors, tested = np.abs(content.quantity.errors), np.abs(content.test_quantity.errors)
    figures = [("rmse", error_quantile(sizes, share)) for sizes in (errors, tested) for share in _SHARES]
    texts = numbers(figures)
    columns = (
        Column(content.noun()),
        Column("off by at most", NUMBER),
        Column("on the test set", NUMBER),
    )
    pairs = zip(_SHARES, texts[: len(_SHARES)], texts[len(_SHARES) :], strict=True)
    return Table(
        columns, tuple(Row(Name(_share(share)), tuple(map(interval_below, both))) for share, *both in pairs), "within"
    )


def _share(share: float) -> str:
    return "half" if share == 0.5 else f"{100 * share:.0f} %"
