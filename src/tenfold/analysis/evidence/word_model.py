"""A saved model read as sums over words: which columns of its linear scores are terms of which texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from math import log, log1p
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.evidence.located_terms import LocatedTerm, are_within_words, located_terms
from tenfold.errors import UsageError
from tenfold.models.texts.marks import mark_words
from tenfold.models.texts.stems import stem_words
from tenfold.program.categories import read_texts
from tenfold.program.operations.texts.stemmed_words import read_stems
from tenfold.program.program import Program
from tenfold.program.sparse_rows import SparseRows
from tenfold.program.step import Step
from tenfold.program.terms import hash_terms
from tenfold.record.bundle import Classifier
from tenfold.text import shown

__all__ = ["Place", "TermColumns", "WordModel", "word_model"]

Floats = NDArray[np.float64]
Place = tuple[str, int, int]
"""Where a word stands: the column of the message, and where in its text the word begins and ends."""

_WORD = re.compile(r"\S+")
_LINKS = ("logistic", "posterior", "softmax", "clipped", "normalise")
_LOG_ODDS = ("logistic", "posterior", "softmax")
_LINEAR = "sparse_linear"
_NEVER, _CERTAIN = -1e300, 36.7368


@dataclass(frozen=True, eq=False)
class TermColumns:
    """
    Columns of a linear model that are terms of a text.

    Parameters
    ----------
    names : tuple of str
        Columns of a message whose texts are the text, one after the other.
    changes : tuple of callable
        What is made of each word of the text before it is cut: links, addresses and numbers are marked, stems stand in
        place of words.
    parameters : mapping of str to object
        How the text is cut into terms.
    first : int
        Position of its first column among those of the model.
    width : int
    vocabulary : mapping of str to int, or None
        Position of each term among its columns; None where terms are hashed.
    """

    names: tuple[str, ...]
    changes: tuple[Callable[[str], str], ...]
    parameters: Mapping[str, Any]
    first: int
    width: int
    vocabulary: Mapping[str, int] | None

    def places(self, cells: Mapping[str, str]) -> list[Place]:
        """Return the words of a message that it counts, by their place."""
        matches = ((name, match) for name in self.names for match in _WORD.finditer(cells[name]))
        return [(name, match.start(), match.end()) for name, match in matches]

    def terms(self, cells: Mapping[str, str], places: Sequence[Place]) -> Iterator[LocatedTerm]:
        """Return the terms of a message with the positions of their words in `places`."""
        words = [cells[name][start:end] for name, start, end in places]
        for change in self.changes:
            words = list(map(change, words))
        return located_terms(words, self.parameters)

    def columns(self, terms: Sequence[str]) -> list[int]:
        """Return the column of each term among those of the model; -1 for none."""
        if self.vocabulary is not None:
            find = self.vocabulary.get
            return [-1 if (place := find(term)) is None else self.first + place for term in terms]
        if not terms:
            return []
        hashes = np.abs(hash_terms(terms).astype(np.int64)) % self.width
        return [self.first + column for column in hashes.tolist()]


@dataclass(frozen=True, eq=False)
class WordModel:
    """
    A classifier whose scores are sums over terms of texts.

    Parameters
    ----------
    classifier : Classifier
        Its model is a program of arrays.
    counts, sums : str
        The values of the program that hold the counts of terms, as they are weighed, and the sums.
    weights : ndarray of float64, shape (outputs, width)
    offset : ndarray of float64, shape (outputs,)
    links : tuple of str
        Operations that make scores of the sums, the last first.
    parts : tuple of TermColumns
    """

    classifier: Classifier
    counts: str
    sums: str
    weights: Floats
    offset: Floats
    links: tuple[str, ...]
    parts: tuple[TermColumns, ...]

    @property
    def program(self) -> Program:
        """The model itself."""
        program: Program = self.classifier.model
        return program

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return tuple(self.classifier.task.classes)

    @property
    def unit(self) -> str:
        """What weights are counted in."""
        return "log-odds" if any(link in _LOG_ODDS for link in self.links) else "score"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a message that the model is given."""
        columns: Any = self.program.input
        return tuple(columns.names)

    def counts_and_sums(self, X: pd.DataFrame) -> tuple[SparseRows, Floats]:
        """Return the counts of terms of n messages, as they are weighed, and the sums, shape (n, outputs)."""
        rows = {name: X[name].to_numpy(object) for name in self.columns}
        values = self.program.values(rows, (self.counts, self.sums))
        return values[self.counts], values[self.sums]

    @cached_property
    def detector(self) -> tuple[Floats, float] | None:
        """Weights and offset of the second of two classes against the first; None for more classes."""
        if len(self.classes) != 2:
            return None
        if len(self.weights) == 1:
            return self.weights[0], float(self.offset[0])
        return self.weights[1] - self.weights[0], float(self.offset[1] - self.offset[0])

    @property
    def threshold(self) -> float:
        """The sum from which the second of two classes is predicted; 0 of more classes, where the best is compared."""
        threshold = self.classifier.decision.threshold
        if threshold is None or self.detector is None:
            return 0.0
        if self.unit == "log-odds":
            return _log_odds(threshold)
        return 2 * threshold - 1 if "clipped" in self.links else threshold


