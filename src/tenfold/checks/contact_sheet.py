"""Examples of each class on one sheet: the quickest way to see what the labels mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tenfold.dataset import Dataset
from tenfold.text import shown

__all__ = ["contact_sheet"]

_INK, _SOFT, _LINE, _GROUND = "#16181d", "#5c6370", "#e4e6ea", "#ffffff"
_CLASSES = 40
# All lengths are at twice the size of the page, for sharp type on dense screens.
_CELL, _GAP, _MARGIN, _NAME = 112, 16, 48, 220
_NAME_LETTERS = 16


def contact_sheet(dataset: Dataset, per_class: int = 10) -> Image.Image:
    """
    Draw the first examples of each class in a row, ink on white, the class and its count on the left.

    Parameters
    ----------
    dataset : Dataset
        Images with one label each; without labels they make one group.
    per_class : int
        Images a class, 1 to 40.

    Returns
    -------
    PIL.Image.Image
        RGB, at twice the size it is meant to be shown; at most 40 classes.

    Raises
    ------
    ValueError
        The dataset holds no images.

    Examples
    --------
    >>> X = np.zeros((2, 8, 8), np.uint8)
    >>> contact_sheet(Dataset("d", "image", X, np.array(["a", "b"], object), source="d"), per_class=1).mode
    'RGB'
    """
    if dataset.kind != "image":
        raise ValueError(f"{dataset.name} holds no images")
    groups = _groups(dataset)
    X, per_class = np.asarray(dataset.X), min(max(per_class, 1), _CLASSES)
    drawn = groups[:_CLASSES]
    footer = _footer(len(groups))
    sheet = Image.new("RGB", _sheet_size(len(drawn), per_class, footer), _GROUND)
    pen = ImageDraw.Draw(sheet)
    tone = _Tone(X)
    for line, (name, rows) in enumerate(drawn):
        top = _MARGIN + line * (_CELL + _GAP)
        _draw_name(pen, name, len(rows), top)
        _draw_images(sheet, (tone.picture(X[row]) for row in rows[:per_class]), top)
        if line:
            pen.line([(_MARGIN, top - _GAP // 2), (sheet.width - _MARGIN, top - _GAP // 2)], fill=_LINE, width=2)
    if footer:
        pen.text((_MARGIN, sheet.height - _MARGIN), footer, fill=_SOFT, font=ImageFont.load_default(26), anchor="ls")
    return sheet


def _groups(dataset: Dataset) -> list[tuple[str, NDArray[np.intp]]]:
    """Class names in order of number or text, each with its rows."""
    if dataset.y is None or dataset.y.ndim != 1:
        return [(dataset.name, np.arange(len(dataset)))]
    names = sorted(set(dataset.y.tolist()), key=_natural)
    return [(name, np.flatnonzero(dataset.y == name)) for name in names]


def _natural(name: str) -> tuple[int, float, str]:
    return (0, float(name), name) if name.isdecimal() and name.isascii() else (1, 0.0, name)


def _footer(classes: int) -> str:
    return f"{classes - _CLASSES:,} more classes are not shown" if classes > _CLASSES else ""


def _sheet_size(lines: int, per_class: int, footer: str) -> tuple[int, int]:
    width = 2 * _MARGIN + _NAME + per_class * (_CELL + _GAP) - _GAP
    return width, 2 * _MARGIN + lines * (_CELL + _GAP) - _GAP + (_MARGIN if footer else 0)


def _draw_name(pen: ImageDraw.ImageDraw, name: str, count: int, top: int) -> None:
    middle = top + _CELL // 2
    label = shown(name, _NAME_LETTERS) or "(no label)"
    pen.text((_MARGIN, middle + 2), label, fill=_INK, font=ImageFont.load_default(_type_size(label)), anchor="ls")
    pen.text((_MARGIN, middle + 14), f"{count:,}", fill=_SOFT, font=ImageFont.load_default(24), anchor="lt")


def _type_size(label: str) -> int:
    return 36 if len(label) <= 9 else 24


def _draw_images(sheet: Image.Image, pictures: Iterable[Image.Image], top: int) -> None:
    for place, picture in enumerate(pictures):
        left = _MARGIN + _NAME + place * (_CELL + _GAP)
        sheet.paste(picture, (left + (_CELL - picture.width) // 2, top + (_CELL - picture.height) // 2))


class _Tone:
    """How pixels become ink on white: stretched to the largest value, turned over where the paper is dark."""

    def __init__(self, X: NDArray[np.uint8]) -> None:
        some = X[:1_000]
        self.high = int(some.max(initial=1)) or 1
        edge: Any = np.concatenate([some[:, 0].ravel(), some[:, -1].ravel(), some[:, :, 0].ravel()])
        self.inverted = X.ndim == 3 and bool(np.median(edge) < self.high / 4)
        # Dim sets such as the 0 to 16 of scikit-learn's digits are stretched, photographs are left alone.
        self.stretch = 255 / self.high if self.high < 64 else 1.0

    def picture(self, pixels: NDArray[np.uint8]) -> Image.Image:
        tones = np.clip(pixels * self.stretch, 0, 255).astype(np.uint8)
        image = Image.fromarray(255 - tones if self.inverted else tones).convert("RGB")
        factor = _CELL / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        return image.resize(size, Image.Resampling.NEAREST if factor >= 1 else Image.Resampling.LANCZOS)
