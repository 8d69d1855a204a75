"""Which setting of a candidate is best: every setting tried, on each fold and in the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.decimals import FigureText, column_texts, figure_texts, is_rate, unit_of
from tenfold.figures.metrics import better
from tenfold.record.entries.metrics import CandidateRecord, TrialRecord, TuningRecord
from tenfold.record.words.tuning import parameter_name, setting_words
from tenfold.record.words.verdict import metric_words_of
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, percent_ticks, spanning, ticks, uncrowded, zoomed
from tenfold.text import shown

__all__ = ["TrialLine", "TunedCandidate", "TuningView", "tuning_view"]

_AT_FIRST = 12


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
class TunedCandidate:
    """A candidate with its settings, the best first; `more` are folded away."""

    title: str
    caption: str
    parameters: tuple[str, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[TrialLine, ...]
    more: tuple[TrialLine, ...]


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
    )


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
