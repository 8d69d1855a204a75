"""Figures and sentences made ready to show: text with a tone, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tenfold.decimals import UNDEFINED, FigureText, Interval, Unit, column_texts, figure_texts, percent
from tenfold.figures import Estimate
from tenfold.text import shown

__all__ = [
    "MINUS",
    "Number",
    "Part",
    "Sentence",
    "accent",
    "amount",
    "cell_address",
    "changes",
    "code",
    "number",
    "numbers",
    "quoted",
    "say",
    "share",
    "signed_texts",
    "strong",
]

MINUS = "\N{MINUS SIGN}"
_SIGN = re.compile(r"(?<!e)-")
"""The minus of a number, not that of a power of ten."""


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; its tone is "", "strong", "accent" or "code", `opens` an address in the live page."""

    text: str
    tone: str = ""
    opens: str = ""


Sentence = tuple[Part, ...]


def say(*pieces: str | Part) -> Sentence:
    """
    Join plain and toned pieces to a sentence.

    Examples
    --------
    >>> [part.tone for part in say("right on ", accent("96.5 %"))]
    ['', 'accent']
    """
    return tuple(piece if isinstance(piece, Part) else Part(piece) for piece in pieces if piece != "")


def strong(text: str, opens: str = "") -> Part:
    """Return a piece that stands out."""
    return Part(text, "strong", opens)


def cell_address(actual: str, predicted: str) -> str:
    """
    Return the address of a cell of the confusion matrix in the live page; an empty name stands for any other class.

    Examples
    --------
    >>> cell_address("4", "not 9")
    '#errors/4/not%209'
    """
    return f"#errors/{quote(shown(actual, 120), safe='')}/{quote(shown(predicted, 120), safe='')}"


def accent(text: str) -> Part:
    """Return the piece a view is about."""
    return Part(text, "accent")


def code(text: str) -> Part:
    """Return a command."""
    return Part(text, "code")


def quoted(name: object, limit: int = 40) -> str:
    """
    Return a name from data in quotes, made harmless and cut.

    Examples
    --------
    >>> quoted("5")
    '“5”'
    """
    return f"“{shown(name, limit)}”"


@dataclass(frozen=True)
class Number:
    """
    A figure with all that stands beside it, as text.

    Parameters
    ----------
    text : str
        The value, or "undefined".
    range : str
        Its interval, such as "96.3 to 96.6"; empty if there is none.
    n : int
        Rows it was computed on.
    how : str
        How the interval was computed.
    reason : str
        Why it is undefined.
    value, low, high : float or None
        The same unrounded.
    """

    text: str
    range: str
    n: int
    how: str
    reason: str
    value: float | None
    low: float | None
    high: float | None


def number(name: str, estimate: Estimate) -> Number:
    """
    Return an estimate as text.

    Examples
    --------
    >>> number("recall", Estimate(None, None, None, n=0, reason="no rows of 'a'")).text
    'undefined'
    """
    return numbers([(name, estimate)])[0]


def numbers(figures: Iterable[tuple[str, Estimate]]) -> list[Number]:
    """
    Return estimates that stand together as text, such as those of a column: they get the same number of decimals.

    Examples
    --------
    >>> estimates = [Estimate(value, None, None, n=9) for value in (0.5, 0.9996)]
    >>> [one.text for one in numbers([("recall:a", estimates[0]), ("recall:b", estimates[1])])]
    ['50.00 %', '99.96 %']
    """
    pairs = list(figures)
    return [_number(estimate, text) for (_, estimate), text in zip(pairs, figure_texts(pairs), strict=True)]


def _number(estimate: Estimate, text: FigureText) -> Number:
    value, low, high = estimate.value, estimate.low, estimate.high
    reason = shown(estimate.reason or "", 120) if value is None else ""
    return Number(text.value, text.interval, estimate.n, estimate.interval, reason, value, low, high)


def share(estimate: Estimate) -> str:
    """
    Write a share that stands in a sentence, without its interval.

    Examples
    --------
    >>> share(Estimate(0.9651, 0.96, 0.97, n=9)), share(Estimate(None, None, None, n=0))
    ('96.5 %', 'undefined')
    """
    return UNDEFINED if estimate.value is None else percent(estimate.value)


def amount(value: float, unit: str = "") -> str:
    """
    Return a quantity with three figures.

    Examples
    --------
    >>> amount(0.01234, "s"), amount(123.4, "s"), amount(1234.5), amount(-3370.019), amount(0)
    ('0.0123 s', '123 s', '1,234', '-3,370', '0')
    """
    text = f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"
    return f"{text} {unit}".strip()


def changes(unit: Unit, differences: Iterable[Interval | None]) -> list[FigureText]:
    """
    Write differences that stand in a column, each with its interval; nothing where there is none.

    Examples
    --------
    >>> from tenfold.decimals import POINTS
    >>> changes(POINTS, [None, Estimate(-0.0237, -0.035, -0.0125, n=9)])
    [FigureText(value='', interval=''), FigureText(value='−2.37', interval='−3.50 to −1.25')]
    """
    known = list(differences)
    rows = [(one.value, one.low, one.high) if one else (None, None, None) for one in known]
    texts = zip(known, signed_texts(unit, rows), strict=True)
    return [FigureText("") if one is None else text for one, text in texts]


def signed_texts(unit: Unit, rows: Sequence[tuple[float | None, float | None, float | None]]) -> list[FigureText]:
    """
    Write signed figures of a column, each with the ends of its interval.

    Examples
    --------
    >>> from tenfold.decimals import POINTS
    >>> signed_texts(POINTS, [(-0.02, -0.03, 0.01)])
    [FigureText(value='−2.00', interval='−3.00 to +1.00')]
    """
    return [FigureText(_typeset(one.value), _typeset(one.interval)) for one in column_texts(unit, rows)]


def _typeset(text: str) -> str:
    return _SIGN.sub(MINUS, text)
