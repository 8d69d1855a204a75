"""What a score promises against what happened, as a figure."""

from __future__ import annotations

from tenfold.decimals import percent
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Area
from tenfold.show.drawing.ink import ACCENT, circle, curve, line
from tenfold.show.drawing.svg import Scale, percent_ticks
from tenfold.show.figures.figure import Figure
from tenfold.show.words import quoted
from tenfold.text import shown

__all__ = ["calibration_figure"]

_UNIT = Scale(0, 1)
_AREA = Area(96, 36, 480, 480, _UNIT, _UNIT)
_MANY = 10_000


def calibration_figure(content: Content) -> Figure:
    """Draw the observed share against the mean score, in bins of equal counts with their intervals."""
    found = content.calibration(bins=20 if content.rows >= _MANY else 10)
    if found is None:
        raise ValueError(f"the scores of {content.chosen} are no probabilities")
    xs, ys, lows, highs = (
        _AREA.across(found.mean_score), _AREA.down(found.observed), _AREA.down(found.low), _AREA.down(found.high)
    )  # fmt: skip
    detects = content.positive is not None
    target = quoted(content.spoken(str(content.metrics["positive"])), 24)
    names = (
        (f"mean score of {target}", f"share that is {target}")
        if detects
        else ("mean score of the answer given", "share of answers that are right")
    )
    body = [_AREA.drawn(percent_ticks(_UNIT, 5), percent_ticks(_UNIT, 5), *names)]
    body.append(curve(_AREA.across([0, 1]), _AREA.down([0, 1]), stroke="#b9bec8", width=1.5, dash="4 4"))
    for x, y, low, high in zip(xs.tolist(), ys.tolist(), lows.tolist(), highs.tolist(), strict=True):
        body += [line(x, low, x, high, stroke=ACCENT, width=2), circle(x, y, 4)]
    note = (
        f"{content.rows:,} out-of-fold scores of {shown(content.chosen, 40)} in {len(found.n)} groups of about equal "
        "size, with 95 % intervals (Wilson). On the dashed line a score can be read as a probability."
    )
    agree = int(((found.low <= found.mean_score) & (found.mean_score <= found.high)).sum())
    told = f"{agree} of {len(found.n)} groups hold their mean score within their interval. " + "; ".join(
        f"says {percent(said)}, {percent(happened)} happens"
        for said, happened in zip(found.mean_score.tolist(), found.observed.tolist(), strict=True)
    )
    title = "When it says 90 %, is it right 90 % of the time?"
    return Figure("calibration", title, note, told, _AREA.top + _AREA.height + 44, "".join(body))
