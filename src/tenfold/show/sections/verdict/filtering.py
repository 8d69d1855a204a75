"""How good is it as a filter of mail? Both error rates and their mean, as filters are compared."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.record.words.filtering import FILTER_HEAD, filter_rows
from tenfold.show.components import NUMBER, QUIET, Cell, Column, Name, PlainTable, Row, Table
from tenfold.show.content import Content

__all__ = ["FilterFigures", "filter_view"]

_TITLE = "As filters are compared"


@dataclass(frozen=True)
class FilterFigures:
    """The figures of a filter."""

    title: str
    caption: str
    table: Table

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the figures as a table of text."""
        return (self.table.plain(self.title, self.caption),)


def filter_view(content: Content) -> FilterFigures | None:
    """Show the figures of a detector of mail; None of any other run."""
    rows = filter_rows(content.metrics, content.manifest.data.kind)
    if not rows:
        return None
    columns = (
        Column(FILTER_HEAD[0]),
        *(Column(head, QUIET if "interval" in head else NUMBER) for head in FILTER_HEAD[1:]),
    )
    lines = tuple(
        Row(Name(name), tuple(Cell(text, at % 2 == 0) for at, text in enumerate(cells))) for name, *cells in rows
    )
    caption = (
        "At the decision in force. The first two are the errors that a reader of mail notices; the third depends on no "
        "threshold; the last, the mean of the first two in the log odds, is that of the spam track of TREC."
    )
    return FilterFigures(_TITLE, caption, Table(columns, lines, "all"))
