"""Images before and after, how far their errors lie apart, and where in the image the error is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from tenfold.line.restoration.pictures import Pictures
from tenfold.record.words.restoration import grey
from tenfold.show.components import Gallery
from tenfold.show.content import BASELINE, Content
from tenfold.show.drawing.axes import Scale, Tick, ticks
from tenfold.show.drawing.curves import path
from tenfold.show.drawing.pictures import Shot, Shots, png_source
from tenfold.show.words import say, strong
from tenfold.text import shown

__all__ = ["ErrorMap", "Images", "Maps", "Shape", "Spread", "gallery_view", "map_view", "spread_view"]

_GAP = 0.08
_BINS = 80
_PARTS = ("noisy", "restored", "clean")
_GROUPS = {
    "class": ("Class by class", "Of each class the image whose error is in the middle of its class."),
    "worst": ("The worst", "The images with the largest error, the largest first."),
    "middle": ("The middle", "Half of the judged images come out better than these, half worse."),
    "best": ("The best", "The images with the least error, the least first."),
}


@dataclass(frozen=True)
class Images:
    """Galleries of images, each noisy, restored and clean side by side; `note` says what they are."""

    title: str
    note: str
    galleries: tuple[Gallery, ...]


def gallery_view(content: Content) -> Images:
    """Lay the stored images out, noisy, restored and clean side by side, from the worst to the best."""
    galleries = tuple(_gallery(content, key) for key in _GROUPS if (content.pictures.group == key).any())
    peak = content.restoration.peak
    note = (
        f"Training images, each restored by a model of the other folds; test images are not shown, for who looks at "
        f"them tunes to them. Noisy values above white ({peak}) are shown white, below black (0) black."
    )
    drawn_at, whole = content.pictures.clean.shape[1:3], content.restoration.image_shape
    if drawn_at != whole[:2]:
        note += f" Of {whole[1]} x {whole[0]} pixels every {round(whole[1] / drawn_at[1])}th is shown."
    return Images("From the worst image to the best", note, galleries)


def _gallery(content: Content, key: str) -> Gallery:
    title, note = _GROUPS[key]
    places = np.flatnonzero(content.pictures.group == key)
    images = tuple(_triptych(content.pictures, int(place), content.restoration.peak) for place in places)
    return Gallery(title, note, Shots(images, ink=False, coarse=False, parts=_PARTS), id=f"gallery-{key}")


def _triptych(pictures: Pictures, place: int, peak: int) -> Shot:
    parts = (pictures.noisy, pictures.restored, pictures.clean)
    strip = _side_by_side([_eight_bit(part[place], peak) for part in parts])
    label, error = shown(str(pictures.label[place]), 20), grey(float(pictures.mae[place]))
    row = int(pictures.row[place])
    name = f"“{label}”, row {row:,}" if label else f"Row {row:,}"
    words = f"{name}: noisy, restored and clean; off by {error} grey levels"
    size = (strip.shape[1], strip.shape[0])
    return Shot(png_source(strip), name, words, size, say("off by ", strong(error)))


def _eight_bit(image: NDArray[np.int16] | NDArray[np.uint8], peak: int) -> NDArray[np.uint8]:
    levels = np.clip(image.astype(np.float64), 0, peak) * (255 / peak)
    return np.rint(levels).astype(np.uint8)


def _side_by_side(images: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Three images in a row with transparent gaps: grey and alpha, or colour and alpha."""
    height, width = images[0].shape[:2]
    gap = max(1, round(_GAP * width))
    channels = 3 if images[0].ndim == 3 else 1
    strip = np.zeros((height, 3 * width + 2 * gap, channels + 1), np.uint8)
    for i, image in enumerate(images):
        at = i * (width + gap)
        strip[:, at : at + width, :channels] = image.reshape(height, width, channels)
        strip[:, at : at + width, channels] = 255
    return strip


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
    caption: str
    shapes: tuple[Shape, ...]
    ticks: tuple[Tick, ...]


def spread_view(content: Content) -> Spread:
    """Draw the errors of the judged images, a shape a candidate, each as high as its own peak."""
    by_candidate = {name: content.lines(name)["mae"].to_numpy(np.float64) for name in content.candidates}
    scale = Scale(0.0, max(1e-9, *(float(errors.max()) for errors in by_candidate.values())))
    shapes = tuple(_shape(name, errors, scale, name == content.chosen) for name, errors in by_candidate.items())
    return Spread(_spread_title(content, by_candidate), _spread_caption(content), shapes, ticks(scale, 6))


def _spread_caption(content: Content) -> str:
    return (
        f"Mean error of each of the {content.rows:,} training {content.noun(content.rows)} judged out of fold, in grey "
        "levels: how many images are off by how much. Each shape is as high as its own peak."
    )


def _spread_title(content: Content, by_candidate: Mapping[str, NDArray[np.float64]]) -> str:
    mine, nothing = by_candidate[content.chosen], by_candidate.get(BASELINE)
    if nothing is None or content.chosen == BASELINE:
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
    caption: str
    maps: tuple[ErrorMap, ...]
    ratio: str
    most: str
    ticks: tuple[Tick, ...]
    zoom: ErrorMap | None
    zoom_ticks: tuple[Tick, ...]


def map_view(content: Content) -> Maps:
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
        title=_map_title(after),
        caption=_map_caption(content),
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


def _map_caption(content: Content) -> str:
    return (
        f"Mean absolute error of each pixel in grey levels, over the {content.rows:,} training "
        f"{content.noun(content.rows)} judged out of fold. The fuller the colour, the larger the error."
    )


def _map_title(after: NDArray[np.float64]) -> str:
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
