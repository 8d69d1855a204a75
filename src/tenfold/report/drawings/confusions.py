"""The confusion matrix as a figure: in counts, and errors only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.evaluation.readings import read_matrix
from tenfold.report.content import Content
from tenfold.report.drawings.figure import MARGIN, WIDTH, Figure
from tenfold.report.drawings.ink import INK, LINE, SOFT, box, line, text
from tenfold.report.views.matrix import most_confused
from tenfold.report.words import quoted
from tenfold.runs.verdict import percent
from tenfold.text import shown

__all__ = ["counts_figure", "errors_figure", "shares_figure"]

_FILL = "rgb(214,84,20)"
_DEEPEST = 0.9
_LARGEST_CELL, _WIDE_CELL, _NAMES, _SUMS = 48, 80, 120, 72
_FEW = 4
_NUMBERED = 20
"""More classes than this leave no room for numbers in the cells; the colour alone is left, and says so."""


def counts_figure(content: Content) -> Figure:
    """Draw the counts; the colour is that of the errors alone, or the right answers would drown them."""
    counts = np.array(content.decision["confusion_matrix"], np.int64)
    n, wrong = int(counts.sum()), int(counts.sum() - np.trace(counts))
    errors = (counts - np.diag(np.diag(counts))).astype(np.float64)
    note = (
        f"Rows are actual, columns are called. {n:,} training {content.noun(n)} judged out of fold by "
        f"{shown(content.chosen, 40)}; {wrong:,} errors. The stronger the orange, the more errors."
    )
    texts = [[f"{value:,}" for value in row] for row in counts.tolist()]
    return _matrix(content, "confusion-counts", "Who is taken for whom, in counts", note, texts, errors, counts, "all")


def errors_figure(content: Content) -> Figure:
    """Draw the errors alone, as percent of the errors on each actual class."""
    counts = np.array(content.decision["confusion_matrix"], np.int64)
    shares = read_matrix(counts, "errors-actual")
    texts = [["" if np.isnan(value) else f"{100 * value:.0f}" for value in row] for row in shares.tolist()]
    note = (
        "Percent are shares of the errors on each actual class, not of all its rows: each row adds up to 100. "
        f"Rows are actual, columns are called; judged out of fold by {shown(content.chosen, 40)}. "
        "Right answers are hatched."
    )
    errors = counts - np.diag(np.diag(counts))
    title = "Where the errors on each class go"
    return _matrix(
        content, "confusion-errors", title, note, texts, np.nan_to_num(shares), errors, "errors", hatched=True
    )


def shares_figure(content: Content) -> Figure:
    """Draw the shares of each actual class, which of two classes say more than the errors alone."""
    counts = np.array(content.decision["confusion_matrix"], np.int64)
    shares = read_matrix(counts, "actual")
    texts = [["" if np.isnan(value) else percent(value) for value in row] for row in shares.tolist()]
    errors = np.nan_to_num(shares - np.diag(np.diag(shares)))
    note = (
        "Percent are shares of the rows of each actual class: each row adds up to 100. "
        f"Rows are actual, columns are called; judged out of fold by {shown(content.chosen, 40)}."
    )
    title = "How each class is answered"
    return _matrix(content, "confusion-by-actual", title, note, texts, errors, counts, "all")


def _matrix(
    content: Content,
    name: str,
    title: str,
    note: str,
    texts: list[list[str]],
    weight: NDArray[np.float64],
    counts: NDArray[np.int64],
    sums_name: str,
    *,
    hatched: bool = False,
) -> Figure:
    kept = most_confused(np.array(content.decision["confusion_matrix"]))
    widest = _WIDE_CELL if len(kept) <= _FEW else _LARGEST_CELL
    side = min(widest, (WIDTH - 2 * MARGIN - _NAMES - _SUMS) / len(kept))
    left, top = MARGIN + _NAMES, _head_height(content, kept, side)
    opacity = _DEEPEST * weight / (weight.max() or 1)
    body = [_hatching() if hatched else "", *_column_names(content, kept, left, top, side)]
    body.append(text(left + len(kept) * side + _SUMS, top - 10, sums_name, size=12, fill=SOFT, anchor="end"))
    sums, size = counts.sum(axis=1), _type_size(side, texts)
    for place, code in enumerate(kept):
        y = top + place * side
        label = shown(content.classes[code], 16)
        body.append(text(left - 10, y + side / 2 + 4, label, size=min(13, max(side, 6)), anchor="end"))
        body.append(text(left + len(kept) * side + _SUMS, y + side / 2 + 4, f"{sums[code]:,}", size=min(12, max(side, 6)), fill=SOFT, anchor="end"))  # fmt: skip
        for at, other in enumerate(kept):
            filled = "url(#h)" if hatched and code == other else _FILL
            seen = 1.0 if hatched and code == other else float(opacity[code, other])
            body.append(
                box(left + at * side + 1, y + 1, side - 2, side - 2, fill=filled, opacity=seen, radius=min(4, side / 8))
            )
            if len(kept) <= _NUMBERED:
                body.append(text(left + (at + 0.5) * side, y + side / 2 + size / 3, texts[code][other], size=size, fill=INK, anchor="middle"))  # fmt: skip
    few = (
        ""
        if len(kept) == len(content.classes)
        else f" The {len(kept)} of {len(content.classes)} classes in most errors."
    )
    bare = "" if len(kept) <= _NUMBERED else " Numbers are left out for want of room."
    return Figure(name, title, note + few + bare, _told(content, counts), top + len(kept) * side, "".join(body))


def _type_size(side: float, texts: list[list[str]]) -> float:
    longest = max(len(one) for row in texts for one in row)
    return round(min(13.0, 0.9 * side / max(longest * 0.6, 1)), 1)


def _head_height(content: Content, kept: list[int], side: float) -> float:
    return 28 if _upright(content, kept, side) else 96


def _upright(content: Content, kept: list[int], side: float) -> bool:
    return max(len(shown(content.classes[code], 16)) for code in kept) * 7.5 <= side


def _column_names(content: Content, kept: list[int], left: float, top: float, side: float) -> list[str]:
    if _upright(content, kept, side):
        return [
            text(left + (at + 0.5) * side, top - 10, shown(content.classes[code], 16), anchor="middle")
            for at, code in enumerate(kept)
        ]
    size = min(12, max(side, 6))
    return [
        f'<g transform="translate({left + (at + 0.5) * side + size / 3:.1f} {top - 8:.1f}) rotate(-60)">'
        f"{text(0, 0, shown(content.classes[code], 14), size=size)}</g>"
        for at, code in enumerate(kept)
    ]


def _hatching() -> str:
    strokes = line(0, 0, 0, 6, stroke=LINE, width=2)
    return f'<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">{strokes}</pattern></defs>'


def _told(content: Content, counts: NDArray[np.int64]) -> str:
    errors = counts - np.diag(np.diag(counts))
    if not errors.any():
        return "No row was taken for another class."
    actual, called = divmod(int(errors.argmax()), len(errors))
    names = [quoted(content.classes[code], 40) for code in (actual, called)]
    return (
        f"{int(errors.sum()):,} errors; the most frequent is {names[0]} called {names[1]}, {int(errors.max()):,} times."
    )
