"""When it says 90 %, is it right 90 % of the time? Scores against what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.decimals import RATE, FigureText, column_texts, percent, percents
from tenfold.figures import Calibration
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks
from tenfold.show.drawing.curves import path
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
    score: str
    share: str
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
    description: str
    nothing: str


def calibration_view(content: Content) -> CalibrationView:
    """Compare what the chosen candidate says with what happened."""
    groups = content.calibration(bins=20 if content.rows >= _MANY else 10)
    bins = () if groups is None else _bins(groups)
    agreeing = sum(one.agrees for one in bins)
    detects = content.positive is not None
    target = quoted(content.positive or "", 24)
    x_name = f"mean score of {target}" if detects else "mean score of the answer given"
    y_name = f"share that is {target}" if detects else "share of answers that are right"
    return CalibrationView(
        title="When it says 90 %, is it right 90 % of the time?",
        text=_text(content, agreeing, groups),
        bins=bins,
        diagonal=path([0, 1], [0, 1], _UNIT, _UNIT),
        ticks=percent_ticks(_UNIT),
        x_name=x_name,
        y_name=y_name,
        description=f"Observed share against mean score in {len(bins)} bins; {agreeing} agree within their interval.",
        nothing="" if bins else _nothing(content),
    )


def _bins(groups: Calibration) -> tuple[Bin, ...]:
    rows = list(zip(groups.observed.tolist(), groups.low.tolist(), groups.high.tolist(), strict=True))
    texts = zip(percents(groups.mean_score.tolist()), column_texts(RATE, rows), strict=True)
    return tuple(_bin(groups, place, *pair) for place, pair in enumerate(texts))


def _bin(groups: Calibration, place: int, score: str, share: FigureText) -> Bin:
    mean_score, observed, low, high = (
        float(column[place]) for column in (groups.mean_score, groups.observed, groups.low, groups.high)
    )
    return Bin(
        x=_UNIT.at(mean_score),
        y=round(100 - _UNIT.at(observed), 2),
        low=round(100 - _UNIT.at(low), 2),
        high=round(100 - _UNIT.at(high), 2),
        score=score,
        share=share.value,
        range=share.interval,
        n=f"{int(groups.n[place]):,}",
        agrees=low <= mean_score <= high,
    )


def _text(content: Content, agreeing: int, groups: Calibration | None) -> str:
    if groups is None:
        return ""
    widest = int(np.argmax(np.abs(groups.observed - groups.mean_score)))
    score, share = (percent(float(column[widest])) for column in (groups.mean_score, groups.observed))
    tendency = "too modest" if groups.observed[widest] > groups.mean_score[widest] else "too sure"
    furthest = f" The group furthest away is {tendency}: it says {score}, and {share} happens."
    one_group = len(groups.n) == 1
    number = "one group, as all are equal" if one_group else f"{len(groups.n)} groups of about equal size"
    return (
        f"The {content.rows:,} out-of-fold scores in {number}, with 95 % intervals. On the dashed line a score can be "
        f"read as a probability; {agreeing} of {len(groups.n)} groups hold it within their interval."
        f"{'' if agreeing == len(groups.n) else furthest}"
    )


def _nothing(content: Content) -> str:
    name = shown(content.chosen, 40)
    if content.curves(content.chosen) is None:
        return f"{name} gives answers without scores, so there is nothing to compare."
    return f"The scores of {name} are not probabilities: they rank, but say nothing of the sort “90 % sure”."
