"""Is more data worth getting? The metric against the rows learnt from, or how to find out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.analysis.learning import LearningPoint
from tenfold.decimals import FigureText, change_unit, figure_text, is_rate
from tenfold.figures import Difference, Estimate
from tenfold.figures.metrics import better
from tenfold.record.analysis import LEARNING
from tenfold.record.words.verdict import metric_words_of
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, spanning, ticks, zoomed
from tenfold.show.drawing.curves import path
from tenfold.show.drawing.dots import spread
from tenfold.show.words import Number, changes, numbers
from tenfold.text import shown

__all__ = ["LearningDot", "LearningView", "learning_view"]

_HARDLY = 0.005


@dataclass(frozen=True)
class LearningDot:
    """One size on the drawing, places in percent from the left and the top."""

    x: float
    y: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class LearningView:
    """The curve and its table; `command` where the study was not made."""

    title: str
    caption: str
    metric: str = ""
    noun: str = ""
    line: str = ""
    dots: tuple[LearningDot, ...] = ()
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    command: str = ""
    fitted: str = ""
    labels: tuple[tuple[str, str, float, float], ...] = ()

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the sizes as text; nothing where the study was not made."""
        head = (self.noun, self.metric, "95 % interval", "gain", "95 % interval")
        return (PlainTable(self.title, self.caption, head, self.rows),) if self.rows else ()


def learning_view(content: Content) -> LearningView:
    """Show the metric against the number of training rows, and what the last doubling brought."""
    study = content.study(LEARNING)
    points = [] if study is None else list(_points(study))
    if len(points) < 2:
        return LearningView(
            "Is more data worth getting?",
            "Not looked into: it takes fits with a half, a quarter, … of the rows. "
            "They are kept as they end, so that it can be interrupted.",
            command=content.command("report", "--learning-curve"),
        )
    metric = content.metric
    across = Scale(_doublings(points[0]) - 0.2, _doublings(points[-1]) + 0.2)
    values = numbers((metric, one.estimate) for one in points)
    gains = changes(change_unit(metric), [one.gain for one in points])
    up = _scale(content, points)
    fitted = [one.fitted.value for one in points if one.fitted is not None and one.fitted.value is not None]
    return LearningView(
        _title(metric, points[-1], content.noun()),
        _caption(content, metric, points, gains[-1]),
        metric_words_of(content.task, metric),
        content.noun(),
        path([_doublings(one) for one in points], [one.estimate.value or 0.0 for one in points], across, up),
        tuple(_dot(one, text, across, up) for one, text in zip(points, values, strict=True)),
        tuple(Tick(across.at(_doublings(one)), f"{one.rows:,}") for one in points),
        percent_ticks(up) if is_rate(metric) else ticks(up),
        tuple(_row(*one) for one in zip(points, values, gains, strict=True)),
        fitted=path([_doublings(one) for one in points], fitted, across, up) if len(fitted) == len(points) else "",
        labels=_labels(points, fitted, across, up) if len(fitted) == len(points) else (),
    )


def _scale(content: Content, points: list[LearningPoint]) -> Scale:
    """Of quantities from nothing, for what is left out below would hide how far training rows lie from others."""
    every = [one.estimate for one in points] + [one.fitted for one in points if one.fitted is not None]
    ends = [end for one in every for end in (one.low, one.value, one.high) if end is not None]
    if content.task.numeric:
        return spanning([0.0, *ends]) if better(content.metric) < 0 else spanning(ends)
    return zoomed(ends, floor=-1.0, ceiling=1.0 if better(content.metric) > 0 else 1e9)


def _labels(
    points: list[LearningPoint], fitted: list[float], across: Scale, up: Scale
) -> tuple[tuple[str, str, float, float], ...]:
    """The names of both lines at their ends: words, class, and place in percent."""
    x = across.at(_doublings(points[-1]))
    places = spread([100 - up.at(points[-1].estimate.value or 0.0), 100 - up.at(fitted[-1])], 7)
    named = zip(("held-out", "its own"), ("chosen", "second"), places, strict=True)
    return tuple((words, css, x, round(y, 2)) for words, css, y in named)


def _beside_own(content: Content, last: LearningPoint) -> str:
    """How much better it is on the rows that it was fitted on."""
    if last.fitted is None or last.fitted.value is None:
        return ""
    own = figure_text(content.metric, last.fitted)
    interval = f" ({own.interval})" if own.interval else ""
    return (
        f" On its own {content.noun()}, those that it learnt from, it has {own.value}{interval}: where the two lines "
        "lie far apart it knows them by heart, and more of them, or a simpler model, may help; where they meet high, "
        "a richer model may."
    )


def _points(study: Mapping[str, Any]) -> Iterator[LearningPoint]:
    """The sizes of a study at which the metric is defined."""
    for one in study["points"]:
        if one["value"] is not None:
            gain = one["gain"]
            estimate = Estimate(one["value"], one["low"], one["high"], n=one["rows"])
            fitted = one.get("fitted")
            yield LearningPoint(
                one["rows"],
                estimate,
                Difference(gain["value"], gain["low"], gain["high"], "") if gain else None,
                Estimate(fitted["value"], fitted["low"], fitted["high"], n=fitted["n"]) if fitted else None,
            )


def _doublings(one: LearningPoint) -> float:
    return float(np.log2(one.rows))


def _dot(one: LearningPoint, text: Number, across: Scale, up: Scale) -> LearningDot:
    ends = (one.estimate.value, one.estimate.low, one.estimate.high)
    y, low, high = (round(100 - up.at(end or 0.0), 2) for end in ends)
    return LearningDot(across.at(_doublings(one)), y, low, high, f"{one.rows:,} rows: {text.text} ({text.range})")


def _row(one: LearningPoint, text: Number, gain: FigureText) -> tuple[str, ...]:
    return (f"{one.rows:,}", text.text, text.range, gain.value, gain.interval)


def _title(metric: str, last: LearningPoint, noun: str) -> str:
    """What the last doubling says; nothing beyond it is promised."""
    gain, hardly = last.gain, _HARDLY
    if gain is not None and change_unit(metric).figures:
        hardly = 2 * _HARDLY * abs(last.estimate.value or 0.0)
    if gain is None:
        return "Is more data worth getting?"
    low, high = sorted(better(metric) * end for end in (gain.low, gain.high))
    if low > 0:
        return f"More {noun} still help"
    if high < hardly:
        return f"More {noun} of this kind would hardly help"
    return f"Whether more {noun} would help cannot be told from these"


def _caption(content: Content, metric: str, points: list[LearningPoint], gain: FigureText) -> str:
    before, last = points[-2:]
    unit = " points" if is_rate(metric) else ""
    doubling = ""
    if last.gain is not None:
        doubling = (
            f" Going from {before.rows:,} to {last.rows:,} brought {gain.value}{unit} "
            f"({gain.interval}); the next doubling seldom brings more than the last."
        )
    words = metric_words_of(content.task, metric)
    return (
        f"{words[:1].upper()}{words[1:]} of {shown(content.chosen, 40)} by the number of {content.noun()} it learnt "
        f"from, each time judged out of fold on the same {content.rows:,}.{doubling}{_beside_own(content, last)}"
    )
