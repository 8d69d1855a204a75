"""Figures of scores: precision-recall, ROC, both against the threshold, and calibration."""

from __future__ import annotations

import numpy as np

from tenfold.decimals import percent
from tenfold.figures import ThresholdCurve, thinned
from tenfold.figures.curves.curves import score_quantiles
from tenfold.show.content import BASELINE, Content
from tenfold.show.drawing.axes import Area, Scale, percent_ticks, ticks
from tenfold.show.drawing.figure import Figure
from tenfold.show.drawing.ink import ACCENT, ERROR, INK, SERIES, circle, curve, line, text
from tenfold.show.words import amount, number, numbers, quoted
from tenfold.text import shown

__all__ = ["calibration_figure", "precision_recall_figure", "roc_figure", "threshold_figure"]

_UNIT = Scale(0, 1)
_SQUARE = Area(96, 36, 480, 480, _UNIT, _UNIT)
_WIDE = Area(96, 36, 480, 320, _UNIT, _UNIT)
_POINTS = 600
_LEGEND, _LEGEND_LINE = 70, 20


def precision_recall_figure(content: Content) -> Figure:
    """Draw precision against recall of the candidates with scores, the chosen first."""
    target = quoted(content.spoken_positive, 24)
    names = (
        f"recall: share of all {target} that are found",
        f"precision: share of what is called {target} that is right",
    )
    curves = _curves(content)
    first = next(iter(curves.values()))
    share = first.positives / (first.positives + first.negatives)
    lines = [(np.append(0, one.recall), np.append(one.precision[0], one.precision)) for one in curves.values()]
    recall, precision = (content.figures[key].value for key in ("recall", "precision"))
    body = [*_lines(lines), _floor([0, 1], [share, share]), _mark(recall, precision)]
    body += _labels(content, curves, "average_precision")
    note = _area_note(content)
    return _square(
        content, "precision-recall", "Precision against recall", note, names, body, "average_precision", len(curves)
    )


def roc_figure(content: Content) -> Figure:
    """Draw the share found against the share of false alarms."""
    target = quoted(content.spoken_positive, 24)
    names = (f"false alarms: share of the others called {target}", f"recall: share of all {target} that are found")
    curves = _curves(content)
    lines = [(np.append(0, one.false_positive_rate), np.append(0, one.recall)) for one in curves.values()]
    recall, specificity = (content.figures[key].value for key in ("recall", "specificity"))
    alarms = None if specificity is None else 1 - specificity
    body = [*_lines(lines), _floor([0, 1], [0, 1]), _mark(alarms, recall)]
    body += _labels(content, curves, "roc_auc")
    note = _area_note(content)
    return _square(content, "roc", "Found against false alarms (ROC)", note, names, body, "roc_auc", len(curves))


def _area_note(content: Content) -> str:
    areas = "Numbers: area under the curve with 95 % interval. Dashed grey: scores that know nothing."
    return f"{areas} {_out_of_fold(content)}"


def threshold_figure(content: Content) -> Figure:
    """Draw precision and recall of the chosen candidate against its threshold."""
    curves = content.curves(content.chosen)
    if curves is None:
        raise ValueError(f"{content.chosen} has no scores")
    curve_points = thinned(curves[0], points=_POINTS)
    area = Area(_WIDE.left, _WIDE.top, _WIDE.width, _WIDE.height, _reach(content, curves[0]), _UNIT)
    inside = (curve_points.thresholds >= area.x.low) & (curve_points.thresholds <= area.x.high)
    body = [area.draw(ticks(area.x), percent_ticks(_UNIT, 5), "threshold", "")]
    for values, (stroke, dash) in ((curve_points.precision, SERIES[0]), (curve_points.recall, SERIES[1])):
        if inside.any():
            body.append(
                curve(area.across(curve_points.thresholds[inside]), area.down(values[inside]), stroke=stroke, dash=dash)
            )
    body += _ends(curve_points, area)
    if content.threshold is not None:
        x = float(area.across([content.threshold])[0])
        body.append(line(x, area.top, x, area.top + area.height, stroke=INK, dash="2 3"))
        body.append(text(x, area.top - 10, f"in force: {amount(content.threshold)}", size=12, anchor="middle"))
    target = quoted(content.spoken_positive, 32)
    description = (
        f"At the decision in force precision is {_figure(content, 'precision')}, recall {_figure(content, 'recall')}."
    )
    note = f"Precision and recall of {target} against the threshold. {_out_of_fold(content)}"
    return Figure(
        "threshold", "What other thresholds would give", note, description, area.top + area.height + 44, "".join(body)
    )


def _ends(points: ThresholdCurve, area: Area) -> list[str]:
    """The names of the two lines at their right ends, moved apart."""
    at = int(np.argmax(points.thresholds <= area.x.high))
    heights = [float(area.down([values[at]])[0]) for values in (points.precision, points.recall)]
    if abs(heights[0] - heights[1]) < 18:
        heights = [sum(heights) / 2 - 9, sum(heights) / 2 + 9]
    x = float(area.across([points.thresholds[at]])[0]) + 10
    return [
        text(x, y + 4, name, fill=fill)
        for y, name, fill in zip(heights, ("precision", "recall"), (ACCENT, ERROR), strict=True)
    ]


