"""Scales, ticks and plot areas: where values stand in a drawing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.show.drawing.ink import LINE, SOFT, line, text

__all__ = ["Area", "LogAxis", "Scale", "Tick", "log_axis", "percent_ticks", "spanning", "ticks", "uncrowded", "zoomed"]

_SHORT, _SPACE = 5, 40
_MOST_DECIMALS = 5
_LETTER = 7


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
        """Return the place of a value in percent, kept inside the drawing."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def holds(self, value: float) -> bool:
        """Return whether a value lies on the scale."""
        return self.low <= value <= self.high


_APART = 1e-5
"""Of values on such a scale: its ends have six digits."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in percent, and its text."""

    at: float
    text: str


def zoomed(values: Sequence[float], floor: float = 0.0, ceiling: float = 1.0) -> Scale:
    """
    Return a scale with room around the values and round ends, inside `floor` and `ceiling`.

    Examples
    --------
    >>> zoomed([0.951, 0.968]), zoomed([0.1535, 0.1535 + 1e-15])
    (Scale(low=0.95, high=0.97), Scale(low=0.15, high=0.155))
    """
    if not values:
        return Scale(floor, ceiling)
    low, high = min(values), max(values)
    step = _round_step((high - low if high - low > _APART else 0.01) / 4)
    start, end = max(math.floor(low / step) * step, floor), min(math.ceil(high / step) * step, ceiling)
    return Scale(round(start, 6), round(end if end > start else start + step, 6))


def spanning(values: Sequence[float], count: int = 4) -> Scale:
    """
    Return a scale with round ends that holds values of any size and sign.

    Parameters
    ----------
    values : sequence of float
        Finite, at least one.
    count : int
        About so many steps are between its ends.

    Examples
    --------
    >>> spanning([-3.2e-9, 7e-9]), spanning([5.0])
    (Scale(low=-5e-09, high=1e-08), Scale(low=4.5, high=5.5))
    """
    low, high = min(values), max(values)
    if low == high:
        room = abs(low) / 10 or 1.0
        low, high = low - room, high + room
    step = _round_step((high - low) / count)
    return Scale(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)


def _round_step(raw: float) -> float:
    size = 10.0 ** math.floor(math.log10(raw))
    return next(factor * size for factor in (1, 2, 5, 10) if factor * size >= raw * 0.999)


def ticks(scale: Scale, count: int = 4) -> tuple[Tick, ...]:
    """
    Return round places on a scale.

    Examples
    --------
    >>> [tick.text for tick in ticks(Scale(-5000, 12000))]
    ['-5,000', '0', '5,000', '10,000']
    >>> [tick.text for tick in ticks(Scale(0, 4e-9))]
    ['0', '1e-9', '2e-9', '3e-9', '4e-9']
    """
    step = _round_step((scale.high - scale.low) / count)
    digits = max(0, -math.floor(math.log10(step)))
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    places = [round(number * step, max(10, digits + 1)) for number in range(first, last + 1)]
    return tuple(Tick(scale.at(place), _tick_text(place, digits)) for place in places)


def uncrowded(marks: tuple[Tick, ...], room: float = 150) -> tuple[Tick, ...]:
    """
    Return every tick, or every second or third one, so that their texts do not touch where the scale is `room` px wide.

    Examples
    --------
    >>> [tick.text for tick in uncrowded(ticks(Scale(40_000, 80_000)))]
    ['40,000', '60,000', '80,000']
    """
    if len(marks) < 2:
        return marks
    widest = 100 * _LETTER * (1 + max(len(tick.text) for tick in marks)) / room
    apart = (marks[-1].at - marks[0].at) / (len(marks) - 1)
    return marks[:: max(1, math.ceil(widest / apart))] if apart else marks


def _tick_text(place: float, digits: int) -> str:
    """Powers of ten only where the decimals, or the figures, would be many."""
    if digits <= _MOST_DECIMALS and abs(place) < 1e12:
        return f"{place:,.{digits}f}"
    return f"{place:.3g}".replace("e-0", "e-").replace("e+", "e").replace("e0", "e")


