"""Which setting of a candidate is best: every setting tried, on each fold and in the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.decimals import FigureText, column_texts, figure_texts, is_rate, unit_of
from tenfold.figures.metrics import better
from tenfold.record.entries.metrics import CandidateRecord, TrialRecord, TuningRecord
from tenfold.record.words.tuning import parameter_name, setting_words
from tenfold.record.words.verdict import metric_words_of
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, spanning, ticks, uncrowded, zoomed
from tenfold.show.drawing.curves import path
from tenfold.text import shown

__all__ = [
    "TrialLine",
    "TunedCandidate",
    "TuningView",
    "ValidationCurve",
    "ValidationDot",
    "tuning_view",
    "validation_curve",
]

_AT_FIRST = 12
_FEWEST_VALUES = 3
_WIDE = 50
_LOGARITHMIC = ", values on a logarithmic scale"


@dataclass(frozen=True)
class TrialLine:
    """One setting; places on the scale in percent, of the mean and of each fold."""

    values: tuple[str, ...]
    mean: str
    at: float | None
    folds: tuple[float, ...]
    span: str
    predicts: str
    chosen: bool


@dataclass(frozen=True)
class ValidationDot:
    """The best setting at one value of a parameter: its mean and the range of its folds, in percent, and in words."""

    x: float
    y: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class ValidationCurve:
    """The figure against the parameter that was tried at most values."""

    parameter: str
    note: str
    line: str
    dots: tuple[ValidationDot, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class TunedCandidate:
    """A candidate with its settings, the best first; `more` are folded away."""

    title: str
    caption: str
    parameters: tuple[str, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[TrialLine, ...]
    more: tuple[TrialLine, ...]
    curve: ValidationCurve | None = None


@dataclass(frozen=True)
class TuningView:
    """All candidates that tried several settings."""

    title: str
    metric: str
    candidates: tuple[TunedCandidate, ...]

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the settings of each candidate as a table of text."""
        return tuple(
            PlainTable(
                one.title,
                one.caption,
                (*one.parameters, "mean", "folds, from to", "answers fold"),
                tuple((*line.values, line.mean, line.span, line.predicts) for line in (*one.lines, *one.more)),
            )
            for one in self.candidates
        )


def tuning_view(content: Content) -> TuningView | None:
    """Lay out the settings of each tuned candidate; None where no candidate was tuned."""
    tuned = [(name, one, one.tuning) for name, one in content.candidates.items() if one.tuning is not None]
    if not tuned:
        return None
    metric = metric_words_of(content.task, content.metric)
    return TuningView("Which settings are best?", metric, tuple(_candidate(content, *one) for one in tuned))


def _candidate(content: Content, name: str, entry: CandidateRecord, tuning: TuningRecord) -> TunedCandidate:
    metric, trials = tuning.metric, tuning.trials
    parameters = tuple(dict.fromkeys(key for trial in trials for key in trial.setting))
    known = [value for trial in trials for value in _known(trial)]
    is_sized = bool(unit_of(metric).figures) and bool(known)
    scale = spanning(known) if is_sized else zoomed(known, floor=-1.0, ceiling=1.0 if better(metric) > 0 else 1e9)
    ordered = sorted(range(len(trials)), key=lambda at: _place(metric, trials[at].mean, at))
    texts = column_texts(unit_of(metric), [_mean_and_span(trials[at]) for at in ordered])
    lines = tuple(_line(tuning, at, text, parameters, scale) for at, text in zip(ordered, texts, strict=True))
    return TunedCandidate(
        title=f"{shown(name, 40)}: {setting_words(tuning.setting)}",
        caption=_caption(content, name, entry, tuning),
        parameters=tuple(map(parameter_name, parameters)),
        ticks=percent_ticks(scale) if is_rate(metric) else uncrowded(ticks(scale)),
        lines=lines[:_AT_FIRST],
        more=lines[_AT_FIRST:],
        curve=validation_curve(tuning, parameters, scale),
    )


