"""Which labels are hard? The figures of each label, what it is taken for, and labels that go wrong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.decimals import percent, percents
from tenfold.figures import SharedErrors
from tenfold.show.components import (
    NUMBER,
    QUIET,
    QUIET_NUMBER,
    Cell,
    Column,
    Name,
    PlainTable,
    Row,
    Table,
    dot_cell,
    dots,
    ends_of,
    figure_cells,
)
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, percent_ticks, zoomed
from tenfold.show.sections.labels.overview import errors_together
from tenfold.show.words import Sentence, numbers, quoted, say, strong
from tenfold.text import shown

__all__ = ["Labels", "by_f1", "labels_view"]

_LISTED, _WITH_MATRIX, _CROSSED = 60, 24, 16
_COLUMNS = ("f1", "precision", "recall")


@dataclass(frozen=True)
class CountCell:
    """Rows of one answer that were called so: how many, what share of that answer, and how strong an error."""

    count: str
    share: str
    error: bool
    opacity: float


@dataclass(frozen=True)
class LabelMatrix:
    """The four cells of a label and a sentence on them; rows are true and not true, columns predicted so."""

    name: str
    full: str
    cells: tuple[tuple[CountCell, CountCell], tuple[CountCell, CountCell]]
    sentence: Sentence


@dataclass(frozen=True)
class Crossing:
    """Rows in which two labels are wrong: the count, how it compares with chance, and how strong."""

    count: str
    times: str
    opacity: float
    diagonal: bool


@dataclass(frozen=True)
class Crossings:
    """Errors by the two labels that share them."""

    names: tuple[str, ...]
    rows: tuple[tuple[Crossing, ...], ...]
    caption: Sentence


@dataclass(frozen=True)
class Labels:
    """All labels, or the hardest of many."""

    caption: str
    zoom: str
    table: Table
    decision: str
    matrices: tuple[LabelMatrix, ...]
    matrices_caption: str
    crossings: Crossings
    command: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the labels as a table of text."""
        return (self.table.plain("Labels", self.caption),)


def labels_view(content: Content) -> Labels:
    """Lay out each label's figures and errors, the hardest first where there are many."""
    listed = _hardest(content, _LISTED)
    scale = zoomed(ends_of(numbers(("f1", content.figures[f"f1:{name}"]) for name in listed)))
    drawn_labels = listed[:_WITH_MATRIX]
    few = "" if len(drawn_labels) == len(content.classes) else f"The {len(drawn_labels)} hardest labels are drawn."
    return Labels(
        caption=_caption(content, len(listed)),
        zoom=_zoom(scale),
        table=_table(content, listed, scale),
        decision=_decision(content),
        matrices=tuple(_matrix(content, name) for name in drawn_labels),
        matrices_caption=f"Counts of {content.noun()}, judged out of fold at the decision in force; below each its "
        f"share of the row. {few}",
        crossings=_crossings(content),
        command=content.command("decide", _other_rule(content)),
    )


def _hardest(content: Content, most: int) -> list[str]:
    """Labels in their own order if there are few, else the ones with the lowest F1 first."""
    if len(content.classes) <= _WITH_MATRIX:
        return list(content.classes)
    return by_f1(content)[:most]


def by_f1(content: Content) -> list[str]:
    """Return the labels, the one with the lowest F1 first; those without F1 last."""

    def f1(name: str) -> float:
        value = content.figures[f"f1:{name}"].value
        return 2.0 if value is None else value

    return sorted(content.classes, key=f1)


def _table(content: Content, listed: list[str], scale: Scale) -> Table:
    thresholds = dict(zip(content.classes, content.decision.thresholds or (), strict=False))
    interval = Column("95 % interval", QUIET)
    columns = (
        Column("label"),
        Column("true in", QUIET_NUMBER),
        dots(percent_ticks(scale)),
        *(column for head in ("F1", "precision", "recall") for column in (Column(head, NUMBER), interval)),
        *((Column("threshold", NUMBER),) if thresholds else ()),
        Column("F1, test", NUMBER),
        interval,
    )
    return Table(columns, tuple(_rows(content, listed, scale, thresholds)), "classes")


def _rows(content: Content, listed: list[str], scale: Scale, thresholds: dict[str, float]) -> Iterator[Row]:
    columns = [numbers((key, content.figures[f"{key}:{name}"]) for name in listed) for key in _COLUMNS]
    tests = numbers(("f1", content.test[f"f1:{name}"]) for name in listed)
    positives = [int(content.figures[f"f1:{name}"].positives or 0) for name in listed]
    shares = percents(count / content.rows for count in positives)
    rows = zip(listed, positives, shares, zip(*columns, strict=True), tests, strict=True)
    for name, count, share, (f1, precision, recall), test in rows:
        yield Row(
            Name(shown(name, 24), shown(name, 120)),
            (
                Cell(f"{count:,} ({share})"),
                dot_cell(scale, f1),
                *figure_cells(f1, precision, recall),
                *((Cell(f"{thresholds[name]:.4g}" if name in thresholds else ""),) if thresholds else ()),
                *figure_cells(test),
            ),
        )


