"""What the page says of a run whose task has no page of its own: the figures, and not what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenfold.record.words.verdict import metric_words_of
from tenfold.show.components import ends_of
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, zoomed
from tenfold.show.sections.classes.overview import BOARD as BOARD_OF_CLASSES
from tenfold.show.sections.verdict.figures import FigureWords
from tenfold.show.sections.verdict.verdict import Fact, VerdictWords, about_rows, choice_fact, in_lead, times_opened
from tenfold.show.words import Number, Sentence, accent, number, say
from tenfold.text import shown

__all__ = ["BOARD", "FIGURES", "VERDICT"]


def _about(content: Content) -> str:
    return about_rows(content, content.task.summary)


def _headline(content: Content) -> Sentence:
    value = number(content.metric, content.figures[content.metric]).text
    words = metric_words_of(content.task, content.metric)
    return say(f"{shown(content.chosen, 40)} has ", accent(value), f" by {words}.")


def _lead(content: Content) -> Sentence:
    interval = number(content.metric, content.figures[content.metric]).range
    rows = f"on {content.rows:,} training {content.noun(content.rows)} it was not trained on."
    return say(f"95 % interval {interval}, {rows}" if interval else f"{rows[:1].upper()}{rows[1:]}")


def _no_better(content: Content) -> Sentence:
    return in_lead(_headline(content), _lead(content))


def _facts(content: Content) -> tuple[Fact, ...]:
    value = number(content.metric, content.test[content.metric])
    interval = f"({value.range}) " if value.range else ""
    rows = f"on {value.n:,} {content.noun(value.n)} kept apart; opened {times_opened(content)}"
    test = Fact("On the test set", value.text, f"{interval}{rows}", calls=content.openings > 1)
    return test, choice_fact(content, "its own decision is used")


def _scale(key: str, names: Sequence[str], values: Sequence[Number]) -> Scale:
    """All candidates, the baseline too: nothing is known of the figure's ends."""
    ends = ends_of(values)
    return zoomed(ends, floor=min([0.0, *ends]), ceiling=max([1.0, *ends]))


def _figure_caption(content: Content) -> str:
    return (
        f"Pooled over the folds, with what each fold gives alone. n is the number of {content.noun()} a figure was "
        "computed on."
    )


VERDICT = VerdictWords(_about, _headline, _lead, _no_better, _facts)
BOARD = replace(BOARD_OF_CLASSES, scale=_scale)
FIGURES = FigureWords(_figure_caption, ", at the decision in force", ", at its own default decision")
