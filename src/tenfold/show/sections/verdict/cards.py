"""What should a reader worry about, and what is worth trying next? Two cards of sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tenfold.record.words.caveats import further_warnings
from tenfold.show.content import Content
from tenfold.show.words import Sentence, say
from tenfold.text import shown

__all__ = ["Advice", "Cards", "Worries", "cards_view", "worries_of"]

_OPEN = 5
_LONGEST = 400


@dataclass(frozen=True)
class Advice:
    """One thing to try: why, and the command that does it (empty if there is none)."""

    text: Sentence
    command: str = ""


@dataclass(frozen=True)
class Worries:
    """Sentences, the first ones open, the rest folded."""

    open: tuple[Sentence, ...]
    folded: tuple[Sentence, ...]


@dataclass(frozen=True)
class Cards:
    """Both cards; without advice, what the model is ready for and the command, if it was saved."""

    worries: Worries
    advice: tuple[Advice, ...]
    ready: str = ""
    command: str = ""


def cards_view(
    content: Content,
    weaknesses: Callable[[Content], Iterable[Sentence]],
    advice: Callable[[Content], Iterable[Advice]],
) -> Cards:
    """
    Return the run's warnings, the weakest places in its figures, and what they suggest.

    Parameters
    ----------
    content : Content
    weaknesses : callable
        The sentences of a task on what stands out as weak.
    advice : callable
        What its figures suggest.
    """
    ready = f" The model is ready to answer new {content.noun()}:" if content.saved else ""
    command = content.command("predict", "INPUT") if content.saved else ""
    return Cards(worries_of(content, weaknesses(content)), tuple(advice(content)), ready, command)


def worries_of(content: Content, weaknesses: Iterable[Sentence]) -> Worries:
    """Return the warnings before the weaknesses; those that do not fit beside them are folded."""
    warnings = tuple(say(shown(line, _LONGEST)) for line in further_warnings(content.metrics))
    weak = tuple(weaknesses)
    visible = _OPEN - len(weak)
    return Worries((*warnings[:visible], *weak), warnings[visible:])
