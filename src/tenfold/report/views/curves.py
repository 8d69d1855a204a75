"""How well do the scores tell the classes apart, at every threshold? Precision-recall and ROC."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenfold.evaluation import ThresholdCurve, one_vs_rest_curves, thinned, threshold_curve
from tenfold.report.content import Content
from tenfold.report.svg import Scale, Tick, path, percent_ticks
from tenfold.report.words import number, quoted
from tenfold.text import shown

__all__ = ["Curves", "Drawing", "Mark", "Series", "Small", "curves_view", "small_multiples"]

Floats = NDArray[np.float64]
Lines = dict[str, tuple[Floats, Floats]]

_BASELINE = "baseline"
_OTHERS = 5
_SMALL = 12
_UNIT = Scale(0, 1)
_STACK_TOP, _STACK_GAP = 54.0, 8.0


@dataclass(frozen=True)
class Series:
    """A line with its label, and the leader from the label to a point of the line; places in percent."""

    path: str
    tone: str
    label: str
    label_y: float
    point_x: float
    point_y: float


@dataclass(frozen=True)
class Mark:
    """A point that matters, in percent, and its text."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """One square drawing of several curves; `floor` is the line of scores that know nothing."""

    title: str
    told: str
    series: tuple[Series, ...]
    mark: Mark | None
    floor: str
    floor_y: float
    x_name: str
    y_name: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    label_x: float
    anchor: str


@dataclass(frozen=True)
class Curves:
    """The two drawings of a detector, and who is missing from them."""

    drawings: tuple[Drawing, ...]
    note: str
    nothing: str


@dataclass(frozen=True)
class Small:
    """Precision against recall of one class against all others."""

    name: str
    path: str
    area: str
    range: str
    told: str


def curves_view(content: Content) -> Curves:
    """Draw the candidates of a detector; empty, with the reason, where none gives scores."""
    found = _curves(content)
    missing = [name for name in content.metrics["candidates"] if name not in found and name != _BASELINE]
    note = f"Without scores, so not drawn: {', '.join(shown(name, 24) for name in missing)}." if missing else ""
    if content.chosen not in found:
        why = (
            f"{shown(content.chosen, 40)} gives answers without scores, "
            "so there is no curve to draw and no threshold to move."
        )
        return Curves((), "", why)
    ordered = [content.chosen, *[name for name in found if name != content.chosen]][: _OTHERS + 1]
    kept = {name: found[name] for name in ordered}
    return Curves((_precision_recall(content, kept), _roc(content, kept)), note, "")


def _curves(content: Content) -> dict[str, ThresholdCurve]:
    found = {}
    for name in content.metrics["candidates"]:
        scored = None if name == _BASELINE else content.scored(name)
        if scored is not None and 0 < scored.y.sum() < len(scored.y):
            found[name] = thinned(threshold_curve(scored.y, scored.scores), points=500)
    return found


def _precision_recall(content: Content, curves: dict[str, ThresholdCurve]) -> Drawing:
    series = {name: (np.append(0, curve.recall), _begun(curve.precision)) for name, curve in curves.items()}
    some = next(iter(curves.values()))
    prevalence = float(some.positives / (some.positives + some.negatives))
    target = content.positive or ""
    recall, precision = (content.figures[key]["value"] for key in ("recall", "precision"))
    return Drawing(
        title="Precision against recall",
        told=_told(content, "average_precision", series, "Precision against recall"),
        series=_placed(content, "average_precision", series, downwards=False),
        mark=None if precision is None else Mark(_UNIT.at(recall), 100 - _UNIT.at(precision), "decision"),
        floor=path([0, 1], [prevalence, prevalence], _UNIT, _UNIT),
        floor_y=100 - _UNIT.at(prevalence),
        x_name=f"recall: share of all {quoted(target, 20)} that are found",
        y_name=f"precision: share of what is called {quoted(target, 20)} that is right",
        x_ticks=percent_ticks(_UNIT),
        y_ticks=percent_ticks(_UNIT),
        label_x=46,
        anchor="end",
    )


def _begun(precision: Floats) -> Floats:
    """A curve starts at the height of its first point."""
    return np.append(precision[0], precision)


def _roc(content: Content, curves: dict[str, ThresholdCurve]) -> Drawing:
    series = {
        name: (np.append(0, curve.false_positive_rate), np.append(0, curve.recall)) for name, curve in curves.items()
    }
    recall, specificity = (content.figures[key]["value"] for key in ("recall", "specificity"))
    target = content.positive or ""
    return Drawing(
        title="Found against false alarms (ROC)",
        told=_told(content, "roc_auc", series, "Share found against share of false alarms"),
        series=_placed(content, "roc_auc", series, downwards=True),
        mark=None if recall is None else Mark(_UNIT.at(1 - specificity), 100 - _UNIT.at(recall), "decision"),
        floor=path([0, 1], [0, 1], _UNIT, _UNIT),
        floor_y=0,
        x_name=f"false alarms: share of the others called {quoted(target, 20)}",
        y_name=f"recall: share of all {quoted(target, 20)} that are found",
        x_ticks=percent_ticks(_UNIT),
        y_ticks=percent_ticks(_UNIT),
        label_x=54,
        anchor="start",
    )


def _placed(content: Content, key: str, lines: Lines, *, downwards: bool) -> tuple[Series, ...]:
    """Stack the labels in the empty corner and lead each to its curve."""
    ordered = sorted(lines, key=lambda name: -(content.metrics["candidates"][name]["out_of_fold"][key]["value"] or 0))
    placed = []
    for place, name in enumerate(ordered):
        x, y = lines[name]
        at = _meeting(x, y, 0.66 - 0.07 * place, downwards=downwards)
        area = number(key, content.metrics["candidates"][name]["out_of_fold"][key])
        tone = "chosen" if name == content.chosen else f"other-{place % _OTHERS + 1}"
        points = (_UNIT.at(float(x[at])), round(100 - _UNIT.at(float(y[at])), 2))
        placed.append(Series(path(x, y, _UNIT, _UNIT), tone, f"{shown(name, 18)}  {area.text}", 0, *points))
    steepest_first = sorted(placed, key=lambda one: -_steepness(one))
    stacked = [replace(one, label_y=_STACK_TOP + _STACK_GAP * place) for place, one in enumerate(steepest_first)]
    return tuple(sorted(stacked, key=lambda one: one.tone == "chosen"))


def _steepness(one: Series) -> float:
    """Angle of a leader seen from the middle of the labels; in its order leaders do not cross."""
    return math.atan2(_STACK_TOP + 2 * _STACK_GAP - one.point_y, abs(one.point_x - 50))


def _meeting(
    x: Floats,
    y: Floats,
    slant: float,
    *,
    downwards: bool,
) -> int:
    """The point where a curve meets a ray into its corner; each curve gets its own ray, so leaders stay apart."""
    across = x if downwards else 1 - x
    apart = np.abs(slant * (1 - y) - (1 - slant) * across)
    nearest = int(np.argmin(apart))
    # A curve that stays below the ray is led to where it is furthest from the labels.
    return nearest if apart[nearest] < 0.1 else int(np.argmin(np.abs(x - (0.2 if downwards else 0.8))))


def _told(content: Content, key: str, lines: Lines, what: str) -> str:
    areas = (
        f"{shown(name, 24)} {number(key, content.metrics['candidates'][name]['out_of_fold'][key]).text}"
        for name in lines
    )
    return f"{what} of {len(lines)} candidates; area under the curve: {', '.join(areas)}."


def small_multiples(content: Content) -> tuple[Small, ...]:
    """Draw each class against all others, for up to twelve classes."""
    scored = content.scored(content.chosen)
    if scored is None or len(content.classes) > _SMALL:
        return ()
    curves = one_vs_rest_curves(scored.y, scored.scores)
    return tuple(
        _small(content, name, curve) for name, curve in zip(content.classes, curves, strict=True) if curve.positives
    )


def _small(content: Content, name: str, curve: ThresholdCurve) -> Small:
    thin = thinned(curve, points=150)
    area = number("average_precision", content.figures[f"average_precision:{name}"])
    line = path(np.append(0, thin.recall), _begun(thin.precision), _UNIT, _UNIT)
    told = f"Precision against recall of {quoted(name)}: average precision {area.text} ({area.range})."
    return Small(shown(name, 24), line, area.text, area.range, told)
