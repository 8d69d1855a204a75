"""Words on sheets, in whatever script: Pillow's own type where it can, else a typeface of the system."""

from __future__ import annotations

from functools import cache
from typing import Any

from PIL import ImageDraw, ImageFont

__all__ = ["write"]

_SYSTEM = (
    "NotoSans-Regular.ttf", "DejaVuSans.ttf", "segoeui.ttf", "Arial Unicode.ttf", "Arial.ttf", "seguiemj.ttf",
    "LiberationSans-Regular.ttf",
)  # fmt: skip
_IN_NO_TYPEFACE = "\U0010fffe"


def write(pen: ImageDraw.ImageDraw, at: tuple[float, float], words: str, *, size: int, fill: str, anchor: str) -> None:
    """
    Write words on a picture; a letter that no typeface of the machine has is written as its code.

    Parameters
    ----------
    pen : PIL.ImageDraw.ImageDraw
    at : tuple of float
    words : str
        Made harmless by `tenfold.text.shown` if they come from data.
    size : int
        Of the type, in pixels.
    fill, anchor : str
        As Pillow has them.

    Examples
    --------
    >>> from PIL import Image
    >>> picture = Image.new("L", (60, 20), 255)
    >>> write(ImageDraw.Draw(picture), (2, 2), "abc", size=12, fill="black", anchor="lt")
    >>> picture.getextrema()[0] < 128
    True
    """
    for font in _typefaces(size):
        if not _missing(font, words):
            pen.text(at, words, fill=fill, font=font, anchor=anchor, direction=_direction(font))
            return
    best = min(_typefaces(size), key=lambda font: len(_missing(font, words)))
    gone = _missing(best, words)
    coded = "".join(letter.encode("unicode_escape").decode("ascii") if letter in gone else letter for letter in words)
    pen.text(at, coded, fill=fill, font=best, anchor=anchor, direction=_direction(best))


def _direction(font: Any) -> str | None:
    """A line is read from the left even where it begins with an Arabic name, or "A called B" would turn round."""
    return "ltr" if getattr(font, "layout_engine", None) == ImageFont.Layout.RAQM else None


@cache
def _typefaces(size: int) -> tuple[Any, ...]:
    """Pillow's own first: the same on every machine, but hardly more than the letters of English."""
    fonts: list[Any] = [ImageFont.load_default(size)]
    for name in _SYSTEM:
        try:
            fonts.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return tuple(fonts)


def _missing(font: Any, words: str) -> set[str]:
    """The letters that are drawn as the box which stands for those a typeface does not have."""
    box = bytes(font.getmask(_IN_NO_TYPEFACE))
    return {letter for letter in set(words) if not letter.isspace() and bytes(font.getmask(letter)) == box}
