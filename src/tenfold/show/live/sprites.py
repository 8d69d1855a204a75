"""Thumbnails of many images in one picture a class: what a page can carry without a file beside it."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tenfold.data.pictures.tone import Tone

__all__ = ["Thumbnails", "bytes_of_one", "sprite", "thumbnails"]

SIDE = 28
"""Longest side of a thumbnail in pixels; larger images are made smaller."""
_ACROSS = 32
_SAMPLE = 128


@dataclass(frozen=True, eq=False)
class Thumbnails:
    """
    Images ready to be packed.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, height, width) or (n, height, width, 3)
        No side longer than 28.
    dark : bool
        Whether the paper is dark and the ink light.
    """

    X: NDArray[np.uint8]
    dark: bool


def thumbnails(X: NDArray[np.uint8], places: NDArray[np.int64]) -> Thumbnails:
    """
    Return the thumbnails of some images, dim ones (such as the 0 to 16 of scikit-learn's digits) stretched.

    Examples
    --------
    >>> images = thumbnails(np.eye(8, dtype=np.uint8)[None] * 16, np.array([0]))
    >>> images.X.shape, int(images.X.max()), images.dark
    ((1, 8, 8), 255, True)
    >>> thumbnails(np.zeros((1, 100, 50, 3), np.uint8), np.array([0])).X.shape
    (1, 28, 14, 3)
    """
    tone, part = Tone.of(X), X[places]
    if tone.stretch != 1:
        part = np.clip(part * tone.stretch, 0, 255).round().astype(np.uint8)
    return Thumbnails(_smaller(part), tone.inverted)


def _smaller(X: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = X.shape[1:3]
    factor = SIDE / max(height, width)
    if factor >= 1 or not len(X):
        return X
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.stack([np.asarray(Image.fromarray(one).resize(size, Image.Resampling.LANCZOS)) for one in X])


def sprite(X: NDArray[np.uint8]) -> str:
    """
    Lay images out in rows of 32 and give the PNG as base64.

    Examples
    --------
    >>> sprite(np.zeros((1, 2, 2), np.uint8))[:11]
    'iVBORw0KGgo'
    """
    n, height, width = X.shape[:3]
    lines, across = math.ceil(n / _ACROSS), min(n, _ACROSS)
    sheet = np.zeros((lines * across, *X.shape[1:]), np.uint8)
    sheet[:n] = X
    grid = sheet.reshape(lines, across, height, width, *X.shape[3:]).swapaxes(1, 2)
    image = Image.fromarray(np.ascontiguousarray(grid.reshape(lines * height, across * width, *X.shape[3:])))
    file = io.BytesIO()
    # The hardest compression takes ten times as long as this one and saves a thirtieth.
    image.save(file, format="PNG", compress_level=6)
    return base64.b64encode(file.getvalue()).decode("ascii")


def bytes_of_one(X: NDArray[np.uint8]) -> float:
    """Estimate what one thumbnail takes of the page, from a sample spread over all."""
    some = thumbnails(X, np.linspace(0, len(X) - 1, min(len(X), _SAMPLE)).astype(np.int64)).X
    return len(sprite(some)) / len(some) if len(some) else 1.0
