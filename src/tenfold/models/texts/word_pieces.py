"""Texts as counts of pieces of their words: each different word is cut once, however often it stands."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin

from tenfold.models.texts.pieces import pieces_of_word

__all__ = ["WordPieces"]


class WordPieces(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Count pieces of words, as scikit-learn's ``CountVectorizer(analyzer="char_wb")`` does, in a fifth of the time.

    Parameters
    ----------
    shortest, longest : int
        Characters of a piece; a word has a space on both sides.
    rows : int
        A piece is known that stands in as many texts.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of each piece.

    Examples
    --------
    >>> pieces = WordPieces(2, 2, rows=2).fit(["Spam", "spa", "am"])
    >>> sorted(pieces.vocabulary_)
    [' s', 'am', 'm ', 'pa', 'sp']
    >>> pieces.transform(["spa spa"]).toarray().tolist()
    [[2.0, 0.0, 0.0, 2.0, 2.0]]
    """

    def __init__(self, shortest: int = 3, longest: int = 4, rows: int = 5) -> None:
        self.shortest, self.longest, self.rows = shortest, longest, rows

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the pieces of texts, shape (n,)."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        """Find the pieces of texts, shape (n,), and return their counts, a sparse matrix of float64."""
        words, counts = _word_counts(X)
        vocabulary: dict[str, int] = {}
        every = counts @ _pieces_of(words, self.shortest, self.longest, vocabulary, grow=True)
        known = np.flatnonzero(np.bincount(every.indices, minlength=len(vocabulary)) >= self.rows)
        names = np.array(list(vocabulary), object)[known]
        order = np.argsort(names)
        self.vocabulary_ = {str(name): place for place, name in enumerate(names[order])}
        return every[:, known[order]]

    def transform(self, X: Any) -> Any:
        """Return the counts of known pieces in texts, shape (n,): a sparse matrix of float64, shape (n, pieces)."""
        words, counts = _word_counts(X)
        return counts @ _pieces_of(words, self.shortest, self.longest, self.vocabulary_, grow=False)


def _word_counts(texts: Any) -> tuple[list[str], sp.csr_matrix]:
    """Different words in small letters, and how often each stands in each text, shape (n, words)."""
    places: dict[str, int] = {}
    columns: list[int] = []
    values: list[int] = []
    ends = [0]
    for text in texts:
        counts = Counter(text.lower().split())
        columns.extend(places.setdefault(word, len(places)) for word in counts)
        values.extend(counts.values())
        ends.append(len(columns))
    parts = (np.array(values, np.float64), np.array(columns, np.int32), np.array(ends, np.int32))
    return list(places), sp.csr_matrix(parts, shape=(len(ends) - 1, len(places)))


def _pieces_of(
    words: list[str], shortest: int, longest: int, vocabulary: dict[str, int], *, grow: bool
) -> sp.csr_matrix:
    """How often each piece stands in each word, shape (words, pieces); new pieces get a column where it may grow."""
    columns: list[int] = []
    ends = [0]
    for word in words:
        pieces = pieces_of_word(f" {word} ", range(shortest, longest + 1))
        if grow:
            columns.extend(vocabulary.setdefault(piece, len(vocabulary)) for piece in pieces)
        else:
            columns.extend(vocabulary[piece] for piece in pieces if piece in vocabulary)
        ends.append(len(columns))
    parts = (np.ones(len(columns)), np.array(columns, np.int32), np.array(ends, np.int64))
    matrix = sp.csr_matrix(parts, shape=(len(words), len(vocabulary)))
    matrix.sum_duplicates()
    return matrix
