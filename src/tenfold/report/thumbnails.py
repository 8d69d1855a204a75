"""Images small enough to stand in a page by the dozen."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tenfold.pictures.tone import Tone

__all__ = ["thumbnail"]

_SIDE = 32


def thumbnail(pixels: NDArray[np.uint8], tone: Tone) -> str:
    """
    Give an image as a ``data:`` address: PNG, 16 greys (or 32 colours), at most 32 pixels wide and high.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width) or (height, width, 3)
    tone : Tone

    Examples
    --------
    >>> X = np.zeros((1, 8, 8), np.uint8)
    >>> thumbnail(X[0], Tone.of(X))[:22]
    'data:image/png;base64,'
    """
    image = Image.fromarray(tone.grey(pixels))
    image.thumbnail((_SIDE, _SIDE))
    file = io.BytesIO()
    image.quantize(16 if image.mode == "L" else 32).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