def _log_odds(probability: float) -> float:
    """Finite: 0 is always reached, and 1 from where rounding gives 1."""
    if probability <= 0:
        return _NEVER
    return _CERTAIN if probability >= 1 else log(probability) - log1p(-probability)


def word_model(classifier: Classifier) -> WordModel:
    """
    Read a saved classifier as a model of words.

    Raises
    ------
    UsageError
        Its scores are no sums over words; the message says what they are.
    """
    program, name = classifier.model, shown(classifier.provenance.get("candidate") or "this model", 40)
    if not isinstance(program, Program) or classifier.task.several:
        raise _not_weighed(name, "it is kept as objects of scikit-learn, or has several labels a message")
    steps = {step.name: step for step in program.steps}
    linear, links = _linear_step(steps, program.outputs.scores, name)
    counts = linear.inputs[0]
    parts = tuple(_parts(program, steps, counts, 0, name))
    weights, offset = linear.arrays["weights"], linear.arrays["offset"]
    if len(weights) not in {1, len(classifier.task.classes)}:
        raise _not_weighed(name, "it has scores of some of its classes only")
    return WordModel(classifier, counts, linear.name, weights, offset, links, parts)


def _linear_step(steps: Mapping[str, Step], scores: str | None, name: str) -> tuple[Step, tuple[str, ...]]:
    """The step whose sums become the scores, and what is made of them, the last first."""
    links: list[str] = []
    step = steps.get(scores or "")
    while step is not None and step.operation != _LINEAR:
        if step.operation in _LINKS:
            links.append(step.operation)
        elif step.operation not in {"cast", "select", "both_signs"}:
            raise _not_weighed(name, f"its scores come from {_spoken(step.operation)}")
        step = steps.get(step.inputs[0])
    if step is None:
        raise _not_weighed(name, "it gives no scores")
    return step, tuple(links)


def _parts(program: Program, steps: Mapping[str, Step], value: str, first: int, name: str) -> Iterator[TermColumns]:
    """The columns of a value, from `first` on, as terms."""
    step = steps.get(value)
    if step is None:
        raise _not_weighed(name, "its columns are no words")
    if step.operation == "join_sparse":
        for one in step.inputs:
            yield from _parts(program, steps, one, first, name)
            first += _width(program, one)
    elif step.operation == "term_weights":
        yield from _parts(program, steps, step.inputs[0], first, name)
    elif step.operation in {"term_counts", "hashed_terms"}:
        if not are_within_words(step.parameters):
            raise _not_weighed(name, f"its terms ({step.parameters['units']}) run across words")
        names, changes = _texts(program, steps, step.inputs[0], name)
        yield TermColumns(names, changes, step.parameters, first, _width(program, value), _vocabulary(step))
    else:
        raise _not_weighed(name, f"its columns come from {_spoken(step.operation)}")


def _width(program: Program, value: str) -> int:
    kind: Any = program.types[value]
    return int(kind.width)


def _vocabulary(step: Step) -> Mapping[str, int] | None:
    if step.operation == "hashed_terms":
        return None
    return {str(term): place for place, term in enumerate(read_texts(step.arrays))}


def _texts(
    program: Program, steps: Mapping[str, Step], value: str, name: str
) -> tuple[tuple[str, ...], tuple[Callable[[str], str], ...]]:
    """Names of the columns of a text, and what is made of its words, the first first."""
    changes: list[Callable[[str], str]] = []
    step = steps.get(value)
    while step is not None and step.operation in {"marked_words", "stemmed_words"}:
        changes.append(
            mark_words if step.operation == "marked_words" else partial(stem_words, stems=read_stems(step.arrays))
        )
        step = steps.get(step.inputs[0])
    if step is None or step.operation != "texts":
        raise _not_weighed(name, "its texts are no columns of a message")
    columns: Any = program.types[step.inputs[0]]
    return tuple(columns.names), tuple(changes[::-1])


def _spoken(operation: str) -> str:
    return operation.replace("_", " ")


def _not_weighed(name: str, reason: str) -> UsageError:
    what = f"the words of {name} cannot be weighed one by one: {reason}"
    return UsageError(what, do="linear models add up words: --models word-bayes,logistic,linear-svm")
