"""Which labels are hard? The figures of each label, what it is taken for, and labels that go wrong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.decimals import percent, percents
from tenfold.figures import SharedErrors
from tenfold.show.content import Content
from tenfold.show.drawing.svg import Dot, Scale, Tick, dot, percent_ticks, zoomed
from tenfold.show.sections.labels.worries import errors_together
from tenfold.show.words import Number, Sentence, numbers, quoted, say, strong
from tenfold.text import shown

__all__ = ["Labels", "labels_view"]

_LISTED, _DRAWN, _CROSSED = 60, 24, 16
_COLUMNS = ("f1", "precision", "recall", "average_precision")


@dataclass(frozen=True)
class LabelLine:
    """The figures of one label; the dot stands on the scale that all labels share."""

    name: str
    full: str
    true: str
    f1: Number
    f1_dot: Dot | None
    precision: Number
    recall: Number
    ranking: Number
    test: Number
    threshold: str


@dataclass(frozen=True)
class Cell:
    """Rows of one answer that were called so: how many, what share of that answer, and how strong an error."""

    count: str
    share: str
    error: bool
    opacity: float


@dataclass(frozen=True)
class LabelMatrix:
    """The four cells of a label, and what they say; rows are what is so (true, not true), columns what was said."""

    name: str
    full: str
    cells: tuple[tuple[Cell, Cell], tuple[Cell, Cell]]
    told: Sentence


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
    told: Sentence
    note: str


@dataclass(frozen=True)
class Labels:
    """All labels, or the hardest of many."""

    lines: tuple[LabelLine, ...]
    ticks: tuple[Tick, ...]
    note: str
    decided: str
    with_thresholds: bool
    matrices: tuple[LabelMatrix, ...]
    matrices_note: str
    crossings: Crossings
    command: str


def labels_view(content: Content) -> Labels:
    """Lay out each label's figures and errors, the hardest first where there are many."""
    kept = _hardest(content, _LISTED)
    ends = [content.figures[f"f1:{name}"].get(end) for name in kept for end in ("low", "value", "high")]
    scale = zoomed([end for end in ends if end is not None])
    drawn = kept[:_DRAWN]
    thresholds = _thresholds(content)
    return Labels(
        lines=_lines(content, kept, scale, thresholds),
        ticks=percent_ticks(scale),
        note=_note(content, scale, len(kept)),
        decided=_decided(content),
        with_thresholds=bool(thresholds),
        matrices=tuple(_matrix(content, name) for name in drawn),
        matrices_note="" if len(drawn) == len(content.classes) else f"The {len(drawn)} hardest labels are drawn.",
        crossings=_crossings(content),
        command=content.command("decide", _other_rule(content)),
    )


def _hardest(content: Content, most: int) -> list[str]:
    """Labels in their own order if there are few, else the ones with the lowest F1 first."""
    if len(content.classes) <= _DRAWN:
        return list(content.classes)
    value = {name: content.figures[f"f1:{name}"]["value"] for name in content.classes}
    return sorted(content.classes, key=lambda name: 2.0 if value[name] is None else value[name])[:most]


def _thresholds(content: Content) -> dict[str, float]:
    return dict(zip(content.classes, content.decision.get("thresholds") or (), strict=False))


def _lines(content: Content, kept: list[str], scale: Scale, thresholds: dict[str, float]) -> tuple[LabelLine, ...]:
    columns = [numbers((key, content.figures[f"{key}:{name}"]) for name in kept) for key in _COLUMNS]
    tests = numbers(("f1", content.test[f"f1:{name}"]) for name in kept)
    positives = [int(content.figures[f"f1:{name}"].get("positives", 0)) for name in kept]
    shares = percents(count / content.rows for count in positives)
    true = [f"{count:,} ({share})" for count, share in zip(positives, shares, strict=True)]
    lines = zip(kept, true, zip(*columns, tests, strict=True), strict=True)
    return tuple(_line(name, how_many, found, scale, thresholds) for name, how_many, found in lines)


