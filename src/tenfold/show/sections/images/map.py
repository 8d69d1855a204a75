"""Where in the image does it err? The mean error of each pixel, before and after, on one scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from tenfold.record.words.restoration import grey
from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.drawing.svg import Scale, Tick, ticks
from tenfold.show.sections.images.gallery import png_source
from tenfold.text import shown

__all__ = ["ErrorMap", "Maps", "map_view"]


@dataclass(frozen=True)
class ErrorMap:
    """One map: a picture whose opacity is the error, and what it shows in words."""

    title: str
    mask: Markup
    words: str
    note: str


@dataclass(frozen=True)
class Maps:
    """The maps of doing nothing and of the chosen candidate, each on the scale from 0 to `most`."""

    title: str
    maps: tuple[ErrorMap, ...]
    ratio: str
    most: str
    ticks: tuple[Tick, ...]
    zoom: ErrorMap | None
    zoom_ticks: tuple[Tick, ...]


def map_view(content: DenoiseContent) -> Maps:
    """Draw the maps; where the second is pale on the common scale, once more on its own."""
    before, after = content.pictures.before, content.pictures.after
    most, own = max(float(before.max()), float(after.max()), 1e-9), max(float(after.max()), 1e-9)
    name = shown(content.chosen, 40)
    maps = (
        _map("Before: the noisy image", before, most),
        _map(f"After: {name}", after, most),
    )
    zoom = _map(f"After, on a scale of its own: {name}", after, own) if own < most / 2 else None
    return Maps(
        title=_title(after),
        maps=maps,
        ratio=f"{before.shape[1]} / {before.shape[0]}",
        most=grey(most),
        ticks=ticks(Scale(0.0, most)),
        zoom=zoom,
        zoom_ticks=ticks(Scale(0.0, own)),
    )


def _map(title: str, errors: NDArray[np.float64], most: float) -> ErrorMap:
    alpha = np.rint(255 * np.clip(errors / most, 0, 1)).astype(np.uint8)
    low, high = grey(float(errors.min())), grey(float(errors.max()))
    note = f"{grey(float(errors.mean()))} grey levels on average; pixels from {low} to {high}"
    return ErrorMap(title, png_source(np.stack([np.zeros_like(alpha), alpha], axis=2)), f"{title}. {note}.", note)


def _title(after: NDArray[np.float64]) -> str:
    """Where the larger half of the error is: in the middle of the image, at its rim, or all over."""
    height, width = after.shape
    middle = after[height // 4 : height - height // 4, width // 4 : width - width // 4]
    total = float(after.sum())
    if total == 0:
        return "No pixel is off"
    share, area = float(middle.sum()) / total, middle.size / after.size
    if share > 1.5 * area:
        return (
            f"The error sits in the middle of the image: {100 * share:.0f} % of it on {100 * area:.0f} % of the pixels"
        )
    return "The error is spread over the image" if share > 0.67 * area else "The error sits at the rim of the image"
