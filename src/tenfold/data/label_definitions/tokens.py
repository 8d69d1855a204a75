"""The tokens of a label definition: names, numbers, quoted text and symbols, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["Place", "Token", "refusal", "tokens"]

TokenKind = Literal["name", "number", "text", "symbol", "break", "end"]

_SPACE = re.compile(r"(?:[^\S\n]|#[^\n]*)+")
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NAME = re.compile(r"[^\W\d]\w*")
_TEXT = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_SYMBOLS = ("==", "!=", "<=", ">=", "//", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", ",")


@dataclass(frozen=True)
class Place:
    """A position in the text of definitions; `where` names its origin."""

    source: str
    at: int
    where: str


@dataclass(frozen=True)
class Token:
    """
    A token of a definition.

    Parameters
    ----------
    kind : {"name", "number", "text", "symbol", "break", "end"}
        "break" is the end of a line.
    text : str
        As written; of a quoted text without the quotes.
    place : Place
    end : int
        Position in the source after it.
    """

    kind: TokenKind
    text: str
    place: Place
    end: int


def refusal(what: str, place: Place) -> UsageError:
    """Return the error that says what is wrong with a definition, and at which character."""
    line = place.source.count("\n", 0, place.at) + 1
    column = place.at - (place.source.rfind("\n", 0, place.at) + 1) + 1
    rest = place.source[place.at : place.at + 1]
    character = f"'{shown(rest, 12)}'" if rest.strip() else "the end"
    in_line = f"line {line}, character {column}" if "\n" in place.source else f"character {column}"
    return UsageError(f"{what}, at {in_line} ({character})", where=place.where)


def tokens(source: str, where: str = "--labels") -> list[Token]:
    """
    Split definitions into tokens; a ``#`` begins a comment that ends with its line.

    Parameters
    ----------
    source : str
    where : str
        Option or file, for messages.

    Raises
    ------
    UsageError
        A character that belongs to no token.

    Examples
    --------
    >>> [token.text for token in tokens("odd = digit % 2 == 1")][:-1]
    ['odd', '=', 'digit', '%', '2', '==', '1']
    """
    words, at = [], 0
    while at < len(source):
        space = _SPACE.match(source, at)
        if space:
            at = space.end()
            continue
        token, at = _next(source, at, where)
        words.append(token)
    return [*words, Token("end", "", Place(source, len(source), where), len(source))]


def _next(source: str, at: int, where: str) -> tuple[Token, int]:
    place = Place(source, at, where)
    if source[at] == "\n":
        return Token("break", "\n", place, at + 1), at + 1
    for kind, pattern in _PATTERNS:
        match = pattern.match(source, at)
        if match:
            text = match.group()[1:-1] if kind == "text" else match.group()
            return Token(kind, text, place, match.end()), match.end()
    for symbol in _SYMBOLS:
        if source.startswith(symbol, at):
            return Token("symbol", symbol, place, at + len(symbol)), at + len(symbol)
    raise refusal("a quote that is not closed" if source[at] in "'\"" else "no part of a definition", place)


_PATTERNS: tuple[tuple[TokenKind, re.Pattern[str]], ...] = (("number", _NUMBER), ("name", _NAME), ("text", _TEXT))
