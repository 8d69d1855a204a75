"""A column of free text as a few columns of numbers: its most frequent words, and components of all of them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from tenfold.models.texts.text_cells import TextCells

__all__ = ["WordColumns"]

_WORD = r"(?u)\b\w\w+\b"


class WordColumns(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Say of each text which of the frequent words it has; where there are more words, by components of their tf-idf too.

    Parameters
    ----------
    rows : int
        A word is known that stands in as many texts.
    words : int
        Columns of single words, the most frequent.
    components : int
        Columns of truncated SVD, where there are more words than these columns.
    vocabulary : int
        Words of which components are made, the most frequent.
    pattern : str
        Regular expression of a word, as vectorizers of scikit-learn take it.

    Examples
    --------
    >>> texts = [["warm and calm"], ["cold"], ["warm"], [None]]
    >>> WordColumns(rows=2).fit_transform(np.array(texts, object)).tolist()
    [[1.0], [0.0], [1.0], [0.0]]
    """

    def __init__(
        self, rows: int = 5, words: int = 100, components: int = 20, vocabulary: int = 5000, pattern: str = _WORD
    ) -> None:
        self.rows, self.words, self.components, self.vocabulary = rows, words, components, vocabulary
        self.pattern = pattern

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the words of X, of shape (n, 1) or a data frame of one column, and their components."""
        self.n_features_in_, texts = 1, TextCells().transform(X)
        self.counter_ = self._fitted(CountVectorizer, texts, self.words, binary=True, dtype=np.float64)
        self.weights_ = self.svd_ = None
        if self.counter_ is not None and len(self.counter_.vocabulary_) == self.words:
            weights = self._fitted(TfidfVectorizer, texts, self.vocabulary, sublinear_tf=True)
            if weights is not None and len(weights.vocabulary_) > self.words and len(texts) > self.components:
                svd = TruncatedSVD(min(self.components, self.words), random_state=0)
                self.weights_, self.svd_ = weights, svd.fit(weights.transform(texts))
        return self

    def _fitted(self, vectorizer: Any, texts: NDArray[Any], most: int, **parameters: Any) -> Any:
        """None where no word stands in enough texts."""
        try:
            return vectorizer(min_df=self.rows, max_features=most, token_pattern=self.pattern, **parameters).fit(texts)
        except ValueError:
            return None

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Return float64 of shape (n, columns): one of zeros where no word is known."""
        texts = TextCells().transform(X)
        if self.counter_ is None:
            return np.zeros((len(texts), 1))
        counts = self.counter_.transform(texts).toarray()
        if self.svd_ is None or self.weights_ is None:
            return np.asarray(counts, np.float64)
        return np.hstack([counts, self.svd_.transform(self.weights_.transform(texts))])
