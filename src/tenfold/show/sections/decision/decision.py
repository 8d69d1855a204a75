"""Where does the answer change? The decision in force, what it gives, and what other thresholds would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.decimals import percent
from tenfold.figures import ThresholdCurve, thinned
from tenfold.figures.curves.curves import score_quantiles
from tenfold.record.words.prior import prior_sentence
from tenfold.record.words.verdict import metric_words
from tenfold.show.content import NOT_COMPUTED, Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, ticks
from tenfold.show.drawing.curves import path
from tenfold.show.drawing.dots import spread
from tenfold.show.words import Number, amount, number, numbers, quoted
from tenfold.text import shown

__all__ = ["Bar", "DecisionLine", "DecisionView", "Sweep", "decision_view"]

_TARGET = re.compile(r"^\s*(precision|recall|specificity|f1|accuracy)\s*>=\s*([0-9.]+)")
_BARS = 36
_UNIT = Scale(0, 1)


@dataclass(frozen=True)
class DecisionLine:
    """A figure at the decision: what was asked, what it is out of fold and on the test part."""

    name: str
    target: str
    out_of_fold: Number
    test: Number
    verdict: str


@dataclass(frozen=True)
class Bar:
    """A bar of the histogram; places and heights in percent."""

    x: float
    width: float
    above: float
    below: float


@dataclass(frozen=True)
class Sweep:
    """Precision and recall at every threshold, above the scores of the two classes."""

    precision: str
    recall: str
    precision_y: float
    recall_y: float
    threshold: float | None
    threshold_text: str
    bars: tuple[Bar, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    description: str
    note: str
    above: str
    below: str


@dataclass(frozen=True)
class DecisionView:
    """The decision in words and figures."""

    title: str
    text: str
    lines: tuple[DecisionLine, ...]
    counts: tuple[tuple[str, str, str], ...]
    sweep: Sweep | None
    nothing: str
    command: str


def decision_view(content: Content) -> DecisionView:
    """Show the decision of the chosen candidate."""
    detects = content.positive is not None
    curves = content.curves(content.chosen) if detects else None
    return DecisionView(
        title=f"Where does {quoted(content.spoken_positive, 32)} begin?" if detects else "How is the answer decided?",
        text=_text(content),
        lines=_lines(content),
        counts=_counts(content) if detects else (),
        sweep=None if curves is None else _sweep(content, curves[0]),
        nothing="" if curves is not None or not detects else _no_scores(content),
        command=content.command("decide", "recall>=0.95") if curves is not None else "",
    )


def _no_scores(content: Content) -> str:
    return f"{shown(content.chosen, 40)} gives answers without scores: there is no threshold that could be moved."


def _text(content: Content) -> str:
    name, target = shown(content.chosen, 40), quoted(content.spoken_positive, 32)
    if content.threshold is None and content.positive is None:
        return f"{name} answers the class with the highest score. No threshold was asked for."
    if content.threshold is None:
        return f"{name} decides as it was trained to. No threshold was asked for; the decision is its own."
    rule = shown(content.rule, 60)
    chosen = (
        f"{target} is answered where the score is {content.threshold:.6g} or more. That threshold was chosen on the "
        f"out-of-fold scores of the training {content.noun()} by the rule {rule}; the test set had no part in it."
    )
    return f"{chosen} {prior_sentence(content.metrics)}".rstrip()


def _lines(content: Content) -> tuple[DecisionLine, ...]:
    detects = content.positive is not None
    keys = (
        ["precision", "recall", "specificity", "f1", "accuracy"]
        if detects
        else ["accuracy", "balanced_accuracy", "f1_macro", "mcc"]
    )
    # A target for another share of positives is none of these figures.
    target = None if "prior=" in content.rule else _TARGET.match(content.rule)
    known = [key for key in keys if key in content.figures]
    values = numbers((key, content.figures[key]) for key in known)
    tests = numbers((key, content.test.get(key, NOT_COMPUTED)) for key in known)
    return tuple(_line(*one, target) for one in zip(known, values, tests, strict=True))


def _line(key: str, value: Number, test: Number, target: re.Match[str] | None) -> DecisionLine:
    wanted = float(target.group(2)) if target is not None and target.group(1) == key else None
    words = "" if wanted is None else f"at least {percent(wanted)}"
    return DecisionLine(metric_words(key), words, value, test, "" if wanted is None else _met(test, wanted))


def _met(test: Number, wanted: float) -> str:
    """The target against the test figure and its interval."""
    if test.value is None or test.low is None or test.high is None:
        return f"The test set cannot tell: {test.reason}." if test.reason else ""
    if test.low >= wanted:
        return "Met on the test set; its whole interval lies above the target."
    if test.value >= wanted:
        return "Met on the test set; its interval reaches below the target."
    if test.high >= wanted:
        return "Missed on the test set, by no more than chance allows."
    return "Missed on the test set; its whole interval lies below the target."


def _counts(content: Content) -> tuple[tuple[str, str, str], ...]:
    (right_no, alarms), (missed, hits) = content.decision.confusion_matrix
    target = quoted(content.spoken_positive, 32)
    return (
        ("found", f"{hits:,}", f"of {hits + missed:,} {target}"),
        ("missed", f"{missed:,}", f"of {hits + missed:,} {target}"),
        ("false alarms", f"{alarms:,}", f"of {alarms + right_no:,} others"),
    )


def _sweep(content: Content, whole: ThresholdCurve) -> Sweep:
    scale = _range(whole, content.candidate.probabilities, content.threshold)
    curve = thinned(whole, points=400)
    inside = np.append(True, curve.thresholds[1:] >= scale.low)
    right = int(np.argmax(whole.thresholds <= scale.high))
    ends = spread([100 * (1 - float(column[right])) for column in (whole.precision, whole.recall)], gap=7)
    return Sweep(
        precision=path(curve.thresholds[inside], curve.precision[inside], scale, _UNIT),
        recall=path(curve.thresholds[inside], curve.recall[inside], scale, _UNIT),
        precision_y=ends[0],
        recall_y=ends[1],
        threshold=None if content.threshold is None else scale.at(content.threshold),
        threshold_text="" if content.threshold is None else amount(content.threshold),
        bars=_bars(whole, scale),
        x_ticks=ticks(scale),
        y_ticks=percent_ticks(_UNIT),
        description=_description(content, whole),
        note=_note(content, whole, scale),
        above=shown(content.classes[0], 10),
        below=shown(content.classes[1], 10),
    )


def _range(curve: ThresholdCurve, probabilities: bool, threshold: float | None) -> Scale:
    """All probabilities; of other scores all but the outermost two in a thousand, and the threshold."""
    if probabilities:
        return Scale(0, 1)
    low, high = score_quantiles(curve, (0.001, 0.999))
    ends = [low, high] if threshold is None else [low, high, threshold]
    low, high = min(ends), max(ends)
    return Scale(low, high if high > low else low + 1)


def _bars(curve: ThresholdCurve, scale: Scale) -> tuple[Bar, ...]:
    edges = np.linspace(scale.low, scale.high, _BARS + 1)
    others, mine = (_between(curve, rows, edges) for rows in (curve.false_positives, curve.true_positives))
    above, below = np.log1p(others), np.log1p(mine)
    highest = max(float(above.max()), float(below.max()), 1.0)
    width = 100 / _BARS
    return tuple(
        Bar(round(place * width, 2), round(width * 0.9, 2), round(50 * up / highest, 1), round(50 * down / highest, 1))
        for place, (up, down) in enumerate(zip(above.tolist(), below.tolist(), strict=True))
    )


def _between(curve: ThresholdCurve, called: NDArray[Any], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows between the edges, shape (bars,); those beyond the ends stand in the outermost bars."""
    # Rows with a score of at least each edge: of the lowest threshold that is not below it.
    at_least = np.append(0, called)[np.searchsorted(-curve.thresholds, -edges, side="right")]
    at_least[0], at_least[-1] = called[-1], 0
    return np.asarray(-np.diff(at_least), np.float64)


def _description(content: Content, curve: ThresholdCurve) -> str:
    parts = [f"Precision and recall of {quoted(content.spoken_positive, 32)} against the threshold"]
    if content.threshold is not None:
        figures = (f"{key} {number(key, content.figures[key]).text}" for key in ("precision", "recall"))
        parts.append(f"at {amount(content.threshold)}, in force: {', '.join(figures)}")
    parts.append(f"scores from {amount(float(curve.thresholds[-1]))} to {amount(float(curve.thresholds[0]))}")
    return "; ".join(parts) + "."


def _note(content: Content, curve: ThresholdCurve, scale: Scale) -> str:
    called = np.append(0, curve.true_positives + curve.false_positives)
    above = called[np.searchsorted(-curve.thresholds, -scale.high, side="left")]
    below = called[-1] - called[np.searchsorted(-curve.thresholds, -scale.low, side="right")]
    outside = int(above + below)
    beyond = f" {outside:,} scores beyond the ends stand in the outermost bars." if outside else ""
    return f"Bars: {content.noun()} with each score, on a logarithmic scale.{beyond}"
