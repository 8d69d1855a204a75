"""The candidates: which is best, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tenfold.decimals import FigureText, change_unit, is_rate
from tenfold.record.words.caveats import caveats
from tenfold.record.words.choice import choice_words
from tenfold.show.components import (
    NUMBER,
    QUIET,
    Cell,
    Column,
    Name,
    PlainTable,
    Row,
    Table,
    dot_cell,
    dots,
    figure_cells,
    interval_below,
)
from tenfold.show.content import BASELINE, Content
from tenfold.show.drawing.axes import Scale, percent_ticks, ticks, uncrowded
from tenfold.show.words import Number, amount, changes, numbers
from tenfold.text import shown

__all__ = ["Board", "BoardWords", "board_view", "without_baseline"]


@dataclass(frozen=True)
class Board:
    """
    The candidates, the best first, and those that failed.

    Parameters
    ----------
    title, caption : str
    zoom : str
        On which part of its scale the dots stand, where it is not all of it.
    choice : str
        Why the chosen candidate was chosen; empty where that was not written down.
    table : Table
    command : str
        That makes the run again.
    """

    title: str
    caption: str
    zoom: str
    choice: str
    table: Table
    command: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the candidates as a table of text."""
        return (self.table.plain("Candidates", f"{self.caption} {self.choice}".rstrip()),)


@dataclass(frozen=True)
class BoardWords:
    """
    How a task ranks and names candidates.

    Parameters
    ----------
    caption : callable
        The sentences under the title.
    zoom : callable
        What is said of the scale of the dots; empty where it is all there is.
    figure : callable
        What the figure is called that orders the candidates.
    scale : callable
        Of the dots, given the key of that figure, the candidates and their values.
    title : callable
        Given the names of the candidates, the best first.
    no_better : str
        The title where nothing beats the baseline; empty: the caveat that says so.
    remark : callable
        What is said of a candidate.
    about : callable
        What a candidate does, by its name.
    further : tuple of (str, callable)
        Keys of the figures beside that which orders the candidates, each with its column. Intervals then stand below
        the figures, and remarks below the names.
    verb : str
        Of the command that makes the run again.
    """

    caption: Callable[[Content], str]
    zoom: Callable[[Content, Scale], str]
    figure: Callable[[Content], str]
    scale: Callable[[str, Sequence[str], Sequence[Number]], Scale]
    title: Callable[[Sequence[str]], str]
    no_better: str
    remark: Callable[[Content, str], str]
    about: Callable[[str], str] = lambda name: ""
    further: tuple[tuple[str, Callable[[Content], Column]], ...] = ()
    verb: str = "run"


def board_view(content: Content, words: BoardWords) -> Board:
    """Lay out the candidates, the best first, on one scale."""
    key, entries = content.metric, content.candidates
    values = numbers((key, one.out_of_fold[key]) for one in entries.values())
    apart = changes(change_unit(key), [one.difference_to_best for one in entries.values()])
    scale = words.scale(key, list(entries), values)
    rows = (_compact_rows if words.further else _wide_rows)(content, words, scale, values, apart)
    css = "board compact" if words.further else "board"
    table = Table(_columns(content, words, scale), (*rows, *_failures(content)), css)
    return Board(
        _title(content, words),
        words.caption(content),
        words.zoom(content, scale),
        _choice(content),
        table,
        content.repeat(words.verb),
    )


def _choice(content: Content) -> str:
    why = choice_words(content.metrics)
    return f"Chosen is {shown(content.chosen, 40)}: {why}." if why else ""


def _title(content: Content, words: BoardWords) -> str:
    first = next((one for one in caveats(content.metrics) if one.kind == "baseline"), None)
    if first is not None:
        return words.no_better or first.sentence.rstrip(".")
    tied = sum(bool(entry.tied_with_best) for entry in content.candidates.values())
    return f"{tied} candidates cannot be told apart at the top" if tied > 1 else words.title(list(content.candidates))


def _columns(content: Content, words: BoardWords, scale: Scale) -> tuple[Column, ...]:
    marks = percent_ticks(scale) if is_rate(content.metric) else uncrowded(ticks(scale))
    first = (Column("candidate"), dots(marks), Column(words.figure(content), NUMBER), Column("95 % interval", QUIET))
    if words.further:
        further = (column(content) for _, column in words.further)
        return (*first, Column("to the best", NUMBER), *further, Column("time", NUMBER))
    return (
        *first,
        Column("to the best", NUMBER),
        Column("95 % interval", QUIET),
        Column("fit + predict", NUMBER),
        Column("peak memory", NUMBER),
        Column("remark", f"{QUIET} remark"),
    )


def _wide_rows(
    content: Content, words: BoardWords, scale: Scale, values: Sequence[Number], apart: Sequence[FigureText]
) -> Iterator[Row]:
    for (name, entry), value, difference in zip(content.candidates.items(), values, apart, strict=True):
        chosen, peak = name == content.chosen, entry.peak_bytes
        yield Row(
            Name(shown(name, 40)),
            (
                dot_cell(scale, value, "" if chosen else "quiet"),
                *figure_cells(value),
                Cell(difference.value),
                Cell(difference.interval),
                Cell(amount(entry.fit_seconds + entry.predict_seconds, "s")),
                Cell(amount(peak / 1e6, "MB") if peak else ""),
                Cell(words.remark(content, name)),
            ),
            "chosen" if chosen else "",
        )


def _compact_rows(
    content: Content, words: BoardWords, scale: Scale, values: Sequence[Number], apart: Sequence[FigureText]
) -> Iterator[Row]:
    entries = content.candidates.items()
    further = [numbers((key, one.out_of_fold[key]) for _, one in entries) for key, _ in words.further]
    for (name, entry), value, difference, *more in zip(entries, values, apart, *further, strict=True):
        chosen = name == content.chosen
        yield Row(
            Name(shown(name, 40), remark=words.remark(content, name), about=words.about(name)),
            (
                dot_cell(scale, value, "" if chosen else "quiet"),
                *figure_cells(value),
                Cell(difference.value, below=difference.interval),
                *map(interval_below, more),
                Cell(amount(entry.fit_seconds + entry.predict_seconds, "s")),
            ),
            "chosen" if chosen else "",
        )


def _failures(content: Content) -> Iterator[Row]:
    """The candidates that failed; that the chosen one is not saved is said at the head of the page."""
    for name, why in content.metrics.failed.items():
        if name != "model":
            yield Row(Name(shown(name, 40)), failure=shown(why, 400))


def without_baseline(names: Sequence[str]) -> list[str]:
    """Return the names of the candidates that are not the baseline."""
    return [name for name in names if name != BASELINE]
