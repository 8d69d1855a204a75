"""What the verbs print: plain text that reads well at 80 columns, without colour, and when piped."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from tenfold.output import echo, json_text
from tenfold.text import printable

__all__ = [
    "print_json",
    "print_list",
    "print_paragraph",
    "print_record",
    "print_table",
    "progress_line",
    "terminal_width",
]

_WIDEST = 100


def terminal_width() -> int:
    """Return the columns that text may take: those of the terminal, 100 at most."""
    return min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)


def print_paragraph(text: str, *, strong: bool = False, indent: str = "") -> None:
    """Print a paragraph, wrapped to the terminal (whole when piped)."""
    lines = textwrap.wrap(printable(text), terminal_width() - 1, initial_indent=indent, subsequent_indent=indent or "")
    echo("\n".join(lines) if sys.stdout.isatty() else indent + text, bold=strong)


def print_list(items: Iterable[str]) -> None:
    """Print items one below the other, with a dash and a hanging indent."""
    for item in items:
        wrapped = textwrap.wrap(printable(item), terminal_width() - 1, initial_indent="- ", subsequent_indent="  ")
        echo("\n".join(wrapped) if sys.stdout.isatty() else f"- {item}")


def print_table(rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()) -> None:
    """Print rows, the first the head, in columns as wide as their text; columns in `right` are right-aligned."""
    from rich.cells import cell_len

    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    ends = set(right)
    for number, row in enumerate(rows):
        cells = [
            _padded(cell, width - cell_len(cell), i in ends)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        echo("  ".join(cells).rstrip(), dim=number == 0)


def _padded(cell: str, missing: int, right: bool) -> str:
    """Fill a cell by the columns that its text leaves free: an emoji takes two, a combining accent none."""
    return " " * missing + cell if right else cell + " " * missing


def print_json(value: Any) -> None:
    """Print one JSON object on standard output."""
    echo(json_text(value))


def print_record(record: Any) -> None:
    """Print a dataclass, such as one of `tenfold.cli.outputs`, as one JSON object on standard output."""
    from tenfold.record.entries.typed_json import plain_record

    print_json(plain_record(record))


def progress_line(text: str) -> None:
    """Print a line about the progress on standard error, wrapped on a terminal."""
    line = printable(text)
    echo("\n".join(textwrap.wrap(line, terminal_width() - 1)) if sys.stderr.isatty() else line, err=True)
