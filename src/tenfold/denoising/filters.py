"""Denoisers that look at one image alone, and the one that does nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

__all__ = ["AsItIs", "MedianFilter"]

_WINDOW = 3
_LEARNT_FROM = 4_000


@dataclass(frozen=True)
class AsItIs:
    """Does nothing: the noisy image is the answer. What is not better than that has restored nothing."""

    @classmethod
    def fitted(cls, noisy: NDArray[np.int16], clean: NDArray[np.uint8]) -> Self:
        """Learn nothing."""
        return cls()

    def restored(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        """Give the images back."""
        return noisy.astype(np.float64)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what is kept in a file: nothing."""
        return {}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Read what `arrays` gave; ValueError unless it is nothing."""
        if arrays:
            raise ValueError(f"{len(arrays)} arrays, of which it is not made")
        return cls()


@dataclass(frozen=True)
class MedianFilter:
    """
    The median of each pixel and its eight neighbours, less the brightness that the noise adds on average.

    Parameters
    ----------
    brighter : float
        That brightness in grey levels, learnt from the training images.
    """

    brighter: float

    @classmethod
    def fitted(cls, noisy: NDArray[np.int16], clean: NDArray[np.uint8]) -> Self:
        """Learn how much brighter the filtered images are, from a few thousand of them, evenly spread."""
        few = np.linspace(0, len(noisy) - 1, min(_LEARNT_FROM, len(noisy))).astype(np.int64)
        return cls(float(_filtered(noisy[few]).mean(dtype=np.float64) - clean[few].mean(dtype=np.float64)))

    def restored(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        """Restore images of shape (m, height, width[, 3]); grey levels, not rounded."""
        return _filtered(noisy).astype(np.float64) - self.brighter

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what is kept in a file."""
        return {"brighter": np.array([self.brighter])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Read what `arrays` gave; ValueError unless it is one number."""
        (brighter,) = arrays["brighter"].tolist()
        if len(arrays) != 1 or not math.isfinite(brighter):
            raise ValueError(f"a brightness of {brighter}, or more arrays than that")
        return cls(float(brighter))


def _filtered(noisy: NDArray[np.int16]) -> NDArray[np.int16]:
    size = (1, _WINDOW, _WINDOW, *(1 for _ in noisy.shape[3:]))
    return np.asarray(median_filter(noisy, size=size, mode="nearest"))
