"""The words of each class: the terms that add most to the scores of messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
        Terms are hashed, so that the model knows none by name.
    """
    parts = [part for part in model.parts if part.parameters["units"] != "characters of words"]
    with_names = [part for part in parts if part.vocabulary is not None]
    if not with_names:
        raise UsageError("this model has no words by name: its terms are hashed", do="use a model with a vocabulary")
    sums, counts, n = _counts(model, X)
    sums = np.where(counts <= _EVERYWHERE * n, sums, 0.0)
    return {
        name: tuple(_heaviest(with_names, weights * sums, counts, n, limit))
        for name, weights in _weights_by_class(model)
    }


def _counts(model: WordModel, X: pd.DataFrame) -> tuple[Floats, Floats, int]:
    """The sum of the values of each column over some messages, and the number of these in which it stands."""
    some = X.iloc[spread_rows(len(X), _MESSAGES)]
    rows, _ = model.counts_and_sums(some)
    sums = np.bincount(rows.columns, rows.values, minlength=rows.width).astype(np.float64)
    return sums, np.bincount(rows.columns, minlength=rows.width).astype(np.float64), len(some)


def _weights_by_class(model: WordModel) -> Iterator[tuple[str, Floats]]:
    """Weights for each class: of two against the other, of more against the mean of all."""
    if model.detector is not None:
        weights, _ = model.detector
        yield from zip(model.classes, (-weights, weights), strict=True)
        return
    mean = model.weights.mean(axis=0)
    yield from ((name, weights - mean) for name, weights in zip(model.classes, model.weights, strict=True))


def _heaviest(parts: list[TermColumns], contributions: Floats, counts: Floats, n: int, limit: int) -> list[ClassWord]:
    """Of `contributions`, the sum over n messages by column, the largest; those of other texts behind the first's."""
    words: dict[tuple[str, ...], list[tuple[float, ClassWord]]] = {}
    for part in parts:
        of_part = contributions[part.first : part.first + part.width]
        places = {int(place) for place in np.argsort(-of_part, kind="stable")[:limit] if of_part[place] > 0}
        for term, place in (part.vocabulary or {}).items():
            if place in places:
                total, count = float(of_part[place]), float(counts[part.first + place])
                word = ClassWord(term, total / count, count / n, part.names)
                words.setdefault(part.names, []).append((total, word))
    ordered = (sorted(of_text, key=lambda one: -one[0])[:limit] for of_text in words.values())
    return [word for of_text in ordered for _, word in of_text]
