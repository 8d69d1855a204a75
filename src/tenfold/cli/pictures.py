"""Small images in a terminal: two pixels a character, as half blocks in shades of grey."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.output import draw, echo
from tenfold.text import shown

__all__ = ["half_blocks", "print_examples"]

_SIDE = 14
_IN_A_ROW = 5
_MOST_CLASSES = 10


def print_examples(data: Dataset) -> None:
    """Print the first example of each class (ten classes at most), five side by side."""
    images, labels = cast("NDArray[np.uint8]", data.X), data.labels
    names = list(dict.fromkeys(labels.tolist()))[:_MOST_CLASSES]
    pictures = [half_blocks(images[int(np.flatnonzero(labels == name)[0])]) for name in names]
    for start in range(0, len(names), _IN_A_ROW):
        row = pictures[start : start + _IN_A_ROW]
        width = len(_plain(row[0][0]))
        echo("\n" + "  ".join(shown(name, width).ljust(width) for name in names[start : start + _IN_A_ROW]))
        draw(["  ".join(lines) for lines in zip(*row, strict=True)])


def half_blocks(image: NDArray[Any]) -> list[str]:
    r"""
    Draw an image as lines of half blocks with 24-bit greys, at most 14 pixels wide and high.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width) or (height, width, 3)

    Examples
    --------
    >>> half_blocks(np.array([[0], [255]], np.uint8))
    ['\x1b[38;2;0;0;0m\x1b[48;2;255;255;255m▀\x1b[0m']
    """
    grey = _shrunk(image)
    if len(grey) % 2:
        grey = np.vstack([grey, grey[-1:]])
    return ["".join(map(_block, upper, lower)) + "\x1b[0m" for upper, lower in zip(grey[::2], grey[1::2], strict=True)]


def _shrunk(image: NDArray[Any]) -> NDArray[np.int64]:
    """Grey levels stretched to 0-255, every s-th pixel where the image is larger."""
    grey = image.mean(axis=2) if image.ndim == 3 else image.astype(float)
    step = -(-max(grey.shape) // _SIDE)
    small = grey[::step, ::step]
    return np.asarray(255 * small / (grey.max() or 1), dtype=np.int64)


def _block(upper: int, lower: int) -> str:
    return f"\x1b[38;2;{upper};{upper};{upper}m\x1b[48;2;{lower};{lower};{lower}m▀"


def _plain(line: str) -> str:
    return "▀" * line.count("▀")
