"""How well are the scores of each label ordered, and do they mean what they say? A small picture a label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.decimals import percent
from tenfold.figures import calibration, thinned, threshold_curve
from tenfold.show.content import Content
from tenfold.show.drawing.svg import Scale, path
from tenfold.show.words import number, quoted
from tenfold.text import shown

__all__ = ["LabelCurves", "label_curves_view"]

_DRAWN = 12
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
    told: str


@dataclass(frozen=True)
class SmallCalibration:
    """Observed share against mean score of one label."""

    name: str
    path: str
    points: tuple[tuple[float, float, float, float], ...]
    text: str
    told: str


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
    lines = content.out_of_fold[content.out_of_fold["candidate"] == content.chosen]
    name = shown(content.chosen, 40)
    kept = content.classes[:_DRAWN]
    if lines[[f"score:{label}" for label in content.classes]].isna().to_numpy().any():
        return LabelCurves((), (), "", "", f"{name} gives answers without scores, so no curve can be drawn.", "")
    few = "" if len(kept) == len(content.classes) else f"The first {len(kept)} of {len(content.classes)} labels. "
    probable = bool(content.candidate["probabilities"])
    return LabelCurves(
        curves=tuple(_curve(content, lines, label) for label in kept),
        calibrations=tuple(_calibration(lines, label) for label in kept) if probable else (),
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
    recall, precision = (content.figures[f"{key}:{label}"]["value"] for key in ("recall", "precision"))
    there = recall is not None and precision is not None
    told = f"Precision against recall of {quoted(label)}: average precision {area.text} ({area.range})."
    if there:
        told += f" The decision in force has a recall of {percent(recall)}, a precision of {percent(precision)}."
    return SmallCurve(
        name=shown(label, 24),
        path=path(np.append(0, thin.recall), first, _UNIT, _UNIT),
        area=area.text,
        range=area.range,
        x=_UNIT.at(recall) if there else None,
        y=round(100 - _UNIT.at(precision), 2) if there else None,
        told=told,
    )


def _calibration(lines: pd.DataFrame, label: str) -> SmallCalibration:
    y, scores = _scored(lines, label)
    found = calibration(y, scores, bins=20 if len(y) >= _MANY else 10)
    agreeing = int(((found.low <= found.mean_score) & (found.mean_score <= found.high)).sum())
    points = tuple(
        (
            _UNIT.at(float(said)),
            round(100 - _UNIT.at(float(happened)), 2),
            round(100 - _UNIT.at(float(low)), 2),
            round(100 - _UNIT.at(float(high)), 2),
        )
        for said, happened, low, high in zip(found.mean_score, found.observed, found.low, found.high, strict=True)
    )
    text = f"{agreeing} of {len(found.n)} groups hold their score"
    told = f"Observed share against mean score of {quoted(label)}: {text} within their 95 % interval."
    return SmallCalibration(shown(label, 24), path(found.mean_score, found.observed, _UNIT, _UNIT), points, text, told)
