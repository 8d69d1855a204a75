"""What do the images look like? Noisy, restored and clean side by side, from the worst to the best."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

from tenfold.line.restoration.pictures import Pictures
from tenfold.record.words.restoration import grey
from tenfold.show.denoise_content import DenoiseContent
from tenfold.text import shown

__all__ = ["Gallery", "Group", "Triptych", "gallery_view", "png_source"]

_GAP = 0.08
_GROUPS = {
    "class": ("Class by class", "Of each class the image whose error is in the middle of its class."),
    "worst": ("The worst", "The images with the largest error, the largest first."),
    "middle": ("The middle", "Half of the judged images come out better than these, half worse."),
    "best": ("The best", "The images with the least error, the least first."),
}


@dataclass(frozen=True)
class Triptych:
    """One image three times: noisy, restored, clean; in one picture."""

    source: Markup
    width: int
    height: int
    words: str
    name: str
    error: str


@dataclass(frozen=True)
class Group:
    """Triptychs that belong together."""

    id: str
    title: str
    note: str
    images: tuple[Triptych, ...]


@dataclass(frozen=True)
class Gallery:
    """All groups; `note` says what is shown."""

    title: str
    groups: tuple[Group, ...]
    note: str


def gallery_view(content: DenoiseContent) -> Gallery:
    """Lay the kept images out, noisy, restored and clean side by side."""
    groups = tuple(_group(content, key) for key in _GROUPS if (content.pictures.group == key).any())
    peak = content.metrics["peak"]
    note = (
        f"Training images, each restored by a model of the other folds; test images are not shown, for who looks at "
        f"them tunes to them. Noisy values above white ({peak}) are shown white, below black (0) black."
    )
    kept, whole = content.pictures.clean.shape[1:3], content.metrics["image_shape"]
    if list(kept) != whole[:2]:
        note += f" Of {whole[1]} x {whole[0]} pixels every {round(whole[1] / kept[1])}th is shown."
    return Gallery("From the worst image to the best", groups, note)


def _group(content: DenoiseContent, key: str) -> Group:
    title, note = _GROUPS[key]
    places = np.flatnonzero(content.pictures.group == key)
    images = tuple(_triptych(content.pictures, int(place), content.metrics["peak"]) for place in places)
    return Group(key, title, note, images)


def _triptych(pictures: Pictures, place: int, peak: int) -> Triptych:
    parts = [kept[place] for kept in (pictures.noisy, pictures.restored, pictures.clean)]
    strip = _side_by_side([_eight_bit(part, peak) for part in parts])
    label, error = shown(str(pictures.label[place]), 20), grey(float(pictures.mae[place]))
    row = int(pictures.row[place])
    what = f"“{label}”, row {row:,}" if label else f"Row {row:,}"
    return Triptych(
        png_source(strip),
        strip.shape[1],
        strip.shape[0],
        f"{what}: noisy, restored and clean; off by {error} grey levels",
        what,
        error,
    )


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


def png_source(pixels: NDArray[np.uint8]) -> Markup:
    """Give an image as the text of a ``data:`` address; base64 alone, so that nothing in it can be markup."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG", optimize=True)
    return Markup("data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii"))
