"""The report as Markdown, for a pull request, a wiki or a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.show.plain_report import Table, Told

__all__ = ["markdown"]

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|$~&])")


def markdown(told: Told) -> str:
    """
    Write what a report says as CommonMark with tables; no name from the data can become markup.

    Parameters
    ----------
    told : Told
    """
    return "\n".join(_lines(told)) + "\n"


def _lines(told: Told) -> Iterator[str]:
    yield f"# {_text(told.verdict)}\n"
    yield f"{_text(told.about)}\n"
    yield f"{_text(told.lead)}\n"
    for label, value, note in told.facts:
        yield f"- **{_text(label)}:** {_text(value)} – {_text(note)}"
    yield "\n## Worth a worry\n"
    yield from (f"- {_text(one)}" for one in told.worries or ("Nothing stands out.",))
    if told.advice:
        yield "\n## Worth trying next\n"
        yield from (f"- {_text(one)}" + (f"  \n  {_code(command)}" if command else "") for one, command in told.advice)
    for table in told.tables:
        yield from _table(table)
    yield "\n## How this was made\n"
    yield from (f"- **{_text(what)}:** {_text(how)}" for what, how in told.made)
    yield f"\nThe same again: {_code(told.repeat)}"


def _table(table: Table) -> Iterator[str]:
    yield f"\n## {_text(table.title)}\n"
    if table.note:
        yield f"{_text(table.note)}\n"
    if not table.rows:
        return
    yield _row(table.head)
    yield "|" + "|".join(" --- " if _is_text(table, at) else " ---: " for at in range(len(table.head))) + "|"
    yield from (_row(row) for row in table.rows)


def _is_text(table: Table, at: int) -> bool:
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
