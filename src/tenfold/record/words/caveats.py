"""What must be said of a run before any figure: whoever reads one sentence alone is not misled."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tenfold.data.checks import Finding
from tenfold.decimals import figure_texts
from tenfold.record.entries.metrics import Metrics, task_in
from tenfold.record.words.verdict import board_rows, class_words, metric_words_of, result_sentence, sentence_on_test
from tenfold.text import shown

__all__ = [
    "REMEDY",
    "Caveat",
    "beside_baseline",
    "caveats",
    "further_warnings",
    "leaking_columns",
    "unsaved_reason",
    "verdict",
    "verdict_html",
]

_BASELINE = "baseline"
_NAMED = 3
_LEAK = "leak"

NO_BETTER = "No candidate is better than"
"""How the warning begins that ``metrics.json`` holds where nothing beats the baseline."""

REMEDY = (
    "Choose another candidate (tenfold models lists those that can be saved), or from Python keep the fitted model: "
    "the pipeline of the run that tenfold.run gives."
)
"""What helps where a model cannot be saved."""


@dataclass(frozen=True)
class Caveat:
    """
    A sentence that goes before every figure.

    Parameters
    ----------
    kind : {"leak", "baseline", "unpredicted", "unsaved"}
    sentence : str
        Without a figure.
    more : str
        Why, and what to do; empty where the sentence says it all.
    """

    kind: Literal["leak", "baseline", "unpredicted", "unsaved"]
    sentence: str
    more: str = ""


def caveats(metrics: Metrics) -> tuple[Caveat, ...]:
    """
    Return what must be said first, the gravest first.

    Such as: "Nothing but the baseline was judged, which always answers “a”."

    Parameters
    ----------
    metrics : Metrics
    """
    return (*_leaks(metrics), *_baseline(metrics), *_unpredicted(metrics), *_unsaved(metrics))


def verdict(metrics: Metrics) -> str:
    """
    Say in a few sentences what a run came to: what must be said first, then its figures.

    Parameters
    ----------
    metrics : Metrics
    """
    first = caveats(metrics)
    beside = metrics.restoration is None and any(one.kind == "baseline" for one in first)
    figures = f"{beside_baseline(metrics)} {sentence_on_test(metrics)}" if beside else result_sentence(metrics)
    return " ".join([*(one.sentence for one in first), figures])


def verdict_html(metrics: Metrics, report: str) -> str:
    """Return the verdict, the leader board and where the report is, for a notebook."""
    head, *rows = board_rows(metrics)
    more = "".join(f"<p>{html.escape(one.more)}</p>" for one in caveats(metrics) if one.more)
    cells = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    first = html.escape(verdict(metrics))
    return f"<p><b>{first}</b></p>{more}<table><tr>{cells}</tr>{lines}</table><p>{html.escape(report)}</p>"


def leaking_columns(findings: Iterable[Finding], unused: Collection[str]) -> tuple[str, ...]:
    """
    Return the columns that give the class away, each once.

    Parameters
    ----------
    findings : iterable of Finding
        What was found wrong with the data.
    unused : collection of str
        Columns that no candidate is given.
    """
    leaks = (str(one.column) for one in findings if one.code == _LEAK and one.column not in unused)
    return tuple(dict.fromkeys(leaks))


def further_warnings(metrics: Metrics) -> list[str]:
    """Return the warnings of a run without the one that the verdict begins with."""
    is_first = any(one.kind == "baseline" for one in caveats(metrics))
    return [line for line in metrics.warnings if not (is_first and line.startswith(NO_BETTER))]


def beside_baseline(metrics: Metrics) -> str:
    """Return the figure that orders the candidates beside the baseline's, as a sentence."""
    task, key, chosen = task_in(metrics), metrics.metric, metrics.chosen
    names = [name for name in dict.fromkeys((chosen, _BASELINE)) if name in metrics.candidates]
    texts = figure_texts((key, metrics.candidates[name].out_of_fold[key]) for name in names)
    words = {_BASELINE: "the baseline", chosen: f"{shown(chosen, 40)} has"}
    parts = [
        f"{words[name]} {text.value}" + (f" ({text.interval})" if text.interval else "")
        for name, text in zip(names, texts, strict=True)
    ]
    n = metrics.chosen_record.out_of_fold[task.headline].n
    return f"By {metric_words_of(task, key)} {', '.join(parts)}, judged out of fold on {n:,} rows."


