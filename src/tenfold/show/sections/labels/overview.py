"""What a run on several labels says of itself: verdict, worries, what to try next, candidates, figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tenfold.candidates.catalogue import CATALOGUE
from tenfold.decimals import percent
from tenfold.figures import SharedErrors, shared_errors, threshold_curve
from tenfold.record.words.caveats import beside_baseline
from tenfold.record.words.verdict import all_labels
from tenfold.show.commands import run_again
from tenfold.show.content import Content
from tenfold.show.sections.classes.advice import general_advice
from tenfold.show.sections.classes.overview import BOARD as BOARD_OF_CLASSES
from tenfold.show.sections.classes.overview import remark_on
from tenfold.show.sections.verdict.cards import Advice
from tenfold.show.sections.verdict.verdict import Fact, VerdictWords, about_rows, choice_fact, times_opened
from tenfold.show.words import Sentence, accent, number, quoted, say, share, strong
from tenfold.text import shown

__all__ = ["BOARD", "VERDICT", "advice", "errors_together", "weaknesses"]

_OFTEN, _MANY = 2.0, 5
_GAIN = 0.01
_CHAIN = "chain:"


def _about(content: Content) -> str:
    return about_rows(content, f"{len(content.classes)} labels")


def _headline(content: Content) -> Sentence:
    return say(
        f"{shown(content.chosen, 40)} gets {all_labels(len(content.classes))} right on ",
        accent(number("exact_match", content.figures["exact_match"]).text),
        f" of the {content.rows:,} training {content.noun(content.rows)}.",
    )


def _lead(content: Content) -> Sentence:
    interval = number("exact_match", content.figures["exact_match"]).range
    return say(f"95 % interval {interval}, on {content.noun()} it was not trained on. ", _always(content))


def _always(content: Content) -> str:
    figures = content.test_baseline if content.baseline is None else content.baseline.out_of_fold
    right = share(figures["exact_match"])
    return f"Always giving each label its most frequent answer would be right {right} of the time."


def _no_better(content: Content) -> Sentence:
    return say(beside_baseline(content.metrics))


def _facts(content: Content) -> tuple[Fact, ...]:
    return _test(content), _mean_f1(content), choice_fact(content, _decision(content))


def _test(content: Content) -> Fact:
    exact = number("exact_match", content.test["exact_match"])
    rows = f"{exact.n:,} {content.noun(exact.n)} kept apart; opened {times_opened(content)}"
    note = f"right in all labels ({exact.range}) of {rows}"
    return Fact("On the test set", exact.text, note, calls=content.openings > 1)


def _mean_f1(content: Content) -> Fact:
    f1 = number("f1_macro", content.figures["f1_macro"])
    wrong = number("hamming_loss", content.figures["hamming_loss"])
    predictions = len(content.classes) * content.rows
    interval = f"({f1.range}); " if f1.range else ""
    note = f"{interval}of all {predictions:,} answers {wrong.text} are wrong ({wrong.range})"
    return Fact("F1, mean over labels", f1.text, note)


def _decision(content: Content) -> str:
    if not content.decides_otherwise:
        return "each label is decided by the candidate itself"
    return f"a threshold for each label, set on out-of-fold scores by the rule {shown(content.rule, 40)}"


VERDICT = VerdictWords(_about, _headline, _lead, _no_better, _facts)


def _remark(content: Content, name: str) -> str:
    return remark_on(content, name, "each label's most frequent answer")


BOARD = replace(BOARD_OF_CLASSES, remark=_remark)


def weaknesses(content: Content) -> Iterator[Sentence]:
    """Yield sentences on the hardest label where it stands out, and on labels whose errors come together."""
    yield from _hardest(content)
    yield from _together(content)


def _hardest(content: Content) -> Iterator[Sentence]:
    f1 = {name: number("f1", content.figures[f"f1:{name}"]) for name in content.classes}
    ranked = sorted((one.value, name) for name, one in f1.items() if one.value is not None)
    if len(ranked) < 2:
        return
    low, high = f1[ranked[0][1]], f1[ranked[-1][1]]
    if low.high is not None and high.low is not None and low.high < high.low:
        yield say(
            strong(f"{quoted(ranked[0][1])} is the hardest label"),
            f": F1 {low.text} ({low.range}), against {high.text} ({high.range}) for {quoted(ranked[-1][1])}.",
        )


def _together(content: Content) -> Iterator[Sentence]:
    pair = most_together(content)
    if pair is None:
        return
    one, other = (quoted(content.classes[c]) for c in pair[:2])
    count, chance = pair[2:]
    times = f", {count / chance:,.0f} times as often as by chance" if chance >= 1 else ""
    yield say(strong(f"{one} and {other} go wrong together"), f" in {count:,} {content.noun(count)}{times}.")


def errors_together(content: Content) -> SharedErrors:
    """Count the out-of-fold errors of the chosen candidate, at the decision in force, by labels wrong together."""
    lines = content.lines(content.chosen)
    true, predicted = (
        lines[[f"{kind}:{name}" for name in content.classes]].to_numpy() for kind in ("true", "predicted")
    )
    return shared_errors(true.astype(np.int64), predicted.astype(np.int64))


def most_together(content: Content) -> tuple[int, int, int, float] | None:
    """
    Return the pair of labels that is wrong together most above chance, if any is so clearly.

    Returns
    -------
    (int, int, int, float) or None
        Codes of the two labels, rows in which both are wrong, and rows expected by chance.
    """
    errors = errors_together(content)
    excess = np.triu(errors.together - errors.by_chance, 1)
    first, second = (int(place) for place in np.unravel_index(excess.argmax(), excess.shape))
    count, chance = int(errors.together[first, second]), float(errors.by_chance[first, second])
    return (first, second, count, chance) if count >= _MANY and count >= _OFTEN * chance else None


def advice(content: Content) -> Iterator[Advice]:
    """Yield what the figures of several labels suggest, then what those of any run would."""
    yield from _best_thresholds(content)
    yield from _chain(content)
    yield from general_advice(content)


def _best_thresholds(content: Content) -> Iterator[Advice]:
    """The mean F1 that a threshold for each label could reach, where no rule was asked for and it is well above."""
    if content.decides_otherwise:
        return
    lines = content.lines(content.chosen)
    now = content.figures["f1_macro"].value
    if now is None or lines[[f"score:{name}" for name in content.classes]].isna().to_numpy().any():
        return
    best = [
        float(threshold_curve(lines[f"true:{name}"].to_numpy(np.int64), lines[f"score:{name}"].to_numpy()).f1.max())
        for name in content.classes
    ]
    reached = float(np.mean(best))
    if reached >= now + _GAIN:
        reason = (
            f": the mean F1 over labels would be {percent(reached)} on these out-of-fold scores, now {percent(now)}."
        )
        yield Advice(say(strong("Give each label its own threshold"), reason), content.command("decide", "f1"))


def _chain(content: Content) -> Iterator[Advice]:
    """Labels that go wrong together may tell of each other; a chain is the candidate that can use that."""
    pair = most_together(content)
    known = content.chosen.split(":")[0] in CATALOGUE
    if pair is None or not known or any(name.startswith(_CHAIN) for name in content.candidates):
        return
    one, other = (quoted(content.classes[c]) for c in pair[:2])
    reason = f": errors on {one} and {other} come together, so the answer to one may help with the other."
    models = [content.chosen, f"{_CHAIN}{content.chosen}"]
    yield Advice(say(strong("Try a chain of labels"), reason), run_again(content.config, models=models))
