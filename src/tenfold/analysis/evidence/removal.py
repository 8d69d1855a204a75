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
    supporting : int
        Different words that speak for the prediction, of which 64 at most were taken away.
    """

    words: tuple[tuple[str, int], ...]
    before: str
    after: str
    supporting: int

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
        Columns from which words may be removed.
    """
    removals = _Removals(model, message, evidence, parts)
    order = removals.supporting()[:MOST_WORDS]
    least = _fewest(removals, order)
    names = removals.model.classes
    if least is None:
        return Removal((), names[removals.before], names[removals.before], len(order))
    needed_keys = _pruned(removals, order[:least])
    words = tuple(removals.spoken(key) for key in needed_keys)
    return Removal(words, names[removals.before], names[removals.predicted(needed_keys)], len(order))


class _Removals:
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
        message = self.message.assign(
            **{name: pd.Series(cells, dtype=object, index=self.message.index) for name, cells in texts.items()}
        )
        return int(np.asarray(self.model.classifier.predict_codes(message))[0])

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


def _fewest(removals: _Removals, order: Sequence[str]) -> int | None:
    """How many of the first words are needed: doubled until the prediction changes, then halved between."""
    if not order:
        return None
    count = 1
    while removals.predicted(order[:count]) == removals.before:
        if count >= len(order):
            return None
        count = min(2 * count, len(order))
    low = count // 2
    while count - low > 1:
        middle = (low + count) // 2
        if removals.predicted(order[:middle]) == removals.before:
            low = middle
        else:
            count = middle
    return count


def _pruned(removals: _Removals, keys: Sequence[str]) -> list[str]:
    """The words without those that are not needed, the lightest put back first."""
    needed_keys = list(keys)
    if len(needed_keys) <= _PRUNED:
        for key in reversed(keys):
            rest = [one for one in needed_keys if one != key]
            if rest and removals.predicted(rest) != removals.before:
                needed_keys = rest
    return needed_keys
