"""What is messy in the cells of a table: spaces, marks for no value, and numbers or dates that count as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from tenfold.data.checks.finding import Finding, quoted

__all__ = [
    "MARKS",
    "TEXT_OF_OTHER_THINGS",
    "Texts",
    "appearance",
    "check_cells",
    "mark_finding",
    "number_mark",
    "spaces_finding",
]

MARKS = frozenset({
    *("?", "??", "-", "--", ".", "..", "...", "*", "\N{EN DASH}", "\N{EM DASH}"),
    *("n/a", "n.a.", "n.a", "na", "#n/a", "#na", "<na>", "nan"),
    *("null", "(null)", "<null>", "nil", "none", "missing", "#value!", "#div/0!"),
})  # fmt: skip
"""Texts, in small letters, that people write where there is no value."""

_NUMBER_MARKS = (-9999, -999, -99, 99, 999, 9999, 99999, -99999)
_FEWEST_MARKS = 2
_MOSTLY = 0.9
_MOST_TEXTS = 50_000
_FEW_NUMBERS, _FEW_DATES, _MOST_UNITS = 5, 1_000, 3
_WORDS, _OF_THEIR_OWN, _LONG = 3.0, 0.75, 40

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMAS = re.compile(r"[+-]?(\d+,\d+|\d{1,3}([,.' ]\d{3})+([.,]\d+)?)")
_UNIT = re.compile(r"(?P<before>[$€£¥]?)\s*(?P<number>[+-]?\d[\d.,']*)\s*(?P<after>[%‰°$€£¥µ]?[A-Za-z²³/]{0,8})")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]\.?m\.?)?"
_DATE = re.compile(
    rf"((\d{{4}}[-/.]\d{{1,2}}([-/.]\d{{1,2}})?|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}"
    rf"|\d{{1,2}}\.?[\s-]+{_MONTH},?[\s-]+\d{{2,4}}|{_MONTH}\s+\d{{4}})([T\s]+{_CLOCK})?\s*(z|utc|[+-]\d\d:?\d\d)?|{_CLOCK})",
    re.IGNORECASE,
)

_APPEARANCES = {
    "dates-as-text": ("dates or times", "replace it by numbers: year, month, weekday, days since a date"),
    "numbers-with-commas": ("numbers written with commas", "write them plainly, with decimal points: 1234.5"),
    "numbers-with-units": ("numbers with a unit", "write the number alone, and the unit in the column's name"),
    "free-text": ("free text", "make columns of what matters in it, or drop it"),
}


TEXT_OF_OTHER_THINGS = frozenset({*_APPEARANCES, "numbers-as-text", "missing-mark", "dates-as-numbers"})
"""Codes of findings that say what a column is, so that it is not taken for an id."""


@dataclass(frozen=True, eq=False)
class Texts:
    """
    The different texts of a column.

    Parameters
    ----------
    values : ndarray of object (str), shape (m,)
        In order of appearance.
    counts : ndarray of int64, shape (m,)
        Rows of each.
    first : ndarray of int64, shape (m,)
        The position of the first row of each.
    """

    values: NDArray[np.object_]
    counts: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, column: Any) -> Texts:
        """
        Gather the texts of a column, the first 50,000 different ones; None is no value.

        Examples
        --------
        >>> Texts.of(np.array(["a", None, "b", "a"], object)).counts.tolist()
        [2, 1]
        """
        codes, values = pd.factorize(np.asarray(column, dtype=object))
        present = np.flatnonzero((codes >= 0) & (codes < _MOST_TEXTS))
        distinct, first = np.unique(codes[present], return_index=True)
        counts = np.bincount(codes[present], minlength=len(distinct))
        return cls(np.asarray(values[: len(distinct)], object), counts, present[first])

    @cached_property
    def trimmed(self) -> list[str]:
        """The texts without spaces around them."""
        return [str(value).strip() for value in self.values]

    def matching(self, pattern: re.Pattern[str]) -> NDArray[np.bool_]:
        """Return which texts match a pattern as a whole, spaces around them left out, shape (m,)."""
        return np.array([len(text) <= _LONG and pattern.fullmatch(text) is not None for text in self.trimmed], bool)

    def example(self, mask: NDArray[np.bool_], rows: NDArray[np.int64]) -> tuple[str, int]:
        """Return the text that comes first among some, quoted, and its row in the source, counted from 0."""
        place = int(np.flatnonzero(mask)[self.first[mask].argmin()])
        return quoted(self.values[place]), int(rows[self.first[place]])


def check_cells(table: pd.DataFrame, rows: NDArray[np.int64]) -> list[Finding]:
    """
    Name what is messy in the cells of each column, with count, example and the row of the first.

    Parameters
    ----------
    table : DataFrame
        Features as in `Dataset.X`.
    rows : ndarray of int64, shape (n,)
        Position of each row in the source.
    """
    findings: list[Finding] = []
    for name in table.columns:
        column = table[name]
        if is_numeric_dtype(column.dtype):
            values = column.to_numpy()
            findings += number_mark(str(name), values, rows) or _dates_as_numbers(str(name), values, rows)
        elif column.notna().any():
            texts = Texts.of(column)
            findings += [
                *spaces_finding(f"column {quoted(name)}", str(name), texts, rows),
                *_counts_as_text(name, texts, rows),
            ]
    return findings


def spaces_finding(what: str, column: str, texts: Texts, rows: NDArray[np.int64]) -> list[Finding]:
    """Name spaces before or after values: ``' yes'`` is another value than ``'yes'``."""
    padded = np.array(
        [len(trimmed) != len(str(value)) for trimmed, value in zip(texts.trimmed, texts.values, strict=True)]
    )
    padded &= np.array([bool(trimmed) for trimmed in texts.trimmed])
    if not padded.any():
        return []
    count, (example, row) = int(texts.counts[padded].sum()), texts.example(padded, rows)
    ambiguous = len(set(texts.trimmed)) < len(texts.trimmed)
    sentence = f"{what} has spaces around its values in {_rows(count)}, such as {example} (row {row + 1:,})"
    sentence += "; with and without them they count as different" if ambiguous else ""
    do = "take the spaces out of the file"
    return [Finding("warning" if ambiguous else "note", "spaces", sentence, (row,), count, column, do)]


def number_mark(name: str, values: NDArray[Any], rows: NDArray[np.int64]) -> list[Finding]:
    """Name a number such as 999 that stands for no value: the least or greatest, repeated, far from all others."""
    present = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if len(present) < _FEWEST_MARKS:
        return []
    for mark in {present.min(), present.max()} & set(_NUMBER_MARKS):
        others, count = present[present != mark], int((present == mark).sum())
        # Twice as far from the others as they are from each other: 99 ends many a scale.
        if count < _FEWEST_MARKS or not len(others) or np.abs(others - mark).min() <= 2 * np.ptp(others):
            continue
        row = int(rows[np.flatnonzero(values == mark)[0]])
        what = (
            f"column {quoted(name)} holds {mark:g} in {_rows(count)} (first: row {row + 1:,}), far from the others "
            f"({others.min():g} to {others.max():g}): it looks like a mark for no value"
        )
        return [Finding("warning", "missing-mark", what, (row,), count, name, "leave these cells empty")]
    return []


def _dates_as_numbers(name: str, values: NDArray[Any], rows: NDArray[np.int64]) -> list[Finding]:
    """Name dates such as 20140131: from January to February such numbers leap."""
    if values.dtype != np.int64 or len(np.unique(values[:_FEW_DATES])) < _FEW_NUMBERS:
        return []
    year, month, day = values // 10_000, values // 100 % 100, values % 100
    dates = (year >= 1900) & (year <= 2100) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    if not dates.all():
        return []
    what = f"column {quoted(name)} looks like dates written as numbers, such as {values[0]} (row {rows[0] + 1:,})"
    return [
        Finding(
            "warning", "dates-as-numbers", what, (int(rows[0]),), len(values), name, _APPEARANCES["dates-as-text"][1]
        )
    ]


def mark_finding(what: str, column: str, texts: Texts, rows: NDArray[np.int64], do: str) -> list[Finding]:
    """Name texts that people write where there is no value, and that count as one."""
    marks = _are_marks(texts)
    if not marks.any():
        return []
    count, (example, row) = int(texts.counts[marks].sum()), texts.example(marks, rows)
    sentence = f"{what} is {example} in {_rows(count)} (first: row {row + 1:,}): it looks like a mark for no value"
    return [Finding("note", "missing-mark", f"{sentence}, but counts as a value", (row,), count, column, do)]


def appearance(texts: Texts) -> tuple[str, NDArray[np.bool_]] | None:
    """
    Return what a column of text looks like; None where like categories, names or codes.

    Returns
    -------
    code : {"dates-as-text", "numbers-with-commas", "numbers-with-units", "free-text"}
    matching : ndarray of bool, shape (m,)
        The texts that look so.

    Examples
    --------
    >>> appearance(Texts.of(np.array(["2020-01-31", "2020-02-01", "?"], object)))
    ('dates-as-text', array([ True,  True, False]))
    >>> appearance(Texts.of(np.array([f"{i} kg" for i in range(9)], object)))[0]
    'numbers-with-units'
    """
    values = ~_are_marks(texts)
    dates, commas, units = texts.matching(_DATE), texts.matching(_COMMAS), _with_units(texts)
    if _share(texts, dates, values) >= _MOSTLY:
        return "dates-as-text", dates
    if commas.any() and _share(texts, commas | texts.matching(_NUMBER), values) >= _MOSTLY:
        return "numbers-with-commas", commas
    if _share(texts, units, values) >= _MOSTLY:
        return "numbers-with-units", units
    words = float(np.average([len(text.split()) for text in texts.trimmed], weights=texts.counts))
    own = len(texts.values) >= _OF_THEIR_OWN * texts.counts.sum()
    return ("free-text", values) if words >= _WORDS and own else None


def _counts_as_text(name: str, texts: Texts, rows: NDArray[np.int64]) -> list[Finding]:
    """What the column is but for some cells, or looks like; a mark among categories is noted only."""
    marks, numbers = _are_marks(texts), texts.matching(_NUMBER)
    if numbers.any() and _share(texts, numbers, ~marks) >= _MOSTLY:
        return _nearly_numbers(name, texts, ~numbers, marks, rows)
    marks_noted = mark_finding(f"column {quoted(name)}", name, texts, rows, "leave these cells empty, if it is one")
    looks = appearance(texts)
    if looks is None:
        return marks_noted
    code, matching = looks
    example, row = texts.example(matching, rows)
    return [appearance_finding(name, code, example, int(texts.counts[matching].sum()), row), *marks_noted]


def appearance_finding(name: str, code: str, example: str, count: int = 0, row: int | None = None) -> Finding:
    """
    Return the finding that a column of text looks like something else.

    Parameters
    ----------
    name : str
    code : str
        As `appearance` gives it.
    example : str
        In quotes.
    count : int
        Rows that look so, 0 where they were not counted.
    row : int, optional
        The first of them, counted from 0.
    """
    looks, do = _APPEARANCES[code]
    where = "" if row is None else f" (row {row + 1:,})"
    what = f"column {quoted(name)} looks like {looks}, such as {example}{where}, but is not read as such"
    return Finding("warning", code, what, () if row is None else (row,), count, name, do)


def _nearly_numbers(
    name: str, texts: Texts, others: NDArray[np.bool_], marks: NDArray[np.bool_], rows: NDArray[np.int64]
) -> list[Finding]:
    if not others.any():
        return []  # whole numbers too long to be exact are text on purpose
    count, (example, row) = int(texts.counts[others].sum()), texts.example(others, rows)
    such = f"{_cells(count)}, such as {example} (row {row + 1:,})"
    what = f"column {quoted(name)} holds numbers but for {such}, so that all of it counts as text"
    only_marks = bool((others <= marks).all())
    do = "leave these cells empty" if only_marks else "correct or empty these cells, unless all of it are codes"
    return [Finding("warning", "missing-mark" if only_marks else "numbers-as-text", what, (row,), count, name, do)]


def _with_units(texts: Texts) -> NDArray[np.bool_]:
    """Which texts are numbers with a unit, of one to three in all: ``1st``, ``2nd`` and ``12A`` are none."""
    matches = [_UNIT.fullmatch(text) if len(text) <= _LONG else None for text in texts.trimmed]
    units = [match["before"] + match["after"] if match else "" for match in matches]
    numbers = {match["number"] for match, unit in zip(matches, units, strict=True) if match and unit}
    few = len(numbers) >= _FEW_NUMBERS and len(set(filter(None, units))) <= _MOST_UNITS
    return np.array([few and bool(unit) for unit in units], bool)


def _are_marks(texts: Texts) -> NDArray[np.bool_]:
    return np.array([text.casefold() in MARKS for text in texts.trimmed], bool)


def _share(texts: Texts, of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    """Share of the rows of some texts."""
    rows = int(texts.counts[among].sum())
    return float(texts.counts[of & among].sum() / rows) if rows else 0.0


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"
