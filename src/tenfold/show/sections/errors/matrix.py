"""Which classes are taken for which? The confusion matrix, as counts and as shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.decimals import percents
from tenfold.show.content import Content
from tenfold.show.words import quoted
from tenfold.text import shown

__all__ = ["Cell", "Matrices", "Matrix", "matrix_view"]

Counts = NDArray[np.int64]
_SHOWN = 40
_DEEPEST = 0.9
_DARK_TEXT_FROM = 0.65
"""Opacity of the error colour from which black reads better than white on the dark page; see the contrast test."""


@dataclass(frozen=True)
class Cell:
    """One cell: its text, the opacity of the error colour under it, and what a pointer resting on it is told."""

    text: str
    opacity: float
    diagonal: bool
    told: str

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
    """The matrix out of fold twice, and that of the test part."""

    title: str
    caption: str
    left_out: str
    nothing: str
    out_of_fold: tuple[Matrix, ...]
    test: Matrix
    test_caption: str
    small: bool


def matrix_view(content: Content) -> Matrices:
    """Lay out who is taken for whom at the decision in force."""
    counts = np.array(content.decision["confusion_matrix"], dtype=np.int64)
    tests = np.array(content.metrics["test_confusion_matrix"], dtype=np.int64)
    kept = most_confused(counts)
    names = [content.classes[code] for code in kept]
    shares = _shares_of_actual if content.positive is not None else _shares_of_errors
    errors = int(counts.sum() - np.trace(counts))
    return Matrices(
        title="Which classes are taken for which?",
        caption=_caption(content, counts),
        left_out=_left_out(content, kept, counts),
        nothing="" if errors else f"No {content.noun(1)} was taken for another class, so there is no error to colour.",
        out_of_fold=(
            _counted(
                counts, kept, names, "Counts", f"How many {content.noun()} of each actual class got which answer."
            ),
            shares(counts, kept, names),
        ),
        test=_counted(tests, kept, names, "Counts on the test set", ""),
        test_caption=f"The same for the {int(tests.sum()):,} {content.noun()} of the test set",
        small=len(kept) <= 12,
    )


def most_confused(counts: Counts, limit: int = _SHOWN) -> list[int]:
    """
    Give the codes of the classes that take part in the most errors, in their own order; all if there is room.

    Examples
    --------
    >>> most_confused(np.array([[5, 0, 0], [0, 5, 2], [0, 1, 5]]), limit=2)
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


def _left_out(content: Content, kept: list[int], counts: Counts) -> str:
    if len(kept) == len(counts):
        return ""
    errors = counts - np.diag(np.diag(counts))
    inside = int(errors[np.ix_(kept, kept)].sum())
    return (
        f"The {len(kept)} of {len(counts)} classes that take part in most errors; {inside:,} of "
        f"{int(errors.sum()):,} errors are between them. All counts are in metrics.json."
    )


def _counted(counts: Counts, kept: Sequence[int], names: Sequence[str], title: str, note: str) -> Matrix:
    part = counts[np.ix_(kept, kept)]
    errors = part - np.diag(np.diag(part))
    opacity = _opacities(errors.astype(np.float64))
    texts = [[f"{value:,}" for value in row] for row in part.tolist()]
    sums = [f"{value:,}" for value in counts.sum(axis=1)[list(kept)].tolist()]
    return _matrix(title, note, texts, opacity, names, sums, "all", told=part, hatched=False)


def _shares_of_errors(counts: Counts, kept: Sequence[int], names: Sequence[str]) -> Matrix:
    errors = (counts - np.diag(np.diag(counts)))[list(kept)]
    totals = errors.sum(axis=1, keepdims=True)
    shares = np.divide(100 * errors, totals, out=np.zeros(errors.shape), where=totals > 0)[:, list(kept)]
    texts = [[f"{value:.0f}" for value in row] for row in shares.tolist()]
    told = counts[np.ix_(kept, kept)]
    sums = [f"{value:,}" for value in totals[:, 0].tolist()]
    note = "Of the errors on each actual class, the percent that went to each other class."
    # Shares of a handful of errors say little: the colour follows the share, weakened where a row has few.
    weight = totals / max(float(totals.max()), 1.0)
    opacity = _opacities(shares * np.sqrt(weight))
    return _matrix("Errors by actual class, %", note, texts, opacity, names, sums, "errors", told=told, hatched=True)


def _shares_of_actual(counts: Counts, kept: Sequence[int], names: Sequence[str]) -> Matrix:
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    errors = shares - np.diag(np.diag(shares))
    cells = iter(percents(shares.ravel().tolist()))
    texts = [[next(cells) for _ in row] for row in shares]
    sums = [f"{value:,}" for value in totals[:, 0].tolist()]
    note = "Of each actual class, the share that got each answer."
    return _matrix("By actual class", note, texts, _opacities(errors), names, sums, "all", told=counts, hatched=False)


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
    told: Counts,
    hatched: bool,
) -> Matrix:
    rows = []
    for i, name in enumerate(names):
        cells = tuple(
            Cell(texts[i][j], float(opacity[i, j]), i == j, _told(int(told[i, j]), name, other, i == j))
            for j, other in enumerate(names)
        )
        rows.append((shown(name, 18), shown(name, 120), cells, sums[i]))
    columns = tuple((shown(name, 8 if len(names) > 3 else 18), shown(name, 120)) for name in names)
    return Matrix(title, note, tuple(rows), columns, sums_name, hatched)


def _told(count: int, actual: str, called: str, diagonal: bool) -> str:
    """Only errors are told: the page of sixty classes stays small."""
    return "" if diagonal or not count else f"{count:,} × {quoted(actual, 30)} called {quoted(called, 30)}"
