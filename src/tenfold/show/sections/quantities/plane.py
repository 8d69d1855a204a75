"""A plane of many rows: hexagons where there are many, dots where there are few, and the lines over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.quantities.hexagons import hexagons_of
from tenfold.show.drawing.axes import Scale, Tick, spanning, ticks, uncrowded
from tenfold.show.drawing.hexagons import Layer, density_layers

__all__ = ["Plane", "PlaneLine", "Spot", "inner_scale", "plane_of"]

Floats = NDArray[np.float64]

_DOTS = 600
_ACROSS = 36
_INNER = (0.001, 0.999)
_FAR = 2.0
_STEPS = 6
_NARROW = 290


@dataclass(frozen=True)
class Spot:
    """A row as a dot: its place in percent from the left and the top, and the words of a pointer that rests on it."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class PlaneLine:
    """A line or an area over the rows: its path in a square of side 1000, its class, its name and where that stands."""

    path: str
    css: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0


@dataclass(frozen=True)
class Plane:
    """
    Rows in a plane.

    Parameters
    ----------
    layers : tuple of Layer
        Hexagons, where there are many rows.
    spots : tuple of Spot
        Dots, where there are few.
    lines : tuple of PlaneLine
    x_ticks, y_ticks : tuple of Tick
    x_name, y_name : str
    most : int
        Rows in the fullest hexagon; 0 where there are none.
    outside : int
        Rows that lie outside.
    css : str
        Of its shape.
    description : str
    nouns : (str, str)
        What one, and several, of the rows are called.
    """

    layers: tuple[Layer, ...]
    spots: tuple[Spot, ...]
    lines: tuple[PlaneLine, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_name: str
    y_name: str
    most: int
    outside: int
    css: str
    description: str
    nouns: tuple[str, str] = ("row", "rows")


def inner_scale(values: Floats, *more: float) -> Scale:
    """
    Return a scale of all values, or of all but the outermost two in a thousand where those would take half the room.

    Examples
    --------
    >>> inner_scale(np.append(np.arange(5000.0), 1e9)), inner_scale(np.array([1.0, 2.0]))
    (Scale(low=0.0, high=5000.0), Scale(low=1.0, high=2.0))
    """
    low, high = (float(end) for end in np.quantile(values, _INNER))
    least, most = float(values.min()), float(values.max())
    if high > low and most - least > _FAR * (high - low):
        least, most = low, high
    return spanning([least, most, *more], _STEPS)


def plane_of(
    x: Floats,
    y: Floats,
    scales: tuple[Scale, Scale],
    names: tuple[str, str],
    *,
    aspect: float,
    css: str,
    description: str,
    lines: Sequence[PlaneLine] = (),
    words: Sequence[str] = (),
    nouns: tuple[str, str] = ("row", "rows"),
) -> Plane:
    """
    Draw rows as dots, up to 600, else as hexagons.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
    scales, names : pair
        Of the x and the y axis.
    aspect : float
        Width of the plane divided by its height, as the style sheet draws it.
    css, description : str
    lines : sequence of PlaneLine
    words : sequence of str
        Of each dot.
    nouns : (str, str)
        What one, and several, of the rows are called.
    """
    across, up = scales
    inside = (x >= across.low) & (x <= across.high) & (y >= up.low) & (y <= up.high)
    layers: tuple[Layer, ...] = ()
    spots: tuple[Spot, ...] = ()
    most = 0
    if len(x) <= _DOTS:
        texts = words or [""] * len(x)
        spots = tuple(
            Spot(across.at(x[i]), round(100 - up.at(y[i]), 2), texts[i]) for i in np.flatnonzero(inside).tolist()
        )
    else:
        hexagons = hexagons_of(
            x, y, (across.low, across.high), (up.low, up.high), round(_ACROSS * min(aspect, 1.6)), aspect
        )
        layers, most = density_layers(hexagons, across, up), int(hexagons.counts.max(initial=0))
    return Plane(
        layers,
        spots,
        tuple(lines),
        uncrowded(ticks(across, _STEPS), _NARROW),
        ticks(up, _STEPS),
        *names,
        most,
        int((~inside).sum()),
        css,
        description,
        nouns,
    )
