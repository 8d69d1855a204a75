"""Which classes are taken for which? The confusion matrix, as counts and as shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.ask.errors.sentences import share_columns
from tenfold.decimals import percents
from tenfold.figures.curves.readings import most_confused
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.words import quoted
from tenfold.text import shown

__all__ = ["Cell", "Matrices", "Matrix", "codes_with_most_errors", "matrix_view"]

Counts = NDArray[np.int64]
_LISTED = 40
_PLAIN_CLASSES, _PAIRS = 20, 10
_DEEPEST = 0.9
_DARK_TEXT_FROM = 0.65
"""Opacity of the error colour from which black reads better than white on the dark page; see the contrast test."""


@dataclass(frozen=True)
class Cell:
    """One cell: its text, the opacity of the error colour under it, and the words of a pointer that rests on it."""

    text: str
    opacity: float
    diagonal: bool
    words: str

    @property
    def bright(self) -> bool:
        """Whether its ground is bright on the dark page, so that its text must be dark."""
        return self.opacity >= _DARK_TEXT_FROM


@dataclass(frozen=True)
class Matrix:
    """Rows are actual classes, columns predicted ones; `sums` stand right of the rows."""

    title: str
    note: str
    rows: tuple[tuple[str, str, tuple[Cell, ...], str], ...]
    columns: tuple[tuple[str, str], ...]
    sums_name: str
    hatched: bool


@dataclass(frozen=True)
class Matrices:
    """
    The matrix out of fold twice, and that of the test part.

    Parameters
    ----------
    title, caption : str
    out_of_fold : tuple of Matrix
    test : Matrix
    test_caption : str
    small : bool
        Whether two fit beside one another.
    plain : tuple of PlainTable
        Counts, most frequent errors and classes as text.
    """

    title: str
    caption: str
    out_of_fold: tuple[Matrix, ...]
    test: Matrix
    test_caption: str
    small: bool
    plain: tuple[PlainTable, ...]

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return counts, most frequent errors and classes as text."""
        return self.plain


def matrix_view(content: Content) -> Matrices:
    """Lay out who is taken for whom at the decision in force."""
    counts = np.array(content.decision.confusion_matrix, dtype=np.int64)
    tests = np.array(content.metrics.test_confusion_matrix, dtype=np.int64)
    codes = codes_with_most_errors(counts)
    names = [content.classes[code] for code in codes]
    shares = _shares_of_actual if content.positive is not None else _shares_of_errors
    note = f"How many {content.noun()} of each actual class got which answer."
    return Matrices(
        title="Which classes are taken for which?",
        caption=" ".join((_caption(content, counts), _left_out(codes, counts), _nothing(content, counts))),
        out_of_fold=(_counted(counts, codes, names, "Counts", note), shares(counts, codes, names)),
        test=_counted(tests, codes, names, "Counts on the test set", ""),
        test_caption=f"The same for the {int(tests.sum()):,} {content.noun()} of the test set",
        small=len(codes) <= 12,
        plain=tuple(_plain_tables(content, counts)),
    )


def _plain_tables(content: Content, counts: Counts) -> Iterator[PlainTable]:
    names, noun = [shown(name, 60) for name in content.classes], (content.noun(1), content.noun())
    if len(counts) <= _PLAIN_CLASSES:
        yield _plain_counts(names, counts)
    yield _plain_pairs(noun, names, counts)
    yield _plain_classes(noun, names, counts)


def _nothing(content: Content, counts: Counts) -> str:
    wrong = int(counts.sum() - np.trace(counts))
    return "" if wrong else f"No {content.noun(1)} was taken for another class, so there is no error to colour."


def codes_with_most_errors(counts: Counts, limit: int = _LISTED) -> list[int]:
    """
    Return the codes of the classes that take part in the most errors, in their own order; all if there is room.

    Examples
    --------
    >>> codes_with_most_errors(np.array([[5, 0, 0], [0, 5, 2], [0, 1, 5]]), limit=2)
    [1, 2]
    """
    errors = counts - np.diag(np.diag(counts))
    taking_part = errors.sum(axis=0) + errors.sum(axis=1)
    return sorted(np.argsort(-taking_part, kind="stable")[:limit].tolist())


def _caption(content: Content, counts: Counts) -> str:
    right, n = int(np.trace(counts)), int(counts.sum())
    return (
        f"Rows are actual, columns are predicted. {n:,} training {content.noun(n)} judged out of fold by "
        f"{shown(content.chosen, 40)}; {n - right:,} errors. The stronger the orange, the more errors."
    )


def _left_out(codes: list[int], counts: Counts) -> str:
    if len(codes) == len(counts):
        return ""
    errors = counts - np.diag(np.diag(counts))
    inside = int(errors[np.ix_(codes, codes)].sum())
    return (
        f"The {len(codes)} of {len(counts)} classes that take part in most errors; {inside:,} of "
        f"{int(errors.sum()):,} errors are between them. All counts are in metrics.json."
    )


