"""Messages to numbers: words, pairs and pieces of words of subject and body, and what a message is built of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.kinds.kind import Need
from tenfold.data.kinds.mail import content
from tenfold.data.kinds.mail.stored import StoredMessages

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer

__all__ = ["SEARCH_SPACE", "MailLayout", "layout_of", "prepare", "values", "width"]

_COMPARED = 64
_ROWS = 2
"""Messages in which a word stands that is known: a model holds nothing of one message alone."""

_WORD = r"\w+|[^\w\s]"
"""A word, or a mark such as ``!``."""

_PIECES, _SIGNS = 0.7, 0.5
"""Length of the part of a row that is pieces of words, and of each that is signs; that of whole words is 1."""


SEARCH_SPACE = {
    "words__text__cells__footers": ("cut", "kept"),
    "words__text__stems__language": ("none", "english"),
}
"""What tuning tries of the preparation, beside the settings of a model."""


@dataclass(frozen=True)
class MailLayout:
    """
    How words of messages become columns.

    Parameters
    ----------
    hashed : bool
        Each term stands in the column that its hash names, and pieces of words in none, so that no vocabulary is kept,
        and messages are counted once and learnt from in blocks, wherever they are.
    """

    hashed: bool = False


def layout_of(X: Any) -> MailLayout:
    """Return the layout of training messages: words are hashed where they are many."""
    return MailLayout(hashed=isinstance(X, StoredMessages) or len(X) > content.MANY)


def prepare(layout: MailLayout | None, need: Need) -> list[tuple[str, Any]]:
    """Return the preparation: tf-idf of words, or presence where a model needs counts ("counts")."""
    if need.form == "raw":
        return []
    if layout is not None and layout.hashed:
        from tenfold.models.texts import MessageTerms

        return [("words", MessageTerms(presence=need.form == "counts"))]
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

    from tenfold.models.texts import MessageCells, TextCells, WordMarks, WordPieces, WordStems

    def counted(pattern: str, longest: int) -> Any:
        counter = CountVectorizer(binary=presence, token_pattern=pattern, ngram_range=(1, longest), min_df=_ROWS)
        return counter if presence else weighted(counter)

    def weighted(counter: Any) -> Any:
        return Pipeline([("terms", counter), ("weights", TfidfTransformer(sublinear_tf=True))])

    words = counted(_WORD, 2)
    if not presence:
        both = [("words", words), ("pieces", weighted(WordPieces()))]
        words = FeatureUnion(both, transformer_weights={"pieces": _PIECES})
    text = Pipeline([("cells", MessageCells()), ("marks", WordMarks()), ("stems", WordStems()), ("words", words)])

    def signs() -> Any:
        return Pipeline([("cells", TextCells()), ("words", counted(r"\S+", 1))])

    parts = [
        ("text", text, ["subject", "body", "footer"]),
        *((name, signs(), [name]) for name in ("structure", "addresses")),
    ]
    lengths = None if presence else dict.fromkeys(("structure", "addresses"), _SIGNS)
    return ColumnTransformer(parts, sparse_threshold=1.0, transformer_weights=lengths)


def width(X: Any, layout: MailLayout | None) -> int:
    """Return the numbers that a message becomes, about: words and pairs that two messages have, or hashes."""
    if layout is None or not layout.hashed:
        return max(1, 15 * len(X))
    from tenfold.models.texts.message_terms import WIDTH

    return WIDTH


def values(X: Any) -> NDArray[np.float32]:
    """Return messages as numbers that can be compared, shape (n, 64): hashed words, rows of length 1."""
    if isinstance(X, StoredMessages):
        return np.concatenate([np.empty((0, _COMPARED), np.float32), *map(_folded, X.term_counts())])
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = (X["subject"] + " " + X["body"].str.slice(0, 20_000)).tolist()
    return np.asarray(HashingVectorizer(n_features=_COMPARED).transform(texts).toarray(), np.float32)


def _folded(counts: Any) -> NDArray[np.float32]:
    """Terms of messages in fewer columns, half of them with the other sign, so that chance meetings even out."""
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    places = rows * _COMPARED + counts.indices % _COMPARED
    signs = 1.0 - 2.0 * (counts.indices // _COMPARED % 2)
    sums = np.bincount(places, signs * counts.data, minlength=counts.shape[0] * _COMPARED).reshape(-1, _COMPARED)
    lengths = np.sqrt((sums**2).sum(axis=1, keepdims=True))
    return np.asarray(sums / np.where(lengths == 0, 1.0, lengths), np.float32)
