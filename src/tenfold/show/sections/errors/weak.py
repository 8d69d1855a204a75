"""Where is it weak? Slices with many errors, then single rows that deserve a second look."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from tenfold.analysis.slices import Slice
from tenfold.analysis.weak_spots import PredictedInstances, weak_spots
from tenfold.data.pictures.tone import Tone
from tenfold.decimals import RATE, FigureText, column_texts, percent
from tenfold.show.components import Gallery
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, zoomed
from tenfold.show.drawing.dots import Dot, dot
from tenfold.show.drawing.pictures import Shots
from tenfold.show.sections.errors.second_look import second_looks

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
    """Everything of this view; `absent` says why there is nothing, and is empty where there is; `images` are shown."""

    title: str
    caption: str
    slices: tuple[SliceLine, ...]
    ticks: tuple[Tick, ...]
    galleries: tuple[Gallery, ...]
    command: str
    absent: str = ""
    images: bool = False


def weak_view(content: Content) -> WeakView | None:
    """Look for what goes wrong together; says so where the training rows are not at hand."""
    predictions = content.predictions
    if predictions is None:
        reason = f"This view needs the training rows, which could not be loaded: {content.absent}"
        return (
            WeakView("Where is it weak?", "", (), (), (), content.command("report"), reason) if content.absent else None
        )
    spots = weak_spots(predictions, content.seed)
    worst = _worth_showing(spots.slices, spots.always)
    table = predictions.data.table is not None
    wrong = predictions.y != predictions.predicted
    overall = float(wrong.mean())
    scale = zoomed([end for one in worst for end in (one.low, one.high)] + [overall])
    shares = column_texts(RATE, [(one.rate, one.low, one.high) for one in worst])
    return WeakView(
        title=_title(content, worst, table=table),
        caption=_caption(content, worst, spots.looked_at, overall, table=table),
        slices=tuple(_line(content, predictions, *one, scale) for one in zip(worst, shares, strict=True)),
        ticks=percent_ticks(scale),
        galleries=second_looks(content, predictions, spots),
        command=content.command("report", "--weak-spots"),
        images=predictions.data.pictures(slice(1)) is not None,
    )


def _worth_showing(slices: list[Slice], always: Collection[str]) -> list[Slice]:
    """Those beyond chance; where there are none the first few, as what comes closest; and those always looked at."""
    beyond = [one for one in slices if one.beyond_chance]
    chosen = beyond[:_SLICES] or slices[:_WITHIN_CHANCE]
    return chosen + [one for one in slices if one.name in always and one not in chosen]


def _title(content: Content, worst: list[Slice], *, table: bool) -> str:
    if not worst or not worst[0].beyond_chance:
        return f"No group of {content.noun()} stands out as weak"
    return f"Weakest {'slice' if table else 'group'}: {worst[0].name}"


def _caption(content: Content, worst: list[Slice], looked_at: int, overall: float, *, table: bool) -> str:
    cut = "slices (values of one column)" if table else "groups that look alike"
    groups = f"{looked_at} {cut}, each of at least 20 {content.noun()},"
    if not looked_at:
        return f"There is no group of at least 20 {content.noun()} to look at."
    if not worst:
        return f"None of {groups} has more errors than the rest ({percent(overall)} over all)."
    basis = (
        f"The share of {content.noun()} called wrongly is {percent(overall)} over all, judged out of fold. Intervals "
        "and test allow for having looked at all of them (Wilson, Bonferroni; Fisher, Holm)."
    )
    beyond = sum(one.beyond_chance for one in worst)
    if not beyond:
        return f"Of {groups} none has more errors than the rest beyond chance; these come closest. {basis}"
    return f"{beyond} of {groups} {'has' if beyond == 1 else 'have'} more errors than the rest, beyond chance. {basis}"


def _line(content: Content, predictions: PredictedInstances, one: Slice, share: FigureText, scale: Scale) -> SliceLine:
    errors = one.rows[predictions.y[one.rows] != predictions.predicted[one.rows]]
    mean, shots = None, None
    X = predictions.data.pictures()
    if X is not None:
        mean, shots = _mean(X, one.rows[:_AVERAGED], one.name), _some(X, errors[:_SHOTS])
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
