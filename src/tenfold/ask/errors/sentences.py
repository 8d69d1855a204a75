"""Errors in sentences and small tables, as a terminal shows them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.errors import Flips
from tenfold.decimals import RATE, FigureText, column_texts, percent
from tenfold.figures.comparison.similarity import similar_order
from tenfold.figures.curves.readings import READINGS, Confusion, most_confused, read_matrix
from tenfold.figures.intervals.closed import wilson
from tenfold.record.words.verdict import class_words
from tenfold.text import shown

__all__ = [
    "ErrorCounts",
    "class_rows",
    "confusion_sentence",
    "error_sentences",
    "errors_html",
    "judged_words",
    "matrix_rows",
    "share_columns",
    "share_text",
]

_NAMED = 5
_CELL_LETTERS, _ROW_LETTERS = 6, 20
_NOTEBOOK_ROWS = 41


@dataclass(frozen=True, eq=False)
class ErrorCounts:
    """
    How many rows of each class were called which, by one candidate.

    Parameters
    ----------
    candidate : str
    part : str
        "out of fold" or "test".
    classes : tuple of str
    target : str or None
        Column of the labels, of a table.
    matrix : ndarray of int64, shape (k, k)
        Rows actual, columns called.
    threshold : float or None
        Another than the one in force, where one was asked about.
    flips : Flips or None
        What changes at that threshold.
    """

    candidate: str
    part: str
    classes: tuple[str, ...]
    target: str | None
    matrix: NDArray[np.int64]
    threshold: float | None = None
    flips: Flips | None = None

    @property
    def wrong(self) -> int:
        """Rows called wrongly."""
        return int(self.matrix.sum() - np.trace(self.matrix))


def errors_html(counts: ErrorCounts) -> str:
    """Return the sentences and the matrix, errors only, for a notebook."""
    first, *rest = (html.escape(one) for one in error_sentences(counts))
    words, rows = matrix_rows(counts, "errors-actual", "class")
    lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    items = "".join(f"<li>{one}</li>" for one in rest)
    table = f"<p>{html.escape(words)}</p><table>{lines}</table>" if len(rows) <= _NOTEBOOK_ROWS else ""
    return f"<p><b>{first}</b></p><ul>{items}</ul>{table}"


def error_sentences(counts: ErrorCounts, pairs: int = 5) -> list[str]:
    """Say what is wrong in a few sentences: how much, where most, which kinds."""
    wrong, n = counts.wrong, int(counts.matrix.sum())
    share = share_text(wrong, n)
    head = (
        f"{shown(counts.candidate, 40)} is wrong on {wrong:,} of {n:,} rows, {share.value} "
        f"({share.interval}), {judged_words(counts.part)}."
    )
    head = head if counts.threshold is None else f"At a threshold of {counts.threshold:.6g}, {head}"
    if not wrong:
        return [head, *_flipped(counts)]
    return [
        head,
        *_flipped(counts),
        *_most_often(counts),
        *_never(counts),
        *(confusion_sentence(counts, one) for one in most_confused(counts.matrix, pairs)),
    ]


def _flipped(counts: ErrorCounts) -> list[str]:
    """What another threshold would change; and that the rows which choose a threshold flatter it."""
    if counts.flips is None:
        return []
    mended, broken = len(counts.flips.mended), len(counts.flips.broken)
    if not mended + broken:
        return ["No answer changes against the threshold in force."]
    return [
        f"Against the threshold in force {mended + broken:,} answers change: {mended:,} get right, {broken:,} wrong.",
        "A threshold read off these rows is flattered by them; tenfold decide takes a rule instead.",
    ]


def judged_words(part: str) -> str:
    """Say which rows were judged: ``out of fold`` or ``test``."""
    return "judged out of fold" if part == "out of fold" else "on the test part"


def _most_often(counts: ErrorCounts) -> list[str]:
    """The class most often answered wrongly, and the one most often missed; of a detector both follow from the rest."""
    if len(counts.classes) < 3:
        return []
    wrong = counts.matrix - np.diag(np.diag(counts.matrix))
    called = int(wrong.sum(axis=0).argmax())
    recalls = np.diag(counts.matrix) / np.maximum(counts.matrix.sum(axis=1), 1)
    missed = int(np.where(counts.matrix.sum(axis=1) > 0, recalls, np.inf).argmin())
    names = [_class(counts, code) for code in (called, missed)]
    count, rows = int(wrong[:, called].sum()), int(counts.matrix[missed].sum())
    recall = share_text(int(counts.matrix[missed, missed]), rows)
    falsely = f"{count:,} false {names[0]}{'' if count == 1 else 's'}" if names[0].isdigit() else f"{count:,} times"
    called_wrongly = f"{falsely}, {percent(count / wrong.sum())} of all errors."
    recognised = f"{recall.value} of its {rows:,} rows are recognised ({recall.interval})."
    return [
        f"{names[0]} is the class most often answered wrongly: {called_wrongly}",
        f"{names[1]} is missed most: {recognised}",
    ]


def _never(counts: ErrorCounts) -> list[str]:
    """Which classes no row was called, and which no row is."""
    sentences = []
    for sums, words in (
        (counts.matrix.sum(axis=0), "never answered"),
        (counts.matrix.sum(axis=1), "not among these rows"),
    ):
        codes = np.flatnonzero(sums == 0)
        names = ", ".join(_class(counts, int(code)) for code in codes[:_NAMED])
        more = f" and {len(codes) - _NAMED:,} more" if len(codes) > _NAMED else ""
        if len(codes):
            sentences.append(f"{names}{more} {'is' if len(codes) == 1 else 'are'} {words}.")
    return sentences


def confusion_sentence(counts: ErrorCounts, one: Confusion) -> str:
    """Say one kind of error, such as ``36.0 % of the errors on 7 are called 9: 142 of 394 (31.4 to 40.9 %)``."""
    actual, called = _class(counts, one.actual), _class(counts, one.predicted)
    if len(counts.classes) == 2:
        n = int(counts.matrix[one.actual].sum())
        share = share_text(one.count, n)
        return (
            f"{share.value} of the {n:,} rows of {actual} are called {called}: {one.count:,} rows ({share.interval})."
        )
    share = share_text(one.count, one.errors)
    return (
        f"{share.value} of the errors on {actual} are called {called}: {one.count:,} of {one.errors:,} "
        f"({share.interval})."
    )


def _class(counts: ErrorCounts, code: int) -> str:
    return class_words(counts.target, counts.classes[code], 30)


def matrix_rows(counts: ErrorCounts, by: str, sort: str) -> tuple[str, list[tuple[str, ...]]]:
    """
    Lay out a reading of the matrix as text: what its numbers are, and its rows, the head first.

    Parameters
    ----------
    counts : Errors
    by : str
        One of `READINGS`.
    sort : str
        "class" or "confusion".
    """
    order = similar_order(counts.matrix) if sort == "confusion" else list(range(len(counts.matrix)))
    values = read_matrix(counts.matrix, by)[np.ix_(order, order)]
    names, heads = _row_and_column_names([counts.classes[code] for code in order])
    sums = counts.matrix[order].sum(axis=1)
    errors_only = by.startswith("errors")
    if errors_only:
        sums = sums - np.diag(counts.matrix)[order]
    head = ("", *heads, "errors" if errors_only else "rows")
    rows = [
        (name, *(_cell(value, by) for value in line), f"{total:,}")
        for name, line, total in zip(names, values, sums, strict=True)
    ]
    return _reading_words(by), [head, *rows]


def _row_and_column_names(classes: list[str]) -> tuple[list[str], list[str]]:
    """Names before the rows and over the columns; where one is too long for a column, all get numbers instead."""
    if max(len(shown(name, _ROW_LETTERS)) for name in classes) <= _CELL_LETTERS:
        names = [shown(name) for name in classes]
        return names, names
    numbers = [str(place) for place in range(1, len(classes) + 1)]
    return [f"{number} {shown(name, _ROW_LETTERS)}" for number, name in zip(numbers, classes, strict=True)], numbers


def _reading_words(by: str) -> str:
    unit = "" if by == "counts" else "percent, "
    return f"Rows are actual, columns are called; {unit}{READINGS[by]}:"


def _cell(value: float, by: str) -> str:
    if np.isnan(value):
        return "\N{MIDDLE DOT}"
    if by == "counts":
        return f"{value:,.0f}"
    # Never rounded up to all or down to nothing.
    return "<1" if 0 < value < 0.005 else ">99" if 0.995 <= value < 1 else f"{100 * value:.0f}"


def class_rows(counts: ErrorCounts) -> list[tuple[str, ...]]:
    """Give recall and precision of each class with intervals, as rows of text, the head first."""
    hits, actual, called = np.diag(counts.matrix).tolist(), counts.matrix.sum(axis=1), counts.matrix.sum(axis=0)
    columns = zip(
        (shown(name, 24) for name in counts.classes),
        (f"{rows:,}" for rows in actual),
        *share_columns(hits, actual.tolist(), "no rows"),
        *share_columns(hits, called.tolist(), "never called"),
        strict=True,
    )
    return [("class", "rows", "counts", "95 % interval", "right when called", "95 % interval"), *columns]


def share_columns(parts: Sequence[int], wholes: Sequence[int], without: str) -> tuple[list[str], list[str]]:
    """
    Write shares of rows as two columns, the shares and Wilson's intervals.

    Parameters
    ----------
    parts, wholes : sequence of int
    without : str
        What stands where there is nothing to have a share of.

    Examples
    --------
    >>> share_columns([996, 3], [1000, 0], "no rows")
    (['99.6 %', 'no rows'], ['99.0 to 99.8', ''])
    """
    low, high = wilson(parts, wholes)
    values = (part / whole if whole else None for part, whole in zip(parts, wholes, strict=True))
    texts = column_texts(RATE, list(zip(values, low.tolist(), high.tolist(), strict=True)))
    return [text.value if whole else without for text, whole in zip(texts, wholes, strict=True)], [
        text.interval for text in texts
    ]


def share_text(part: int, whole: int) -> FigureText:
    """
    Write one share of rows with Wilson's interval.

    Examples
    --------
    >>> share_text(996, 1000)
    FigureText(value='99.6 %', interval='99.0 to 99.8')
    """
    (value,), (interval,) = share_columns([part], [whole], "undefined")
    return FigureText(value, interval)
