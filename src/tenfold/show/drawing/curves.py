"""Curves as the page draws them: paths, and one drawing of several with frame, labels, band and mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.figures.curves.bands import Band
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, ticks

__all__ = ["UNIT", "Curve", "Drawing", "Frame", "Mark", "Series", "draw", "limits_of", "path"]

Floats = NDArray[np.float64]

UNIT = Scale(0, 1)
_STACK_TOP, _STACK_HIGH, _STACK_GAP = 54.0, 6.0, 8.0
_LIFTS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_SIDE = 1000
"""Paths are drawn in a square of this side, which the page stretches to the room there is."""
_ROUND = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Frame:
    """What a plane is called, and the corner of a perfect curve (0 or 1 on each axis)."""

    title: str
    x_name: str
    y_name: str
    corner: tuple[int, int]

    def about(self, target: str) -> Frame:
        """Name the class that is detected."""
        return replace(self, x_name=self.x_name.format(target), y_name=self.y_name.format(target))


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve before it is drawn."""

    label: str
    tone: str
    x: Floats
    y: Floats


@dataclass(frozen=True)
class Series:
    """A line with its label, and the leader from the label to a point of the line; places in percent."""

    path: str
    tone: str
    label: str
    label_y: float
    point_x: float
    point_y: float


@dataclass(frozen=True)
class Mark:
    """A point that matters, in percent."""

    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """
    One square drawing; `floor` is the line of scores that know nothing, `note` says what is special about it.

    Parameters
    ----------
    plane : str
    x_scale, y_scale : Scale
        What the sides stand for, so that a script can put a point on it.
    """

    plane: str
    title: str
    description: str
    note: str
    series: tuple[Series, ...]
    mark: Mark | None
    floor: str
    band: str
    x_name: str
    y_name: str
    x_scale: Scale
    y_scale: Scale
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    label_x: float
    anchor: str


def limits_of(plane: str, lines: Sequence[Curve]) -> tuple[Scale, Scale]:
    """
    Return the scales of a plane: all of it, except that DET shows the corner where errors are few, and lift has no end.

    Examples
    --------
    >>> line = Curve("a", "chosen", np.array([0, 0.01, 1]), np.array([1, 0.01, 0]))
    >>> limits_of("det", [line])
    (Scale(low=0, high=0.05), Scale(low=0, high=0.05))
    """
    if plane == "det":
        worst = max(float(np.maximum(line.x, line.y).min()) for line in lines)
        side = next(size for size in _ROUND if size >= min(3 * worst, 1.0))
        return Scale(0, side), Scale(0, side)
    if plane == "lift":
        top = max(float(line.y.max()) for line in lines)
        step = 10.0 ** math.floor(math.log10(top))
        return UNIT, Scale(0, next(size * step for size in _LIFTS if size * step >= top * 0.999))
    return UNIT, UNIT


def draw(
    frame: Frame,
    plane: str,
    lines: Sequence[Curve],
    share: float,
    *,
    band: Band | None = None,
    decision: tuple[float, float] | None = None,
) -> Drawing:
    """Place lines, labels, band and decision in a frame; `share` is that of the positives."""
    limits = limits_of(plane, lines)
    x_scale, y_scale = limits
    right = frame.corner[0] == 1
    inside = decision is not None and x_scale.holds(decision[0]) and y_scale.holds(decision[1])
    mark = Mark(x_scale.at(decision[0]), 100 - y_scale.at(decision[1])) if decision and inside else None
    names = ", ".join(line.label for line in lines)
    return Drawing(
        plane=plane,
        title=frame.title,
        description=f"{frame.title}: {names}.",
        note=_note(plane, limits, outside=decision is not None and not inside),
        series=_placed(plane, lines, limits, frame.corner),
        mark=mark,
        floor=_floor(plane, share, limits),
        band="" if band is None else _area(band, limits),
        x_name=frame.x_name,
        y_name=frame.y_name,
        x_scale=x_scale,
        y_scale=y_scale,
        x_ticks=percent_ticks(x_scale),
        y_ticks=ticks(y_scale) if plane == "lift" else percent_ticks(y_scale),
        label_x=46 if right else 54 if frame.corner[1] else 62,
        anchor="end" if right else "start",
    )


def _note(plane: str, limits: tuple[Scale, Scale], *, outside: bool) -> str:
    if plane != "det":
        return ""
    zoomed = "" if limits[0].high == 1 else f"Zoomed: both axes end at {100 * limits[0].high:g} %. "
    beyond = " The decision in force lies outside." if outside else ""
    return f"{zoomed}Beside each name: where both rates are equal (equal error rate).{beyond}"


