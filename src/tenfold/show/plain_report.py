"""The report without pictures: the same sentences and tables, for Markdown and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.ask.errors.sentences import share_columns
from tenfold.figures.curves.readings import most_confused
from tenfold.record.words.verdict import board_rows
from tenfold.show.content import Content
from tenfold.show.page import SECTIONS
from tenfold.show.sections.verdict.tuning import tuning_view
from tenfold.show.words import Sentence
from tenfold.text import shown

__all__ = ["Table", "Told", "told"]

_MATRIX_CLASSES = 20
_PAIRS = 10


@dataclass(frozen=True)
class Table:
    """
    A table of text.

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
class Told:
    """
    What the report says.

    Parameters
    ----------
    about, verdict, lead : str
    facts : tuple of (label, value, note)
    worries : tuple of str
    advice : tuple of (sentence, command)
    tables : tuple of Table
    made : tuple of (what, how)
    repeat : str
        The command that makes the run again.
    """

    about: str
    verdict: str
    lead: str
    facts: tuple[tuple[str, str, str], ...]
    worries: tuple[str, ...]
    advice: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    made: tuple[tuple[str, str], ...]
    repeat: str


def told(content: Content) -> Told:
    """Gather the sentences and tables of a report, in the order of the page."""
    drawn = {section.id: section.draw(content) for section in SECTIONS if section.id in {"verdict", "cards", "made"}}
    top, (worries, advice), made = drawn["verdict"], drawn["cards"], drawn["made"]
    return Told(
        about=top.about,
        verdict=_words(top.headline),
        lead=_words(top.lead),
        facts=tuple((fact.label, fact.value, fact.note) for fact in top.facts),
        worries=tuple(_words(one) for one in (*worries.open, *worries.folded)),
        advice=tuple((_words(one.text), one.command) for one in advice),
        tables=tuple(_tables(content)),
        made=tuple((step.name, step.text) for step in made.steps),
        repeat=made.repeat,
    )


def _words(sentence: Sentence) -> str:
    return "".join(part.text for part in sentence)


def _tables(content: Content) -> Iterator[Table]:
    head, *rows = board_rows(content.metrics)
    yield Table("Candidates", "Judged out of fold, each at its own decision.", head, tuple(rows))
    yield from _settings(content)
    if content.metrics["task"] in {"binary", "multiclass"}:
        counts = np.array(content.decision["confusion_matrix"], np.int64)
        if len(counts) <= _MATRIX_CLASSES:
            yield _counts(content, counts)
        yield _pairs(content, counts)
        yield _classes(content, counts)
    yield from _figures(content)


def _settings(content: Content) -> Iterator[Table]:
    view = tuning_view(content)
    for one in view.candidates if view is not None else ():
        rows = ((*line.values, line.mean, line.span, line.answers) for line in (*one.lines, *one.more))
        yield Table(one.title, one.caption, (*one.parameters, "mean", "folds, from to", "answers fold"), tuple(rows))


def _counts(content: Content, counts: Any) -> Table:
    names = tuple(shown(name, 60) for name in content.classes)
    rows = tuple((name, *(f"{value:,}" for value in row)) for name, row in zip(names, counts.tolist(), strict=True))
    return Table("Confusions", "Rows are actual, columns are called; counts, judged out of fold.", ("", *names), rows)


def _pairs(content: Content, counts: Any) -> Table:
    """Of two classes all errors on one are of one kind, so the share is that of its rows."""
    found, names = most_confused(counts, _PAIRS), [shown(name, 60) for name in content.classes]
    two = len(counts) == 2
    wholes = [int(counts[one.actual].sum()) if two else one.errors for one in found]
    shares = share_columns([one.count for one in found], wholes, "undefined")
    pairs = ((names[one.actual], names[one.predicted], f"{one.count:,}") for one in found)
    rows = tuple((*pair, *share) for pair, *share in zip(pairs, *shares, strict=True))
    note = f"Share of {'all rows of' if two else 'the errors on'} the actual class."
    note = note if rows else f"No {content.noun(1)} was taken for another class."
    return Table("Most frequent errors", note, ("actual", "called", content.noun(), "share", "95 % interval"), rows)


def _classes(content: Content, counts: Any) -> Table:
    head = (
        "class",
        content.noun(),
        "found (recall)",
        "95 % interval",
        "right when called (precision)",
        "95 % interval",
    )
    hits, actual, called = np.diag(counts).tolist(), counts.sum(axis=1).tolist(), counts.sum(axis=0).tolist()
    rows = zip(
        (shown(name, 60) for name in content.classes),
        (f"{count:,}" for count in actual),
        *share_columns(hits, actual, "undefined"),
        *share_columns(hits, called, "undefined"),
        strict=True,
    )
    return Table("Classes", "Judged out of fold at the decision in force; Wilson intervals.", head, tuple(rows))


def _figures(content: Content) -> Iterator[Table]:
    section = next(one for one in SECTIONS if one.id == "figures")
    for table in (section.draw(content) or ())[:1]:
        head = ("figure", "out of fold", "95 % interval", "rows", "test", "95 % interval")
        rows = tuple(
            (
                line.name,
                line.found.text,
                line.found.range or line.found.reason,
                f"{line.found.n:,}",
                line.test.text if line.test else "",
                line.test.range if line.test else "",
            )
            for line in table.lines
        )
        yield Table(f"All figures: {table.title}", "", head, rows)
