"""Hexagons as paths: one path for all of a depth, so that many rows take little room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.quantities.hexagons import Hexagons
from tenfold.show.drawing.axes import Scale

__all__ = ["Layer", "density_layers", "hexagon_paths"]

_SIDE = 1000
_LEVELS = 7


@dataclass(frozen=True)
class Layer:
    """Hexagons of one depth: the path of them all, and the class of their fill."""

    path: str
    css: str


def density_layers(hexagons: Hexagons, x_scale: Scale, y_scale: Scale) -> tuple[Layer, ...]:
    """
    Draw how many points each hexagon holds, in seven depths evenly spaced on a logarithmic scale.

    Examples
    --------
    >>> from tenfold.analysis.quantities.hexagons import hexagons_of
    >>> one = hexagons_of(np.array([0.1, 0.12, 0.9]), np.full(3, 0.5), (0, 1), (0, 1), 4)
    >>> [layer.css for layer in density_layers(one, Scale(0, 1), Scale(0, 1))]
    ['depth-1', 'depth-7']
    """
    most = max(float(np.log(hexagons.counts.max(initial=1))), 1e-9)
    depth = 1 + np.floor((_LEVELS - 1) * np.log(hexagons.counts) / most + 0.5).astype(np.int64)
    return hexagon_paths(hexagons, [f"depth-{level}" for level in depth.tolist()], x_scale, y_scale)


def hexagon_paths(hexagons: Hexagons, classes: Sequence[str], x_scale: Scale, y_scale: Scale) -> tuple[Layer, ...]:
    """
    Draw hexagons in a square of side 1000, which the page stretches; those of one class are one path.

    Parameters
    ----------
    hexagons : Hexagons
    classes : sequence of str
        Of the fill of each; an empty one is not drawn.
    x_scale, y_scale : Scale
        Of the sides of the square.
    """
    half = round(_SIDE * hexagons.width / (x_scale.high - x_scale.low) / 2)
    slope = round(_SIDE * hexagons.height / (y_scale.high - y_scale.low) / 4)
    outline = f"l{half}-{slope} {half} {slope}v{2 * slope}l-{half} {slope}-{half}-{slope}z"
    left = _places(hexagons.x, x_scale) - half
    top = _SIDE - _places(hexagons.y, y_scale) - slope
    layers: dict[str, list[str]] = {}
    for css, x, y in zip(classes, left.tolist(), top.tolist(), strict=True):
        if css:
            layers.setdefault(css, []).append(f"M{x} {y}{outline}")
    return tuple(Layer("".join(layers[css]), css) for css in sorted(layers))


def _places(values: NDArray[np.float64], scale: Scale) -> NDArray[np.int64]:
    return np.rint(_SIDE * (values - scale.low) / (scale.high - scale.low)).astype(np.int64)
