"""Is more data worth getting? The metric against the rows learnt from, or how to find out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.decimals import FigureText, change_unit, is_rate
from tenfold.figures.metrics import better
from tenfold.record.analysis import LEARNING
from tenfold.record.words.verdict import metric_words
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, ticks, zoomed
from tenfold.show.drawing.curves import path
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


def learning_view(content: Content) -> LearningView:
    """Show the metric against the number of training rows, and what the last doubling brought."""
    study = content.study(LEARNING)
    points = [one for one in study["points"] if one["value"] is not None] if study is not None else []
    if study is None or len(points) < 2:
        return LearningView(
            "Is more data worth getting?",
            "Not looked into: it takes fits with a half, a quarter, … of the rows. "
            "They are kept as they end, so that it can be interrupted.",
            command=content.command("report", "--learning-curve"),
        )
    metric = content.metric
    across = Scale(float(np.log2(points[0]["rows"])) - 0.2, float(np.log2(points[-1]["rows"])) + 0.2)
    ceiling = 1.0 if better(metric) > 0 else 1e9
    up = zoomed([end for one in points for end in (one["low"], one["high"])], floor=-1.0, ceiling=ceiling)
    values, gains = (
        numbers((metric, one) for one in points),
        changes(change_unit(metric), [one["gain"] for one in points]),
    )
    sizes, heights = np.log2([one["rows"] for one in points]), [one["value"] for one in points]
    return LearningView(
        _title(metric, points[-1]["gain"], content.noun()),
        _caption(content, metric, points, gains[-1]),
        metric_words(metric),
        content.noun(),
        path(sizes, heights, across, up),
        tuple(_dot(one, text, across, up) for one, text in zip(points, values, strict=True)),
        tuple(Tick(across.at(float(np.log2(one["rows"]))), f"{one['rows']:,}") for one in points),
        percent_ticks(up) if is_rate(metric) else ticks(up),
        tuple(_row(*one) for one in zip(points, values, gains, strict=True)),
    )


def _dot(one: Mapping[str, Any], text: Number, across: Scale, up: Scale) -> LearningDot:
    y, low, high = (round(100 - up.at(one[key]), 2) for key in ("value", "low", "high"))
    words = f"{one['rows']:,} rows: {text.text} ({text.range})"
    return LearningDot(across.at(float(np.log2(one["rows"]))), y, low, high, words)


def _row(one: Mapping[str, Any], text: Number, gain: FigureText) -> tuple[str, ...]:
    return (f"{one['rows']:,}", text.text, text.range, gain.value, gain.interval)


def _title(metric: str, gain: Mapping[str, Any] | None, noun: str) -> str:
    """What the last doubling says; nothing beyond it is promised."""
    if gain is None:
        return "Is more data worth getting?"
    low, high = sorted(better(metric) * gain[end] for end in ("low", "high"))
    if low > 0:
        return f"More {noun} still help"
    if high < _HARDLY:
        return f"More {noun} of this kind would hardly help"
    return f"Whether more {noun} would help cannot be told from these"


def _caption(content: Content, metric: str, points: list[Mapping[str, Any]], gain: FigureText) -> str:
    before, last = points[-2:]
    unit = " points" if is_rate(metric) else ""
    brought = ""
    if last["gain"] is not None:
        brought = (
            f" Going from {before['rows']:,} to {last['rows']:,} brought {gain.value}{unit} "
            f"({gain.interval}); the next doubling seldom brings more than the last."
        )
    words = metric_words(metric)
    return (
        f"{words[:1].upper()}{words[1:]} of {shown(content.chosen, 40)} by the number of {content.noun()} it learnt "
        f"from, each time judged out of fold on the same {content.rows:,}.{brought}"
    )
