"""What is worth trying next? Only what follows from the figures, each with its reason and its command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.decimals import percent
from tenfold.report.commands import run_again
from tenfold.report.content import Content
from tenfold.report.words import Sentence, number, quoted, say, strong
from tenfold.runs.verdict import headline, metric_words
from tenfold.text import shown

__all__ = ["Advice", "advice_view"]

_BASELINE = "baseline"
_WIDE = 0.04
_LOPSIDED = 0.03


@dataclass(frozen=True)
class Advice:
    """One thing to try: why, and the command that does it (empty if there is none)."""

    text: Sentence
    command: str = ""


def advice_view(content: Content) -> tuple[Advice, ...]:
    """Gather what the figures of a run suggest."""
    return (
        *_shuffle(content),
        *_other_point(content),
        *_tied(content),
        *_rank_differently(content),
        *_more_rows(content),
        *_fresh_test(content),
    )


def _shuffle(content: Content) -> Iterator[Advice]:
    if any("--shuffle" in line for line in content.metrics["warnings"]):
        reason = ": the folds differ more than chance allows, so the order of the rows may flatter or hurt the figures."
        yield Advice(
            say(strong("Draw the folds at random"), reason), run_again(content.manifest["config"], shuffle=True)
        )


def _other_point(content: Content) -> Iterator[Advice]:
    """The price of the weaker of recall and precision, read off the chosen candidate's curve."""
    curves = content.curves(content.chosen) if content.positive is not None else None
    recall, precision = (content.figures.get(key, {}).get("value") for key in ("recall", "precision"))
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


def _tied(content: Content) -> Iterator[Advice]:
    tied = [
        name
        for name, entry in content.metrics["candidates"].items()
        if entry["tied_with_best"] and name not in {content.chosen, _BASELINE}
    ]
    if tied and content.candidate["tied_with_best"]:
        names = ", ".join(shown(name, 24) for name in tied[:4])
        reason = (
            f" with {names}: the difference may be chance. {shown(content.chosen, 24)} was kept because it costs least."
        )
        models = [content.chosen, *tied[:4]]
        yield Advice(
            say(strong("It is a tie"), reason, " More folds would tell them apart better."),
            run_again(content.manifest["config"], models=models, cv=min(2 * max(content.folds, 2), 10)),
        )


def _rank_differently(content: Content) -> Iterator[Advice]:
    """Accuracy says little where one class has nearly all the rows."""
    if content.several_labels:
        return
    counts = np.asarray(content.candidate["confusion_matrix"]).sum(axis=1)
    share = float(counts.max() / counts.sum())
    if content.metrics["metric"] == "accuracy" and share > 0.8:
        name = quoted(content.classes[int(counts.argmax())])
        reason = f": {name} alone is {percent(share)} of the rows, so accuracy hardly tells candidates apart."
        metric = "average_precision" if content.positive is not None else "balanced_accuracy"
        yield Advice(
            say(strong("Rank by another figure"), reason), run_again(content.manifest["config"], metric=metric)
        )


def _more_rows(content: Content) -> Iterator[Advice]:
    key = "recall" if content.positive is not None else headline(content.metrics)
    found = number(key, content.figures[key])
    if found.low is None or found.high is None or found.high - found.low < _WIDE:
        return
    points = f"{100 * (found.high - found.low):.0f} points"
    yield Advice(
        say(
            strong("Label more rows"),
            f": the interval of {metric_words(key)} ({found.range}) is {points} wide; four times the rows halve it.",
        )
    )


def _fresh_test(content: Content) -> Iterator[Advice]:
    openings = int(content.metrics["test_openings"])
    if openings > 1:
        yield Advice(
            say(
                strong("Set fresh rows apart"),
                f": this test set has been opened {openings} times, so what it says is worn.",
            ),
            content.command("evaluate", "NEW_ROWS"),
        )
