"""What did the run find? The large sentence, and what stands right under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.decimals import percent
from tenfold.record.augmentation import growth_words
from tenfold.record.words.caveats import beside_baseline, caveats
from tenfold.record.words.choice import choice_words
from tenfold.record.words.restoration import is_denoised
from tenfold.show.content import Content
from tenfold.show.words import Part, Sentence, accent, number, quoted, say
from tenfold.text import shown

__all__ = ["Fact", "Verdict", "chosen_because", "verdict_view", "with_caveats"]

_BASELINE = "baseline"


@dataclass(frozen=True)
class Fact:
    """A labelled figure under the verdict; `calls` asks for attention."""

    label: str
    value: str
    note: str
    calls: bool = False


@dataclass(frozen=True)
class Verdict:
    """The top of the page."""

    about: str
    headline: Sentence
    lead: Sentence
    facts: tuple[Fact, ...]


def verdict_view(content: Content) -> Verdict:
    """Say what the run has found."""
    told = _detector if content.positive is not None else _classes
    headline, lead = with_caveats(content.metrics, *told(content))
    second = _any_class if content.positive is not None else _on_each_fold
    return Verdict(_about(content), headline, lead, (_test(content), second(content), _choice(content)))


def with_caveats(metrics: Mapping[str, Any], headline: Sentence, lead: Sentence) -> tuple[Sentence, Sentence]:
    """
    Put before the large sentence what must be said first.

    Where nothing beats the baseline, or a column leaks, no figure stands in the large sentence: it goes to the lead.
    """
    first = caveats(metrics)
    if not first:
        return headline, lead
    opening = " ".join(one.sentence for one in first)
    more = " ".join([*(one.more for one in first if one.more), ""])
    kinds = {one.kind for one in first}
    if "baseline" in kinds and not is_denoised(metrics):
        return say(opening), say(more, beside_baseline(metrics))
    if kinds & {"baseline", "leak"}:
        return say(opening), say(more, "".join(part.text for part in headline), " ", *lead)
    return say(f"{opening} ", *headline), say(more, *lead)


def _about(content: Content) -> str:
    grown = growth_words(content.metrics)
    learnt = f" · learnt from {grown}" if grown else ""
    return (
        f"{shown(content.data['name'], 60)}, {len(content.classes)} classes{learnt} · {content.rows:,} training "
        f"{content.noun(content.rows)} judged out of fold, {content.folds} folds"
    )


def _classes(content: Content) -> tuple[Sentence, Sentence]:
    accuracy = number("accuracy", content.figures["accuracy"])
    headline = say(
        f"{shown(content.chosen, 40)} gets ",
        accent(accuracy.text),
        f" of the {content.rows:,} training {content.noun(content.rows)} right.",
    )
    return headline, say(
        f"95 % interval {accuracy.range}, on {content.noun()} it was not trained on. ", _always(content)
    )


def _detector(content: Content) -> tuple[Sentence, Sentence]:
    recall, precision = (number(key, content.figures[key]) for key in ("recall", "precision"))
    name, target = shown(content.chosen, 40), quoted(content.spoken(content.metrics["positive"]))
    if precision.value is None:
        return _classes(content)
    headline = say(
        f"{name} finds ",
        accent(recall.text),
        f" of all {target}; ",
        accent(precision.text),
        " of what it calls so is right.",
    )
    ranges = f"95 % intervals {recall.range} and {precision.range}, on {content.noun()} it was not trained on. "
    return headline, say(ranges, _always(content))


def _always(content: Content) -> Part:
    """What the same answer for all is worth on the training rows: the baseline's figure, if it was judged."""
    baseline = content.metrics["candidates"].get(_BASELINE)
    if baseline is None:
        counts = np.asarray(content.decision["confusion_matrix"]).sum(axis=1)
        answers, right = counts == counts.max(), float(counts.max() / counts.sum())
    else:
        answers = np.asarray(baseline["confusion_matrix"]).any(axis=0)
        right = float(baseline["out_of_fold"]["accuracy"]["value"])
    answer = (
        quoted(content.spoken(content.classes[int(answers.argmax())]))
        if answers.sum() == 1
        else "the most frequent class"
    )
    return Part(f"Always answering {answer} would be right {percent(right)} of the time.")


def _test(content: Content) -> Fact:
    key = "accuracy" if content.positive is None else "recall"
    found, openings = number(key, content.test[key]), int(content.metrics["test_openings"])
    times = "once" if openings == 1 else f"{openings} times"
    n = int(content.test["accuracy"]["n"])
    value = found.text
    note = f"right ({found.range}) of {n:,} {content.noun(n)} kept apart; opened {times}"
    if content.positive is not None:
        precision = number("precision", content.test["precision"])
        value = f"{found.text} · {precision.text}"
        note = (
            f"found ({found.range}) · right when called ({precision.range or precision.reason}), "
            f"{n:,} {content.noun(n)} kept apart; opened {times}"
        )
    return Fact("On the test set", value, note, calls=openings > 1)


def _on_each_fold(content: Content) -> Fact:
    """How far the folds lie apart."""
    accuracy = content.figures["accuracy"]
    alone = sorted(value for value in accuracy.get("folds", ()) if value is not None)
    if not alone:
        return _any_class(content)
    low, high = percent(alone[0]).removesuffix(" %"), percent(alone[-1])
    return Fact(
        "On each fold alone", f"{low} to {high}", f"{len(alone)} folds; {percent(accuracy['value'])} over all of them"
    )


def _any_class(content: Content) -> Fact:
    entry: Mapping[str, Any] | None = content.metrics["candidates"].get(_BASELINE)
    source = content.metrics["test_baseline"] if entry is None else entry["out_of_fold"]
    mine, theirs = number("accuracy", content.figures["accuracy"]), number("accuracy", source["accuracy"])
    where = "on the test set" if entry is None else "judged the same way"
    return Fact(
        "Right answers, any class", mine.text, f"({mine.range}); the baseline {theirs.text} ({theirs.range}), {where}"
    )


def _choice(content: Content) -> Fact:
    others = len(content.metrics["candidates"]) - 1
    if content.threshold is None:
        note = (
            "the class with the highest score is answered" if content.positive is None else "its own decision is used"
        )
    else:
        rule = shown(content.decision.get("rule", ""), 40)
        note = f"threshold {content.threshold:.4g}, set on out-of-fold scores by the rule {rule}"
    return Fact("Chosen", shown(content.chosen, 24), f"of {others + 1} candidates{chosen_because(content)}; {note}")


def chosen_because(content: Content) -> str:
    """Why it was chosen, to stand after the number of candidates."""
    why = choice_words(content.metrics)
    return f": {why}" if why else ", the baseline among them"
