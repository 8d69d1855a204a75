"""What did the run find? The large sentence, what stands right under it, and three figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenfold.record.augmentation import augmentation_words
from tenfold.record.words.caveats import caveats
from tenfold.record.words.choice import choice_words
from tenfold.record.words.shuffled import shuffled_sentence
from tenfold.show.content import Content
from tenfold.show.words import Sentence, say
from tenfold.text import shown

__all__ = ["Fact", "Verdict", "VerdictWords", "about_rows", "choice_fact", "in_lead", "times_opened", "verdict_view"]


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


@dataclass(frozen=True)
class VerdictWords:
    """
    How a task says what a run has found.

    Parameters
    ----------
    about : callable
        The line above: data, task, rows, folds.
    headline, lead : callable
        The large sentence and those under it, where nothing must be said before them.
    no_better : callable
        What stands in the lead where nothing beats the baseline.
    facts : callable
    """

    about: Callable[[Content], str]
    headline: Callable[[Content], Sentence]
    lead: Callable[[Content], Sentence]
    no_better: Callable[[Content], Sentence]
    facts: Callable[[Content], tuple[Fact, ...]]


def verdict_view(content: Content, words: VerdictWords) -> Verdict:
    """
    Return what a run came to, after what must be said first.

    Where nothing beats the baseline, or a column leaks, no figure stands in the large sentence: it goes to the lead.
    """
    headline, lead = words.headline(content), words.lead(content)
    first = caveats(content.metrics)
    kinds = {one.kind for one in first}
    opening = " ".join(one.sentence for one in first)
    more = " ".join([*(one.more for one in first if one.more), ""])
    if "baseline" in kinds:
        headline, lead = say(opening), say(more, *words.no_better(content))
    elif "leak" in kinds:
        headline, lead = say(opening), say(more, *in_lead(headline, lead))
    elif first:
        headline, lead = say(f"{opening} ", *headline), say(more, *lead)
    if beside := shuffled_sentence(content.metrics):
        lead = say(*lead, f" {beside}")
    return Verdict(words.about(content), headline, lead, words.facts(content))


def in_lead(headline: Sentence, lead: Sentence) -> Sentence:
    """Return the headline as plain words before the lead."""
    return say("".join(part.text for part in headline), " ", *lead)


def about_rows(content: Content, what: str) -> str:
    """
    Return the line above the verdict.

    Parameters
    ----------
    content : Content
    what : str
        Such as "10 classes".
    """
    augmented = augmentation_words(content.metrics)
    training = f" · learnt from {augmented}" if augmented else ""
    return (
        f"{shown(content.data.name, 60)}, {what}{training} · {content.rows:,} training "
        f"{content.noun(content.rows)} judged out of fold, {content.folds} folds"
    )


def choice_fact(content: Content, decision: str) -> Fact:
    """Return the chosen candidate, why it was chosen, and how it decides."""
    why = choice_words(content.metrics)
    because = f": {why}" if why else ", the baseline among them"
    return Fact("Chosen", shown(content.chosen, 24), f"of {len(content.candidates)} candidates{because}; {decision}")


def times_opened(content: Content) -> str:
    """Return how often the test part has been opened: once, 2 times."""
    return "once" if content.openings == 1 else f"{content.openings} times"
