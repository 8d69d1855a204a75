"""Scales, ticks and paths: where things stand in a drawing, as percent of its width and height."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Dot", "Scale", "Tick", "dot", "path", "percent_ticks", "spread", "ticks", "zoomed"]

_SHORT, _ROOM = 5, 40
_SIDE = 1000
"""Paths are drawn in a square of this side, which the page stretches to the room there is."""


@dataclass(frozen=True)
class Scale:
    """
    A linear scale.

    Examples
    --------
    >>> Scale(0.9, 1.0).at(0.95)
    50.0
    """

    low: float
    high: float

    def at(self, value: float) -> float:
        """Give the place of a value in percent, kept inside the drawing."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def holds(self, value: float) -> bool:
        """Tell whether a value lies on the scale."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in percent, and its text."""

    at: float
    text: str


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


def zoomed(values: Sequence[float], floor: float = 0.0, ceiling: float = 1.0) -> Scale:
    """
    Give a scale with room around the values and round ends, inside `floor` and `ceiling`.

    Examples
    --------
    >>> zoomed([0.951, 0.968])
    Scale(low=0.95, high=0.97)
    """
    if not values:
        return Scale(floor, ceiling)
    low, high = min(values), max(values)
    step = _round_step((high - low or 0.01) / 4)
    start, end = max(math.floor(low / step) * step, floor), min(math.ceil(high / step) * step, ceiling)
    return Scale(round(start, 6), round(end if end > start else start + step, 6))


def _round_step(raw: float) -> float:
    size = 10.0 ** math.floor(math.log10(raw))
    return next(factor * size for factor in (1, 2, 5, 10) if factor * size >= raw * 0.999)


def ticks(scale: Scale, count: int = 4) -> tuple[Tick, ...]:
    """
    Give round places on a scale.

    Examples
    --------
    >>> [tick.text for tick in ticks(Scale(-5000, 12000))]
    ['-5,000', '0', '5,000', '10,000']
    """
    step = _round_step((scale.high - scale.low) / count)
    digits = max(0, -math.floor(math.log10(step)))
    first = math.ceil(scale.low / step - 1e-9)
    places = (round(number * step, 10) for number in range(first, math.floor(scale.high / step + 1e-9) + 1))
    return tuple(Tick(scale.at(place), f"{place:,.{digits}f}") for place in places)


def percent_ticks(scale: Scale, count: int = 3) -> tuple[Tick, ...]:
    """
    Give round places on a scale of rates, in percent; the last one says so.

    Examples
    --------
    >>> [tick.text for tick in percent_ticks(Scale(0, 1))]
    ['0', '50', '100 %']
    >>> [tick.text for tick in percent_ticks(Scale(0.975, 0.978))]
    ['97.5', '97.8 %']
    """
    *before, last = ticks(Scale(100 * scale.low, 100 * scale.high), count)
    text = f"{last.text} %"
    # A long text at the end of a short scale needs the room of the tick before it: then the first stands alone.
    crowded = len(text) > _SHORT and any(last.at - tick.at < _ROOM for tick in before)
    return (*(before[:1] if crowded else before), Tick(last.at, text))


def path(x: ArrayLike, y: ArrayLike, x_scale: Scale, y_scale: Scale) -> str:
    """
    Give the path of a line in a square of side 1000, the y axis upwards; points that fall together are drawn once.

    Examples
    --------
    >>> path([0, 0.5, 1], [0, 1, 1], Scale(0, 1), Scale(0, 1))
    'M0 1000L500 0L1000 0'
    """
    across = _placed(x, x_scale)
    down = _SIDE - _placed(y, y_scale)
    points = np.stack([across, down], axis=1)
    points = points[np.isfinite(points).all(axis=1)].round().astype(int)
    kept = points[np.append(True, (points[1:] != points[:-1]).any(axis=1))] if len(points) else points
    return "M" + "L".join(f"{a} {b}" for a, b in kept) if len(kept) else ""


def _placed(values: ArrayLike, scale: Scale) -> NDArray[np.float64]:
    shares = (np.asarray(values, np.float64) - scale.low) / (scale.high - scale.low)
    return np.asarray(_SIDE * np.clip(shares, 0, 1))


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
