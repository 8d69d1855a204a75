"""Words and what they weigh as plain data: those of each class, and those of one message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.analysis.evidence.class_words import ClassWord, class_words
from tenfold.analysis.evidence.word_model import WordModel
from tenfold.ask.errors.errors import Errors
from tenfold.ask.words.messages import weighed_messages, words_model
from tenfold.data.dataset import Dataset

__all__ = ["ClassWords", "RowEvidence", "WordEntry", "WordsOfClasses", "row_evidence", "words_of_classes"]


@dataclass(frozen=True)
class ClassWords:
    """The words that weigh most for a class."""

    name: str
    words: tuple[ClassWord, ...]


@dataclass(frozen=True)
class WordsOfClasses:
    """
    The words of each class.

    Parameters
    ----------
    sentence : str
        What they are.
    unit : str
    classes : tuple of ClassWords
    """

    sentence: str
    unit: str
    classes: tuple[ClassWords, ...]


def words_of_classes(model: WordModel, instances: Dataset, limit: int) -> WordsOfClasses:
    """
    Return the words that decide most for each class.

    Parameters
    ----------
    model : WordModel
    instances : Dataset
        Messages in which they are looked for.
    limit : int
        Of words a class.

    Raises
    ------
    UsageError
        The model knows no words by name.
    """
    words = class_words(model, instances.X, limit)
    sentence = (
        f"Of {model.weights.shape[1]:,} terms, those that add most to the average message. url, email and number stand "
        "for any link, address and number too; pieces of words are left out."
    )
    return WordsOfClasses(sentence, model.unit, tuple(ClassWords(name, of_class) for name, of_class in words.items()))


@dataclass(frozen=True)
class WordEntry:
    """A word of a message: its column, where it begins there, and what it adds."""

    part: str
    start: int
    word: str
    weight: float


@dataclass(frozen=True)
class RowEvidence:
    """
    A message with what each word weighs, for other programs.

    Parameters
    ----------
    row : int
        In the source.
    actual, predicted : str
        `predicted` as it was judged, out of fold or in the test part.
    toward, against : str
        The classes between which the words speak.
    unit : str
    offset, score, threshold : float
        `offset` and all weights sum to `score`; from `threshold` on the saved model predicts `toward`.
    words : tuple of WordEntry
    flip_words : tuple of (str, int)
        Words without which `flip_class` is predicted, and how often each stands there; none where that is not found.
    flip_class : str or None
    """

    row: int
    actual: str
    predicted: str
    toward: str
    against: str
    unit: str
    offset: float
    score: float
    threshold: float
    words: tuple[WordEntry, ...]
    flip_words: tuple[tuple[str, int], ...]
    flip_class: str | None


def row_evidence(errors: Errors, instances: Dataset, position: int) -> RowEvidence:
    """
    Return what each word of a message weighs.

    Raises
    ------
    UsageError
        See `words_model`.
    """
    model = words_model(errors.run)
    message = next(weighed_messages(model, instances, np.array([position]), 0))
    evidence, removal, names = message.evidence, message.removal, errors.task.classes
    words = tuple(WordEntry(one.part, one.start, evidence.text(one), one.weight) for one in evidence.words)
    flip_words, flip_class = (removal.words, removal.after) if removal is not None and removal.flips else ((), None)
    return RowEvidence(
        row=int(errors.lines["row"].iloc[position]),
        actual=names[errors.y[position]],
        predicted=names[errors.predicted[position]],
        toward=evidence.toward,
        against=evidence.against,
        unit=evidence.unit,
        offset=evidence.offset,
        score=evidence.score,
        threshold=evidence.threshold,
        words=words,
        flip_words=flip_words,
        flip_class=flip_class,
    )