def _floor(plane: str, share: float, limits: tuple[Scale, Scale]) -> str:
    ends = {"pr": (share, share), "roc": (0, 1), "gain": (0, 1), "det": (1, 0), "lift": (1, 1)}[plane]
    if plane == "det" and limits[0].high < 1:
        return ""
    return path([0, 1], list(ends), *limits)


def _area(band: Band, limits: tuple[Scale, Scale]) -> str:
    x, low, high = band.x, band.low, band.high
    if limits[0].high < 1:
        inside = x <= limits[0].high
        x, low, high = x[inside], low[inside], high[inside]
    there = path(np.append(x, x[::-1]), np.append(high, low[::-1]), *limits)
    return f"{there}Z" if there else ""


def _placed(
    plane: str, lines: Sequence[Curve], limits: tuple[Scale, Scale], corner: tuple[int, int]
) -> tuple[Series, ...]:
    """Stack the labels in the empty corner and lead each to its curve."""
    placed = []
    for place, line in enumerate(lines):
        x, y = _within(line.x, line.y, *limits)
        across, up = x / limits[0].high, y / limits[1].high
        # Lift falls across the whole drawing, so its leaders go to the left of the labels rather than along rays.
        at = (
            int(np.abs(across - 0.12 - 0.08 * place).argmin())
            if plane == "lift"
            else _meeting(np.abs(across - corner[0]), np.abs(corner[1] - up), 0.66 - 0.07 * place)
        )
        point = (round(100 * float(across[at]), 2), round(100 - 100 * float(up[at]), 2))
        placed.append(Series(path(x, y, *limits), line.tone, line.label, 0, *point))
    top = _STACK_TOP if corner[1] else _STACK_HIGH
    middle = top + _STACK_GAP * (len(placed) - 1) / 2
    steepest_first = sorted(placed, key=lambda one: -math.atan2(middle - one.point_y, abs(one.point_x - 50)))
    stacked = [replace(one, label_y=top + _STACK_GAP * place) for place, one in enumerate(steepest_first)]
    return tuple(sorted(stacked, key=lambda one: one.tone == "chosen"))


def _within(x: Floats, y: Floats, x_scale: Scale, y_scale: Scale) -> tuple[Floats, Floats]:
    """The part of a falling curve inside its frame, cut where it crosses an edge."""
    if x_scale.high >= 1:
        return x, y
    inside = (x <= x_scale.high) & (y <= y_scale.high)
    entered = float(np.interp(-y_scale.high, -y, x))
    left = float(np.interp(x_scale.high, x, y))
    xs, ys = np.concatenate([[entered], x[inside], [x_scale.high]]), np.concatenate([[y_scale.high], y[inside], [left]])
    return (xs, ys) if entered <= x_scale.high else (np.array([x_scale.high]), np.array([y_scale.high]))


def _meeting(across: Floats, down: Floats, slant: float) -> int:
    """The point where a curve meets a ray out of its corner; each curve gets its own ray, so leaders stay apart."""
    apart = np.abs(slant * down - (1 - slant) * across)
    nearest = int(np.nanargmin(apart))
    # A curve that passes the ray between two far points is led to where it is furthest from the labels.
    return nearest if apart[nearest] < 0.1 else int(np.nanargmin(np.abs(across - 0.2)))


def path(x: ArrayLike, y: ArrayLike, x_scale: Scale, y_scale: Scale) -> str:
    """
    Return the path of a line in a square of side 1000, the y axis upwards; points that fall together are drawn once.

    Examples
    --------
    >>> path([0, 0.5, 1], [0, 1, 1], Scale(0, 1), Scale(0, 1))
    'M0 1000L500 0L1000 0'
    """
    across = _in_square(x, x_scale)
    down = _SIDE - _in_square(y, y_scale)
    points = np.stack([across, down], axis=1)
    points = points[np.isfinite(points).all(axis=1)].round().astype(int)
    distinct = points[np.append(True, (points[1:] != points[:-1]).any(axis=1))] if len(points) else points
    return "M" + "L".join(f"{a} {b}" for a, b in distinct) if len(distinct) else ""


def _in_square(values: ArrayLike, scale: Scale) -> NDArray[np.float64]:
    shares = (np.asarray(values, np.float64) - scale.low) / (scale.high - scale.low)
    return np.asarray(_SIDE * np.clip(shares, 0, 1))
