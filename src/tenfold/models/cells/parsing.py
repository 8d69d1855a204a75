"""Numbers and dates as people write them, by NumPy alone: ``1.234,5 €``, ``12 kg``, ``3/31/2024``."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DATE_PARTS", "date_parts", "date_order", "number_words", "read_date", "read_number"]

DATE_PARTS = ("days", "year", "month", "weekday", "sine of the year", "cosine of the year", "hour")
"""What a date becomes, in this order: days are counted from 1970-01-01, a part of one for the time."""

_LONGEST = 64
_MONEY = r"(?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY|INR)"
_NUMBER = re.compile(
    rf"\s*(?P<money>{_MONEY})?\s*"
    r"(?P<body>[+-]?(?:[0-9][0-9.,'\u00a0\u202f ]*[0-9]|[0-9]|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"\s*(?P<unit>{_MONEY}|[^\W\d_°µ²³/%]{{1,6}}|[°µ]?[^\W\d_]{{1,4}}[²³]?(?:/[^\W\d_]{{1,4}}[²³]?)?|%)?\s*"
)
_POINT = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[,' \u00a0\u202f][0-9]{3})+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[.' \u00a0\u202f][0-9]{3})+)?(?:,[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_APART = str.maketrans("", "", "' \u00a0\u202f")
_TIME = (
    r"(?:[T ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(r"\s*(?P<year>[0-9]{4})[-/.](?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})" + _TIME + r"\s*")
_YEAR_LAST = re.compile(r"\s*(?P<a>[0-9]{1,2})(?P<by>[-/.])(?P<b>[0-9]{1,2})(?P=by)(?P<year>[0-9]{4})" + _TIME + r"\s*")
_EPOCH = date(1970, 1, 1).toordinal()


def number_words(text: str) -> tuple[str, str] | None:
    """
    Return the digits and the unit of a number as people write it; None for anything else.

    Examples
    --------
    >>> number_words("12 kg"), number_words("$3"), number_words("street 3")
    (('12', 'kg'), ('3', '$'), None)
    """
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or (match["money"] and match["unit"]):
        return None
    return match["body"], match["money"] or match["unit"] or ""


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
    Return how a date is written: ``year``, ``day`` or ``month`` first, ``either``; None for what is no date.

    Examples
    --------
    >>> date_order("2024-01-31"), date_order("31.1.2024"), date_order("1/31/2024"), date_order("1/2/2024")
    ('year', 'day', 'month', 'either')
    """
    if len(text) > _LONGEST:
        return None
    if read_date(text, "day") == read_date(text, "day"):
        if _YEAR_FIRST.fullmatch(text):
            return "year"
        match = _YEAR_LAST.fullmatch(text)
        return "day" if match is not None and int(match["a"]) > 12 else "either"
    return "month" if read_date(text, "month") == read_date(text, "month") else None


def read_date(text: str | None, first: str) -> float:
    """
    Return the days from 1970-01-01 to a date, a part of one for its time of day as written; NaN for what is no date.

    Parameters
    ----------
    text : str or None
    first : {"day", "month"}
        Where the year stands last.

    Examples
    --------
    >>> read_date("1970-01-02 12:00", "day"), read_date("3/2/1970", "month"), read_date("soon", "day")
    (1.5, 60.0, nan)
    """
    if text is None or len(text) > _LONGEST:
        return float("nan")
    match = _YEAR_FIRST.fullmatch(text)
    if match is not None:
        month, day = int(match["a"]), int(match["b"])
    else:
        match = _YEAR_LAST.fullmatch(text)
        if match is None:
            return float("nan")
        pair = int(match["a"]), int(match["b"])
        day, month = pair if first == "day" else pair[::-1]
    try:
        days = date(int(match["year"]), month, day).toordinal() - _EPOCH
    except ValueError:
        return float("nan")
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    return days + (hour * 3600 + minute * 60 + second) / 86400


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
