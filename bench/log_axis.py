"""A logarithmic axis: where values stand, and its decades."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tenfold.show.drawing.svg import Scale, Tick

__all__ = ["LogAxis", "log_axis"]


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
        """Give the place of a positive value in percent."""
        return self.scale.at(math.log10(value))

    def decades(self) -> list[tuple[float, float]]:
        """Give each power of ten with its place in percent."""
        powers = range(round(self.scale.low), round(self.scale.high) + 1)
        return [(10.0**power, self.scale.at(power)) for power in powers]

    def time_ticks(self) -> tuple[Tick, ...]:
        """Give the decades in seconds."""
        return tuple(
            Tick(at, f"{1000 * value:g} ms" if value < 0.1 else f"{value:,g} s") for value, at in self.decades()
        )

    def count_ticks(self) -> tuple[Tick, ...]:
        """Give the decades as plain numbers."""
        return tuple(Tick(at, f"{value:,g}") for value, at in self.decades())


def log_axis(values: Iterable[float]) -> LogAxis:
    """
    Give the axis that holds these values, from a power of ten to a power of ten.

    Examples
    --------
    >>> axis = log_axis([0.03, 5])
    >>> [tick.text for tick in axis.time_ticks()], axis.at(1.0)
    (['10 ms', '0.1 s', '1 s', '10 s'], 66.67)
    """
    found = list(values)
    low, high = math.floor(math.log10(min(found))), math.ceil(math.log10(max(found)))
    return LogAxis(Scale(low, max(high, low + 1)))
