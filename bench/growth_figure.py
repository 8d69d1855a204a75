"""Seconds against training rows, both logarithmic, with the line fitted."""

from __future__ import annotations

import numpy as np

from bench.dots import colour
from bench.scale import Growth, ScaleResult
from bench.words import seconds
from tenfold.show.drawing.axes import Area, log_axis
from tenfold.show.drawing.dots import spread
from tenfold.show.drawing.figure import MARGIN, Figure
from tenfold.show.drawing.ink import circle, curve, text

__all__ = ["growth_figure"]

_LEFT, _TOP, _WIDTH, _HEIGHT = MARGIN + 56, 36, 420, 300
_LABEL_GAP = 36


def growth_figure(result: ScaleResult) -> Figure:
    """Draw how the time of each contender grew."""
    growths = result.growths
    across = log_axis(rows for one in growths for rows in one.rows)
    up = log_axis(second for one in growths for second in one.seconds)
    area = Area(_LEFT, _TOP, _WIDTH, _HEIGHT, across.scale, up.scale)
    parts = [area.draw(across.count_ticks(), up.time_ticks(), "training rows", "time")]
    ends = [float(area.down([np.log10(one.seconds[-1])])[0]) for one in growths]
    heights = spread(ends, _LABEL_GAP, _TOP + _HEIGHT)
    for place, (one, height) in enumerate(zip(growths, heights, strict=True)):
        parts.append(_line(one, area, colour(one.name, place), height))
    words = "; ".join(
        f"{one.name}: {seconds(one.seconds[0])} at {one.rows[0]:,} rows, {seconds(one.seconds[-1])} at "
        f"{one.rows[-1]:,}, {_power(one)}"
        for one in growths
    )
    note = (
        f"Medians; lines: powers of the rows fitted by least squares on logarithms (standard error). "
        f"{result.detail[:1].upper()}{result.detail[1:]}."
    )
    return Figure(f"benchmarks-{result.name}", result.title, note, words, _TOP + _HEIGHT + 44, "".join(parts))


def _line(one: Growth, area: Area, fill: str, height: float) -> str:
    across, up = area.across(np.log10(one.rows)), area.down(np.log10(one.seconds))
    ends = [float(one.rows[0]), float(one.rows[-1])]
    fitted = area.down(np.log10([one.exponent.seconds(rows) for rows in ends]))
    parts = [curve(area.across(np.log10(ends)), fitted, stroke=fill, width=1.5, dash="4 3")]
    parts += [circle(x, y, 4, fill=fill) for x, y in zip(across.tolist(), up.tolist(), strict=True)]
    x = float(across[-1]) + 12
    parts.append(text(x, height, f"{one.name} {seconds(one.seconds[-1])}", fill=fill, weight=600, halo=True))
    parts.append(text(x, height + 16, _power(one), size=12, fill=fill, halo=True))
    return "".join(parts)


def _power(one: Growth) -> str:
    return f"rows to the power {one.exponent.value:.2f} (±{one.exponent.error:.2f})"
