"""When it says 90 %, is it right 90 % of the time? Scores against what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.decimals import RATE, FigureText, column_texts, percent, percents
from tenfold.figures import Calibration
from tenfold.show.content import Content
from tenfold.show.drawing.svg import Scale, Tick, path, percent_ticks
from tenfold.show.words import quoted
from tenfold.text import shown

__all__ = ["Bin", "CalibrationView", "calibration_view"]

_UNIT = Scale(0, 1)
_MANY = 10_000


@dataclass(frozen=True)
class Bin:
    """Rows with about the same score: places in percent, and the same as text."""

    x: float
    y: float
    low: float
    high: float
    said: str
    happened: str
    range: str
    n: str
    agrees: bool


@dataclass(frozen=True)
class CalibrationView:
    """The bins, or why there are none."""

    title: str
    text: str
    bins: tuple[Bin, ...]
    diagonal: str
    ticks: tuple[Tick, ...]
    x_name: str
    y_name: str
    told: str
    nothing: str


def calibration_view(content: Content) -> CalibrationView:
    """Compare what the chosen candidate says with what happened."""
    found = content.calibration(bins=20 if content.rows >= _MANY else 10)
    bins = () if found is None else _bins(found)
    agreeing = sum(one.agrees for one in bins)
    detects = content.positive is not None
    said = f"mean score of {quoted(content.positive, 24)}" if detects else "mean score of the answer given"
    happened = f"share that is {quoted(content.positive, 24)}" if detects else "share of answers that are right"
    return CalibrationView(
        title="When it says 90 %, is it right 90 % of the time?",
        text=_text(content, agreeing, found),
        bins=bins,
        diagonal=path([0, 1], [0, 1], _UNIT, _UNIT),
        ticks=percent_ticks(_UNIT),
        x_name=said,
        y_name=happened,
        told=f"Observed share against mean score in {len(bins)} bins; {agreeing} agree within their interval.",
        nothing="" if bins else _nothing(content),
    )


def _bins(found: Calibration) -> tuple[Bin, ...]:
    rows = list(zip(found.observed.tolist(), found.low.tolist(), found.high.tolist(), strict=True))
    texts = zip(percents(found.mean_score.tolist()), column_texts(RATE, rows), strict=True)
    return tuple(_bin(found, place, said, happened) for place, (said, happened) in enumerate(texts))


def _bin(found: Calibration, place: int, score: str, share: FigureText) -> Bin:
    said, happened, low, high = (
        float(column[place]) for column in (found.mean_score, found.observed, found.low, found.high)
    )
    return Bin(
        x=_UNIT.at(said),
        y=round(100 - _UNIT.at(happened), 2),
        low=round(100 - _UNIT.at(low), 2),
        high=round(100 - _UNIT.at(high), 2),
        said=score,
        happened=share.value,
        range=share.interval,
        n=f"{int(found.n[place]):,}",
        agrees=low <= said <= high,
    )


def _text(content: Content, agreeing: int, found: Calibration | None) -> str:
    if found is None:
        return ""
    widest = int(np.argmax(np.abs(found.observed - found.mean_score)))
    said, happened = (percent(float(column[widest])) for column in (found.mean_score, found.observed))
    tendency = "too modest" if found.observed[widest] > found.mean_score[widest] else "too sure"
    furthest = f" The group furthest away is {tendency}: it says {said}, and {happened} happens."
    one_group = len(found.n) == 1
    groups = "one group, as all are equal" if one_group else f"{len(found.n)} groups of about equal size"
    return (
        f"The {content.rows:,} out-of-fold scores in {groups}, with 95 % intervals. On the dashed line a score can be "
        f"read as a probability; {agreeing} of {len(found.n)} groups hold it within their interval."
        f"{'' if agreeing == len(found.n) else furthest}"
    )


def _nothing(content: Content) -> str:
    name = shown(content.chosen, 40)
    if content.curves(content.chosen) is None:
        return f"{name} gives answers without scores, so there is nothing to compare."
    return f"The scores of {name} are not probabilities: they rank, but say nothing of the sort “90 % sure”."
