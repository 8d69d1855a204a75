"""What does the chosen candidate get right that the others get wrong? And one scheme against another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.ask.comparison.compare import compare_candidates
from tenfold.data.pictures.tone import Tone
from tenfold.record.words.verdict import metric_words
from tenfold.show.content import BASELINE, Content
from tenfold.show.sections.decision.exchange import Pair, pair_of
from tenfold.show.words import Number, amount, numbers
from tenfold.text import shown

__all__ = ["Compare", "Scheme", "compare_view", "schemes"]

_SCHEMES = {"ovr": "one detector a class", "ovo": "one duel a pair of classes"}
_OWN = "as the estimator does it"
_HARDEST = 3


@dataclass(frozen=True)
class Scheme:
    """One way to make several classes of yes-or-no questions, for one estimator."""

    name: str
    how: str
    accuracy: Number
    seconds: str
    hardest: str


@dataclass(frozen=True)
class Compare:
    """The chosen candidate against each other one."""

    title: str
    caption: str
    metric: str
    pairs: tuple[Pair, ...]
    schemes: tuple[Scheme, ...]
    absent: str
    command: str


def compare_view(content: Content) -> Compare | None:
    """Compare the chosen candidate with the others; None where it has no other beside the baseline."""
    others = [name for name in content.candidates if name not in {content.chosen, BASELINE}]
    if not others:
        return None
    instances = content.instances
    pictures = None if instances is None else instances.pictures()
    tone = None if pictures is None else Tone.of(pictures)
    comparisons = compare_candidates(content.metrics, content.out_of_fold, Path(content.run))
    example = [content.run, "--candidate", others[0], "--candidate", content.chosen]
    return Compare(
        title=f"What does {shown(content.chosen, 40)} get right that the others get wrong?",
        caption=_caption(content),
        metric=metric_words(content.metric),
        pairs=tuple(pair_of(one, instances, tone) for one in comparisons if one.first != BASELINE),
        schemes=schemes(content),
        absent=content.absent,
        command=content.command("compare", *example),
    )


def _caption(content: Content) -> str:
    return (
        f"On the same {content.rows:,} {content.noun()}, judged out of fold, each candidate at its decision in force. "
        f"“Fixes” counts what only {shown(content.chosen, 40)} has right, “breaks” what only the other has. p is the "
        "chance of so uneven an exchange if both were right equally often (McNemar's test), after Holm's correction "
        "for all comparisons with it."
    )


def schemes(content: Content) -> tuple[Scheme, ...]:
    """Lay out candidates that are one estimator under several schemes; empty where a run has none."""
    if content.positive is not None:
        return ()
    names = list(content.candidates)
    estimators = {_without_scheme(name) for name in names if _scheme(name) != _OWN}
    chosen = [name for name in names if _without_scheme(name) in estimators]
    if len(chosen) <= len(estimators):
        return ()
    entries = content.candidates
    accuracies = numbers(("accuracy", entries[name].out_of_fold["accuracy"]) for name in chosen)
    return tuple(_line(content, *one) for one in zip(chosen, accuracies, strict=True))


def _scheme(name: str) -> str:
    return next((words for key, words in _SCHEMES.items() if key in name.split(":")[1:]), _OWN)


def _without_scheme(name: str) -> str:
    return ":".join(part for part in name.split(":") if part not in _SCHEMES)


def _line(content: Content, name: str, accuracy: Number) -> Scheme:
    entry = content.candidates[name]
    return Scheme(
        name=shown(name, 40),
        how=_scheme(name),
        accuracy=accuracy,
        seconds=amount(entry.fit_seconds + entry.predict_seconds, "s"),
        hardest=_hardest(content, entry.confusion_matrix),
    )


def _hardest(content: Content, matrix: NDArray[np.int64]) -> str:
    """The pairs of classes taken for one another most often, in either direction."""
    both = np.triu(matrix + matrix.T, 1)
    order = np.argsort(-both, axis=None, kind="stable")[:_HARDEST]
    pairs = [(*np.unravel_index(at, both.shape), int(both.flat[at])) for at in order if both.flat[at]]
    names = [shown(name, 16) for name in content.classes]
    return ", ".join(f"{names[a]} and {names[b]} ({count:,})" for a, b, count in pairs) or "no error"
