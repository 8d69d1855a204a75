"""Text made fit to show, in messages, terminals and logs: names and values from data, amounts of bytes."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

__all__ = ["byte_count", "near", "printable", "shown"]

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def shown(value: object, limit: int = 80) -> str:
    r"""
    Give a value from data as one harmless line: control and bidi characters escaped, long text cut.

    Parameters
    ----------
    value : object
        Anything with a ``str``; usually a class, column or file name.
    limit : int
        Longest text returned, in characters; the cut is marked with an ellipsis.

    Returns
    -------
    str

    Examples
    --------
    >>> shown("a\x1b[31m\nb")
    'a\\x1b[31m\\nb'
    >>> shown("x" * 100, limit=5)
    'xxxx…'
    """
    text = "".join(_escaped(c) if unicodedata.category(c) in _INVISIBLE else c for c in str(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


def printable(text: str) -> str:
    r"""
    Give text of any length with all that a terminal could obey escaped; line ends and tabs stay.

    Examples
    --------
    >>> printable("one\ntwo\x1b]0;title\x07\u202e")
    'one\ntwo\\x1b]0;title\\x07\\u202e'
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if c not in "\n\t" and unicodedata.category(c) in _INVISIBLE else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def byte_count(size: int) -> str:
    """
    Give an amount of bytes in two digits, in the unit that suits it.

    Examples
    --------
    >>> byte_count(31_457_280), byte_count(4_526_125_564), byte_count(900)
    ('31 MB', '4.5 GB', '0.9 kB')
    """
    for unit, worth in (("GB", 1e9), ("MB", 1e6)):
        if size >= worth:
            return f"{size / worth:,.{1 if size < 10 * worth else 0}f} {unit}"
    return f"{size / 1e3:,.{1 if size < 1e4 else 0}f} kB"


def near(word: str, known: Iterable[str]) -> str:
    """
    Say which known name a mistyped word is closest to, as a clause for an error message.

    Examples
    --------
    >>> near("forrest", ["forest", "knn"])
    " Did you mean 'forest'?"
    >>> near("xyz", ["forest", "knn"])
    ''
    """
    names = {name.lower(): name for name in known}
    matches = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return f" Did you mean '{shown(names[matches[0]])}'?" if matches else ""
