"""Examples of each class on one sheet: the quickest way to see what the labels mean."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tenfold.data.dataset import Dataset
from tenfold.data.pictures.ink import CELL, GAP, GROUND, INK, LINE, MARGIN, SOFT
from tenfold.data.pictures.lettering import write
from tenfold.data.pictures.tone import Tone
from tenfold.text import shown

__all__ = ["contact_sheet"]

_CLASSES = 40
_NAME = 220
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
        The instances are no pictures.

    Examples
    --------
    >>> X = np.zeros((2, 8, 8), np.uint8)
    >>> contact_sheet(Dataset("d", "image", X, np.array(["a", "b"], object), source="d"), per_class=1).mode
    'RGB'
    """
    X = dataset.pictures()
    if X is None:
        raise ValueError(f"{dataset.name} holds no images")
    groups, per_class = _groups(dataset), min(max(per_class, 1), _CLASSES)
    footer = _footer(len(groups))
    sheet = Image.new("RGB", _sheet_size(min(len(groups), _CLASSES), per_class, footer), GROUND)
    pen = ImageDraw.Draw(sheet)
    tone = Tone.of(X)
    for line, (name, rows) in enumerate(groups[:_CLASSES]):
        top = MARGIN + line * (CELL + GAP)
        _draw_name(pen, name, len(rows), top)
        _draw_images(sheet, (tone.picture(X[row], CELL) for row in rows[:per_class]), top)
        if line:
            pen.line([(MARGIN, top - GAP // 2), (sheet.width - MARGIN, top - GAP // 2)], fill=LINE, width=2)
    if footer:
        write(pen, (MARGIN, sheet.height - MARGIN), footer, fill=SOFT, size=26, anchor="ls")
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
    width = 2 * MARGIN + _NAME + per_class * (CELL + GAP) - GAP
    return width, 2 * MARGIN + lines * (CELL + GAP) - GAP + (MARGIN if footer else 0)


def _draw_name(pen: ImageDraw.ImageDraw, name: str, count: int, top: int) -> None:
    middle = top + CELL // 2
    label = shown(name, _NAME_LETTERS) or "(no label)"
    write(pen, (MARGIN, middle + 2), label, fill=INK, size=_type_size(label), anchor="ls")
    write(pen, (MARGIN, middle + 14), f"{count:,}", fill=SOFT, size=24, anchor="lt")


def _type_size(label: str) -> int:
    return 36 if len(label) <= 9 else 24


def _draw_images(sheet: Image.Image, pictures: Iterable[Image.Image], top: int) -> None:
    for place, picture in enumerate(pictures):
        left = MARGIN + _NAME + place * (CELL + GAP)
        sheet.paste(picture, (left + (CELL - picture.width) // 2, top + (CELL - picture.height) // 2))