def unsaved_reason(metrics: Metrics) -> str | None:
    """Return why the model of a run was not saved; None where it was."""
    reason = metrics.failed.get("model")
    # What an earlier version advised, to train again, did not help.
    return None if reason is None else reason.partition(" Do: ")[0].rstrip(".")


def _leaks(metrics: Metrics) -> Iterator[Caveat]:
    columns = [f"“{shown(name, 40)}”" for name in metrics.leaks]
    if columns:
        more = f" and {len(columns) - _NAMED} more" if len(columns) > _NAMED else ""
        which = f"column{'s' if len(columns) > 1 else ''} {', '.join(columns[:_NAMED])}{more}"
        yield Caveat("leak", f"The answer may be given away by the {which}.")


def _baseline(metrics: Metrics) -> Iterator[Caveat]:
    """No interval of a paired difference to the baseline lies on the better side of nothing."""
    chosen, is_restored = metrics.chosen, metrics.restoration is not None
    if chosen == _BASELINE:
        only = "doing nothing was judged" if is_restored else f"the baseline was judged, which {_prediction(metrics)}"
        yield Caveat("baseline", f"Nothing but {only}.")
        return
    beats = {name: _beats(metrics, name) for name in metrics.candidates if name != _BASELINE}
    if beats[chosen] is False:
        nothing = "doing nothing" if is_restored else f"the baseline, which {_prediction(metrics)}"
        none = all(one is False for one in beats.values())
        who = f"No {'denoiser' if is_restored else 'candidate'}" if none else shown(chosen, 40)
        yield Caveat("baseline", f"{who} is {'' if none else 'no '}better than {nothing}.")


def _beats(metrics: Metrics, name: str) -> bool | None:
    """Runs of earlier versions compared the baseline with the best candidate alone."""
    candidate, baseline = metrics.candidates[name], metrics.candidates.get(_BASELINE)
    if candidate.beside_baseline is not None:
        return candidate.beats_baseline
    return None if baseline is None else not baseline.tied_with_best


def _prediction(metrics: Metrics) -> str:
    """What the baseline always predicts."""
    task = task_in(metrics)
    if task.numeric:
        return "always predicts the mean"
    if task.several:
        return "gives each label its most frequent answer"
    baseline = metrics.candidates.get(_BASELINE)
    called = [] if baseline is None else np.flatnonzero(baseline.confusion_matrix.any(axis=0)).tolist()
    only = f"“{class_words(metrics.target, metrics.classes[called[0]])}”" if len(called) == 1 else None
    return f"always answers {only or 'the most frequent class'}"


def _unpredicted(metrics: Metrics) -> Iterator[Caveat]:
    """Classes with rows that the chosen candidate never predicts, at the decision in force."""
    chosen = metrics.chosen
    if not metrics.chosen_record.operating_point or chosen == _BASELINE or task_in(metrics).numeric:
        return
    counts = metrics.chosen_record.decision.confusion_matrix
    called = counts[:, :, 1].sum(axis=1) if counts.ndim == 3 else counts.sum(axis=0)
    names = [f"“{class_words(metrics.target, metrics.classes[code])}”" for code in np.flatnonzero(called == 0)]
    if names:
        what = "label" if task_in(metrics).several else "class"
        more = len(names) - _NAMED
        rest = f" and {more} other {_plural(what, more)}" if more > 0 else ""
        yield Caveat("unpredicted", f"{shown(chosen, 40)} never answers {', '.join(names[:_NAMED])}{rest}.")


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}es" if noun.endswith("s") else f"{noun}s"


def _unsaved(metrics: Metrics) -> Iterator[Caveat]:
    reason = unsaved_reason(metrics)
    if reason is not None:
        yield Caveat("unsaved", "The model is not saved.", f"Not saved: {shown(reason, 400)}. {REMEDY}")
