"""What is worth trying next? Only what follows from the figures, each with its reason and its command."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.decimals import is_rate, percent
from tenfold.record.words.caveats import caveats
from tenfold.record.words.proposal import PROPOSED_COST, PROPOSED_RULE, proposal_sentence
from tenfold.record.words.verdict import metric_words
from tenfold.show.commands import run_again, source_command
from tenfold.show.content import BASELINE, NOT_COMPUTED, Content
from tenfold.show.sections.verdict.cards import Advice
from tenfold.show.words import number, quoted, say, strong
from tenfold.text import shown

__all__ = ["advice", "general_advice"]

_WIDE = 0.04
_LOPSIDED = 0.03


def advice(content: Content) -> Iterator[Advice]:
    """Yield what the figures of a run on classes suggest."""
    if not _beats_baseline(content):
        yield from _without_better(content)
        return
    yield from _saved(content)
    yield from _proposal(content)
    yield from _shuffle(content)
    yield from _other_point(content)
    yield from _tie(content)
    yield from _other_metric(content)
    yield from _more_rows(content)
    yield from _fresh_test(content)


def general_advice(content: Content) -> Iterator[Advice]:
    """Yield what the figures suggest, whatever the task."""
    if not _beats_baseline(content):
        yield from _without_better(content)
        return
    yield from _saved(content)
    yield from _shuffle(content)
    yield from _tie(content)
    yield from _more_rows(content)
    yield from _fresh_test(content)


def _beats_baseline(content: Content) -> bool:
    return not any(one.kind == "baseline" for one in caveats(content.metrics))


def _without_better(content: Content) -> Iterator[Advice]:
    yield from _saved(content)
    yield _look_at_the_data(content)
    yield from _more_rows(content)
    yield from _fresh_test(content)


def _saved(content: Content) -> Iterator[Advice]:
    """Without a file of the model nobody can predict with it."""
    if not content.saved:
        reason = ": the usual ones can, and where they are as good one of them is chosen."
        usual = run_again({**content.config, "models": None})
        yield Advice(say(strong("Train a candidate that can be saved"), reason), usual)


def _look_at_the_data(content: Content) -> Advice:
    """No other threshold and no more folds help where nothing tells the classes apart."""
    reason = ": no candidate found in them what tells the classes apart. Check them, and whether what decides is there."
    return Advice(say(strong("Look at the data"), reason), source_command(content.config, "check"))


def _proposal(content: Content) -> Iterator[Advice]:
    """Where the usual decision finds few of a class that is ranked well."""
    sentence = proposal_sentence(content.metrics)
    if sentence:
        command = content.command("decide", PROPOSED_RULE)
        yield Advice(say(strong("Decide at another threshold"), f": {sentence}"), command)
        cost = content.command("decide", PROPOSED_COST)
        yield Advice(say(strong("Or say what a miss costs"), ", here ten times a false alarm."), cost)


def _shuffle(content: Content) -> Iterator[Advice]:
    if any("--shuffle" in line for line in content.metrics.warnings):
        reason = ": the folds differ more than chance allows, so the order of the rows may flatter or hurt the figures."
        yield Advice(say(strong("Draw the folds at random"), reason), run_again(content.config, shuffle=True))


def _other_point(content: Content) -> Iterator[Advice]:
    """The price of the weaker of recall and precision, read off the chosen candidate's curve."""
    curves = content.curves(content.chosen) if content.positive is not None else None
    recall, precision = (content.figures.get(key, NOT_COMPUTED).value for key in ("recall", "precision"))
    if curves is None or recall is None or precision is None or abs(recall - precision) < _LOPSIDED:
        return
    weak, other = ("recall", "precision") if recall < precision else ("precision", "recall")
    target = 0.95 if min(recall, precision) < 0.95 else 0.99
    if min(recall, precision) >= target:
        return
    curve = curves[0]
    meets, price = (curve.recall, curve.precision) if weak == "recall" else (curve.precision, curve.recall)
    if (meets >= target).any():
        best = percent(float(np.nanmax(price[meets >= target])))
        reason = f" can be had, at a {other} of {best} on the same out-of-fold scores."
        yield Advice(
            say(strong(f"A {weak} of {target:.0%}".replace("%", " %")), reason),
            content.command("decide", f"{weak}>={target}"),
        )


def _tie(content: Content) -> Iterator[Advice]:
    tied = [
        name
        for name, entry in content.candidates.items()
        if entry.tied_with_best and name not in {content.chosen, BASELINE}
    ]
    if tied and content.candidate.tied_with_best:
        names = ", ".join(shown(name, 24) for name in tied[:4])
        reason = f" with {names}: the difference may be chance."
        models = [content.chosen, *tied[:4]]
        yield Advice(
            say(strong("It is a tie"), reason, " More folds would tell them apart better."),
            run_again(content.config, models=models, cv=min(2 * max(content.folds, 2), 10)),
        )


def _other_metric(content: Content) -> Iterator[Advice]:
    """Accuracy says little where one class has nearly all the rows."""
    counts = np.asarray(content.candidate.confusion_matrix).sum(axis=1)
    share = float(counts.max() / counts.sum())
    if content.metric == "accuracy" and share > 0.8:
        name = quoted(content.classes[int(counts.argmax())])
        reason = f": {name} alone is {percent(share)} of the rows, so accuracy hardly tells candidates apart."
        metric = "average_precision" if content.positive is not None else "balanced_accuracy"
        yield Advice(say(strong("Rank by another figure"), reason), run_again(content.config, metric=metric))


def _more_rows(content: Content) -> Iterator[Advice]:
    key = "recall" if content.positive is not None else content.task.headline
    if key not in content.figures or not is_rate(key):
        return
    value = number(key, content.figures[key])
    if value.low is None or value.high is None or value.high - value.low < _WIDE:
        return
    points = f"{100 * (value.high - value.low):.0f} points"
    yield Advice(
        say(
            strong("Label more rows"),
            f": the interval of {metric_words(key)} ({value.range}) is {points} wide; four times the rows halve it.",
        )
    )


def _fresh_test(content: Content) -> Iterator[Advice]:
    if content.openings > 1 and content.saved:
        yield Advice(
            say(
                strong("Set fresh rows apart"),
                f": this test set has been opened {content.openings} times, so what it says is worn.",
            ),
            content.command("evaluate", "NEW_ROWS"),
        )
