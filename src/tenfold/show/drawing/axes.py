"""A plot area: light horizontal grid, ticks and the names of both axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.show.drawing.ink import LINE, SOFT, line, text
from tenfold.show.drawing.svg import Scale, Tick

__all__ = ["Area"]


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
        """Give the pixels of values on the x axis, kept inside."""
        shares = (np.asarray(values, np.float64) - self.x.low) / (self.x.high - self.x.low)
        return np.asarray(self.left + self.width * np.clip(shares, 0, 1))

    def down(self, values: ArrayLike) -> NDArray[np.float64]:
        """Give the pixels of values on the y axis, which points upwards, kept inside."""
        shares = (np.asarray(values, np.float64) - self.y.low) / (self.y.high - self.y.low)
        return np.asarray(self.top + self.height * (1 - np.clip(shares, 0, 1)))

    def drawn(self, x_ticks: tuple[Tick, ...], y_ticks: tuple[Tick, ...], x_name: str, y_name: str) -> str:
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
