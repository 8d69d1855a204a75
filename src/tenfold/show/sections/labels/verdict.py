"""What did the run find, where each row has several labels? The large sentence, and what stands right under it."""

from __future__ import annotations

from tenfold.decimals import percent
from tenfold.record.augmentation import growth_words
from tenfold.record.words.verdict import all_labels
from tenfold.show.content import Content
from tenfold.show.sections.verdict.verdict import Fact, Verdict, chosen_because, with_caveats
from tenfold.show.words import Sentence, accent, number, say
from tenfold.text import shown

__all__ = ["label_verdict"]

_BASELINE = "baseline"


def label_verdict(content: Content) -> Verdict:
    """Say what the run has found."""
    headline, lead = with_caveats(content.metrics, *_told(content))
    return Verdict(_about(content), headline, lead, (_test(content), _mean_f1(content), _choice(content)))


def _about(content: Content) -> str:
    grown = growth_words(content.metrics)
    learnt = f" · learnt from {grown}" if grown else ""
    return (
        f"{shown(content.data['name'], 60)}, {len(content.classes)} labels{learnt} · {content.rows:,} training "
        f"{content.noun(content.rows)} judged out of fold, {content.folds} folds"
    )


def _told(content: Content) -> tuple[Sentence, Sentence]:
    exact = number("exact_match", content.figures["exact_match"])
    headline = say(
        f"{shown(content.chosen, 40)} gets {all_labels(len(content.classes))} right on ",
        accent(exact.text),
        f" of the {content.rows:,} training {content.noun(content.rows)}.",
    )
    return headline, say(f"95 % interval {exact.range}, on {content.noun()} it was not trained on. ", _always(content))


def _always(content: Content) -> str:
    baseline = content.metrics["candidates"].get(_BASELINE)
    found = content.metrics["test_baseline"] if baseline is None else baseline["out_of_fold"]
    right = percent(float(found["exact_match"]["value"]))
    return f"Always giving each label its most frequent answer would be right {right} of the time."


def _test(content: Content) -> Fact:
    found, openings = number("exact_match", content.test["exact_match"]), int(content.metrics["test_openings"])
    times = "once" if openings == 1 else f"{openings} times"
    note = f"right in all labels ({found.range}) of {found.n:,} {content.noun(found.n)} kept apart; opened {times}"
    return Fact("On the test set", found.text, note, calls=openings > 1)


def _mean_f1(content: Content) -> Fact:
    found = number("f1_macro", content.figures["f1_macro"])
    wrong = number("hamming_loss", content.figures["hamming_loss"])
    answers = len(content.classes) * content.rows
    interval = f"({found.range}); " if found.range else ""
    note = f"{interval}of all {answers:,} answers {wrong.text} are wrong ({wrong.range})"
    return Fact("F1, mean over labels", found.text, note)


def _choice(content: Content) -> Fact:
    others = len(content.metrics["candidates"]) - 1
    if content.decision["kind"] == "argmax":
        note = "each label is decided by the candidate itself"
    else:
        rule = shown(content.decision["rule"], 40)
        note = f"a threshold for each label, set on out-of-fold scores by the rule {rule}"
    return Fact("Chosen", shown(content.chosen, 24), f"of {others + 1} candidates{chosen_because(content)}; {note}")
