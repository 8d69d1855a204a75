"""How are the errors spread? Against the prediction, and all together beside a normal curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.quantities.residuals import (
    ErrorShape,
    ErrorSpread,
    error_shape,
    error_spread,
    running_quantiles,
)
from tenfold.decimals import percent
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, spanning, ticks, uncrowded
from tenfold.show.drawing.curves import path
from tenfold.show.drawing.dots import spread
from tenfold.show.sections.quantities.measures import first_target, measured
from tenfold.show.sections.quantities.plane import Plane, PlaneLine, inner_scale, plane_of

__all__ = ["Bar", "ErrorsView", "errors_view"]

Floats = NDArray[np.float64]

_BINS = 48
_FEW = 50
_FEWEST_LINES = 60
_SKEWED, _HEAVY = 0.5, 1.0
_LEVEL_ERRORS = 1.25
_LABEL_GAP = 5.0
_DRAWN = (0.005, 0.995)


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, in percent."""

    x: float
    width: float
    height: float


@dataclass(frozen=True)
class ErrorsView:
    """The plane of errors against predictions, and their histogram with a normal curve."""

    title: str
    caption: str
    plane: Plane
    spread: str
    shape_title: str
    shape: str
    bars: tuple[Bar, ...]
    normal: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    zero: float
    description: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the sentences under their titles."""
        return (
            PlainTable(self.title, f"{self.caption} {self.spread}".strip(), (), ()),
            PlainTable(self.shape_title, self.shape, (), ()),
        )


def errors_view(content: Content) -> ErrorsView:
    """Draw errors (predicted less true) against predictions, and how often each size occurs."""
    column = content.quantity
    errors = column.errors
    across, up = inner_scale(column.predicted), inner_scale(errors, 0.0)
    compared, shape = error_spread(column.predicted, errors), error_shape(errors)
    plane = plane_of(
        column.predicted,
        errors,
        (across, up),
        ("predicted", "predicted less true"),
        aspect=2.0,
        css="wide-plane",
        description=f"Errors against predictions, {len(errors):,} rows.",
        lines=_lines(column.predicted, errors, across, up),
        nouns=(content.noun(1), content.noun(2)),
    )
    along = spanning([*(float(end) for end in np.quantile(errors, _DRAWN)), 0.0], 6)
    bars, normal, most = _histogram(errors, shape, along)
    return ErrorsView(
        _title(compared),
        _caption(content, plane),
        plane,
        _spread_words(compared, len(errors), follow=_do_intervals_follow(content)),
        _shape_title(shape),
        _shape_words(shape),
        bars,
        normal,
        uncrowded(ticks(along, 6), 290),
        percent_ticks(Scale(0.0, most)),
        along.at(0.0),
        f"How often errors of each size occur, beside a normal curve, {len(errors):,} rows.",
    )


def _lines(predicted: Floats, errors: Floats, across: Scale, up: Scale) -> tuple[PlaneLine, ...]:
    zero = PlaneLine(path([across.low, across.high], [0, 0], across, up), "line floor equal")
    if len(errors) < _FEWEST_LINES:
        return (zero,)
    running = running_quantiles(predicted, errors)
    band = path(np.append(running.x, running.x[::-1]), np.append(running.high, running.low[::-1]), across, up)
    named = (
        ("95 %", running.high, "line end"),
        ("5 %", running.low, "line end"),
        ("median", running.middle, "line chosen"),
    )
    ends = spread([100 - up.at(float(line[-1])) for _, line, _ in named], _LABEL_GAP)
    return (
        PlaneLine(f"{band}Z", "band"),
        zero,
        *(
            PlaneLine(path(running.x, line, across, up), css, name, across.at(float(running.x[-1])), round(y, 2))
            for (name, line, css), y in zip(named, ends, strict=True)
        ),
    )


def _title(spread: ErrorSpread | None) -> str:
    if spread is None:
        return "How far off, from low to high predictions?"
    if spread.low > 1 / _LEVEL_ERRORS and spread.high < _LEVEL_ERRORS:
        return "Errors are about as large everywhere"
    if spread.low > 1:
        return "The higher the prediction, the larger the error"
    if spread.high < 1:
        return "The lower the prediction, the larger the error"
    return "How far off, from low to high predictions?"


def _caption(content: Content, plane: Plane) -> str:
    outside = f" {plane.outside:,} {content.noun(plane.outside)} lie outside the drawing." if plane.outside else ""
    line = ""
    if any(one.css == "band" for one in plane.lines):
        line = " The line is the median error of rows with like predictions; within the band lie 90 % of them."
    return (
        "Above the dashed line the prediction was too high, below it too low, judged out of fold."
        f"{line}{outside}{first_target(content)}"
    )


def _do_intervals_follow(content: Content) -> bool:
    """Whether intervals are wider where larger errors are expected."""
    return content.decision.interval is not None and content.decision.interval.scaled


def _spread_words(spread: ErrorSpread | None, n: int, *, follow: bool) -> str:
    if spread is None:
        return f"{n:,} rows are too few to compare errors of low and high predictions."
    part = "tenth" if spread.part == 10 else "third"
    which = f"the {part} of the rows with the highest predictions"
    other = f"the {part} with the lowest"
    compared = f"RMSE {measured(spread.high_rmse)} against {measured(spread.low_rmse)}, {spread.n:,} rows each"
    said = (
        f"Errors of {which} are {spread.ratio:.2f} times those of {other} ({spread.low:.2f} to {spread.high:.2f}; "
        f"{compared})"
    )
    if spread.low <= 1 <= spread.high:
        return f"{said}: no difference beyond chance."
    if 1 / _LEVEL_ERRORS < spread.ratio < _LEVEL_ERRORS:
        return f"{said}: a small difference."
    if follow:
        return f"{said}. Intervals follow that: they are wider for rows on which larger errors are expected."
    return f"{said}. One width of interval for all rows is too narrow for the one kind and too wide for the other."


def _shape_title(shape: ErrorShape) -> str:
    if shape.skewness is None or shape.excess_kurtosis is None:
        return "All errors are equal"
    if shape.n < _FEW:
        return "How are the errors spread?"
    if _is_heavy(shape):
        return "Most errors are small, a few are very large"
    if _is_skewed(shape):
        return f"Large errors are mostly {_side(shape)}"
    return "The errors are spread much like a normal curve"


def _shape_words(shape: ErrorShape) -> str:
    if shape.skewness is None or shape.excess_kurtosis is None:
        return f"Every prediction is off by {measured(shape.mean)}."
    if shape.n < _FEW:
        return f"{shape.n:,} errors are too few to tell whether they are spread like a normal curve (the line)."
    usual = (
        f"{percent(shape.within_one)} of the errors lie within one standard deviation ({measured(shape.deviation)}) of "
        f"their mean ({measured(shape.mean)}), 68 % of a normal curve do (the line); {percent(shape.beyond_three)} lie "
        "more than three away, 0.27 % of a normal curve do."
    )
    if _is_heavy(shape):
        so = " So ± 2 standard deviations would be a poor interval, and the RMSE is governed by few rows."
    elif _is_skewed(shape):
        so = " So an interval of equal length in both directions would be a poor one."
    else:
        so = " So ± 2 standard deviations would be a fair interval."
    skewed = f" The longer tail is of predictions that are {_side(shape)}." if _is_skewed(shape) else ""
    return f"{usual}{skewed}{so}"


def _is_heavy(shape: ErrorShape) -> bool:
    return (shape.excess_kurtosis or 0.0) > _HEAVY


def _is_skewed(shape: ErrorShape) -> bool:
    return abs(shape.skewness or 0.0) > _SKEWED


def _side(shape: ErrorShape) -> str:
    return "too high" if (shape.skewness or 0.0) > 0 else "too low"


def _histogram(errors: Floats, shape: ErrorShape, scale: Scale) -> tuple[tuple[Bar, ...], str, float]:
    """Bars over the inner errors, and a normal curve of the same mean, deviation and area."""
    inside = errors[(errors >= scale.low) & (errors <= scale.high)]
    bins = min(_BINS, max(6, round(np.sqrt(len(errors)))))
    counts, edges = np.histogram(inside, bins=bins, range=(scale.low, scale.high))
    width = (scale.high - scale.low) / bins
    x = np.linspace(scale.low, scale.high, 201)
    curve = np.zeros(len(x))
    if shape.deviation:
        density = np.exp(-0.5 * ((x - shape.mean) / shape.deviation) ** 2) / (shape.deviation * np.sqrt(2 * np.pi))
        curve = density * width * len(errors)
    peak = float(max(counts.max(initial=1), curve.max()))
    bars = tuple(
        Bar(round(scale.at(left), 2), round(100 / bins, 3), round(100 * count / peak, 2))
        for left, count in zip(edges[:-1].tolist(), counts.tolist(), strict=True)
        if count
    )
    return bars, path(x, curve, scale, Scale(0.0, peak)) if shape.deviation else "", peak / len(errors)
