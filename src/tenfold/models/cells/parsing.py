"""Numbers and dates as people write them, by NumPy alone: ``1.234,5 €``, ``12 kg``, ``3/31/2024``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DATE_PARTS", "date_parts", "date_order", "number_words", "read_date", "read_number"]

DATE_PARTS = ("days", "year", "month", "weekday", "sine of the year", "cosine of the year", "hour")
"""What a date becomes, in this order: days are counted from 1970-01-01, a part of one for the time."""

_LONGEST = 64
_MONEY = r"(?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY|INR)"
_NUMBER = re.compile(
    rf"\s*(?P<open>\()?\s*(?P<sign>[-\u2212])?(?P<money>{_MONEY})?\s*"
    r"(?P<body>[+\u2212-]?(?:[0-9][0-9.,'\u00a0\u202f ]*[0-9]|[0-9]|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"\s*(?P<unit>{_MONEY}|[^\W\d_°µ²³/%]{{1,6}}|[°µ]?[^\W\d_]{{1,4}}[²³]?(?:/[^\W\d_]{{1,4}}[²³]?)?|%)?"
    r"\s*(?P<close>\))?\s*"
)
_POINT = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[,' \u00a0\u202f][0-9]{3})+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[.' \u00a0\u202f][0-9]{3})+)?(?:,[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_APART = str.maketrans("", "", "' \u00a0\u202f")
_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_TIME = rf"(?:[T ]{_CLOCK}(?: ?(?:Z|UTC|[+-][0-9]{{2}}:?[0-9]{{2}}))?)?"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "t|tember", "ober", "ember", "ember")
_MONTH = "(?P<name>" + "|".join(f"{name}(?:{end})?" for name, end in zip(_NAMES, _LONG, strict=True)) + ")"
_FORMS = tuple(
    re.compile(rf"\s*(?:{form}){_TIME}\s*", re.IGNORECASE)
    for form in (
        r"(?P<year>[0-9]{4})[-/.](?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})",
        r"(?P<a>[0-9]{1,2})(?P<by>[-/.])(?P<b>[0-9]{1,2})(?P=by)(?P<year>[0-9]{4})",
        r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})/(?P<year>[0-9]{2})",
        r"(?P<a>[0-9]{2})\.(?P<b>[0-9]{2})\.(?P<year>[0-9]{2})",
        rf"(?P<a>[0-9]{{1,2}})(?:\. ?|[- ]){_MONTH}\.?[-, ] ?(?P<year>[0-9]{{4}})",
        rf"{_MONTH}\.? (?P<a>[0-9]{{1,2}}),? (?P<year>[0-9]{{4}})",
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})",
        r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})",
        rf"{_MONTH}\.?[- ](?P<year>[0-9]{{4}})",
    )
)
"""Year first; day or month first; the year in two digits; the month by its name; a month, which is its first day."""
_TIME_OF_DAY = re.compile(rf"\s*{_CLOCK}\s*")
_CENTURY = 69
"""Years from here on are of the 20th century, as POSIX has it."""
_EPOCH = date(1970, 1, 1).toordinal()


def number_words(text: str) -> tuple[str, str] | None:
    """
    Return the digits and the unit of a number as people write it; None for anything else.

    Examples
    --------
    >>> number_words("12 kg"), number_words("-$3"), number_words("(1,200)"), number_words("street 3")
    (('12', 'kg'), ('-3', '$'), ('-1,200', ''), None)
    """
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or (match["money"] and match["unit"]) or bool(match["open"]) != bool(match["close"]):
        return None
    body, minus = match["body"].replace("\u2212", "-"), bool(match["open"] or match["sign"])
    if minus and body[0] in "+-":
        return None
    return f"-{body}" if minus else body, match["money"] or match["unit"] or ""


def read_number(text: str | None, decimal: str) -> float:
    """
    Return the number that a text is, whatever its unit, or NaN.

    Parameters
    ----------
    text : str or None
    decimal : {"point", "comma"}
        What stands before the decimals.

    Examples
    --------
    >>> read_number("1.234,5 €", "comma"), read_number("45 %", "point"), read_number("1,234", "point")
    (1234.5, 45.0, 1234.0)
    >>> read_number("unknown", "point")
    nan
    """
    words = None if text is None else number_words(text)
    if words is None:
        return float("nan")
    pattern, thousands = (_POINT, ",") if decimal == "point" else (_COMMA, ".")
    body = words[0]
    if pattern.fullmatch(body) is None:
        return float("nan")
    value = float(body.translate(_APART).replace(thousands, "").replace(",", "."))
    return value if np.isfinite(value) else float("nan")


def date_order(text: str) -> str | None:
    """
    Return how a date is written: ``year``, ``day`` or ``month`` first, ``either``, ``time``; None of no date.

    ``name`` is a date that leaves no doubt: its month has a name, or its day is not told.

    Examples
    --------
    >>> date_order("2024-01-31"), date_order("31.1.2024"), date_order("1/31/2024"), date_order("1/2/2024")
    ('year', 'day', 'month', 'either')
    >>> date_order("31 Jan 2024"), date_order("2024-01"), date_order("7:30 pm"), date_order("soon")
    ('name', 'name', 'time', None)
    """
    match = _match(text)
    if match is None:
        return None
    groups = match.groupdict()
    if "year" not in groups:
        return "time" if _readable(text, "day") else None
    if "a" not in groups or "name" in groups:
        return "name" if _readable(text, "day") else None
    if not _readable(text, "day"):
        return "month" if _readable(text, "month") else None
    if match.re is _FORMS[0]:
        return "year"
    return "day" if int(groups["a"]) > 12 else "either"


def _match(text: str) -> re.Match[str] | None:
    """Return the first form that a text has, of dates or times of day."""
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    matches = (form.fullmatch(text) for form in (*_FORMS, _TIME_OF_DAY))
    return next((match for match in matches if match is not None), None)


def _readable(text: str, first: str) -> bool:
    return not isnan(read_date(text, first))


def read_date(text: str | None, first: str) -> float:
    """
    Return the days from 1970-01-01 to a date, a part of one for its time of day as written; NaN for what is no date.

    Parameters
    ----------
    text : str or None
        A time of day alone is one of 1970-01-01.
    first : {"day", "month"}
        Where the year stands last, and the month has no name.

    Examples
    --------
    >>> read_date("1970-01-02 12:00", "day"), read_date("3/2/70", "month"), read_date("Feb 1, 1970 6 pm", "day")
    (1.5, 60.0, nan)
    >>> read_date("1 February 1970 6:00 pm", "day"), read_date("soon", "day")
    (31.75, nan)
    """
    match = None if text is None else _match(text)
    if match is None:
        return float("nan")
    groups = match.groupdict()
    try:
        return _day(groups, first, match.re is _FORMS[0]) + _part_of_a_day(groups)
    except ValueError:
        return float("nan")


def _day(groups: Mapping[str, str | None], first: str, year_first: bool) -> float:
    year, a = groups.get("year"), int(groups.get("a") or 1)
    if year is None:
        return 0.0
    if groups.get("name"):
        day, month = a, _NAMES.index(str(groups["name"])[:3].lower()) + 1
    elif "month" in groups:
        day, month = 1, int(groups["month"] or 0)
    else:
        pair = a, int(groups["b"] or 0)
        month, day = pair if year_first or first == "month" else pair[::-1]
    number = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= _CENTURY else 2000)
    return float(date(number, month, day).toordinal() - _EPOCH)


def _part_of_a_day(groups: Mapping[str, str | None]) -> float:
    hour, minute, second = (int(groups[name] or 0) for name in ("hour", "minute", "second"))
    if half := groups["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError(hour, minute, second)
    return (hour * 3600 + minute * 60 + second) / 86400


def date_parts(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the parts of dates, of `DATE_PARTS` each; NaN stays NaN.

    Parameters
    ----------
    days : ndarray of float64, shape (n,)
        From 1970-01-01.

    Examples
    --------
    >>> date_parts(np.array([0.5]))[0, :4].tolist(), float(date_parts(np.array([0.5]))[0, 6])
    ([0.5, 1970.0, 1.0, 3.0], 12.0)
    """
    parts = np.full((len(days), len(DATE_PARTS)), np.nan)
    some = np.flatnonzero(~np.isnan(days))
    whole = np.floor(days[some])
    stamps: NDArray[Any] = whole.astype(np.int64).astype("datetime64[D]")
    years = stamps.astype("datetime64[Y]")
    angle = 2 * np.pi * (stamps - years).astype(np.int64) / 365.25
    parts[some, 0], parts[some, 1] = days[some], years.astype(np.int64) + 1970
    parts[some, 2] = (stamps.astype("datetime64[M]") - years).astype(np.int64) + 1
    parts[some, 3] = (whole + 3) % 7
    parts[some, 4], parts[some, 5], parts[some, 6] = np.sin(angle), np.cos(angle), (days[some] - whole) * 24
    return parts
