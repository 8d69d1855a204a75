"""How far do the images lie apart? The errors of all judged images, one shape a candidate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.record.words.restoration import grey
from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.drawing.svg import Scale, Tick, path, ticks
from tenfold.text import shown

__all__ = ["Shape", "Spread", "spread_view"]

_BINS = 80


@dataclass(frozen=True)
class Shape:
    """The errors of one candidate: how many images have which, as an outline, and in words."""

    name: str
    outline: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Spread:
    """All candidates on one scale of grey levels."""

    title: str
    shapes: tuple[Shape, ...]
    ticks: tuple[Tick, ...]


def spread_view(content: DenoiseContent) -> Spread:
    """Draw the errors of the judged images, a shape a candidate, each as high as its own peak."""
    scale = Scale(0.0, max(1e-9, *(float(errors.max()) for errors in content.errors.values())))
    shapes = tuple(_shape(name, errors, scale, name == content.chosen) for name, errors in content.errors.items())
    return Spread(_title(content), shapes, ticks(scale, 6))


def _title(content: DenoiseContent) -> str:
    mine, nothing = content.errors[content.chosen], content.errors.get("baseline")
    if nothing is None or content.chosen == "baseline":
        return "How far the images lie apart"
    worse = int((mine > nothing).sum())
    name = shown(content.chosen, 40)
    if worse == 0:
        return f"{name} makes every one of the {len(mine):,} images better"
    return f"{name} makes {worse:,} of {len(mine):,} images worse than they were"


def _shape(name: str, errors: NDArray[np.float64], scale: Scale, chosen: bool) -> Shape:
    counts, edges = np.histogram(errors, bins=_BINS, range=(scale.low, scale.high))
    outline = path(np.repeat(edges, 2), np.r_[0.0, np.repeat(counts, 2), 0.0], scale, Scale(0.0, float(counts.max())))
    low, middle, high = (grey(float(value)) for value in np.quantile(errors, [0.05, 0.5, 0.95]))
    words = f"half below {middle}, nine of ten between {low} and {high}, the worst {grey(float(errors.max()))}"
    return Shape(shown(name, 40), f"{outline}Z", words, chosen)
