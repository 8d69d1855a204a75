"""Recall of each class with its interval, as a figure."""

from __future__ import annotations

from tenfold.decimals import percent
from tenfold.show.content import Content
from tenfold.show.drawing.ink import ACCENT, LINE, SOFT, box, circle, line, text
from tenfold.show.drawing.svg import Scale, percent_ticks, zoomed
from tenfold.show.figures.figure import MARGIN, WIDTH, Figure
from tenfold.show.words import Number, numbers
from tenfold.text import shown

__all__ = ["recalls_figure"]

_MOST = 40
_ROW = 26
_NAMES, _VALUES = 150, 150


def recalls_figure(content: Content) -> Figure:
    """Draw the share of each class that is found; of many classes the lowest."""
    found = _recalls(content)
    ends = [end for _, one in found for end in (one.low, one.value, one.high) if end is not None]
    scale = zoomed(ends)
    zoom = f" The axis is zoomed: {percent(scale.low)} to {percent(scale.high)}."
    few = (
        ""
        if len(found) == len(content.classes)
        else f"The {len(found)} of {len(content.classes)} classes with the lowest recall. "
    )
    note = (
        f"{few}Recall, the share of a class that is found, with 95 % intervals (Wilson); judged out of fold by "
        f"{shown(content.chosen, 40)} on {content.rows:,} training {content.noun(content.rows)}."
        f"{'' if (scale.low, scale.high) == (0, 1) else zoom}"
    )
    told = "; ".join(f"{name} {one.text} ({one.range or one.reason})" for name, one in found)
    left, right = MARGIN + _NAMES, WIDTH - MARGIN - _VALUES
    rows = [_row(name, one, scale, (left, right, 12 + _ROW * place)) for place, (name, one) in enumerate(found)]
    bottom = 12 + _ROW * len(found)
    ticks = [
        text(left + (right - left) * tick.at / 100, bottom + 10, tick.text, size=12, fill=SOFT, anchor="middle")
        for tick in percent_ticks(scale)
    ]
    return Figure("recall-by-class", "How much of each class is found", note, told, bottom + 16, "".join(rows + ticks))


def _recalls(content: Content) -> list[tuple[str, Number]]:
    nothing = {"value": None, "n": 0, "reason": "not computed"}
    keys = ("specificity", "recall") if content.positive is not None else [f"recall:{name}" for name in content.classes]
    names = [shown(content.spoken(name), 18) for name in content.classes]
    found = list(zip(names, numbers(("recall", content.figures.get(key, nothing)) for key in keys), strict=True))
    if len(found) <= _MOST:
        return found
    return sorted(found, key=lambda one: 2.0 if one[1].value is None else one[1].value)[:_MOST]


def _row(name: str, one: Number, scale: Scale, place: tuple[float, float, float]) -> str:
    left, right, y = place
    parts = [text(left - 14, y + 4, name, anchor="end"), line(left, y, right, y, stroke=LINE)]
    if one.value is None or one.low is None or one.high is None:
        return "".join([*parts, text(right + 14, y + 4, shown(one.reason, 24), size=12, fill=SOFT)])
    low, at, high = (left + (right - left) * scale.at(value) / 100 for value in (one.low, one.value, one.high))
    parts.append(box(low, y - 3, max(high - low, 1), 6, fill=ACCENT, opacity=0.35, radius=3))
    parts.append(circle(at, y, 4))
    parts.append(text(right + 66, y + 4, one.text, anchor="end"))
    parts.append(text(right + _VALUES, y + 4, one.range, size=12, fill=SOFT, anchor="end"))
    return "".join(parts)