def _line(
    name: str, true: str, found: tuple[Number, ...], scale: Scale, thresholds: dict[str, float]
) -> LabelLine:  # fmt: skip
    f1, precision, recall, ranking, test = found
    return LabelLine(
        name=shown(name, 24),
        full=shown(name, 120),
        true=true,
        f1=f1,
        f1_dot=dot(scale, f1.value, f1.low, f1.high),
        precision=precision,
        recall=recall,
        ranking=ranking,
        test=test,
        threshold=f"{thresholds[name]:.4g}" if name in thresholds else "",
    )


def _note(content: Content, scale: Scale, kept: int) -> str:
    few = "" if kept == len(content.classes) else f"The {kept} of {len(content.classes)} labels with the lowest F1. "
    low, high = percent(scale.low), percent(scale.high)
    zoom = "" if (scale.low, scale.high) == (0, 1) else f" The scale of the dots is zoomed: {low} to {high}."
    return (
        f"{few}Each label is judged as a detector of its own. Recall: of the {content.noun()} where it is true, the "
        f"share found. Precision: of those called so, the share right. F1 joins the two.{zoom}"
    )


def _decided(content: Content) -> str:
    if content.decision["kind"] == "argmax":
        how = "where its probability is above one half" if content.candidate["probabilities"] else "by its own decision"
        return f"Each label is answered {how}; a rule sets a threshold for each:"
    rule = shown(content.decision["rule"], 40)
    return (
        f"Each label is answered where its score reaches its threshold, set by the rule {rule} on the same out-of-fold "
        "scores: reading a threshold off these scores is choosing it, so the figures here flatter it a little; those "
        "of the test do not. Another rule:"
    )


def _other_rule(content: Content) -> str:
    return "recall>=0.95" if content.decision["rule"].startswith("precision") else "precision>=0.9"


def _matrix(content: Content, name: str) -> LabelMatrix:
    matrix = np.array(content.decision["confusion_matrix"][content.classes.index(name)])
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
        _told(content, missed=int(matrix[1, 0]), alarms=int(matrix[0, 1])),
    )


def _cell(count: int, share: float | None, text: str, error: bool) -> Cell:
    return Cell(
        f"{count:,}", "none" if share is None else text, error, round(0.12 + 0.5 * (share or 0.0), 3) if count else 0.0
    )


def _told(content: Content, missed: int, alarms: int) -> Sentence:
    if not missed + alarms:
        return say("No error.")
    more = "Misses are the more frequent error." if missed > alarms else "False alarms are the more frequent error."
    balance = more if missed > 1.5 * alarms or alarms > 1.5 * missed else ""
    return say(strong(f"{missed:,}"), " missed, ", strong(f"{alarms:,}"), f" called so wrongly. {balance}")


def _crossings(content: Content) -> Crossings:
    errors = errors_together(content)
    order = np.argsort(-np.diag(errors.together), kind="stable")[:_CROSSED]
    kept = np.sort(order)
    few = len(kept) < len(content.classes)
    return Crossings(
        names=tuple(shown(content.classes[c], 18) for c in kept),
        rows=tuple(tuple(_crossing(errors, a, b) for b in kept) for a in kept),
        told=_together_told(content, errors),
        note=f"The {len(kept)} labels with most errors." if few else "",
    )


def _crossing(errors: SharedErrors, a: int, b: int) -> Crossing:
    """As strong as the share of the rarer label's errors that both have."""
    rarer = max(min(int(errors.together[a, a]), int(errors.together[b, b])), 1)
    count, chance = int(errors.together[a, b]), float(errors.by_chance[a, b])
    times = f"{count / chance:.1f} × chance" if a != b and count and chance > 0 else ""
    return Crossing(f"{count:,}", times, round(0.6 * count / rarer, 3) if a != b else 0.0, a == b)


def _together_told(content: Content, errors: SharedErrors) -> Sentence:
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
