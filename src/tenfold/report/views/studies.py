"""What do the answers rest on, and is more data worth getting? Studies that were made, or how to make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.report.content import Content
from tenfold.report.svg import Dot, Scale, Tick, dot, path, percent_ticks, ticks, zoomed
from tenfold.report.thumbnails import picture_uri
from tenfold.runs.verdict import percent
from tenfold.text import shown

__all__ = ["ImportanceView", "LearningView", "importance_view", "learning_view"]

_PARTS = 15
_PATCH = 7


@dataclass(frozen=True)
class PartLine:
    """One column: how much of the right answers shuffling it costs."""

    name: str
    drop: str
    interval: str
    place: Dot | None


@dataclass(frozen=True)
class ImportanceView:
    """Bars of columns, or a picture of patches; `command` where the study was not made."""

    title: str
    caption: str
    lines: tuple[PartLine, ...]
    ticks: tuple[Tick, ...]
    picture: str
    scale: str
    command: str


@dataclass(frozen=True)
class LearningPoint:
    """One size on the drawing, places in percent."""

    x: float
    y: float
    low: float
    high: float
    told: str


@dataclass(frozen=True)
class LearningView:
    """Accuracy against rows; `command` where the study was not made."""

    title: str
    caption: str
    line: str
    points: tuple[LearningPoint, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    rows: tuple[tuple[str, ...], ...]
    command: str


def importance_view(content: Content) -> ImportanceView:
    """Show what shuffling each column, or each patch of the image, costs."""
    study = content.study("importance.json")
    if study is None:
        return ImportanceView(
            "What do the answers rest on?",
            "Not looked into yet: it takes one more fit and many answers.",
            (), (), "", "", content.command("report", "--importance"),
        )  # fmt: skip
    found = sorted(study["parts"], key=lambda one: -one["drop"])
    caption = (
        f"Right answers lost, in points, when a {'patch of the image' if study['image_shape'] else 'column'} is "
        f"shuffled among {study['n']:,} {content.noun()} that {shown(study['candidate'], 40)} had not seen. Parts that "
        "say the same share their weight: shuffling one of them alone costs little."
    )
    if study["image_shape"]:
        most = max(found[0]["drop"], 1e-9)
        scale = f"White: nothing lost. Darkest: {100 * most:.1f} points."
        picture = _patches(study, most)
        return ImportanceView(_importance_title(content, found), caption, (), (), picture, scale, "")
    kept = found[:_PARTS]
    scale_of = zoomed([0.0, *(one["low"] for one in kept), *(one["high"] for one in kept)], floor=-1.0)
    lines = tuple(
        PartLine(
            shown(one["part"], 40),
            f"{100 * one['drop']:+.1f}",
            f"{100 * one['low']:+.1f} to {100 * one['high']:+.1f}",
            dot(scale_of, one["drop"], one["low"], one["high"]),
        )
        for one in kept
    )
    percents = ticks(Scale(100 * scale_of.low, 100 * scale_of.high))
    return ImportanceView(_importance_title(content, found), caption, lines, percents, "", "", "")


def _importance_title(content: Content, found: list[Mapping[str, Any]]) -> str:
    first = found[0]
    if first["low"] <= 0:
        return "No part alone carries the answers"
    if content.data["kind"] == "image":
        return "What do the answers rest on?"
    return f"The answers rest most on {shown(first['part'], 40)}"


def _patches(study: Mapping[str, Any], most: float) -> str:
    """Every patch as a grey level, white for none, at seven screen pixels a pixel of the image."""
    height, width = study["image_shape"]
    image = np.full((height, width), 255, np.uint8)
    for one in study["parts"]:
        (top, bottom), (left, right) = (
            tuple(map(int, words.split(" ")[1].split("-"))) for words in one["part"].split(", ")
        )
        image[top : bottom + 1, left : right + 1] = round(255 - 255 * min(max(one["drop"] / most, 0), 1))
    return picture_uri(image)


def learning_view(content: Content) -> LearningView:
    """Show accuracy against the number of training rows, and what the last step brought."""
    study = content.study("learning_curve.json")
    if study is None or len(study["points"]) < 2:
        return LearningView(
            "Is more data worth getting?",
            "Not looked into yet: it takes fits with fewer rows.",
            "", (), (), (), (), content.command("report", "--learning-curve"),
        )  # fmt: skip
    points = study["points"]
    across = Scale(0.0, float(points[-1]["rows"]))
    up = zoomed([one["low"] for one in points] + [one["high"] for one in points])
    values, sizes = [one["value"] for one in points], [one["rows"] for one in points]
    drawn = tuple(
        LearningPoint(
            across.at(one["rows"]),
            round(100 - up.at(one["value"]), 2),
            round(100 - up.at(one["low"]), 2),
            round(100 - up.at(one["high"]), 2),
            f"{one['rows']:,} rows: {percent(one['value'])}",
        )
        for one in points
    )
    rows = tuple(
        (
            f"{one['rows']:,}",
            percent(one["value"]),
            f"{100 * one['low']:.1f} to {100 * one['high']:.1f}",
            "" if one["gain"] is None else f"{100 * one['gain']:+.2f}",
            "" if one["gain"] is None else f"{100 * one['gain_low']:+.2f} to {100 * one['gain_high']:+.2f}",
        )
        for one in points
    )
    return LearningView(
        _learning_title(points[-1]),
        _learning_caption(content, study),
        path(sizes, values, across, up),
        drawn,
        ticks(across),
        percent_ticks(up),
        rows,
        "",
    )


def _learning_title(last: Mapping[str, Any]) -> str:
    if last["gain_low"] > 0:
        return f"More data still helps: {100 * last['gain']:+.1f} points from the last step"
    if last["gain_high"] < 0.005:
        return "More data of this kind would hardly help"
    return "Whether more data helps cannot be told from this much"


def _learning_caption(content: Content, study: Mapping[str, Any]) -> str:
    before, last = study["points"][-2:]
    return (
        f"Accuracy of {shown(study['candidate'], 40)}, judged out of fold on the same {last['n']:,} {content.noun()}, "
        f"against the number of {content.noun()} it learnt from. From {before['rows']:,} to {last['rows']:,}: "
        f"{100 * last['gain']:+.2f} points ({100 * last['gain_low']:+.2f} to {100 * last['gain_high']:+.2f}, paired)."
    )