def _counted(counts: Counts, codes: Sequence[int], names: Sequence[str], title: str, note: str) -> Matrix:
    part = counts[np.ix_(codes, codes)]
    errors = part - np.diag(np.diag(part))
    opacity = _opacities(errors.astype(np.float64))
    texts = [[f"{value:,}" for value in row] for row in part.tolist()]
    sums = [f"{value:,}" for value in counts.sum(axis=1)[list(codes)].tolist()]
    return _matrix(title, note, texts, opacity, names, sums, "all", counts=part, hatched=False)


def _shares_of_errors(counts: Counts, codes: Sequence[int], names: Sequence[str]) -> Matrix:
    errors = (counts - np.diag(np.diag(counts)))[list(codes)]
    totals = errors.sum(axis=1, keepdims=True)
    shares = np.divide(100 * errors, totals, out=np.zeros(errors.shape), where=totals > 0)[:, list(codes)]
    texts = [[f"{value:.0f}" for value in row] for row in shares.tolist()]
    part = counts[np.ix_(codes, codes)]
    sums = [f"{value:,}" for value in totals[:, 0].tolist()]
    note = "Of the errors on each actual class, the percent that went to each other class."
    # Shares of a handful of errors say little: the colour follows the share, weakened where a row has few.
    weight = totals / max(float(totals.max()), 1.0)
    opacity = _opacities(shares * np.sqrt(weight))
    return _matrix("Errors by actual class, %", note, texts, opacity, names, sums, "errors", counts=part, hatched=True)


def _shares_of_actual(counts: Counts, codes: Sequence[int], names: Sequence[str]) -> Matrix:
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    errors = shares - np.diag(np.diag(shares))
    cells = iter(percents(shares.ravel().tolist()))
    texts = [[next(cells) for _ in row] for row in shares]
    sums = [f"{value:,}" for value in totals[:, 0].tolist()]
    note = "Of each actual class, the share that got each answer."
    return _matrix("By actual class", note, texts, _opacities(errors), names, sums, "all", counts=counts, hatched=False)


def _opacities(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    highest = float(errors.max()) if errors.size else 0.0
    scaled = errors / highest if highest else errors
    return np.asarray((_DEEPEST * scaled).round(2))


def _matrix(
    title: str,
    note: str,
    texts: Sequence[Sequence[str]],
    opacity: NDArray[np.float64],
    names: Sequence[str],
    sums: Sequence[str],
    sums_name: str,
    *,
    counts: Counts,
    hatched: bool,
) -> Matrix:
    rows = []
    for i, name in enumerate(names):
        cells = tuple(
            Cell(texts[i][j], float(opacity[i, j]), i == j, _words(int(counts[i, j]), name, other, i == j))
            for j, other in enumerate(names)
        )
        rows.append((shown(name, 18), shown(name, 120), cells, sums[i]))
    columns = tuple((shown(name, 8 if len(names) > 3 else 18), shown(name, 120)) for name in names)
    return Matrix(title, note, tuple(rows), columns, sums_name, hatched)


def _words(count: int, actual: str, called: str, diagonal: bool) -> str:
    """Only errors have words: the page of sixty classes stays small."""
    return "" if diagonal or not count else f"{count:,} × {quoted(actual, 30)} called {quoted(called, 30)}"


def _plain_counts(names: Sequence[str], counts: Counts) -> PlainTable:
    rows = tuple((name, *(f"{value:,}" for value in row)) for name, row in zip(names, counts.tolist(), strict=True))
    note = "Rows are actual, columns are called; counts, judged out of fold."
    return PlainTable("Confusions", note, ("", *names), rows)


def _plain_pairs(noun: tuple[str, str], names: Sequence[str], counts: Counts) -> PlainTable:
    """Of two classes all errors on one are of one kind, so the share is that of its rows."""
    pairs, two = most_confused(counts, _PAIRS), len(counts) == 2
    wholes = [int(counts[one.actual].sum()) if two else one.errors for one in pairs]
    shares = share_columns([one.count for one in pairs], wholes, "undefined")
    cells = ((names[one.actual], names[one.predicted], f"{one.count:,}") for one in pairs)
    rows = tuple((*pair, *share) for pair, *share in zip(cells, *shares, strict=True))
    note = f"Share of {'all rows of' if two else 'the errors on'} the actual class."
    note = note if rows else f"No {noun[0]} was taken for another class."
    return PlainTable("Most frequent errors", note, ("actual", "called", noun[1], "share", "95 % interval"), rows)


def _plain_classes(noun: tuple[str, str], names: Sequence[str], counts: Counts) -> PlainTable:
    hits, actual, called = np.diag(counts).tolist(), counts.sum(axis=1).tolist(), counts.sum(axis=0).tolist()
    rows = zip(
        names,
        (f"{count:,}" for count in actual),
        *share_columns(hits, actual, "undefined"),
        *share_columns(hits, called, "undefined"),
        strict=True,
    )
    right = "right when called (precision)"
    head = ("class", noun[1], "found (recall)", "95 % interval", right, "95 % interval")
    return PlainTable("Classes", "Judged out of fold at the decision in force; Wilson intervals.", head, tuple(rows))
