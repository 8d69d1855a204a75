"""How pixels become ink on white paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Tone"]

_DIM = 64
_LOOKED_AT = 1_000


@dataclass(frozen=True)
class Tone:
    """
    What a set of images needs to be seen: dim sets are stretched, those on dark paper turned over.

    Parameters
    ----------
    stretch : float
        Factor on every pixel; 1 for photographs.
    inverted : bool
        The paper is dark in the data and white when shown.

    Examples
    --------
    >>> X = np.zeros((3, 8, 8), np.uint8)
    >>> X[:, 4, 4] = 16
    >>> tone = Tone.of(X)
    >>> tone.inverted, tone.grey(X[0])[4, 3:5].tolist()
    (True, [255, 0])
    """

    stretch: float
    inverted: bool

    @classmethod
    def of(cls, X: NDArray[np.uint8]) -> Self:
        """Look at images of uint8, shape (n, height, width) or (n, height, width, 3)."""
        some = X[:_LOOKED_AT]
        high = int(some.max(initial=1)) or 1
        edge: Any = np.concatenate([some[:, 0].ravel(), some[:, -1].ravel(), some[:, :, 0].ravel()])
        inverted = X.ndim == 3 and bool(len(edge)) and bool(np.median(edge) < high / 4)
        return cls(255 / high if high < _DIM else 1.0, inverted)

    def grey(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return pixels as they are shown, uint8 of the same shape."""
        tones = np.clip(pixels * self.stretch, 0, 255).astype(np.uint8)
        return np.asarray(255 - tones if self.inverted else tones)

    def picture(self, pixels: NDArray[np.uint8], side: int) -> Image.Image:
        """Return one image as a picture whose longer side is `side`; small images keep their square pixels."""
        image = Image.fromarray(self.grey(pixels)).convert("RGB")
        factor = side / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        return image.resize(size, Image.Resampling.NEAREST if factor >= 1 else Image.Resampling.LANCZOS)