def _caption(content: Content, listed: int) -> str:
    k = len(content.classes)
    few = "" if listed == k else f"The {listed} of {k} labels with the lowest F1. "
    return (
        f"{few}Each label is judged as a detector of its own. Recall: of the {content.noun()} where it is true, the "
        f"share found. Precision: of those called so, the share right. F1 joins the two."
    )


def _zoom(scale: Scale) -> str:
    low, high = percent(scale.low), percent(scale.high)
    return "" if (scale.low, scale.high) == (0, 1) else f"The scale of the dots is zoomed: {low} to {high}."


def _decision(content: Content) -> str:
    if not content.decides_otherwise:
        how = "where its probability is above one half" if content.candidate.probabilities else "by its own decision"
        return f"Each label is answered {how}; a rule sets a threshold for each:"
    rule = shown(content.rule, 40)
    return (
        f"Each label is answered where its score reaches its threshold, set by the rule {rule} on the same out-of-fold "
        "scores: reading a threshold off these scores is choosing it, so the figures here flatter it a little; those "
        "of the test do not. Another rule:"
    )


def _other_rule(content: Content) -> str:
    return "recall>=0.95" if content.rule.startswith("precision") else "precision>=0.9"


def _matrix(content: Content, name: str) -> LabelMatrix:
    matrix = content.decision.confusion_matrix[content.classes.index(name)]
    called_true = matrix[::-1, ::-1]
    sums = called_true.sum(axis=1)
    shares = [[count / whole if whole else None for count in row] for row, whole in zip(called_true, sums, strict=True)]
    texts = percents(share for row in shares for share in row)
    cells = [[_cell(int(called_true[row, column]), shares[row][column], texts[2 * row + column], row != column)
              for column in (0, 1)] for row in (0, 1)]  # fmt: skip
    return LabelMatrix(
        shown(name, 24),
        shown(name, 120),
        ((cells[0][0], cells[0][1]), (cells[1][0], cells[1][1])),
        _balance(missed=int(matrix[1, 0]), alarms=int(matrix[0, 1])),
    )


def _cell(count: int, share: float | None, text: str, error: bool) -> CountCell:
    return CountCell(
        f"{count:,}", "none" if share is None else text, error, round(0.12 + 0.5 * (share or 0.0), 3) if count else 0.0
    )


def _balance(missed: int, alarms: int) -> Sentence:
    if not missed + alarms:
        return say("No error.")
    more = "Misses are the more frequent error." if missed > alarms else "False alarms are the more frequent error."
    balance = more if missed > 1.5 * alarms or alarms > 1.5 * missed else ""
    return say(strong(f"{missed:,}"), " missed, ", strong(f"{alarms:,}"), f" called so wrongly. {balance}")


def _crossings(content: Content) -> Crossings:
    errors = errors_together(content)
    order = np.argsort(-np.diag(errors.together), kind="stable")[:_CROSSED]
    codes = np.sort(order)
    few = f"The {len(codes)} labels with most errors." if len(codes) < len(content.classes) else ""
    cells = (
        f" Each cell counts the {content.noun()} in which both labels are wrong, on the diagonal those in which the "
        f"label is. {few}"
    )
    return Crossings(
        names=tuple(shown(content.classes[c], 18) for c in codes),
        rows=tuple(tuple(_crossing(errors, a, b) for b in codes) for a in codes),
        caption=say(*_worst_pair(content, errors), cells),
    )


def _crossing(errors: SharedErrors, a: int, b: int) -> Crossing:
    """As strong as the share of the rarer label's errors that both have."""
    rarer = max(min(int(errors.together[a, a]), int(errors.together[b, b])), 1)
    count, chance = int(errors.together[a, b]), float(errors.by_chance[a, b])
    times = f"{count / chance:.1f} × chance" if a != b and count and chance > 0 else ""
    return Crossing(f"{count:,}", times, round(0.5 * count / rarer, 3) if a != b else 0.0, a == b)


def _worst_pair(content: Content, errors: SharedErrors) -> Sentence:
    wrong = int((errors.together.sum(axis=1) > 0).sum())
    above = np.triu(errors.together, 1)
    if not above.any():
        return say(f"No {content.noun(1)} has two labels wrong at once." if wrong else "No label is wrong anywhere.")
    first, second = (int(place) for place in np.unravel_index(above.argmax(), above.shape))
    count, chance = int(errors.together[first, second]), float(errors.by_chance[first, second])
    pair = f"{quoted(content.classes[first])} and {quoted(content.classes[second])}"
    return say(
        strong(pair),
        f" are wrong together in {count:,} {content.noun(count)}; if errors fell independently, it would be "
        f"about {chance:,.1f}.",
    )
