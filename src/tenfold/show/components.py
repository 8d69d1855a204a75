"""What sections are put together from: tables of figures, galleries, notes; as data, which a template draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.show.drawing.axes import Scale, Tick
from tenfold.show.drawing.dots import Dot, dot
from tenfold.show.drawing.pictures import Shots
from tenfold.show.words import Number

__all__ = [
    "Card",
    "Cell",
    "Column",
    "Footnote",
    "Gallery",
    "Name",
    "PlainTable",
    "Row",
    "Span",
    "Table",
    "TextBlock",
    "dot_cell",
    "dots",
    "ends_of",
    "figure_cells",
    "interval_below",
]

NUMBER, QUIET, QUIET_NUMBER = "right", "soft", "right soft"
"""Classes of columns: numbers to the right, and quieter ones."""


@dataclass(frozen=True)
class Footnote:
    """The mark of a note at the foot of the page: its number, the id of the note, and what it explains."""

    number: int
    id: str
    label: str


@dataclass(frozen=True)
class Column:
    """
    A column of a table.

    Parameters
    ----------
    head, below : str
        The head, and its second line.
    css : str
        Classes of its cells; a head stands to the right where they do.
    ticks : tuple of Tick or None
        Of the scale that stands in the head of a column of dots.
    note : Footnote or None
    """

    head: str = ""
    css: str = ""
    below: str = ""
    ticks: tuple[Tick, ...] | None = None
    note: Footnote | None = None

    @property
    def text(self) -> str:
        """The head as plain text."""
        return f"{self.head} {self.below}".strip()


@dataclass(frozen=True)
class Name:
    """What a row is about: a name, in full where it is cut, with a remark and a description."""

    text: str
    full: str = ""
    remark: str = ""
    about: str = ""
    shots: Shots | None = None


@dataclass(frozen=True)
class Cell:
    """
    A cell of a table.

    Parameters
    ----------
    text : str
    figure : bool
        Whether the text is a figure.
    reason : str
        Why the figure is undefined.
    below : str
        Quieter words under it, such as the interval.
    dot : Dot or None
        In a column of dots.
    tone : str
        Of the dot: "", "quiet" or "wrong".
    shots : Shots or None
        Pictures that stand in place of the text where pictures can be drawn.
    """

    text: str = ""
    figure: bool = False
    reason: str = ""
    below: str = ""
    dot: Dot | None = None
    tone: str = ""
    shots: Shots | None = None

    @property
    def plain(self) -> str:
        """The cell as plain text."""
        return f"{self.text} ({self.below})" if self.below and self.text else self.text


@dataclass(frozen=True)
class Row:
    """A row: its name, a cell for each further column, or why it has none (`failure`)."""

    name: Name
    cells: tuple[Cell, ...] = ()
    css: str = ""
    failure: str = ""


@dataclass(frozen=True)
class PlainTable:
    """
    A table of text, for Markdown, programs and terminals.

    Parameters
    ----------
    title, note : str
    head : tuple of str
    rows : tuple of tuples of str
        As long as the head.
    """

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table: the first column holds the names of the rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    css: str = ""

    def plain(self, title: str, note: str = "") -> PlainTable:
        """Return it as text, columns of dots and rows without cells left out."""
        places = [place for place, column in enumerate(self.columns) if column.ticks is None]
        rows = ((row.name.text, *(cell.plain for cell in row.cells)) for row in self.rows if not row.failure)
        return PlainTable(
            title,
            note,
            tuple(self.columns[place].text for place in places),
            tuple(tuple(row[place] for place in places) for row in rows),
        )


@dataclass(frozen=True)
class Span:
    """A piece of text, the class of its ground, and the words of a pointer that rests on it."""

    text: str
    css: str = ""
    words: str = ""


@dataclass(frozen=True)
class TextBlock:
    """The text of a column in pieces, and what is not shown of it."""

    name: str
    spans: tuple[Span, ...]
    more: str


@dataclass(frozen=True)
class Card:
    """
    A message.

    Parameters
    ----------
    id : str
        Of its element.
    title : str
        Which it is, what it is and was called.
    wrong : bool
        Whether it was called wrongly.
    texts : tuple of TextBlock
    built : tuple of Span
        What it is built of.
    why : str
        What its words sum to.
    heaviest : tuple of (str, str)
        Classes, and the words that speak most for each.
    removal : str
        Words that would change the prediction; empty where they were not looked for.
    """

    id: str
    title: str
    wrong: bool
    texts: tuple[TextBlock, ...]
    built: tuple[Span, ...]
    why: str
    heaviest: tuple[tuple[str, str], ...]
    removal: str


@dataclass(frozen=True)
class Gallery:
    """
    Some instances under a heading.

    Parameters
    ----------
    title, caption : str
    shots : Shots or None
        Their pictures.
    head, rows : tuple
        A table of them, where there are no pictures; empty where there are none.
    more : str
        How many are not shown.
    paired : bool
        Whether two that follow one another belong together.
    listed : tuple of tuple of str
        All of them as text, with the head `head`.
    id : str
        Of its heading.
    cards : tuple of Card
        Of texts: each row as a message.
    about_cards : str
        By which model their words are weighed.
    """

    title: str
    caption: str
    shots: Shots | None = None
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    more: str = ""
    paired: bool = False
    listed: tuple[tuple[str, ...], ...] = ()
    id: str = ""
    cards: tuple[Card, ...] = ()
    about_cards: str = ""


def dots(ticks: tuple[Tick, ...]) -> Column:
    """Return a column of dots on a scale with these ticks."""
    return Column(css="wide", ticks=ticks)


def dot_cell(scale: Scale, number: Number, tone: str = "") -> Cell:
    """Return a figure as a dot with its interval."""
    return Cell(dot=dot(scale, number.value, number.low, number.high), tone=tone)


def figure_cells(*numbers: Number) -> tuple[Cell, ...]:
    """
    Return a cell for each figure and one for its interval.

    Examples
    --------
    >>> [cell.text for cell in figure_cells(Number("96.5 %", "96.3 to 96.6", 9, "", "", 0.965, 0.963, 0.966))]
    ['96.5 %', '96.3 to 96.6']
    """
    return tuple(cell for one in numbers for cell in (Cell(one.text, True, one.reason), Cell(one.range)))


def interval_below(number: Number | None) -> Cell:
    """Return a figure with its interval below; an empty cell where there is none."""
    return Cell() if number is None else Cell(number.text, True, number.reason, number.range)


def ends_of(numbers: Sequence[Number]) -> list[float]:
    """Return the values and ends of intervals that a scale must hold."""
    return [end for one in numbers for end in (one.low, one.value, one.high) if end is not None]
