"""Was the model fitted for long enough? Its error after each epoch or round, and where it stopped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.analysis.training.curve import TrainingCurve, nearest_stage, read_training_curve
from tenfold.figures import Estimate
from tenfold.record.analysis import IMPORTANCE
from tenfold.record.words.verdict import metric_words_of
from tenfold.show.components import NUMBER, QUIET, Cell, Column, Name, PlainTable, Row, Table
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, spanning, ticks, uncrowded
from tenfold.show.drawing.curves import path
from tenfold.show.drawing.dots import spread
from tenfold.show.sections.quantities.measures import first_target
from tenfold.show.words import numbers
from tenfold.text import shown

__all__ = ["TrainingMark", "TrainingView", "training_view"]

_EARLY, _EVENLY = 5, 5
_GAP = 7
_TOP, _CLOSE = 15.0, 0.6
_ANCHOR = 60
_FEWEST = 20
_WIDE = 300


@dataclass(frozen=True)
class TrainingMark:
    """A place on the drawing, in percent from the left and the top, and what it is."""

    x: float
    y: float
    words: str
    css: str = ""


@dataclass(frozen=True)
class TrainingView:
    """Both lines, where the fit stopped, and some of its stages as a table."""

    title: str
    caption: str
    measure: str
    x_name: str
    held_out: str
    training: str
    labels: tuple[TrainingMark, ...]
    lowest: TrainingMark
    stop: TrainingMark | None
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    table: Table

    @property
    def stop_anchor(self) -> str:
        """On which side of its line the word stands."""
        return "end" if self.stop is not None and self.stop.x > _ANCHOR else "start"

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the stages as text."""
        return (self.table.plain(self.title, self.caption),)


def training_view(content: Content) -> TrainingView | None:
    """Draw what was found with the study of importance; None where the chosen candidate is not fitted by stages."""
    study = content.study(IMPORTANCE)
    if study is None or "training" not in study:
        return None
    curve = read_training_curve(study["training"])
    measure = metric_words_of(content.task, curve.measure)
    across, up = Scale(0.0, float(curve.stages[-1])), _scale(curve)
    ends = spread([100 - up.at(line[-1]) for line in (curve.held_out, curve.training)], _GAP)
    return TrainingView(
        _title(curve, content.noun()),
        _caption(content, curve, measure),
        measure if up.low == 0 else f"{measure}; the scale begins at {ticks(up)[0].text}",
        f"{curve.unit}s",
        _path(curve, curve.held_out, across, up),
        _path(curve, curve.training, across, up),
        tuple(
            TrainingMark(100.0, round(y, 2), words, css)
            for y, words, css in zip(ends, ("held-out", "its own"), ("chosen", "second"), strict=True)
        ),
        _mark(curve, curve.lowest, (across, up), f"lowest: {curve.stages[curve.lowest]:,} {curve.unit}s"),
        _stop(curve, (across, up)),
        uncrowded(ticks(across, 6), _WIDE),
        ticks(up),
        _table(curve, measure),
    )


def _scale(curve: TrainingCurve) -> Scale:
    """From nothing, or from the lowest where all lie close; first stages far above all others are left out."""
    every = (*curve.held_out, *curve.training)
    highest = min(max(every), _TOP * max(curve.held_out[-1], curve.training[-1]))
    return spanning([min(every) if min(every) > _CLOSE * highest else 0.0, highest])


def _path(curve: TrainingCurve, line: tuple[float, ...], across: Scale, up: Scale) -> str:
    errors = np.array(line)
    return path(curve.stages, np.where(errors > up.high, np.nan, errors), across, up)


def _mark(curve: TrainingCurve, place: int, scales: tuple[Scale, Scale], words: str) -> TrainingMark:
    across, up = scales
    return TrainingMark(across.at(curve.stages[place]), round(100 - up.at(curve.held_out[place]), 2), words)


def _stop(curve: TrainingCurve, scales: tuple[Scale, Scale]) -> TrainingMark | None:
    if curve.best < curve.stages[-1]:
        return _mark(curve, curve.kept, scales, f"kept: {curve.best:,}")
    return None if curve.reason == "most" else _mark(curve, -1, scales, f"stopped: {curve.stages[-1]:,}")