def percent_ticks(scale: Scale, count: int = 3) -> tuple[Tick, ...]:
    """
    Return round places on a scale of rates, in percent; the last one says so.

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
    crowded = len(text) > _SHORT and any(last.at - tick.at < _SPACE for tick in before)
    return (*(before[:1] if crowded else before), Tick(last.at, text))


@dataclass(frozen=True)
class LogAxis:
    """
    From one power of ten to another.

    Parameters
    ----------
    scale : Scale
        Of decimal logarithms.
    """

    scale: Scale

    def at(self, value: float) -> float:
        """Return the place of a positive value in percent."""
        return self.scale.at(math.log10(value))

    def decades(self) -> list[tuple[float, float]]:
        """Return each power of ten with its place in percent."""
        powers = range(round(self.scale.low), round(self.scale.high) + 1)
        return [(10.0**power, self.scale.at(power)) for power in powers]

    def time_ticks(self) -> tuple[Tick, ...]:
        """Return the decades in seconds."""
        return tuple(
            Tick(at, f"{1000 * value:g} ms" if value < 0.1 else f"{value:,g} s") for value, at in self.decades()
        )

    def count_ticks(self) -> tuple[Tick, ...]:
        """Return the decades as plain numbers."""
        return tuple(Tick(at, f"{value:,g}") for value, at in self.decades())


def log_axis(values: Iterable[float]) -> LogAxis:
    """
    Return the axis that holds these values, from a power of ten to a power of ten.

    Examples
    --------
    >>> axis = log_axis([0.03, 5])
    >>> [tick.text for tick in axis.time_ticks()], axis.at(1.0)
    (['10 ms', '0.1 s', '1 s', '10 s'], 66.67)
    """
    positive = list(values)
    low, high = math.floor(math.log10(min(positive))), math.ceil(math.log10(max(positive)))
    return LogAxis(Scale(low, max(high, low + 1)))


@dataclass(frozen=True)
class Area:
    """
    A rectangle in pixels with a scale on each side.

    Examples
    --------
    >>> area = Area(0, 0, 100, 50, Scale(0, 1), Scale(0, 1))
    >>> area.across([0.5]).tolist(), area.down([0.0]).tolist()
    ([50.0], [50.0])
    """

    left: float
    top: float
    width: float
    height: float
    x: Scale
    y: Scale

    def across(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return the pixels of values on the x axis, kept inside."""
        shares = (np.asarray(values, np.float64) - self.x.low) / (self.x.high - self.x.low)
        return np.asarray(self.left + self.width * np.clip(shares, 0, 1))

    def down(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return the pixels of values on the y axis, which points upwards, kept inside."""
        shares = (np.asarray(values, np.float64) - self.y.low) / (self.y.high - self.y.low)
        return np.asarray(self.top + self.height * (1 - np.clip(shares, 0, 1)))

    def draw(self, x_ticks: tuple[Tick, ...], y_ticks: tuple[Tick, ...], x_name: str, y_name: str) -> str:
        """Draw grid, ticks and names; the name of the y axis lies above it, so that it can be read."""
        bottom, right = self.top + self.height, self.left + self.width
        parts = [text(self.left, self.top - 12, y_name, size=12, fill=SOFT)]
        for tick in y_ticks:
            y = bottom - self.height * tick.at / 100
            parts += [
                line(self.left, y, right, y),
                text(self.left - 8, y + 4, tick.text, size=12, fill=SOFT, anchor="end"),
            ]
        for tick in x_ticks:
            x = self.left + self.width * tick.at / 100
            parts += [
                line(x, bottom, x, bottom + 4, stroke=LINE),
                text(x, bottom + 18, tick.text, size=12, fill=SOFT, anchor="middle"),
            ]
        parts.append(text(right, bottom + 38, x_name, size=12, fill=SOFT, anchor="end"))
        return "".join(parts)
