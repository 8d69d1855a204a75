"""Messages with what each word weighs, cut to a length, ready for terminals and pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.evidence.evidence import Evidence, Segment, Word, evidence_of, segments
from tenfold.analysis.evidence.removal import Removal, removal_of
from tenfold.analysis.evidence.word_model import WordModel, word_model
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import has_texts
from tenfold.errors import UsageError
from tenfold.record.bundle import load
from tenfold.record.run import Run
from tenfold.record.words.caveats import unsaved_reason
from tenfold.text import shown

__all__ = ["ShownText", "WeighedMessage", "level_of", "message_from", "weighed_messages", "words_model"]

_LEVELS = (0.15, 0.35, 0.65)
"""Shares of the weight of the heaviest word from which a word is lightly, clearly and strongly coloured."""
_LEAST = 0.02
_LIGHT, _TWO_DIGITS = 0.1, 0.2
_LETTERS_TRIED = 40_000
"""Of a longer text no words are taken away: each prediction of it takes a tenth of a second."""
_HEAVIEST = 6
_MARKS = ".,;:!?\"'()<>*"


@dataclass(frozen=True)
class ShownText:
    """
    The text of a column, as much of it as is shown.

    Parameters
    ----------
    name : str
    pieces : tuple of Segment
        Words with weights, and what stands between them.
    hidden_characters : int
        Characters behind what is shown.
    hidden_weight : float
        Sum of the weights of their words.
    """

    name: str
    pieces: tuple[Segment, ...]
    hidden_characters: int
    hidden_weight: float


@dataclass(frozen=True, eq=False)
class WeighedMessage:
    """
    A message with what each word weighs.

    Parameters
    ----------
    position : int
        Among the instances.
    evidence : Evidence
    texts : tuple of ShownText
        The heading first.
    built : tuple of (str, float)
        What the message is built of, as words with weights, the heaviest first.
    removal : Removal or None
        Words that would change the prediction, where they were looked for.
    """

    position: int
    evidence: Evidence
    texts: tuple[ShownText, ...]
    built: tuple[tuple[str, float], ...]
    removal: Removal | None

    @cached_property
    def strongest(self) -> float:
        """The weight of which colours are shares: that of the heaviest word of the texts, unless all are light."""
        names = {text.name for text in self.texts}
        in_texts = max((abs(word.weight) for word in self.evidence.words if word.part in names), default=0.0)
        return max(in_texts, _LIGHT * max((abs(word.weight) for word in self.evidence.words), default=0.0))

    def figure(self, weight: float) -> str:
        """Return a weight with its sign, and one digit more where all words are light."""
        digits = 2 if self.strongest >= _TWO_DIGITS else 3
        return f"{round(weight, digits) + 0.0:+.{digits}f}"

    def level(self, weight: float | None) -> int:
        """Return how strongly a word of this weight is coloured: -3 to 3, 0 for not at all."""
        return level_of(weight, self.strongest)

    def heaviest(self, *, toward: bool) -> list[tuple[str, float]]:
        """Return the different words of the text that speak most for one class, with the sum of their weights."""
        names, sums = {text.name for text in self.texts}, dict[str, float]()
        for word in self.evidence.words:
            if word.part in names:
                text = self.evidence.text(word).lower()
                text = text.strip(_MARKS) or text
                sums[text] = sums.get(text, 0.0) + word.weight
        sign = 1.0 if toward else -1.0
        ordered = sorted(sums.items(), key=lambda one: -sign * one[1])
        return [(text, weight) for text, weight in ordered[:_HEAVIEST] if sign * weight > _LEAST * self.strongest]


def level_of(weight: float | None, strongest: float) -> int:
    """
    Return how strongly a word is coloured: -3 to 3.

    Examples
    --------
    >>> [level_of(weight, 2.0) for weight in (None, 0.1, 0.4, -1.0, 2.0)]
    [0, 0, 1, -2, 3]
    """
    if weight is None or not strongest:
        return 0
    level = sum(abs(weight) >= share * strongest for share in _LEVELS)
    return level if weight > 0 else -level


def words_model(run: Run) -> WordModel:
    """
    Return the saved model of a run as a sum over words.

    Raises
    ------
    UsageError
        Its instances are no texts, it was not saved, or its scores are no sums over words.
    """
    kind = run.record.manifest.data.kind
    if not has_texts(kind):
        raise UsageError(f"data of kind '{shown(kind, 30)}' have no words", where=run.path, do="give a run on mail")
    reason = unsaved_reason(run.record.metrics)
    if reason is not None:
        raise UsageError(f"its model was not saved: {reason}", where=run.path)
    return word_model(load(run.folder.model))


def weighed_messages(
    model: WordModel,
    instances: Dataset,
    positions: NDArray[np.int64],
    limit: int,
    *,
    removal: bool = True,
) -> Iterator[WeighedMessage]:
    """
    Yield some messages with what their words weigh.

    Parameters
    ----------
    model : WordModel
    instances : Dataset
    positions : ndarray of int64
    limit : int
        Characters of a text that are shown.
    removal : bool
        Also look for the words that would change the prediction, which takes some predictions a message; of texts of
        40,000 characters at most.
    """
    X, columns = instances.take(positions).X, instances.traits.text_columns
    for place, evidence in enumerate(evidence_of(model, X)):
        short = sum(len(evidence.texts[name]) for name in columns) <= _LETTERS_TRIED
        words = removal_of(model, X.iloc[[place]], evidence, columns) if removal and short else None
        yield message_from(evidence, int(positions[place]), columns, limit, words)


def message_from(
    evidence: Evidence, position: int, columns: Sequence[str], limit: int, removal: Removal | None = None
) -> WeighedMessage:
    """Return a message with what its words weigh, `columns` of it as texts of at most `limit` characters."""
    texts = tuple(_shown(evidence, name, limit) for name in columns)
    return WeighedMessage(position, evidence, texts, _built(evidence, columns), removal)


def _shown(evidence: Evidence, name: str, limit: int) -> ShownText:
    """Cut at a word, so that none is shown in part."""
    text, words = evidence.texts[name], evidence.of(name)
    end = len(text) if len(text) <= limit else next((w.start for w in words if w.end > limit), limit)
    visible = [word for word in words if word.end <= end]
    hidden = sum(word.weight for word in words[len(visible) :]) + evidence.rest.get(name, 0.0)
    least = _LEAST * max((abs(word.weight) for word in evidence.words), default=0.0)
    return ShownText(name, tuple(segments(text[:end].rstrip(), visible, least)), len(text) - end, hidden)


def _built(evidence: Evidence, columns: Sequence[str]) -> tuple[tuple[str, float], ...]:
    rest: list[Word] = [word for word in evidence.words if word.part not in columns]
    ordered = sorted(rest, key=lambda word: -abs(word.weight))
    return tuple((evidence.text(word), word.weight) for word in ordered)
