"""Single instances as the page shows them: a small picture in the text of the page, with its caption."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tenfold.data.pictures.tone import Tone

__all__ = ["Shot", "Shots", "picture_uri"]

_SIDE = 56
_COARSE = 28
_GREYS, _COLOURS = 16, 32


@dataclass(frozen=True)
class Shot:
    """One instance: its picture, what stands under it and what a pointer resting on it is told."""

    uri: str
    caption: str
    told: str


@dataclass(frozen=True)
class Shots:
    """Pictures of one kind; `ink` ones are turned over on a dark page, `coarse` ones keep their square pixels."""

    each: tuple[Shot, ...]
    ink: bool
    coarse: bool

    @classmethod
    def of(cls, X: NDArray[np.uint8], tone: Tone, captions: list[tuple[str, str]]) -> Shots:
        """Draw images of uint8, shape (n, height, width) or with a 3 for colour, each with caption and more."""
        each = tuple(Shot(picture_uri(tone.grey(one)), *words) for one, words in zip(X, captions, strict=True))
        return cls(each, tone.inverted, max(X.shape[1:3], default=0) < _COARSE)


def picture_uri(pixels: NDArray[np.uint8]) -> str:
    """
    Give an image as a ``data:`` URI, PNG in 16 greys or 32 colours, no side longer than 56 pixels.

    Examples
    --------
    >>> picture_uri(np.zeros((8, 8), np.uint8))[:22]
    'data:image/png;base64,'
    """
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if max(image.size) > _SIDE:
        image.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.quantize(_GREYS if image.mode == "L" else _COLOURS).save(file, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
