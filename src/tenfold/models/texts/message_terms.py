"""Messages as weights of hashed terms: of their text, of what they are built of, and of how they are addressed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import HashingVectorizer

from tenfold.models.row_blocks import RowBlocks, row_blocks
from tenfold.models.texts.text_cells import MessageCells, TextCells
from tenfold.models.texts.word_marks import WordMarks

__all__ = ["MESSAGE_PARTS", "WIDTH", "MessageTerms", "term_counts"]

_WORD = r"\w+|[^\w\s]"
"""A word, or a mark such as ``!``."""

_SIGN = r"\S+"

MESSAGE_PARTS: tuple[tuple[tuple[str, ...], str, int, int, float], ...] = (
    (("subject", "body", "footer"), _WORD, 2, 1 << 18, 1.0),
    (("structure",), _SIGN, 1, 1 << 12, 0.5),
    (("addresses",), _SIGN, 1, 1 << 16, 0.5),
)
"""Columns of a message, what a term of them is, the most of these in a row, columns of hashes, length of a row."""

_ENDS = np.cumsum([0, *(width for _, _, _, width, _ in MESSAGE_PARTS)])

WIDTH = int(_ENDS[-1])
"""Columns of all parts."""


def _steps(part: int, *, presence: bool = False) -> tuple[Any, ...]:
    """Return what makes counts of hashed terms of the columns of a part of messages, one estimator after the other."""
    columns, pattern, longest, width, _ = MESSAGE_PARTS[part]
    hashing = HashingVectorizer(
        n_features=width, token_pattern=pattern, ngram_range=(1, longest), alternate_sign=False, norm=None,
        binary=presence,
    )  # fmt: skip
    return (MessageCells(), WordMarks(), hashing) if len(columns) > 1 else (TextCells(), hashing)


def term_counts(messages: Any) -> sp.csr_matrix:
    """
    Return how often each hashed term stands in messages, those of all parts side by side.

    Parameters
    ----------
    messages : DataFrame of n rows
        With the columns of `MESSAGE_PARTS`.
    """
    counts = []
    for part, (columns, *_) in enumerate(MESSAGE_PARTS):
        values: Any = messages[list(columns)]
        for step in _steps(part):
            values = step.transform(values)
        counts.append(values)
    return sp.hstack(counts, format="csr")


class MessageTerms(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Weigh the terms of messages by tf-idf, each part by itself, or say which are there.

    No vocabulary is kept, and nothing but the number of rows of each term is learnt, so that messages may be anywhere.

    Parameters
    ----------
    presence : bool
        1 for a term that is there; else the logarithm of its count by that of the messages that have it.

    Attributes
    ----------
    idf_ : ndarray of float64, shape (columns,)
        As scikit-learn's ``TfidfTransformer`` has it; None of presence.

    Examples
    --------
    >>> import pandas as pd
    >>> message = {
    ...     "subject": "Hi",
    ...     "body": "see you",
    ...     "footer": "",
    ...     "structure": "message html",
    ...     "addresses": "message",
    ... }
    >>> terms = MessageTerms(presence=True).fit_transform(pd.DataFrame([message]))
    >>> terms.shape, terms.nnz
    ((1, 331776), 8)
    """

    def __init__(self, presence: bool = False) -> None:
        self.presence = presence

    def fit(self, X: Any, y: Any = None) -> Self:
        """Count the messages of each term: X a DataFrame, or messages whose ``term_counts`` are rows in blocks."""
        self._fit(_counts(X))
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        """Do as `fit` does, and return the weights; see `transform`."""
        counts = _counts(X)
        self._fit(counts)
        return self._weighted(counts, X)

    def transform(self, X: Any) -> Any:
        """Return weights, a CSR matrix of float64; `RowBlocks` of messages that are not in memory."""
        return self._weighted(_counts(X), X)

    def parts(self) -> Iterator[tuple[tuple[Any, ...], tuple[str, ...], NDArray[np.float64] | None, float]]:
        """Yield of each part what cuts and hashes it, its columns, the weights of its terms (None), and its length."""
        for part, (columns, *_, length) in enumerate(MESSAGE_PARTS):
            weights = None if self.idf_ is None else self.idf_[_ENDS[part] : _ENDS[part + 1]]
            yield _steps(part, presence=self.presence), columns, weights, length

    def _fit(self, counts: RowBlocks) -> None:
        self.idf_ = None
        if not self.presence:
            rows = np.zeros(counts.shape[1])
            for block in counts:
                rows += np.bincount(block.indices, minlength=len(rows))
            self.idf_ = np.log((1 + len(counts)) / (1 + rows)) + 1
        self.n_features_in_ = sum(len(columns) for columns, *_ in MESSAGE_PARTS)

    def _weighted(self, counts: RowBlocks, X: Any) -> Any:
        weighted = counts.map(self._weights)
        return weighted if hasattr(X, "term_counts") else weighted.matrix()

    def _weights(self, block: sp.csr_matrix) -> sp.csr_matrix:
        if self.idf_ is None:
            return sp.csr_matrix((np.ones(block.nnz), block.indices, block.indptr), block.shape)
        values = (np.log(block.data) + 1) * self.idf_[block.indices]
        values *= _lengths(block, values)
        return sp.csr_matrix((values, block.indices, block.indptr), block.shape)


def _counts(X: Any) -> RowBlocks:
    return X.term_counts() if hasattr(X, "term_counts") else row_blocks(term_counts(X))


def _lengths(block: sp.csr_matrix, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each value is multiplied by, so that each part of a row has its length."""
    rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
    parts = rows * len(MESSAGE_PARTS) + _part_of(block.indices)
    squares = np.bincount(parts, values * values, minlength=block.shape[0] * len(MESSAGE_PARTS))
    lengths = np.tile([length for *_, length in MESSAGE_PARTS], block.shape[0])
    scale = lengths / np.sqrt(np.where(squares == 0, 1.0, squares))
    return np.asarray(scale[parts])


def _part_of(columns: NDArray[Any]) -> NDArray[np.int64]:
    parts = np.zeros(len(columns), np.int64)
    for end in _ENDS[1:-1]:
        parts += columns >= end
    return parts
