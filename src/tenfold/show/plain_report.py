"""The report without pictures: the sentences and tables of the page, for Markdown and for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.pages import further_views, views_of
from tenfold.show.section import Tabled, View
from tenfold.show.sections.verdict.cards import Cards
from tenfold.show.sections.verdict.provenance import Provenance
from tenfold.show.sections.verdict.verdict import Verdict
from tenfold.show.words import Sentence

__all__ = ["PlainReport", "markdown", "plain_report"]

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|$~&])")

AnyView = TypeVar("AnyView", bound=View)


@dataclass(frozen=True)
class PlainReport:
    """
    What the page of a run says.

    Parameters
    ----------
    about, verdict, lead : str
    facts : tuple of (label, value, note)
    worries : tuple of str
    advice : tuple of (sentence, command)
    tables : tuple of PlainTable
        In the order of the page.
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
    tables: tuple[PlainTable, ...]
    made: tuple[tuple[str, str], ...]
    repeat: str


def plain_report(content: Content) -> PlainReport:
    """Return the sentences and tables of the page of a run, from the views of its sections."""
    sections = views_of(content, plain=True)
    further = further_views(content, [section for section, _ in sections])
    views = [view for _, view in sections]
    top, cards, made = _one(Verdict, views), _one(Cards, views), _one(Provenance, views)
    worries = () if cards is None else (*cards.worries.open, *cards.worries.folded)
    return PlainReport(
        about="" if top is None else top.about,
        verdict="" if top is None else _plain(top.headline),
        lead="" if top is None else _plain(top.lead),
        facts=() if top is None else tuple((fact.label, fact.value, fact.note) for fact in top.facts),
        worries=tuple(map(_plain, worries)),
        advice=() if cards is None else tuple((_plain(one.text), one.command) for one in cards.advice),
        tables=tuple(
            table
            for section, view in sections
            for one in (view, *(other for its, _, other in further if its is section))
            if isinstance(one, Tabled)
            for table in one.plain_tables()
        ),
        made=() if made is None else tuple((step.name, step.text) for step in made.steps),
        repeat="" if made is None else made.repeat,
    )


def _one(kind: type[AnyView], views: Iterable[View]) -> AnyView | None:
    return next((view for view in views if isinstance(view, kind)), None)


def _plain(sentence: Sentence) -> str:
    return "".join(part.text for part in sentence)


def markdown(report: PlainReport) -> str:
    """
    Write what a report says as CommonMark with tables; no name from the data can become markup.

    Parameters
    ----------
    report : PlainReport
    """
    return "\n".join(_lines(report)) + "\n"


def _lines(report: PlainReport) -> Iterator[str]:
    yield f"# {_text(report.verdict)}\n"
    yield f"{_text(report.about)}\n"
    yield f"{_text(report.lead)}\n"
    for label, value, note in report.facts:
        yield f"- **{_text(label)}:** {_text(value)} – {_text(note)}"
    yield "\n## Worth a worry\n"
    yield from (f"- {_text(one)}" for one in report.worries or ("Nothing stands out.",))
    if report.advice:
        yield "\n## Worth trying next\n"
        for sentence, command in report.advice:
            yield f"- {_text(sentence)}" + (f"  \n  {_code(command)}" if command else "")
    for table in report.tables:
        yield from _table(table)
    yield "\n## How this was made\n"
    yield from (f"- **{_text(what)}:** {_text(how)}" for what, how in report.made)
    yield f"\nThe same again: {_code(report.repeat)}"


def _table(table: PlainTable) -> Iterator[str]:
    yield f"\n## {_text(table.title)}\n"
    if table.note:
        yield f"{_text(table.note)}\n"
    if not table.rows:
        return
    yield _row(table.head)
    yield "|" + "|".join(" --- " if _is_text(table, at) else " ---: " for at in range(len(table.head))) + "|"
    yield from (_row(row) for row in table.rows)


def _is_text(table: PlainTable, at: int) -> bool:
    return at == 0 or not any(re.match(r"[-\d]", row[at]) for row in table.rows)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_text(cell) for cell in cells) + " |"


def _text(words: str) -> str:
    """Words that stay words: whatever Markdown or HTML would read as markup gets a backslash."""
    return _MARKUP.sub(r"\\\1", words)


def _code(command: str) -> str:
    """A command in as many backticks as it does not hold itself."""
    fence = "`" * (max((len(run) for run in re.findall("`+", command)), default=0) + 1)
    pad = " " if command.startswith("`") or command.endswith("`") else ""
    return f"{fence}{pad}{command}{pad}{fence}"
