"""What do the answers rest on? Columns or patches by what shuffling them costs, or how to find out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.analysis.rows import sample_rows
from tenfold.data.pictures.tone import Tone
from tenfold.decimals import FigureText, Unit, change_unit, is_rate
from tenfold.figures.metrics import better
from tenfold.record.analysis import IMPORTANCE
from tenfold.record.words.verdict import metric_words_of
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, spanning, ticks, uncrowded, zoomed
from tenfold.show.drawing.dots import Dot, dot
from tenfold.show.drawing.pictures import picture_uri
from tenfold.show.words import changes
from tenfold.text import shown

__all__ = ["Heat", "ImportanceView", "PartLine", "importance_view"]

_PARTS = 15
_MEAN_OF = 2_000


@dataclass(frozen=True)
class Part:
    """A column, or a patch of the image (top, left, bottom, right): what shuffling it costs, with its interval."""

    name: str
    value: float
    low: float
    high: float
    patch: tuple[int, int, int, int] | None


@dataclass(frozen=True)
class PartLine:
    """One part: what shuffling it costs."""

    name: str
    drop: str
    interval: str
    place: Dot | None


@dataclass(frozen=True)
class Patch:
    """One patch of the heat map, in pixels of the image; `heat` from 0 to 1."""

    x: int
    y: int
    width: int
    height: int
    heat: float
    words: str


@dataclass(frozen=True)
class Heat:
    """The heat map: the size of the image, the mean image that lies under it, the patches."""

    width: int
    height: int
    mean: str
    ink: bool
    patches: tuple[Patch, ...]
    scale: str


@dataclass(frozen=True)
class ImportanceView:
    """A heat map or bars of columns, with the table of the heaviest parts; `command` where the study was not made."""

    title: str
    caption: str
    part: str = ""
    lines: tuple[PartLine, ...] = ()
    ticks: tuple[Tick, ...] = ()
    heat: Heat | None = None
    more: str = ""
    command: str = ""


def importance_view(content: Content) -> ImportanceView:
    """Show what shuffling each column, or each patch of the image, costs."""
    study = content.study(IMPORTANCE)
    if study is None:
        return ImportanceView(
            "What do the answers rest on?",
            "Not looked into: it takes fits and many more answers than the run has time for. It shuffles one "
            f"{_part(content)} after the other in {content.noun()} the model has not seen, and counts what is lost.",
            command=content.command("report", "--importance"),
        )
    parts = sorted(_parts(study), key=lambda one: -one.value)
    image = study["image_shape"] is not None
    first = parts[: _PARTS // 3 if image else _PARTS]
    unit = _unit(content)
    texts = changes(unit, parts)
    ends = [0.0, *(end for one in first for end in (one.low, one.high))]
    scale = spanning(ends) if unit.figures else zoomed(ends, floor=-1.0, ceiling=10.0)
    return ImportanceView(
        _title(content, parts),
        _caption(content, study),
        _part(content),
        tuple(_line(one, text, scale) for one, text in zip(first, texts, strict=False)),
        uncrowded(ticks(Scale(unit.scale * scale.low, unit.scale * scale.high), 2)),
        _heat(content, study, parts, texts) if image and parts else None,
        f"{len(parts) - len(first):,} more count less." if len(parts) > len(first) else "",
    )


def _unit(content: Content) -> Unit:
    if content.task.numeric:
        return change_unit(content.metric)
    return Unit(100, 1, signed=True) if is_rate(content.metric) else Unit(1, 3, signed=True)


def _parts(study: Mapping[str, Any]) -> Iterator[Part]:
    """The parts of a study whose loss is defined."""
    for one in study["parts"]:
        if one["drop"] is not None:
            patch = one.get("patch")
            yield Part(one["part"], one["drop"], one["low"], one["high"], tuple(patch) if patch else None)


def _part(content: Content) -> str:
    return "patch" if content.data.image_shape is not None else "column"


def _title(content: Content, parts: Sequence[Part]) -> str:
    if not parts or parts[0].low <= 0:
        return f"No single {_part(content)} carries the answers"
    if _part(content) == "patch":
        return "Where in the image do the answers come from?"
    return f"The answers rest most on {shown(parts[0].name, 40)}"


def _caption(content: Content, study: Mapping[str, Any]) -> str:
    metric, part = content.metric, _part(content)
    how = f"{metric_words_of(content.task, metric)}{', in points,' if is_rate(metric) else ''}"
    worse = "grows" if better(metric) < 0 else "is lost"
    rows = f"{study['n']:,} {content.noun()} of {study['folds']} fold{'s' if study['folds'] > 1 else ''}"
    return (
        f"How much {how} {worse} when one {part} is shuffled among {rows}, answered by models that had not seen them. "
        f"{part.capitalize()}{'es' if part == 'patch' else 's'} that say the same share their weight: shuffling one of "
        "them alone costs little, so a small value does not mean that it says nothing."
        + (" Rows and columns of pixels count from 0 at the top left." if part == "patch" else "")
    )


def _line(one: Part, text: FigureText, scale: Scale) -> PartLine:
    place = dot(scale, one.value, one.low, one.high)
    return PartLine(shown(one.name, 40), text.value, text.interval, place)


def _heat(content: Content, study: Mapping[str, Any], parts: Sequence[Part], texts: Sequence[FigureText]) -> Heat:
    height, width = study["image_shape"]
    most = max(parts[0].value, 1e-9)
    patches = tuple(_patch(one, text, most) for one, text in zip(parts, texts, strict=True) if one.value > 0)
    mean, ink = _mean(content)
    points = " points" if is_rate(content.metric) else ""
    scale = f"The fullest colour: {texts[0].value.lstrip('+')}{points}."
    return Heat(
        width, height, mean, ink, patches, f"{scale} Under it, the mean of all training images." if mean else scale
    )


def _patch(one: Part, text: FigureText, most: float) -> Patch:
    top, left, bottom, right = one.patch or (0, 0, 0, 0)
    words = f"{one.name}: {text.value}"
    return Patch(left, top, right - left, bottom - top, round(one.value / most, 3), words)


def _mean(content: Content) -> tuple[str, bool]:
    """The mean image as a picture, and whether it is to be turned over on a dark page."""
    X = None if content.instances is None else content.instances.pictures()
    if X is None:
        return "", False
    some = X[sample_rows(len(X), _MEAN_OF)]
    tone = Tone.of(X)
    return picture_uri(tone.grey(some.mean(axis=0).round().astype(np.uint8))), tone.inverted
