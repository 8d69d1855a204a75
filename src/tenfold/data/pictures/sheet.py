"""Blocks of images on one sheet, each under a heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tenfold.data.pictures.ink import CELL, ERROR, GAP, GROUND, INK, LINE, MARGIN, SOFT
from tenfold.data.pictures.lettering import write
from tenfold.data.pictures.tone import Tone
from tenfold.text import shown

__all__ = ["Block", "draw_sheet"]

_HEADING = 104
_BETWEEN = 72
_CAPTION = 34
_LETTERS = 34


@dataclass(frozen=True, eq=False)
class Block:
    """
    Some images under a heading.

    Parameters
    ----------
    title : str
        In few words, from data perhaps.
    note : str
        Under the title, quieter.
    images : ndarray of uint8, shape (m, height, width) or (m, height, width, 3)
    captions : tuple of str
        One an image, or none at all.
    wrong : bool
        The images are errors.
    empty : str
        What stands in the place of images where there are none.
    """

    title: str
    note: str
    images: NDArray[np.uint8]
    captions: tuple[str, ...] = ()
    wrong: bool = False
    empty: str = "none"


def draw_sheet(blocks: Sequence[Block], tone: Tone, *, across: int, per_row: int, rows: int) -> Image.Image:
    """
    Draw blocks beside and below each other.

    Parameters
    ----------
    blocks : sequence of Block
    tone : Tone
    across : int
        Blocks beside each other.
    per_row, rows : int
        Images of a block beside and below each other; what does not fit is left out.

    Returns
    -------
    PIL.Image.Image
        RGB, at twice the size it is meant to be shown.

    Examples
    --------
    >>> X = np.zeros((4, 8, 8), np.uint8)
    >>> draw_sheet([Block("3 called 5", "4 images", X)], Tone.of(X), across=1, per_row=5, rows=5).width
    720
    """
    line = CELL + GAP + (_CAPTION if any(block.captions for block in blocks) else 0)
    width, height = per_row * (CELL + GAP) - GAP, _HEADING + rows * line - GAP
    down = -(-len(blocks) // across)
    size = (2 * MARGIN + across * width + (across - 1) * _BETWEEN, 2 * MARGIN + down * height + (down - 1) * _BETWEEN)
    sheet = Image.new("RGB", size, GROUND)
    for number, block in enumerate(blocks):
        row, column = divmod(number, across)
        corner = (MARGIN + column * (width + _BETWEEN), MARGIN + row * (height + _BETWEEN))
        _draw_block(sheet, block, tone, corner, (width, per_row, rows, line))
    return sheet


def _draw_block(
    sheet: Image.Image, block: Block, tone: Tone, corner: tuple[int, int], room: tuple[int, int, int, int]
) -> None:  # fmt: skip
    (left, top), (width, per_row, rows, line) = corner, room
    pen = ImageDraw.Draw(sheet)
    title = shown(block.title, _LETTERS)
    write(pen, (left, top + 4), title, fill=ERROR if block.wrong else INK, size=34, anchor="lt")
    write(pen, (left, top + 50), shown(block.note, 60), fill=SOFT, size=24, anchor="lt")
    pen.line([(left, top + 88), (left + width, top + 88)], fill=LINE, width=2)
    if not len(block.images):
        write(pen, (left, top + _HEADING + 8), block.empty, fill=SOFT, size=26, anchor="lt")
    for place, pixels in enumerate(block.images[: per_row * rows]):
        down, across = divmod(place, per_row)
        x, y = left + across * (CELL + GAP), top + _HEADING + down * line
        picture = tone.picture(pixels, CELL)
        sheet.paste(picture, (x + (CELL - picture.width) // 2, y + (CELL - picture.height) // 2))
        if block.captions:
            middle = (x + CELL // 2, y + CELL + 8)
            write(pen, middle, block.captions[place], fill=SOFT, size=22, anchor="mt")
