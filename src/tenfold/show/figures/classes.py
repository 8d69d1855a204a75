"""Figures by class: the confusion matrix in counts, shares and errors only; recall with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.decimals import percent, percents
from tenfold.figures.curves.readings import read_matrix
from tenfold.show.content import NOT_COMPUTED, Content
from tenfold.show.drawing.axes import Scale, percent_ticks, zoomed
from tenfold.show.drawing.dots import interval_mark
from tenfold.show.drawing.figure import MARGIN, WIDTH, Figure
from tenfold.show.drawing.ink import LINE, SOFT, box, line, text
from tenfold.show.sections.errors.matrix import codes_with_most_errors
from tenfold.show.words import Number, numbers, quoted
from tenfold.text import shown

__all__ = ["counts_figure", "errors_figure", "recalls_figure", "shares_figure"]

_FILL = "rgb(214,84,20)"
_DEEPEST = 0.9
_LARGEST_CELL, _WIDE_CELL, _NAMES, _SUMS = 48, 80, 120, 72
_FEW = 4
_FLAT_HEAD, _TURNED_HEAD, _STEEP = 28, 96, 18
_NUMBERED = 20
"""More classes than this leave no room for numbers in the cells; the colour alone is left, and says so."""
_RECALLS = 40
_RECALL_HEIGHT = 26
_RECALL_NAMES, _RECALL_VALUES = 150, 150


def counts_figure(content: Content) -> Figure:
    """Draw the counts; the colour is that of the errors alone, or the right answers would drown them."""
    counts = np.array(content.decision.confusion_matrix, np.int64)
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
    counts = np.array(content.decision.confusion_matrix, np.int64)
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
    counts = np.array(content.decision.confusion_matrix, np.int64)
    shares = read_matrix(counts, "actual")
    cells = iter(percents(shares.ravel().tolist()))
    texts = [["" if np.isnan(value) else text for value, text in zip(row, cells, strict=False)] for row in shares]
    errors = np.nan_to_num(shares - np.diag(np.diag(shares)))
    note = (
        "Percent are shares of the rows of each actual class: each row adds up to 100. "
        f"Rows are actual, columns are called; judged out of fold by {shown(content.chosen, 40)}."
    )
    title = "How each class is answered"
    return _matrix(content, "confusion-by-actual", title, note, texts, errors, counts, "all")


@dataclass(frozen=True)
class _Grid:
    """Where cells stand: the corner of the first, their side, and the classes in them."""

    left: float
    top: float
    side: float
    codes: tuple[int, ...]

    @property
    def right(self) -> float:
        return self.left + len(self.codes) * self.side

    def middle(self, place: int) -> float:
        return (place + 0.5) * self.side

    @property
    def type_size(self) -> float:
        return min(13, max(0.85 * self.side, 6))


def _grid(content: Content) -> _Grid:
    codes = tuple(codes_with_most_errors(np.array(content.decision.confusion_matrix)))
    widest = _WIDE_CELL if len(codes) <= _FEW else _LARGEST_CELL
    side = min(widest, (WIDTH - 2 * MARGIN - _NAMES - _SUMS) / len(codes))
    upright = max(len(shown(content.classes[code], 16)) for code in codes) * 7.5 <= side
    return _Grid(MARGIN + _NAMES, _FLAT_HEAD if upright else _TURNED_HEAD, side, codes)


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
    grid = _grid(content)
    opacity = _DEEPEST * weight / (weight.max() or 1)
    body = [_hatching() if hatched else "", *_column_names(content, grid), *_row_ends(content, grid, counts, sums_name)]
    size = _type_size(grid.side, texts)
    for place, code in enumerate(grid.codes):
        for at, other in enumerate(grid.codes):
            right = hatched and code == other
            body.append(_cell(grid, place, at, "url(#h)" if right else _FILL, 1.0 if right else opacity[code, other]))
            if len(grid.codes) <= _NUMBERED:
                x, y = grid.left + grid.middle(at), grid.top + grid.middle(place) + size / 3
                body.append(text(x, y, texts[code][other], size=size, anchor="middle"))
    height = grid.top + len(grid.codes) * grid.side
    return Figure(name, title, note + _left_out(content, grid), _description(content, counts), height, "".join(body))


def _cell(grid: _Grid, place: int, at: int, fill: str, opacity: float) -> str:
    x, y, side = grid.left + at * grid.side + 1, grid.top + place * grid.side + 1, grid.side - 2
    return box(x, y, side, side, fill=fill, opacity=float(opacity), radius=min(4, side / 8))


def _left_out(content: Content, grid: _Grid) -> str:
    drawn_classes, k = len(grid.codes), len(content.classes)
    few = "" if drawn_classes == k else f" The {drawn_classes} of {k} classes that take part in most errors."
    return few + ("" if drawn_classes <= _NUMBERED else " Numbers are left out for want of room.")


def _row_ends(content: Content, grid: _Grid, counts: NDArray[np.int64], sums_name: str) -> list[str]:
    """The class before each row and the sum behind it."""
    sums, end, size = counts.sum(axis=1), grid.right + _SUMS, grid.type_size
    parts = [text(end, grid.top - 10, sums_name, size=12, fill=SOFT, anchor="end")]
    for place, code in enumerate(grid.codes):
        y = grid.top + grid.middle(place) + 4
        parts.append(text(grid.left - 10, y, shown(content.spoken(content.classes[code]), 14), size=size, anchor="end"))
        parts.append(text(end, y, f"{sums[code]:,}", size=min(12, size), fill=SOFT, anchor="end"))
    return parts


def _type_size(side: float, texts: list[list[str]]) -> float:
    longest = max(len(one) for row in texts for one in row)
    return round(min(13.0, 0.9 * side / max(longest * 0.6, 1)), 1)


def _column_names(content: Content, grid: _Grid) -> list[str]:
    """Above the columns; turned where they would not fit beside each other."""
    names, y = [shown(content.classes[code], 14) for code in grid.codes], grid.top - 10
    if grid.top == _FLAT_HEAD:
        return [text(grid.left + grid.middle(at), y, name, anchor="middle") for at, name in enumerate(names)]
    size, turn = min(12, grid.type_size), -60 if grid.side > _STEEP else -90
    return [
        f'<g transform="translate({grid.left + grid.middle(at) + size / 3:.1f} {y:.1f}) rotate({turn})">'
        f"{text(0, 0, name, size=size)}</g>"
        for at, name in enumerate(names)
    ]


def _hatching() -> str:
    strokes = line(0, 0, 0, 6, stroke=LINE, width=2)
    turned = 'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
    return f'<defs><pattern id="h" width="6" height="6" {turned}>{strokes}</pattern></defs>'


def _description(content: Content, counts: NDArray[np.int64]) -> str:
    errors = counts - np.diag(np.diag(counts))
    if not errors.any():
        return "No row was taken for another class."
    actual, called = divmod(int(errors.argmax()), len(errors))
    names = [quoted(content.classes[code], 40) for code in (actual, called)]
    return (
        f"{int(errors.sum()):,} errors; the most frequent is {names[0]} called {names[1]}, {int(errors.max()):,} times."
    )


def recalls_figure(content: Content) -> Figure:
    """Draw the share of each class that is found; of many classes the lowest."""
    recalls = _recalls(content)
    ends = [end for _, one in recalls for end in (one.low, one.value, one.high) if end is not None]
    scale = zoomed(ends)
    zoom = f" The axis is zoomed: {percent(scale.low)} to {percent(scale.high)}."
    few = (
        ""
        if len(recalls) == len(content.classes)
        else f"The {len(recalls)} of {len(content.classes)} classes with the lowest recall. "
    )
    note = (
        f"{few}Recall, the share of a class that is found, with 95 % intervals (Wilson); judged out of fold by "
        f"{shown(content.chosen, 40)} on {content.rows:,} training {content.noun(content.rows)}."
        f"{'' if (scale.low, scale.high) == (0, 1) else zoom}"
    )
    description = "; ".join(f"{name} {one.text} ({one.range or one.reason})" for name, one in recalls)
    left, right = MARGIN + _RECALL_NAMES, WIDTH - MARGIN - _RECALL_VALUES
    rows = [
        _recall_row(name, one, scale, (left, right, 12 + _RECALL_HEIGHT * place))
        for place, (name, one) in enumerate(recalls)
    ]
    bottom = 12 + _RECALL_HEIGHT * len(recalls)
    marks = [
        text(left + (right - left) * tick.at / 100, bottom + 10, tick.text, size=12, fill=SOFT, anchor="middle")
        for tick in percent_ticks(scale)
    ]
    return Figure(
        "recall-by-class", "How much of each class is found", note, description, bottom + 16, "".join(rows + marks)
    )


def _recalls(content: Content) -> list[tuple[str, Number]]:
    keys = ("specificity", "recall") if content.positive is not None else [f"recall:{name}" for name in content.classes]
    names = [shown(content.spoken(name), 18) for name in content.classes]
    recalls = list(zip(names, numbers(("recall", content.figures.get(key, NOT_COMPUTED)) for key in keys), strict=True))
    if len(recalls) <= _RECALLS:
        return recalls
    return sorted(recalls, key=lambda one: 2.0 if one[1].value is None else one[1].value)[:_RECALLS]


def _recall_row(name: str, one: Number, scale: Scale, place: tuple[float, float, float]) -> str:
    left, right, y = place
    parts = [text(left - 14, y + 4, name, anchor="end"), line(left, y, right, y, stroke=LINE)]
    if one.value is None or one.low is None or one.high is None:
        return "".join([*parts, text(right + 14, y + 4, shown(one.reason, 24), size=12, fill=SOFT)])
    low, at, high = (left + (right - left) * scale.at(value) / 100 for value in (one.low, one.value, one.high))
    parts.append(interval_mark(low, at, high, y))
    parts.append(text(right + 66, y + 4, one.text, anchor="end"))
    parts.append(text(right + _RECALL_VALUES, y + 4, one.range, size=12, fill=SOFT, anchor="end"))
    return "".join(parts)