def _reach(content: Content, whole: ThresholdCurve) -> Scale:
    """All probabilities; of other scores all but the outermost two in a thousand."""
    if content.candidate.probabilities:
        return _UNIT
    low, high = score_quantiles(whole, (0.001, 0.999))
    if content.threshold is not None:
        low, high = min(low, content.threshold), max(high, content.threshold)
    return Scale(low, high if high > low else low + 1)


def _curves(content: Content) -> dict[str, ThresholdCurve]:
    """The chosen candidate first; no more than there are colours."""
    names = [content.chosen, *(name for name in content.candidates if name != content.chosen)]
    drawable = {}
    for name in names:
        curves = None if name == BASELINE else content.curves(name)
        if curves is not None and curves[0].positives and curves[0].negatives:
            drawable[name] = thinned(curves[0], points=_POINTS)
    return dict(list(drawable.items())[: len(SERIES)])


def _lines(lines: list[tuple[np.ndarray, np.ndarray]]) -> list[str]:
    paths = [
        curve(_SQUARE.across(x), _SQUARE.down(y), stroke=stroke, dash=dash)
        for (x, y), (stroke, dash) in zip(lines, SERIES, strict=False)
    ]
    return paths[::-1]


def _floor(x: list[float], y: list[float]) -> str:
    return curve(_SQUARE.across(x), _SQUARE.down(y), stroke="#b9bec8", width=1.5, dash="4 4")


def _mark(x: float | None, y: float | None) -> str:
    if x is None or y is None:
        return ""
    left, top = float(_SQUARE.across([x])[0]), float(_SQUARE.down([y])[0])
    beside = left + 10 if left < _SQUARE.left + 0.8 * _SQUARE.width else left - 10
    return circle(left, top, 5, fill=INK) + text(
        beside, top + 18, "decision", size=12, anchor="start" if beside > left else "end", halo=True
    )


def _labels(content: Content, curves: dict[str, ThresholdCurve], key: str) -> list[str]:
    """Names in the colour of their lines, a piece of the line before each, under the drawing."""
    parts = []
    areas = numbers((key, content.candidates[name].out_of_fold[key]) for name in curves)
    for place, (name, area, (stroke, dash)) in enumerate(zip(curves, areas, SERIES, strict=False)):
        x, y = _SQUARE.left, _SQUARE.top + _SQUARE.height + _LEGEND + _LEGEND_LINE * place
        interval = f" ({area.range})" if area.range else ""
        parts += [line(x, y - 4, x + 24, y - 4, stroke=stroke, width=2, dash=dash)]
        parts += [text(x + 32, y, f"{shown(name, 20)}: {area.text}{interval}", size=12, fill=stroke)]
    return parts


def _square(
    content: Content, name: str, title: str, note: str, names: tuple[str, str], body: list[str], key: str, lines: int
) -> Figure:
    frame = _SQUARE.draw(percent_ticks(_UNIT, 5), percent_ticks(_UNIT, 5), *names)
    area = number(key, content.candidate.out_of_fold[key])
    description = f"{title}; of {shown(content.chosen, 40)} the area is {area.text} ({area.range})."
    height = _SQUARE.top + _SQUARE.height + _LEGEND + _LEGEND_LINE * (lines - 1)
    return Figure(name, title, note, description, height, frame + "".join(body))


def _out_of_fold(content: Content) -> str:
    return f"{content.rows:,} training {content.noun(content.rows)} judged out of fold, {content.folds} folds."


def _figure(content: Content, key: str) -> str:
    value = number(key, content.figures[key])
    return f"{value.text} ({value.range})" if value.range else value.text


def calibration_figure(content: Content) -> Figure:
    """Draw the observed share against the mean score, in bins of equal counts with their intervals."""
    groups = content.calibration(bins=20 if content.rows >= 10_000 else 10)
    if groups is None:
        raise ValueError(f"the scores of {content.chosen} are no probabilities")
    xs = _SQUARE.across(groups.mean_score)
    ys, lows, highs = (_SQUARE.down(values) for values in (groups.observed, groups.low, groups.high))
    detects = content.positive is not None
    target = quoted(content.spoken_positive, 24)
    names = (
        (f"mean score of {target}", f"share that is {target}")
        if detects
        else ("mean score of the answer given", "share of answers that are right")
    )
    body = [_SQUARE.draw(percent_ticks(_UNIT, 5), percent_ticks(_UNIT, 5), *names)]
    body.append(curve(_SQUARE.across([0, 1]), _SQUARE.down([0, 1]), stroke="#b9bec8", width=1.5, dash="4 4"))
    for x, y, low, high in zip(xs.tolist(), ys.tolist(), lows.tolist(), highs.tolist(), strict=True):
        body += [line(x, low, x, high, stroke=ACCENT, width=2), circle(x, y, 4)]
    note = (
        f"{content.rows:,} out-of-fold scores of {shown(content.chosen, 40)} in {len(groups.n)} groups of about equal "
        "size, with 95 % intervals (Wilson). On the dashed line a score can be read as a probability."
    )
    agree = int(((groups.low <= groups.mean_score) & (groups.mean_score <= groups.high)).sum())
    description = f"{agree} of {len(groups.n)} groups hold their mean score within their interval. " + "; ".join(
        f"says {percent(score)}, {percent(share)} happens"
        for score, share in zip(groups.mean_score.tolist(), groups.observed.tolist(), strict=True)
    )
    title = "When it says 90 %, is it right 90 % of the time?"
    return Figure("calibration", title, note, description, _SQUARE.top + _SQUARE.height + 44, "".join(body))
