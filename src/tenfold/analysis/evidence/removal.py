"""The fewest words without which a message is predicted otherwise, found by asking the model itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tenfold.analysis.evidence.evidence import Evidence, Word
from tenfold.analysis.evidence.word_model import WordModel
from tenfold.models.texts.marks import mark_words

__all__ = ["MOST_WORDS", "Removal", "removal_of"]

MOST_WORDS = 64
"""Different words that are taken away at most."""
_PRUNED = 24


@dataclass(frozen=True)
class Removal:
    """
    Words whose removal changes the prediction.

    Parameters
    ----------
    words : tuple of (str, int)
        Each as it stands first, and how often it stands there: all of these are taken away; the heaviest first.
    before, after : str
        What is predicted with them and without; the same where no removal of 64 words changes it.
    tried : int
        Different words that speak for the prediction, of which 64 at most were taken away.
    """

    words: tuple[tuple[str, int], ...]
    before: str
    after: str
    tried: int

    @property
    def flips(self) -> bool:
        """Whether the prediction changes."""
        return self.before != self.after


def removal_of(model: WordModel, message: pd.DataFrame, evidence: Evidence, parts: Sequence[str]) -> Removal:
    """
    Return words without which a message is predicted otherwise: few, though no search proves that fewer would not do.

    Words are tried by what they weigh, the most first; the model predicts the message without them, and words that turn
    out not to be needed are put back.

    Parameters
    ----------
    model : WordModel
    message : DataFrame of one row
    evidence : Evidence
        Of the message.
    parts : sequence of str
        Columns from which words may be taken.
    """
    taken = _Taken(model, message, evidence, parts)
    order = taken.supporting()[:MOST_WORDS]
    least = _fewest(taken, order)
    names = taken.model.classes
    if least is None:
        return Removal((), names[taken.before], names[taken.before], len(order))
    chosen = _pruned(taken, order[:least])
    words = tuple(taken.spoken(key) for key in chosen)
    return Removal(words, names[taken.before], names[taken.predicted(chosen)], len(order))


class _Taken:
    """A message from which words are taken away: all that are the same in lower case, without marks around them."""

    def __init__(self, model: WordModel, message: pd.DataFrame, evidence: Evidence, parts: Sequence[str]) -> None:
        self.model, self.message, self.evidence = model, message, evidence
        self.groups: dict[str, list[Word]] = defaultdict(list)
        for word in evidence.words:
            if word.part in parts:
                self.groups[_key(evidence.text(word))].append(word)
        self.before = self.predicted(())

    def supporting(self) -> list[str]:
        """The words that speak for what is predicted, the one that weighs most first."""
        sign = 1.0 if self.model.classes[self.before] == self.evidence.toward else -1.0
        sums = {key: sign * sum(word.weight for word in words) for key, words in self.groups.items()}
        return sorted((key for key, weight in sums.items() if weight > 0), key=lambda key: -sums[key])

    def predicted(self, keys: Collection[str]) -> int:
        """Return the code of the class that is predicted without these words."""
        words = [word for key in keys for word in self.groups[key]]
        texts = {
            name: [_without(text, [w for w in words if w.part == name])] for name, text in self.evidence.texts.items()
        }
        changed = self.message.assign(
            **{name: pd.Series(cells, dtype=object, index=self.message.index) for name, cells in texts.items()}
        )
        return int(np.asarray(self.model.classifier.predict_codes(changed))[0])

    def spoken(self, key: str) -> tuple[str, int]:
        """Return a word as it stands first, and how often it stands there."""
        words = self.groups[key]
        forms = Counter(self.evidence.text(word).strip(_MARKS) or key for word in words)
        return next(iter(forms)), len(words)


_MARKS = "\"'.,;:!?()[]{}<>*_-~|`"


def _key(text: str) -> str:
    return mark_words(text).lower().strip(_MARKS) or text


def _without(text: str, words: Sequence[Word]) -> str:
    for word in sorted(words, key=lambda one: -one.start):
        text = text[: word.start] + text[word.end :]
    return text


def _fewest(taken: _Taken, order: Sequence[str]) -> int | None:
    """How many of the first words are needed: doubled until the prediction changes, then halved between."""
    if not order:
        return None
    tried = 1
    while taken.predicted(order[:tried]) == taken.before:
        if tried >= len(order):
            return None
        tried = min(2 * tried, len(order))
    low = tried // 2
    while tried - low > 1:
        middle = (low + tried) // 2
        if taken.predicted(order[:middle]) == taken.before:
            low = middle
        else:
            tried = middle
    return tried


def _pruned(taken: _Taken, keys: Sequence[str]) -> list[str]:
    """The words without those that are not needed, the lightest put back first."""
    chosen = list(keys)
    if len(chosen) <= _PRUNED:
        for key in reversed(keys):
            rest = [one for one in chosen if one != key]
            if rest and taken.predicted(rest) != taken.before:
                chosen = rest
    return chosen
