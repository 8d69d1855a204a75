"""Images in the text of a page: small pictures with their captions, and arrays as PNG."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

from tenfold.data.pictures.tone import Tone
from tenfold.show.words import Sentence

__all__ = ["Shot", "Shots", "picture_uri", "png_source"]

_SIDE = 56
_COARSE = 28
_GREYS, _COLOURS = 16, 32


@dataclass(frozen=True)
class Shot:
    """
    The picture of an instance.

    Parameters
    ----------
    uri, caption : str
        The picture, and what stands under it.
    words : str
        For a pointer that rests on it, and for those who cannot see it.
    size : (int, int)
        Width and height in pixels; (0, 0) where its class decides.
    note : Sentence
        Behind the caption.
    """

    uri: str
    caption: str
    words: str
    size: tuple[int, int] = (0, 0)
    note: Sentence = ()


@dataclass(frozen=True)
class Shots:
    """
    Pictures of one kind.

    Parameters
    ----------
    each : tuple of Shot
    ink : bool
        Whether they are turned over on a dark page.
    coarse : bool
        Whether they keep their square pixels.
    parts : tuple of str
        Of pictures that show an instance several times: what stands over each part.
    """

    each: tuple[Shot, ...]
    ink: bool
    coarse: bool
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, X: NDArray[np.uint8], tone: Tone, captions: list[tuple[str, str]]) -> Shots:
        """Draw images of uint8, shape (n, height, width) or with a 3 for colour, each with caption and more."""
        each = tuple(Shot(picture_uri(tone.grey(one)), *words) for one, words in zip(X, captions, strict=True))
        return cls(each, tone.inverted, max(X.shape[1:3], default=0) < _COARSE)


def picture_uri(pixels: NDArray[np.uint8]) -> str:
    """
    Return an image as a ``data:`` URI, PNG in 16 greys or 32 colours, no side longer than 56 pixels.

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


def png_source(pixels: NDArray[np.uint8]) -> Markup:
    """Return an image as the text of a ``data:`` address; base64 alone, so that nothing in it can be markup."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG", optimize=True)
    return Markup("data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii"))
