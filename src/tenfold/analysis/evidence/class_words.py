"""The words of each class: the terms that add most to the scores of messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.evidence.word_model import TermColumns, WordModel
from tenfold.data.kinds.rows import spread_rows
from tenfold.errors import UsageError

__all__ = ["ClassWord", "class_words"]

Floats = NDArray[np.float64]
_MESSAGES = 500
_EVERYWHERE = 0.98
"""A term that stands in a larger share of messages tells none from another."""


@dataclass(frozen=True)
class ClassWord:
    """
    A term of a class.

    Parameters
    ----------
    term : str
        A word, or several in a row.
    weight : float
        What it adds for the class to a message in which it stands, on average.
    share : float
        Of the messages, those in which it stands.
    parts : tuple of str
        Columns of a message in which it is looked for.
    """

    term: str
    weight: float
    share: float
    parts: tuple[str, ...]


def class_words(model: WordModel, X: pd.DataFrame, limit: int = 20) -> Mapping[str, tuple[ClassWord, ...]]:
    """
    Return the terms that add most to the scores of messages, for each class; pieces of words are left out.

    They are in order of what they add to the average message: a weight alone would put first what stands in hardly any.
    Where terms are hashed, a column has the name of the term that most of the messages looked at have there.

    Parameters
    ----------
    model : WordModel
    X : DataFrame of n messages
        Of which 500 are looked at, evenly spread.
    limit : int
        Of terms a class, of its texts and of what messages are built of.

    Raises
    ------
    UsageError
        Its terms are pieces of words alone.
    """
    parts = [part for part in model.parts if part.parameters["units"] != "characters of words"]
    if not parts:
        raise UsageError("the terms of this model are pieces of words alone", do="use a model of whole words")
    some = X.iloc[spread_rows(len(X), _MESSAGES)]
    sums, counts = _counts(model, some)
    sums = np.where(counts <= _EVERYWHERE * len(some), sums, 0.0)
    return {
        name: tuple(_heaviest(parts, weights * sums, counts, some, limit)) for name, weights in _weights_by_class(model)
    }


def _counts(model: WordModel, some: pd.DataFrame) -> tuple[Floats, Floats]:
    """The sum of the values of each column over some messages, and the number of these in which it stands."""
    rows, _ = model.counts_and_sums(some)
    sums = np.bincount(rows.columns, rows.values, minlength=rows.width).astype(np.float64)
    return sums, np.bincount(rows.columns, minlength=rows.width).astype(np.float64)


def _weights_by_class(model: WordModel) -> Iterator[tuple[str, Floats]]:
    """Weights for each class: of two against the other, of more against the mean of all."""
    if model.detector is not None:
        weights, _ = model.detector
        yield from zip(model.classes, (-weights, weights), strict=True)
        return
    mean = model.weights.mean(axis=0)
    yield from ((name, weights - mean) for name, weights in zip(model.classes, model.weights, strict=True))


def _heaviest(
    parts: list[TermColumns], contributions: Floats, counts: Floats, some: pd.DataFrame, limit: int
) -> list[ClassWord]:
    """Of `contributions`, the sum over messages by column, the largest; those of other texts behind the first's."""
    words: dict[tuple[str, ...], list[tuple[float, ClassWord]]] = {}
    for part in parts:
        of_part = contributions[part.first : part.first + part.width]
        places = {int(place) for place in np.argsort(-of_part, kind="stable")[:limit] if of_part[place] > 0}
        for term, place in _names(part, some, places):
            total, count = float(of_part[place]), float(counts[part.first + place])
            word = ClassWord(term, total / count, count / len(some), part.names)
            words.setdefault(part.names, []).append((total, word))
    ordered = (sorted(of_text, key=lambda one: -one[0])[:limit] for of_text in words.values())
    return [word for of_text in ordered for _, word in of_text]


def _names(part: TermColumns, some: pd.DataFrame, places: Collection[int]) -> list[tuple[str, int]]:
    """The terms of some columns; of hashed ones the most frequent among messages, one a column."""
    if part.vocabulary is not None:
        return [(term, place) for term, place in part.vocabulary.items() if place in places]
    rows: Counter[tuple[int, str]] = Counter()
    for row in range(len(some)):
        cells = {name: str(some[name].iloc[row]) for name in part.names}
        terms = list({term for term, _ in part.terms(cells, part.places(cells))})
        columns = (column - part.first for column in part.columns(terms))
        rows.update((place, term) for place, term in zip(columns, terms, strict=True) if place in places)
    names: dict[int, str] = {}
    for (place, term), _ in sorted(rows.items(), key=lambda one: (-one[1], one[0])):
        names.setdefault(place, term)
    return [(term, place) for place, term in names.items()]