def _title(curve: TrainingCurve, noun: str) -> str:
    if curve.held_out_rows < _FEWEST:
        return f"{curve.held_out_rows} held-out {noun} are too few to tell whether more {curve.unit}s would help"
    if curve.ending == "falling":
        more = f"More {curve.unit}s would still help"
        return more if curve.reason == "most" else "Held-out error was still falling when the fit stopped"
    if curve.ending == "rising":
        better = "give better probabilities" if curve.measure == "log_loss" else "do better"
        return f"Fewer {curve.unit}s would {better}"
    return f"More {curve.unit}s would hardly help"


def _caption(content: Content, curve: TrainingCurve, measure: str) -> str:
    noun, about = content.noun(), first_target(content) if content.task.numeric else ""
    measure = measure[:1].upper() + measure[1:]
    low, end = numbers((curve.measure, _figure(curve, place)) for place in (curve.lowest, curve.kept))
    if curve.lowest == curve.kept:
        lowest = f" {measure} of held-out {noun} is lowest there, {end.text}."
    else:
        after = _count(curve, curve.stages[curve.lowest])
        lowest = (
            f" {measure} of held-out {noun} was lowest after {after}, {low.text}, and is {end.text} after "
            f"{curve.best:,}."
        )
    return f"{_ended(curve, noun)}{lowest} {_rows(content, curve)}{about}"


def _ended(curve: TrainingCurve, noun: str) -> str:
    made, patience = _count(curve, curve.stages[-1]), _count(curve, curve.patience or 0)
    why = {
        "held-out": f"the {noun} kept back to tell when to stop had gained nothing for {patience}",
        "training": f"its error on its own {noun} had hardly fallen for {patience}",
        "slope": f"on its own {noun} hardly anything was left to gain",
    }
    kept = f" It predicts as it did after {curve.best:,}." if curve.best < curve.stages[-1] else ""
    if curve.reason == "most":
        return f"It made {made}, as many as it may.{kept}"
    return f"Stopped after {made}: {why[curve.reason]}.{kept}"


def _rows(content: Content, curve: TrainingCurve) -> str:
    name, noun = shown(content.chosen, 40), content.noun()
    if curve.own:
        return (
            f"{name} was fitted once, without one fold, on {curve.rows:,} {noun}; held-out are "
            f"{curve.held_out_rows:,} that it keeps back: no step is made of them, but they say when to stop."
        )
    return (
        f"{name} was fitted once, without one fold; held-out are {curve.held_out_rows:,} {noun} of that fold, which "
        f"neither the fit nor its end depends on, its own are {curve.rows:,} of those that it was fitted on."
    )


def _count(curve: TrainingCurve, number: int) -> str:
    return f"{number:,} {curve.unit}{'' if number == 1 else 's'}"


def _figure(curve: TrainingCurve, place: int, line: tuple[float, ...] | None = None) -> Estimate:
    return Estimate((line or curve.held_out)[place], None, None, curve.held_out_rows)


def _table(curve: TrainingCurve, measure: str) -> Table:
    made = curve.stages[-1]
    wanted = np.append(np.geomspace(1, made, _EARLY), np.linspace(0, made, _EVENLY)[1:]).tolist()
    listed = sorted({*(nearest_stage(curve.stages, round(one)) for one in wanted), curve.lowest, curve.kept})
    own, held_out = (
        numbers((curve.measure, _figure(curve, place, line)) for place in listed)
        for line in (curve.training, curve.held_out)
    )
    rows = tuple(
        Row(
            Name(f"{curve.stages[place]:,}"),
            (Cell(its_own.text, True), Cell(theirs.text, True), Cell(_remark(curve, place))),
        )
        for place, its_own, theirs in zip(listed, own, held_out, strict=True)
    )
    head = (Column(f"{curve.unit}s"), Column("its own", NUMBER), Column("held-out", NUMBER), Column("remark", QUIET))
    return Table((head[0], *(Column(f"{measure}, {one.head}", one.css) for one in head[1:3]), head[3]), rows, "within")


def _remark(curve: TrainingCurve, place: int) -> str:
    marks = ["lowest"] if place == curve.lowest else []
    if place == curve.kept and curve.best < curve.stages[-1]:
        marks.append("kept")
    elif place == len(curve.stages) - 1 and curve.reason != "most":
        marks.append("stopped")
    return ", ".join(marks)
