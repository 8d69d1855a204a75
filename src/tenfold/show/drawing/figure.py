"""One figure as a file: a title that says what it shows, what its numbers are, and the drawing under it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from tenfold.data.pictures.ink import GROUND
from tenfold.show.drawing.ink import FONT, SOFT, box, plain, text

__all__ = ["MARGIN", "WIDTH", "Figure"]

WIDTH, MARGIN = 720, 32
_LETTERS = 88
_TITLE_LETTERS = 50
_LINE = 18


@dataclass(frozen=True)
class Figure:
    """
    A drawing with its words.

    Parameters
    ----------
    name : str
        Of the file, without ending.
    title, note : str
        Above the drawing; the note says what the numbers are and what they were computed on.
    description : str
        The same for those who cannot see it.
    height : float
        Of the drawing, in pixels.
    body : str
        SVG of the drawing, its top at 0.

    Examples
    --------
    >>> Figure("a", "<b>", "note", "words", 10, "").svg().count("&lt;b&gt;</title>")
    1
    """

    name: str
    title: str
    note: str
    description: str
    height: float
    body: str

    def svg(self) -> str:
        """Return the file: it names no other, and is light whatever the reader's screen, as paper is."""
        titles = textwrap.wrap(self.title, _TITLE_LETTERS) or [""]
        notes = textwrap.wrap(self.note, _LETTERS)
        head = [text(MARGIN, 44 + 26 * at, words, size=20, weight=600) for at, words in enumerate(titles)]
        under = 44 + 26 * (len(titles) - 1) + 24
        head += [text(MARGIN, under + _LINE * at, words, size=13, fill=SOFT) for at, words in enumerate(notes)]
        top = under + _LINE * len(notes) + 14
        height = round(top + self.height + MARGIN)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d" font-family="{FONT}">'
            f'<title id="t">{plain(self.title)}</title><desc id="d">{plain(self.description, 2000)}</desc>'
            f"{box(0, 0, WIDTH, height, fill=GROUND)}{''.join(head)}"
            f'<g transform="translate(0 {top})">{self.body}</g></svg>\n'
        )
