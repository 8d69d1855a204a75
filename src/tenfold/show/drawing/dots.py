"""Values with their intervals as dots, and labels that do not lie over one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import isotonic_regression

from tenfold.show.drawing.axes import Scale
from tenfold.show.drawing.ink import ACCENT, box, circle

__all__ = ["Dot", "beside_each_other", "dot", "interval_mark", "spread"]

_GAP = 14


@dataclass(frozen=True)
class Dot:
    """A value with its interval on a common scale; `beyond` is "below", "above" or "" where it lies on the scale."""

    at: float
    low: float
    width: float
    beyond: str = ""


def dot(scale: Scale, value: float | None, low: float | None, high: float | None) -> Dot | None:
    """Place a value and its interval; None where it is undefined."""
    if value is None:
        return None
    if not scale.holds(value):
        return Dot(scale.at(value), 0, 0, "below" if value < scale.low else "above")
    start, end = scale.at(value if low is None else low), scale.at(value if high is None else high)
    return Dot(scale.at(value), start, round(end - start, 2))


def interval_mark(low: float, at: float, high: float, y: float, *, radius: float = 4, fill: str = ACCENT) -> str:
    """
    Draw a value as a circle over the bar of its interval, all places in pixels.

    Examples
    --------
    >>> interval_mark(10, 20, 40, 5).count("<")
    2
    """
    return box(low, y - 3, max(high - low, 1), 6, fill=fill, opacity=0.35, radius=3) + circle(at, y, radius, fill=fill)


def spread(places: Sequence[float], gap: float, ceiling: float = 100.0) -> list[float]:
    """
    Move labels apart that stand closer than `gap`, in their order, as little as a downward pass can.

    Examples
    --------
    >>> spread([10, 11, 50], gap=5)
    [10, 15, 50]
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    for after, before in pairwise(order[::-1]):
        moved[after] = min(moved[after], ceiling)
        moved[before] = min(moved[before], moved[after] - gap)
    return moved


def beside_each_other(places: Sequence[float], widths: Sequence[float], low: float, high: float) -> list[float]:
    """
    Move centred labels apart, in their order: the least sum of squared moves that leaves a gap between them.

    With the room that labels before it need taken off, each place must not lie before the one before: that is
    isotonic regression, and its values can be clipped at both ends.

    Examples
    --------
    >>> beside_each_other([50, 52, 150], [20, 20, 20], 0, 200)
    [34.0, 68.0, 150.0]
    """
    order = np.argsort(places, kind="stable")
    wide = np.asarray(widths, np.float64)[order]
    room = np.append(0, np.cumsum((wide[1:] + wide[:-1]) / 2 + _GAP))
    free = isotonic_regression(np.asarray(places, np.float64)[order] - room).x
    moved = np.empty(len(wide))
    moved[order] = np.clip(free, low + wide[0] / 2, high - wide[-1] / 2 - room[-1]) + room
    return moved.tolist()
