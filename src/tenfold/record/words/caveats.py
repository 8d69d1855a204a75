"""What must be said of a run before any figure: whoever reads one sentence alone is not misled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tenfold.data.checks import Finding
from tenfold.decimals import figure_texts
from tenfold.record.words.restoration import is_denoised
from tenfold.record.words.verdict import headline, result_sentence, sentence_on_test, spoken_class, spoken_metric
from tenfold.text import shown

__all__ = [
    "REMEDY",
    "Caveat",
    "beside_baseline",
    "caveats",
    "further_warnings",
    "leak_entry",
    "unsaved_reason",
    "verdict",
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


def caveats(metrics: Mapping[str, Any]) -> tuple[Caveat, ...]:
    """
    Gather what must be said first, from the content of ``metrics.json``, the gravest first.

    Parameters
    ----------
    metrics : mapping

    Examples
    --------
    >>> entry = {"confusion_matrix": [[9, 0], [1, 0]], "beats_baseline": None}
    >>> metrics = {"task": "binary", "positive": "b", "classes": ["a", "b"], "chosen": "baseline", "failed": {}}
    >>> [one.sentence for one in caveats({**metrics, "candidates": {"baseline": entry}})]
    ['Nothing but the baseline was judged, which always answers “a”.']
    """
    return (*_leaks(metrics), *_baseline(metrics), *_unpredicted(metrics), *_unsaved(metrics))


def verdict(metrics: Mapping[str, Any]) -> str:
    """
    Say in a few sentences what a run has found: what must be said first, then its figures.

    Parameters
    ----------
    metrics : mapping
        Content of ``metrics.json``.
    """
    first = caveats(metrics)
    beside = not is_denoised(metrics) and any(one.kind == "baseline" for one in first)
    figures = f"{beside_baseline(metrics)} {sentence_on_test(metrics)}" if beside else result_sentence(metrics)
    return " ".join([*(one.sentence for one in first), figures])


def leak_entry(findings: Iterable[Finding], unused: Collection[str]) -> dict[str, list[str]]:
    """
    Lay out for ``metrics.json`` the columns that give the answer away; nothing where there are none.

    Parameters
    ----------
    findings : iterable of Finding
        What was found wrong with the data.
    unused : collection of str
        Columns that no candidate is given.
    """
    leaks = [str(one.column) for one in findings if one.code == _LEAK and one.column not in unused]
    return {"leaks": list(dict.fromkeys(leaks))} if leaks else {}


def further_warnings(metrics: Mapping[str, Any]) -> list[str]:
    """Give the warnings of a run without the one that the verdict begins with."""
    said = any(one.kind == "baseline" for one in caveats(metrics))
    return [line for line in metrics["warnings"] if not (said and line.startswith(NO_BETTER))]


def beside_baseline(metrics: Mapping[str, Any]) -> str:
    """Put the figure that orders the candidates beside the baseline's."""
    key, chosen = metrics["metric"], metrics["chosen"]
    names = [name for name in dict.fromkeys((chosen, _BASELINE)) if name in metrics["candidates"]]
    texts = figure_texts((key, metrics["candidates"][name]["out_of_fold"][key]) for name in names)
    words = {_BASELINE: "the baseline", chosen: f"{shown(chosen, 40)} has"}
    parts = [
        f"{words[name]} {text.value}" + (f" ({text.interval})" if text.interval else "")
        for name, text in zip(names, texts, strict=True)
    ]
    n = metrics["candidates"][chosen]["out_of_fold"][headline(metrics)]["n"]
    return f"By {spoken_metric(metrics, key)} {', '.join(parts)}, judged out of fold on {n:,} rows."


def unsaved_reason(metrics: Mapping[str, Any]) -> str | None:
    """Say why the model of a run was not saved; None where it was."""
    reason = metrics.get("failed", {}).get("model")
    # What an earlier version advised, to train again, did not help.
    return None if reason is None else str(reason).partition(" Do: ")[0].rstrip(".")


def _leaks(metrics: Mapping[str, Any]) -> Iterator[Caveat]:
    columns = [f"“{shown(name, 40)}”" for name in metrics.get("leaks", ())]
    if columns:
        more = f" and {len(columns) - _NAMED} more" if len(columns) > _NAMED else ""
        which = f"column{'s' if len(columns) > 1 else ''} {', '.join(columns[:_NAMED])}{more}"
        yield Caveat("leak", f"The answer may be given away by the {which}.")


def _baseline(metrics: Mapping[str, Any]) -> Iterator[Caveat]:
    """No interval of a paired difference to the baseline lies on the better side of nothing."""
    chosen, denoised = metrics["chosen"], is_denoised(metrics)
    if chosen == _BASELINE:
        only = "doing nothing was judged" if denoised else f"the baseline was judged, which {_answer(metrics)}"
        yield Caveat("baseline", f"Nothing but {only}.")
        return
    beats = {name: _beats(metrics, name) for name in metrics["candidates"] if name != _BASELINE}
    if beats[chosen] is False:
        nothing = "doing nothing" if denoised else f"the baseline, which {_answer(metrics)}"
        none = all(one is False for one in beats.values())
        who = f"No {'denoiser' if denoised else 'candidate'}" if none else shown(chosen, 40)
        yield Caveat("baseline", f"{who} is {'' if none else 'no '}better than {nothing}.")


def _beats(metrics: Mapping[str, Any], name: str) -> bool | None:
    """Runs of earlier versions compared the baseline with the best candidate alone."""
    entry = metrics["candidates"][name]
    if "beats_baseline" in entry:
        beats: bool | None = entry["beats_baseline"]
        return beats
    baseline = metrics["candidates"].get(_BASELINE)
    return None if baseline is None else not baseline.get("tied_with_best", False)


def _answer(metrics: Mapping[str, Any]) -> str:
    if metrics["task"] == "multilabel":
        return "gives each label its most frequent answer"
    answers = np.asarray(metrics["candidates"][_BASELINE]["confusion_matrix"]).any(axis=0)
    one = f"“{spoken_class(metrics, metrics['classes'][int(answers.argmax())])}”"
    return f"always answers {one if answers.sum() == 1 else 'the most frequent class'}"


def _unpredicted(metrics: Mapping[str, Any]) -> Iterator[Caveat]:
    """Classes with rows of which the chosen candidate answers none, at the decision in force."""
    chosen = metrics["chosen"]
    if is_denoised(metrics) or chosen == _BASELINE:
        return
    entry = metrics["candidates"][chosen]
    counts = np.asarray(entry.get("decision", entry)["confusion_matrix"])
    called = counts[:, :, 1].sum(axis=1) if counts.ndim == 3 else counts.sum(axis=0)
    names = [f"“{spoken_class(metrics, metrics['classes'][code])}”" for code in np.flatnonzero(called == 0)]
    if names:
        what = "label" if metrics["task"] == "multilabel" else "class"
        more = len(names) - _NAMED
        rest = f" and {more} other {_plural(what, more)}" if more > 0 else ""
        yield Caveat("unpredicted", f"{shown(chosen, 40)} never answers {', '.join(names[:_NAMED])}{rest}.")


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}es" if noun.endswith("s") else f"{noun}s"


def _unsaved(metrics: Mapping[str, Any]) -> Iterator[Caveat]:
    reason = unsaved_reason(metrics)
    if reason is not None:
        yield Caveat("unsaved", "The model is not saved.", f"Not saved: {shown(reason, 400)}. {REMEDY}")
