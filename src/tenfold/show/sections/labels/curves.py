"""Where is one label after the other wrong, and how well are its scores ordered? A small picture a label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.decimals import percent
from tenfold.figures import calibration, thinned, threshold_curve
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale
from tenfold.show.drawing.curves import path
from tenfold.show.sections.labels.labels import by_f1
from tenfold.show.words import number, quoted
from tenfold.text import shown

__all__ = ["LabelCurves", "LabelErrors", "label_curves_view", "label_errors_view"]

_FIRST = 12
_UNIT = Scale(0, 1)
_MANY = 10_000


@dataclass(frozen=True)
class SmallCurve:
    """Precision against recall of one label, with the place of the decision in force (percent of the drawing)."""

    name: str
    path: str
    area: str
    range: str
    x: float | None
    y: float | None
    description: str


@dataclass(frozen=True)
class SmallCalibration:
    """Observed share against mean score of one label."""

    name: str
    path: str
    points: tuple[tuple[float, float, float, float], ...]
    text: str
    description: str


@dataclass(frozen=True)
class LabelCurves:
    """The small pictures, or why there are none."""

    curves: tuple[SmallCurve, ...]
    calibrations: tuple[SmallCalibration, ...]
    diagonal: str
    note: str
    nothing: str
    uncertain: str


def label_curves_view(content: Content) -> LabelCurves:
    """Draw each label's curve and calibration, for the first twelve labels."""
    lines = content.lines(content.chosen)
    name = shown(content.chosen, 40)
    some = content.classes[:_FIRST]
    if lines[[f"score:{label}" for label in content.classes]].isna().to_numpy().any():
        return LabelCurves((), (), "", "", f"{name} gives answers without scores, so no curve can be drawn.", "")
    few = "" if len(some) == len(content.classes) else f"The first {len(some)} of {len(content.classes)} labels. "
    probable = bool(content.candidate.probabilities)
    return LabelCurves(
        curves=tuple(_curve(content, lines, label) for label in some),
        calibrations=tuple(_calibration(lines, label) for label in some) if probable else (),
        diagonal=path([0, 1], [0, 1], _UNIT, _UNIT),
        note=few,
        nothing="",
        uncertain="" if probable else f"The scores of {name} are not probabilities: they rank, and say nothing more.",
    )


def _scored(lines: pd.DataFrame, label: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    return lines[f"true:{label}"].to_numpy(np.int64), lines[f"score:{label}"].to_numpy(np.float64)


def _curve(content: Content, lines: pd.DataFrame, label: str) -> SmallCurve:
    thin = thinned(threshold_curve(*_scored(lines, label)), points=200)
    first = np.append(thin.precision[:1], thin.precision)
    area = number("average_precision", content.figures[f"average_precision:{label}"])
    recall, precision = (content.figures[f"{key}:{label}"].value for key in ("recall", "precision"))
    description = f"Precision against recall of {quoted(label)}: average precision {area.text} ({area.range})."
    x, y = None, None
    if recall is not None and precision is not None:
        x, y = _UNIT.at(recall), round(100 - _UNIT.at(precision), 2)
        description += f" The decision in force has a recall of {percent(recall)}, a precision of {percent(precision)}."
    return SmallCurve(
        name=shown(label, 24),
        path=path(np.append(0, thin.recall), first, _UNIT, _UNIT),
        area=area.text,
        range=area.range,
        x=x,
        y=y,
        description=description,
    )


def _calibration(lines: pd.DataFrame, label: str) -> SmallCalibration:
    y, scores = _scored(lines, label)
    groups = calibration(y, scores, bins=20 if len(y) >= _MANY else 10)
    agreeing = int(((groups.low <= groups.mean_score) & (groups.mean_score <= groups.high)).sum())
    points = tuple(
        (
            _UNIT.at(float(score)),
            round(100 - _UNIT.at(float(share)), 2),
            round(100 - _UNIT.at(float(low)), 2),
            round(100 - _UNIT.at(float(high)), 2),
        )
        for score, share, low, high in zip(groups.mean_score, groups.observed, groups.low, groups.high, strict=True)
    )
    text = f"{agreeing} of {len(groups.n)} groups hold their score"
    description = f"Observed share against mean score of {quoted(label)}: {text} within their 95 % interval."
    line = path(groups.mean_score, groups.observed, _UNIT, _UNIT)
    return SmallCalibration(shown(label, 24), line, points, text, description)


@dataclass(frozen=True)
class LabelErrors:
    """The place that the script fills with the errors of one label; what is said without it."""

    title: str
    caption: str
    command: str


def label_errors_view(content: Content) -> LabelErrors:
    """Return the command that shows the errors on the label with the lowest F1."""
    hardest = by_f1(content)[0]
    return LabelErrors(
        f"Which {content.noun()} are wrong, label by label?",
        f"Each label as a detector of its own, judged out of fold: open a cell to see its {content.noun()}, move the "
        "threshold to see what would change.",
        content.command("errors", "--label", hardest),
    )
