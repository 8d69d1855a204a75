"""Figures of quantities: true against predicted values, errors against predictions, and how errors are spread."""

from __future__ import annotations

import re

from tenfold.show.content import Content
from tenfold.show.drawing.axes import Area, Scale
from tenfold.show.drawing.figure import Figure
from tenfold.show.drawing.ink import ACCENT, ERROR, INK, SOFT, box, circle, line, text
from tenfold.show.sections.quantities.errors import errors_view
from tenfold.show.sections.quantities.plane import Plane, PlaneLine
from tenfold.show.sections.quantities.predicted import predicted_view

__all__ = ["error_sizes_figure", "errors_by_prediction_figure", "true_and_predicted_figure"]

_UNIT = Scale(0, 1)
_SQUARE = Area(104, 36, 480, 480, _UNIT, _UNIT)
_WIDE = Area(104, 36, 560, 280, _UNIT, _UNIT)
_DEPTHS = (0.1, 0.22, 0.36, 0.5, 0.65, 0.82, 1.0)
"""As the style sheet of the page has them."""
_STROKES = {"line floor equal": (INK, 1.25, "4 4"), "line end": (ERROR, 1.5, ""), "line chosen": (ERROR, 2.25, "")}
_BELOW = 76
_POINT = re.compile(r"(\d+) (\d+)")


def true_and_predicted_figure(content: Content) -> Figure:
    """Draw true values against predicted ones."""
    view = predicted_view(content)
    return Figure(
        "true-and-predicted",
        view.title,
        view.caption,
        view.plane.description,
        516 + _BELOW,
        _plane(view.plane, _SQUARE),
    )


def errors_by_prediction_figure(content: Content) -> Figure:
    """Draw errors against predictions."""
    view = errors_view(content)
    return Figure(
        "errors-by-prediction",
        view.title,
        f"{view.spread} {view.caption}",
        view.plane.description,
        316 + _BELOW,
        _plane(view.plane, _WIDE),
    )


def error_sizes_figure(content: Content) -> Figure:
    """Draw how often errors of each size occur, beside a normal curve."""
    view = errors_view(content)
    bottom = _WIDE.top + _WIDE.height
    bars = (
        box(
            _WIDE.left + _WIDE.width * bar.x / 100,
            bottom - _WIDE.height * bar.height / 100,
            _WIDE.width * bar.width / 100,
            _WIDE.height * bar.height / 100,
            fill="#b6bac3",
        )
        for bar in view.bars
    )
    zero = _WIDE.left + _WIDE.width * view.zero / 100
    body = [
        _WIDE.draw(view.x_ticks, view.y_ticks, "predicted less true", "share of the rows in each bar"),
        *bars,
        line(zero, _WIDE.top, zero, bottom, stroke=INK, dash="3 3"),
        _stroke(PlaneLine(view.normal, "line chosen"), _WIDE),
    ]
    return Figure("error-sizes", view.shape_title, view.shape, view.description, 316 + 50, "".join(body))


def _plane(plane: Plane, area: Area) -> str:
    layers = "".join(
        f'<path d="{layer.path}" fill="{ACCENT}" fill-opacity="{_DEPTHS[int(layer.css.removeprefix("depth-")) - 1]}"/>'
        for layer in plane.layers
    )
    lines = (_stroke(one, area) for one in plane.lines)
    spots = (circle(*_place(area, spot.x, spot.y), 3.5) for spot in plane.spots)
    labels = (
        text(
            *_beside(area, one),
            one.label,
            size=12,
            fill=ERROR,
            halo=True,
            anchor="end" if one.label_x > 86 else "start",
        )
        for one in plane.lines
        if one.label
    )
    return "".join(
        [
            area.draw(plane.x_ticks, plane.y_ticks, plane.x_name, plane.y_name),
            _nested(area, layers),
            *lines,
            *spots,
            *labels,
            _depths(plane, area),
        ]
    )


def _stroke(one: PlaneLine, area: Area) -> str:
    route = _POINT.sub(lambda point: _pixels(area, *map(int, point.groups())), one.path)
    if one.css == "band":
        return f'<path d="{route}" fill="{ERROR}" fill-opacity="0.1"/>'
    stroke, width, dash = _STROKES[one.css]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{route}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashes}/>' if route else ""


def _pixels(area: Area, x: int, y: int) -> str:
    """A point of a square of side 1000, on paper: not every program that draws SVG keeps lines from being stretched."""
    across, down = _place(area, x / 10, y / 10)
    return f"{across:.1f} {down:.1f}"


def _nested(area: Area, body: str) -> str:
    """A square of side 1000 stretched over an area."""
    place = f'x="{area.left}" y="{area.top}" width="{area.width}" height="{area.height}"'
    return f'<svg {place} viewBox="0 0 1000 1000" preserveAspectRatio="none">{body}</svg>'


def _place(area: Area, x: float, y: float) -> tuple[float, float]:
    return area.left + area.width * x / 100, area.top + area.height * y / 100


def _beside(area: Area, one: PlaneLine) -> tuple[float, float]:
    x, y = _place(area, one.label_x, one.label_y)
    return x + (-6 if one.label_x > 86 else 6), y + 4


def _depths(plane: Plane, area: Area) -> str:
    """What the depths of the hexagons mean."""
    if plane.most < 2:
        return ""
    top, left = area.top + area.height + 48, area.left + 36
    steps = (box(left + 16 * at, top, 16, 10, fill=ACCENT, opacity=depth) for at, depth in enumerate(_DEPTHS))
    most = f"{plane.most:,} rows in a hexagon, each step as many times more"
    return "".join(
        [
            text(area.left, top + 9, "1 row", size=12, fill=SOFT),
            *steps,
            text(left + 16 * len(_DEPTHS) + 8, top + 9, most, size=12, fill=SOFT),
        ]
    )
