"""The words of each class: the terms that weigh most for it, read from the model alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.evidence.word_model import TermColumns, WordModel
from tenfold.errors import UsageError

__all__ = ["ClassWord", "class_words"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassWord:
    """
    A term of a class.

    Parameters
    ----------
    term : str
        A word, or several in a row.
    weight : float
        What it adds for the class where it stands once, before the row is divided by its norm.
    parts : tuple of str
        Columns of a message in which it is looked for.
    """

    term: str
    weight: float
    parts: tuple[str, ...]


def class_words(model: WordModel, limit: int = 20) -> Mapping[str, tuple[ClassWord, ...]]:
    """
    Return the terms that weigh most for each class, the heaviest first; pieces of words are left out.

    Parameters
    ----------
    model : WordModel
    limit : int
        Of terms a class.

    Raises
    ------
    UsageError
        Terms are hashed, so that the model knows none by name.
    """
    parts = [part for part in model.parts if part.parameters["units"] != "characters of words"]
    known = [part for part in parts if part.vocabulary is not None]
    if not known:
        raise UsageError("this model has no words by name: its terms are hashed")
    return {name: tuple(_heaviest(known, weights, limit)) for name, weights in _by_class(model)}


def _by_class(model: WordModel) -> Iterator[tuple[str, Floats]]:
    """Weights for each class: of two against the other, of more against the mean of all."""
    if model.detector is not None:
        weights, _ = model.detector
        yield from zip(model.classes, (-weights, weights), strict=True)
        return
    mean = model.weights.mean(axis=0)
    yield from ((name, weights - mean) for name, weights in zip(model.classes, model.weights, strict=True))


def _heaviest(parts: list[TermColumns], weights: Floats, limit: int) -> list[ClassWord]:
    words: list[ClassWord] = []
    for part in parts:
        of_part = weights[part.first : part.first + len(part.scale)] * part.scale
        first = np.argsort(-of_part, kind="stable")[:limit]
        wanted = {int(place): float(of_part[place]) for place in first if of_part[place] > 0}
        names = {place: term for term, place in (part.vocabulary or {}).items() if place in wanted}
        words += [ClassWord(names[place], weight, part.names) for place, weight in wanted.items()]
    return sorted(words, key=lambda word: -word.weight)[:limit]
