"""Messages to numbers: words, pairs and pieces of words of subject and body, and what a message is built of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.kind import Need

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer

__all__ = ["prepare", "values", "width"]

_COMPARED = 64
_ROWS = 2
"""Messages in which a word stands that is known: a model holds nothing of one message alone."""

_WORD = r"\w+|[^\w\s]"
"""A word, or a mark such as ``!``."""

_PIECES, _SIGNS = 0.7, 0.5
"""Length of the part of a row that is pieces of words, and of each that is signs; that of whole words is 1."""


def prepare(layout: None, need: Need) -> list[tuple[str, Any]]:
    """Return the preparation: tf-idf of words, or presence where a model needs counts ("counts")."""
    if need.form == "raw":
        return []
    return [("words", words_of_mail(presence=need.form == "counts"))]


def words_of_mail(*, presence: bool) -> ColumnTransformer:
    """
    Return the vectorizers of the parts of a message, side by side.

    Parameters
    ----------
    presence : bool
        1 for a word that is there; else tf-idf, its counts by their logarithm.
    """
    # Here and below: whoever prepares nothing need not load scikit-learn.
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.pipeline import FeatureUnion, Pipeline

    from tenfold.models.texts import TextCells, WordMarks, WordPieces

    def counted(pattern: str, longest: int) -> Any:
        counter = CountVectorizer(binary=presence, token_pattern=pattern, ngram_range=(1, longest), min_df=_ROWS)
        return counter if presence else weighted(counter)

    def weighted(counter: Any) -> Any:
        return Pipeline([("terms", counter), ("weights", TfidfTransformer(sublinear_tf=True))])

    words = counted(_WORD, 2)
    if not presence:
        both = [("words", words), ("pieces", weighted(WordPieces()))]
        words = FeatureUnion(both, transformer_weights={"pieces": _PIECES})
    text = Pipeline([("cells", TextCells()), ("marks", WordMarks()), ("words", words)])

    def signs() -> Any:
        return Pipeline([("cells", TextCells()), ("words", counted(r"\S+", 1))])

    parts = [("text", text, ["subject", "body"]), *((name, signs(), [name]) for name in ("structure", "addresses"))]
    lengths = None if presence else dict.fromkeys(("structure", "addresses"), _SIGNS)
    return ColumnTransformer(parts, sparse_threshold=1.0, transformer_weights=lengths)


def width(X: pd.DataFrame, layout: None) -> int:
    """Return the numbers that a message becomes, about: words and pairs that two messages have."""
    return max(1, 15 * len(X))


def values(X: pd.DataFrame) -> NDArray[np.float32]:
    """Return messages as numbers that can be compared, shape (n, 64): hashed words, rows of length 1."""
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = (X["subject"] + " " + X["body"].str.slice(0, 20_000)).tolist()
    return np.asarray(HashingVectorizer(n_features=_COMPARED).transform(texts).toarray(), np.float32)
