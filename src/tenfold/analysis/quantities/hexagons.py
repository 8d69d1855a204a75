"""Points counted in hexagons: a picture of any number of rows that stays small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Hexagons", "hexagons_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hexagons:
    """
    The hexagons of a plane that hold points, m of them; each stands on a corner.

    Parameters
    ----------
    x, y : ndarray of float64, shape (m,)
        Their centres.
    counts : ndarray of int64, shape (m,)
        Points in each, at least one.
    width, height : float
        Of a hexagon, in the units of the axes.
    place : ndarray of int64, shape (n,)
        Number of the hexagon that holds each point; -1 for those outside the plane.
    """

    x: Floats
    y: Floats
    counts: NDArray[np.int64]
    width: float
    height: float
    place: NDArray[np.int64]

    def means(self, values: Floats) -> Floats:
        """Return the mean of a value of each point over each hexagon, shape (m,)."""
        inside = self.place >= 0
        return np.bincount(self.place[inside], values[inside], minlength=len(self.counts)) / self.counts


def hexagons_of(
    x: Floats, y: Floats, x_ends: tuple[float, float], y_ends: tuple[float, float], across: int, aspect: float = 1.0
) -> Hexagons:
    """
    Count points in hexagons: Carr, Littlefield, Nicholson and Littlefield (1987), JASA 82:424.

    The centres of a honeycomb are two rectangular lattices; a point belongs to the nearer of the two nearest centres.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
    x_ends, y_ends : (float, float)
        Of the plane, the lower first.
    across : int
        Hexagons in a row.
    aspect : float
        Width of the plane as it is drawn, divided by its height: hexagons are regular there.

    Examples
    --------
    >>> one = hexagons_of(np.array([0.1, 0.12, 0.9, 5.0]), np.array([0.5, 0.5, 0.5, 0.5]), (0, 1), (0, 1), 4)
    >>> one.counts.tolist(), one.place.tolist()
    ([2, 1], [0, 0, 1, -1])
    """
    inside = (x >= x_ends[0]) & (x <= x_ends[1]) & (y >= y_ends[0]) & (y <= y_ends[1])
    width = (x_ends[1] - x_ends[0]) / across
    tall = np.sqrt(3) * aspect * (y_ends[1] - y_ends[0]) / across
    u, v = (x[inside] - x_ends[0]) / width, (y[inside] - y_ends[0]) / tall
    # twice the coordinates of a centre are whole numbers: even ones of the first lattice, odd ones of the second
    even = np.stack([2 * np.rint(u), 2 * np.rint(v)]).astype(np.int64)
    odd = np.stack([2 * np.floor(u) + 1, 2 * np.floor(v) + 1]).astype(np.int64)
    twice = np.where(_squared(u, v, even) <= _squared(u, v, odd), even, odd)
    # one number a centre: sorting numbers is ten times as fast as sorting pairs
    stride = 2 * across + 2
    codes, number, counts = np.unique(twice[1] * stride + twice[0], return_inverse=True, return_counts=True)
    place = np.full(len(x), -1, np.int64)
    place[inside] = number
    middle_x, middle_y = x_ends[0] + codes % stride / 2 * width, y_ends[0] + codes // stride / 2 * tall
    return Hexagons(middle_x, middle_y, counts.astype(np.int64), float(width), float(2 * tall / 3), place)


def _squared(u: Floats, v: Floats, twice: NDArray[np.int64]) -> Floats:
    """Distance from a centre where a row of centres is sqrt(3) times as far from the next as centres in it are."""
    return np.asarray((u - twice[0] / 2) ** 2 + 3 * (v - twice[1] / 2) ** 2)
