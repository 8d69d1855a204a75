"""Where is it weak? Slices with many errors, then single rows that deserve a second look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tenfold.analysis.slices import Slice
from tenfold.analysis.weak_spots import PredictedInstances, weak_spots
from tenfold.data.pictures.tone import Tone
from tenfold.decimals import RATE, FigureText, column_texts, percent
from tenfold.show.content import Content
from tenfold.show.drawing.svg import Dot, Scale, Tick, dot, percent_ticks, zoomed
from tenfold.show.sections.errors.second_look import Gallery, second_looks
from tenfold.show.thumbnails import Shots

__all__ = ["SliceLine", "WeakView", "weak_view"]

_SLICES = 8
_WITHIN_CHANCE = 3
_SHOTS = 6
_AVERAGED = 500
_ROWS = 5


@dataclass(frozen=True)
class SliceLine:
    """One slice: what its rows have in common, how often they are called wrongly, some of the errors."""

    name: str
    rate: str
    interval: str
    count: str
    place: Dot | None
    mean: Shots | None
    shots: Shots | None
    rows: str


@dataclass(frozen=True)
class WeakView:
    """Everything of this view; `absent` says why there is nothing, and is empty where there is."""

    title: str
    caption: str
    slices: tuple[SliceLine, ...]
    ticks: tuple[Tick, ...]
    galleries: tuple[Gallery, ...]
    command: str
    absent: str = ""


def weak_view(content: Content) -> WeakView | None:
    """Look for what goes wrong together; says so where the training rows are not at hand."""
    judged = content.judged()
    if judged is None:
        told = f"This view needs the training rows, which could not be loaded: {content.absent}"
        return (
            WeakView("Where is it weak?", "", (), (), (), content.command("report"), told) if content.absent else None
        )
    found = weak_spots(judged, content.seed)
    kept = _worth_showing(found.slices)
    wrong = judged.y != judged.predicted
    overall = float(wrong.mean())
    scale = zoomed([end for one in kept for end in (one.low, one.high)] + [overall])
    shares = column_texts(RATE, [(one.rate, one.low, one.high) for one in kept])
    return WeakView(
        title=_title(content, kept),
        caption=_caption(content, judged, kept, found.looked_at, overall),
        slices=tuple(_line(content, judged, *one, scale) for one in zip(kept, shares, strict=True)),
        ticks=percent_ticks(scale),
        galleries=second_looks(content, judged, found),
        command=content.command("report", "--weak-spots"),
    )


def _worth_showing(slices: list[Slice]) -> list[Slice]:
    """Those beyond chance; where there are none the first few, as what comes closest."""
    beyond = [one for one in slices if one.beyond_chance]
    return beyond[:_SLICES] or slices[:_WITHIN_CHANCE]


def _title(content: Content, kept: list[Slice]) -> str:
    if not kept or not kept[0].beyond_chance:
        return f"No group of {content.noun()} stands out as weak"
    return f"Weakest {'group' if content.data['kind'] == 'image' else 'slice'}: {kept[0].name}"


def _caption(content: Content, judged: PredictedInstances, kept: list[Slice], looked_at: int, overall: float) -> str:
    table = isinstance(judged.X, pd.DataFrame)
    cut = "slices (values of one column)" if table else "groups that look alike"
    asked = f"{looked_at} {cut}, each of at least 20 {content.noun()},"
    if not looked_at:
        return f"There is no group of at least 20 {content.noun()} to look at."
    if not kept:
        return f"None of {asked} has more errors than the rest ({percent(overall)} over all)."
    held = (
        f"The share of {content.noun()} called wrongly is {percent(overall)} over all, judged out of fold. Intervals "
        "and test allow for having looked at all of them (Wilson, Bonferroni; Fisher, Holm)."
    )
    beyond = sum(one.beyond_chance for one in kept)
    if not beyond:
        return f"Of {asked} none has more errors than the rest beyond chance; these come closest. {held}"
    return f"{beyond} of {asked} {'has' if beyond == 1 else 'have'} more errors than the rest, beyond chance. {held}"


def _line(content: Content, judged: PredictedInstances, one: Slice, share: FigureText, scale: Scale) -> SliceLine:
    errors = one.rows[judged.y[one.rows] != judged.predicted[one.rows]]
    mean, shots = None, None
    if not isinstance(judged.X, pd.DataFrame):
        mean, shots = _mean(judged.X, one.rows[:_AVERAGED], one.name), _some(judged.X, errors[:_SHOTS])
    numbers = ", ".join(f"{row:,}" for row in content.rows_in_source[errors[:_ROWS]].tolist())
    return SliceLine(
        name=one.name,
        rate=share.value,
        interval=share.interval,
        count=f"{one.errors:,} of {len(one.rows):,}",
        place=dot(scale, one.rate, one.low, one.high),
        mean=mean,
        shots=shots,
        rows=f"{numbers}, …" if len(errors) > _ROWS else numbers,
    )


def _some(X: np.ndarray, rows: np.ndarray) -> Shots:
    return Shots.of(X[rows], Tone.of(X), [("", "")] * len(rows))


def _mean(X: np.ndarray, rows: np.ndarray, name: str) -> Shots:
    return Shots.of(X[rows].mean(axis=0, keepdims=True).round().astype(np.uint8), Tone.of(X), [("", f"mean of {name}")])
