"""
The one place from which words go to a terminal: whatever comes from data is shown, never sent.

A class, a column or a file may be named so that a terminal obeys it (escape sequences), reads it backwards (bidi
controls) or cannot write it at all. So `main` puts a guard on both streams (`guarded`): whatever is written to them, by
a verb, a warning, a log or a traceback, has such characters escaped. `echo` alone reaches behind the guard, after
escaping, for the sake of bold and dim letters; `write_data` and `data_stream` do where a program reads the answer.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

from tenfold.text import printable

__all__ = [
    "console", "data_stream", "draw", "echo", "echo_shaded", "guarded", "json_text", "shows_colour", "write_data",
]  # fmt: skip

_BOX_DRAWING = re.compile(r"(?:\x1b\[(?:0|[34]8;2(?:;\d{1,3}){3})m|[\u2580 ])*")


class _Guard:
    """A text stream that escapes what it is given; all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(printable(text))
        return len(text)

    def writelines(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def guarded() -> Iterator[None]:
    """Escape all that is written to standard output and standard error; what they cannot encode is escaped as well."""
    before = sys.stdout, sys.stderr
    for stream in before:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = (stream if isinstance(stream, _Guard) else _Guard(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _behind(stream: Any) -> TextIO:
    """The stream itself, behind its guard if it has one."""
    characters: TextIO = stream.stream if isinstance(stream, _Guard) else stream
    return characters


def echo(
    text: object = "", *, lead: str = "", err: bool = False, bold: bool = False, dim: bool = False, nl: bool = True
) -> None:
    r"""
    Print a line, or several, with all that a terminal could obey escaped.

    Parameters
    ----------
    text : object
        Its line ends stay.
    lead : str
        Bold letters before it.
    err : bool
        On standard error.
    bold, dim : bool
        How the text is written where the terminal can.
    nl : bool
        Whether a line end follows.

    Examples
    --------
    >>> echo("a class named \x1b[2J")
    a class named \x1b[2J
    """
    line = printable(str(text))
    styled = click.style(line, bold=bold or None, dim=dim or None) if bold or dim else line
    head = click.style(printable(lead), bold=True) if lead else ""
    click.echo(head + styled, file=_behind(sys.stderr if err else sys.stdout), nl=nl)


def draw(lines: Sequence[str]) -> None:
    """
    Print lines of half blocks in colours.

    Raises
    ------
    ValueError
        They hold anything else.
    """
    for line in lines:
        if not _BOX_DRAWING.fullmatch(line):
            raise ValueError("only half blocks, spaces and their colours are drawn")
        click.echo(line, file=_behind(sys.stdout))


def shows_colour() -> bool:
    """Whether standard output is a terminal that is to show colours: not where ``NO_COLOR`` is set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


_GROUNDS = {1: 223, 2: 215, 3: 208, -1: 153, -2: 111, -3: 75}
"""Of the 256 colours of terminals: warm and cold, each bright enough for black letters."""
_BLACK = 16


def echo_shaded(pieces: Iterable[tuple[str, int]], *, indent: str = "") -> None:
    r"""
    Print a line of pieces of text, each on its ground, with all that a terminal could obey escaped.

    Parameters
    ----------
    pieces : iterable of (str, int)
        A text, and its ground: 1 to 3 for warmer ones, -1 to -3 for colder ones, 0 for none.
    indent : str

    Examples
    --------
    >>> echo_shaded([("free \x1b", 0), ("money", 3)])
    free \x1bmoney
    """
    line = "".join(
        click.style(printable(text), fg=_BLACK, bg=_GROUNDS[ground]) if ground else printable(text)
        for text, ground in pieces
    )
    click.echo(indent + line, file=_behind(sys.stdout))


def console() -> Any:
    """Give rich's console on standard error, for bars that move; lines above them go through `printable`."""
    from rich.console import Console

    return Console(file=_behind(sys.stderr))


def json_text(value: Any) -> str:
    r"""
    Write a value as JSON in one line whose strings are escaped as JSON does, so that they are the same when read.

    Examples
    --------
    >>> json_text({"a\x1b": "\u202e5"})
    '{"a\\u001b": "\\u202e5"}'
    """
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() or printable(c) == c else json.dumps(c)[1:-1] for c in text)


def data_stream() -> TextIO:
    """
    Give the stream for data on standard output, such as CSV.

    A program at the other end of a pipe gets the data as they are, in UTF-8; a terminal gets them escaped.
    """
    return sys.stdout if sys.stdout.isatty() else _Bytes(_behind(sys.stdout))  # type: ignore[return-value]


def write_data(text: str) -> None:
    """Write data on standard output; see `data_stream`."""
    data_stream().write(text)


class _Bytes:
    """Writes text in UTF-8, whatever the locale; bytes that were no text when read come out as they came in."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.flush()
        self._stream.buffer.write(text.encode("utf-8", "surrogateescape"))
        self._stream.buffer.flush()
        return len(text)