def validation_curve(tuning: TuningRecord, parameters: Sequence[str], up: Scale) -> ValidationCurve | None:
    """Draw the best setting at each value of the parameter of numbers with most values; None of fewer than three."""
    best = max((_best_by_value(tuning, key) for key in parameters), key=len, default={})
    if len(best) < _FEWEST_VALUES:
        return None
    key = next(key for key in parameters if _best_by_value(tuning, key) == best)
    values = np.array(list(best), np.float64)
    is_wide = bool((values > 0).all()) and values[-1] >= _WIDE * values[0]
    places = np.log10(values) if is_wide else values
    room = 0.05 * (places[-1] - places[0])
    across = Scale(float(places[0] - room), float(places[-1] + room))
    texts = column_texts(unit_of(tuning.metric), [_mean_and_span(trial) for trial in best.values()])
    dots = tuple(
        ValidationDot(
            across.at(float(place)),
            round(100 - up.at(trial.mean or 0.0), 2),
            round(100 - up.at(min(_known(trial))), 2),
            round(100 - up.at(max(_known(trial))), 2),
            f"{parameter_name(key)} {value:g}: {text.value}, folds {text.interval}",
        )
        for (value, trial), place, text in zip(best.items(), places, texts, strict=True)
    )
    others = ", the best of the other parameters at each value" if len(parameters) > 1 else ""
    return ValidationCurve(
        parameter_name(key),
        f"Mean over the folds{others}; bars are the range of the folds{_LOGARITHMIC if is_wide else ''}.",
        path(places, [trial.mean or 0.0 for trial in best.values()], across, up),
        dots,
        tuple(Tick(dot.x, f"{value:g}") for dot, value in zip(dots, best, strict=True)),
        percent_ticks(up) if is_rate(tuning.metric) else ticks(up),
    )


def _best_by_value(tuning: TuningRecord, key: str) -> dict[float, TrialRecord]:
    """The best trial at each value of a parameter, in order; empty where a value is no number."""
    best: dict[float, TrialRecord] = {}
    for trial in tuning.trials:
        value = trial.setting.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return {}
        if trial.mean is not None and _known(trial):
            known = best.get(value)
            is_better = known is None or better(tuning.metric) * (trial.mean - (known.mean or 0.0)) > 0
            best[value] = trial if is_better else best[value]
    return dict(sorted(best.items()))


def _place(metric: str, mean: float | None, at: int) -> tuple[bool, float, int]:
    return mean is None, 0.0 if mean is None else -better(metric) * mean, at


def _known(trial: TrialRecord) -> list[float]:
    return [value for value in trial.folds if value is not None]


def _mean_and_span(trial: TrialRecord) -> tuple[float | None, float | None, float | None]:
    known = _known(trial)
    return trial.mean, min(known, default=None), max(known, default=None)


def _line(tuning: TuningRecord, at: int, text: FigureText, parameters: Sequence[str], scale: Scale) -> TrialLine:
    trial = tuning.trials[at]
    folds = [str(fold + 1) for fold, chosen in enumerate(tuning.by_fold) if chosen == at]
    every = len(folds) == len(tuning.by_fold)
    return TrialLine(
        values=tuple(shown(trial.setting.get(key, ""), 40) for key in parameters),
        mean=text.value,
        at=None if trial.mean is None else scale.at(trial.mean),
        folds=tuple(scale.at(value) for value in _known(trial)),
        span=text.interval,
        predicts="all" if every else ", ".join(folds),
        chosen=at == tuning.chosen,
    )


def _caption(content: Content, name: str, entry: CandidateRecord, tuning: TuningRecord) -> str:
    metric, trials, folds = tuning.metric, tuning.trials, len(tuning.by_fold)
    settings = f"{len(trials)} settings, each judged on the same {folds} folds."
    saved = " The saved model has the best of them." if name == content.chosen else ""
    mean, pooled = {"value": trials[tuning.chosen].mean}, entry.out_of_fold[metric]
    best, outside = (text.value for text in figure_texts([(metric, mean), (metric, {"value": pooled.value})]))
    if set(tuning.by_fold) == {tuning.chosen}:
        return f"{settings}{saved} It is best whichever fold is left out, so its figures owe nothing to the choice."
    return (
        f"{settings}{saved} Its mean, {best}, flatters it: these folds chose it. So each fold is answered by the "
        f"setting that is best on the other folds, which gives the {outside} of the leader board and of "
        "every other figure here."
    )
