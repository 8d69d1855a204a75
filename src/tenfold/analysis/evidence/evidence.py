"""The evidence of a message: what each of its words adds to the score of one class against another."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.evidence.word_model import Place, WordModel
from tenfold.program.sparse_rows import SparseRows
from tenfold.text import printable, shown

__all__ = ["Evidence", "Segment", "Word", "evidence_of", "segments"]

Floats = NDArray[np.float64]
_AT_ONCE = 64
_FAINT = 0.1

Segment = tuple[str, float | None]
"""A piece of text with its weight; None for what is no word."""


@dataclass(frozen=True)
class Word:
    """
    A word of a message.

    Parameters
    ----------
    part : str
        The column that it stands in: ``subject``, ``body``, ``structure``.
    start, end : int
        Where it stands in the text of that column.
    weight : float
        What it adds to the score: half of what a pair of words adds goes to each, and what a word adds that stands
        several times is parted evenly among them.
    """

    part: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, eq=False)
class Evidence:
    """
    What the words of a message add to the score of one class against another: `offset` and weights sum to `score`.

    Parameters
    ----------
    toward, against : str
        Classes: of two the second and the first, of more the predicted one and the next best.
    texts : mapping of str to str
        By column of the message.
    words : tuple of Word
        In order of column and place.
    offset : float
        What the model adds to every message.
    score : float
        The sum that the model computes itself.
    threshold : float
        From which `toward` is predicted.
    strict : bool
        Only above it, as where the model's own decision is in force.
    unit : str
        "log-odds" or "score".
    rest : mapping of str to float
        Sums of words that are not listed, by column; empty where all are.
    """

    toward: str
    against: str
    texts: Mapping[str, str]
    words: tuple[Word, ...]
    offset: float
    score: float
    threshold: float
    strict: bool
    unit: str
    rest: Mapping[str, float] = field(default_factory=dict)

    @property
    def predicted(self) -> str:
        """The class of the two that the score decides for."""
        enough = self.score > self.threshold if self.strict else self.score >= self.threshold
        return self.toward if enough else self.against

    def text(self, word: Word) -> str:
        """Return a word as it stands in the message."""
        return self.texts[word.part][word.start : word.end]

    def of(self, part: str) -> tuple[Word, ...]:
        """Return the words of a column."""
        return tuple(word for word in self.words if word.part == part)

    def __repr__(self) -> str:
        words, decided = len(self.words), shown(self.predicted, 30)
        return f"<Evidence of {words:,} words: {self.score:+.3g} {self.unit}, called {decided}>"

    def _repr_html_(self) -> str:
        """Show the texts in a notebook, each word on a ground as strong as its weight: warm for `toward`."""
        strongest = max((abs(word.weight) for word in self.words), default=0.0) or 1.0
        texts = (segments(self.texts[part], self.of(part), _FAINT * strongest) for part in self.texts)
        return "".join(f"<p>{''.join(_coloured(*piece, strongest) for piece in text)}</p>" for text in texts)

    def sum_of(self, parts: Collection[str]) -> float:
        """Return what the words of some columns add."""
        single = sum(word.weight for word in self.words if word.part in parts)
        return single + sum(weight for part, weight in self.rest.items() if part in parts)

    def table(self) -> pd.DataFrame:
        """Return a line a word: ``part``, ``start``, ``word``, ``weight``."""
        rows = [(word.part, word.start, self.text(word), word.weight) for word in self.words]
        return pd.DataFrame(rows, columns=["part", "start", "word", "weight"])


def _coloured(text: str, weight: float | None, strongest: float) -> str:
    plain = html.escape(printable(text))
    if weight is None:
        return plain
    hue = "214 84 20" if weight > 0 else "31 95 214"
    depth = 0.6 * abs(weight) / strongest
    return f'<span style="background: rgb({hue} / {depth:.2f})" title="{weight:+.3g}">{plain}</span>'


def evidence_of(model: WordModel, X: pd.DataFrame) -> Iterator[Evidence]:
    """
    Yield the evidence of each message.

    Parameters
    ----------
    model : WordModel
    X : DataFrame of n messages
        As the schema of the classifier takes them.
    """
    for begin in range(0, len(X), _AT_ONCE):
        block = X.iloc[begin : begin + _AT_ONCE]
        counts, sums = model.counts_and_sums(block)
        texts = zip(*(block[name].tolist() for name in model.columns), strict=True)
        for row, of_row in enumerate(texts):
            cells = {name: text or "" for name, text in zip(model.columns, of_row, strict=True)}
            yield _of_row(model, cells, _row(counts, row), sums[row])


def _row(rows: SparseRows, row: int) -> tuple[NDArray[np.int64], Floats]:
    part = slice(int(rows.ends[row - 1]) if row else 0, int(rows.ends[row]))
    return rows.columns[part], rows.values[part]


def _of_row(
    model: WordModel, cells: Mapping[str, str], counts: tuple[NDArray[np.int64], Floats], sums: Floats
) -> Evidence:
    toward, against, weights, offset = _direction(model, sums)
    columns, values = counts
    contributions = dict(zip(columns.tolist(), (values * weights[columns]).tolist(), strict=True))
    words = tuple(Word(*place, weight) for place, weight in sorted(_laid_out(model, cells, contributions).items()))
    return Evidence(
        model.classes[toward],
        model.classes[against],
        cells,
        words,
        offset,
        float(sums[0]) if len(sums) == 1 else float(sums[toward] - sums[against]),
        model.threshold,
        model.detector is not None and model.classifier.decision.threshold is None,
        model.unit,
    )


def _direction(model: WordModel, sums: Floats) -> tuple[int, int, Floats, float]:
    """Codes of the classes, weights and offset of the one against the other."""
    if model.detector is not None:
        return 1, 0, *model.detector
    first = int(sums.argmax())
    second = int(np.where(np.arange(len(sums)) == first, -np.inf, sums).argmax())
    return (
        first,
        second,
        model.weights[first] - model.weights[second],
        float(model.offset[first] - model.offset[second]),
    )


def _laid_out(model: WordModel, cells: Mapping[str, str], contributions: Mapping[int, float]) -> Mapping[Place, float]:
    """What each column adds, on the words that it is made of."""
    weights: dict[Place, float] = defaultdict(float)
    for part in model.parts:
        places = part.places(cells)
        for one in places:
            weights[one] += 0.0
        terms = list(part.terms(cells, places))
        columns = part.columns([term for term, _ in terms])
        times = Counter(columns)
        for (_, at), column in zip(terms, columns, strict=True):
            share = contributions.get(column, 0.0) / times[column] / len(at)
            for number in at:
                weights[places[number]] += share
    return weights


def segments(text: str, words: Sequence[Word], least: float = 0.0) -> list[Segment]:
    """
    Cut a text into words with their weights and what stands between them.

    Parameters
    ----------
    text : str
        Of one column.
    words : sequence of Word
        In order.
    least : float
        Words of a smaller weight, either way, are left without one.

    Examples
    --------
    >>> segments("buy it now", [Word("body", 0, 3, 2.0), Word("body", 4, 6, 0.1), Word("body", 7, 10, -1.0)], 0.5)
    [('buy', 2.0), (' it ', None), ('now', -1.0)]
    """
    pieces: list[Segment] = []
    end = 0
    for word in words:
        if abs(word.weight) >= least and word.end <= len(text):
            if word.start > end:
                pieces.append((text[end : word.start], None))
            pieces.append((text[word.start : word.end], word.weight))
            end = word.end
    return [*pieces, (text[end:], None)] if end < len(text) else pieces
