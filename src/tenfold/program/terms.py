"""A text as terms: words or characters, one or several in a row; and the hash of a term. As scikit-learn has them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.texts.pieces import pieces_of_text, pieces_of_word
from tenfold.models.texts.tags import TAG
from tenfold.program.refusal import demand
from tenfold.program.sparse_rows import SparseRows

if TYPE_CHECKING:
    from tenfold.program.plain_schema import Schema

__all__ = [
    "LONGEST", "TERMS", "check_terms", "columns_of_pieces", "count", "count_columns", "hash_terms", "terms_function",
    "terms_parameters",
]  # fmt: skip

_LONGEST_WORD = 40
"""Characters of a word whose columns are kept in mind; longer ones hardly recur."""

LONGEST = 10
"""Words or characters of a term."""

TERMS: Mapping[str, Schema] = {
    "units": {
        "enum": ["words", "all words", "words and marks", "between spaces", "tags", "characters", "characters of words"]
    },
    "lower": {"type": "boolean"},
    "accents": {"enum": ["kept", "cut", "ascii"]},
    "shortest": {"type": "integer", "minimum": 1, "maximum": LONGEST},
    "longest": {"type": "integer", "minimum": 1, "maximum": LONGEST},
    "presence": {"type": "boolean"},
}
"""Parameters: what terms are made of, how many units of it a term has, and whether it counts once a text."""

_SPACES = re.compile(r"\s\s+")
_PATTERNS = {
    r"\b\w\w+\b": "words",
    r"\b\w+\b": "all words",
    r"\w+|[^\w\s]": "words and marks",
    r"\S+": "between spaces",
    TAG: "tags",
}
_WORDS = {units: re.compile(pattern) for pattern, units in _PATTERNS.items()}
_CHARACTERS = {"char": "characters", "char_wb": "characters of words"}

Terms = Callable[[str], Sequence[str]]


def check_terms(parameters: Mapping[str, Any]) -> None:
    """Refuse terms whose least length is above their greatest."""
    demand(parameters["shortest"] <= parameters["longest"], "the shortest term is longer than the longest")


def terms_parameters(vectorizer: Any) -> dict[str, Any]:
    """
    Return the parameters of a vectorizer of scikit-learn.

    Raises
    ------
    ValueError
        It cuts texts by code or a pattern of its own; the message names which.
    """
    for name in ("preprocessor", "tokenizer", "stop_words"):
        if getattr(vectorizer, name) is not None:
            raise ValueError(f"its {type(vectorizer).__name__} has its own {name}, which is no program of arrays yet")
    if vectorizer.analyzer == "word":
        pattern = str(vectorizer.token_pattern).removeprefix("(?u)")
        units = _PATTERNS.get(pattern)
    else:
        units = _CHARACTERS.get(vectorizer.analyzer) if isinstance(vectorizer.analyzer, str) else None
    if units is None or vectorizer.strip_accents not in {None, "unicode", "ascii"}:
        raise ValueError(f"its {type(vectorizer).__name__} cuts texts by a pattern or function of its own")
    shortest, longest = map(int, vectorizer.ngram_range)
    accents = {None: "kept", "unicode": "cut", "ascii": "ascii"}[vectorizer.strip_accents]
    cut = {"units": units, "lower": bool(vectorizer.lowercase), "accents": accents}
    return {**cut, "shortest": shortest, "longest": longest, "presence": bool(vectorizer.binary)}


def terms_function(parameters: Mapping[str, Any]) -> Terms:
    """
    Return what gives the terms of a text.

    Examples
    --------
    >>> plain = {"units": "words", "lower": True, "accents": "kept", "shortest": 1, "longest": 2}
    >>> terms_function(plain)("Hello you, hello")
    ['hello', 'you', 'hello', 'hello you', 'you hello']
    """
    clean = _cleaning(parameters["lower"], parameters["accents"])
    lengths = range(parameters["shortest"], parameters["longest"] + 1)
    if parameters["units"] == "characters":
        return lambda text: pieces_of_text(_SPACES.sub(" ", clean(text)), lengths)
    if parameters["units"] == "characters of words":
        return lambda text: [term for word in clean(text).split() for term in pieces_of_word(f" {word} ", lengths)]
    words = _WORDS[parameters["units"]].findall
    return lambda text: _rows_of_words(words(clean(text)), lengths)


def _cleaning(lower: bool, accents: str) -> Callable[[str], str]:
    plain = _ACCENTS[accents]
    return (lambda text: plain(text.lower())) if lower else plain


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


_ACCENTS: Mapping[str, Callable[[str], str]] = {"kept": str, "cut": _without_accents, "ascii": _ascii}


def _rows_of_words(words: list[str], lengths: range) -> list[str]:
    terms: list[str] = []
    for length in lengths:
        shifted = [words[begin:] for begin in range(length)]
        terms += words if length == 1 else map(" ".join, zip(*shifted, strict=False))
    return terms


def count(
    texts: Iterable[str], terms: Terms, positions: Callable[[Sequence[str]], Iterable[tuple[int, float]]], width: int
) -> SparseRows:
    """
    Return the sums of the values of the terms of each text, by column.

    Parameters
    ----------
    texts : iterable of str
    terms : callable
    positions : callable
        From terms to the column and value of each that has a column.
    width : int
    """
    columns: list[int] = []
    values: list[float] = []
    ends: list[int] = []
    for text in texts:
        sums: dict[int, float] = {}
        for column, value in positions(terms(text)):
            sums[column] = sums.get(column, 0.0) + value
        columns.extend(sums.keys())
        values.extend(sums.values())
        ends.append(len(columns))
    return SparseRows(np.array(values, np.float64), np.array(columns, np.int64), np.array(ends, np.int64), width)


def count_columns(texts: Iterable[str], columns: Callable[[str], Iterable[int | None]], width: int) -> SparseRows:
    """
    Return how often each text has each column, in the order in which they come first.

    Parameters
    ----------
    texts : iterable of str
    columns : callable
        From a text to the column of each of its terms; None for one without.
    width : int

    Examples
    --------
    >>> rows = count_columns(["b a x b"], lambda text: map({"a": 0, "b": 1}.get, text.split()), 2)
    >>> rows.columns.tolist(), rows.values.tolist()
    ([1, 0], [2.0, 1.0])
    """
    found: list[int] = []
    values: list[int] = []
    ends: list[int] = []
    for text in texts:
        counts: Counter[Any] = Counter(columns(text))
        counts.pop(None, None)
        found.extend(counts.keys())
        values.extend(counts.values())
        ends.append(len(found))
    return SparseRows(np.array(values, np.float64), np.array(found, np.int64), np.array(ends, np.int64), width)


def columns_of_pieces(
    parameters: Mapping[str, Any], find: Callable[[str], int | None]
) -> Callable[[str], Iterator[int]]:
    """
    Return what gives the columns of the pieces of the words of a text; each different word is cut once.

    Parameters
    ----------
    parameters : mapping of str to object
        Of terms that are "characters of words".
    find : callable
        From a piece to its column; None for one without.

    Examples
    --------
    >>> plain = {"units": "characters of words", "lower": True, "accents": "kept", "shortest": 2, "longest": 2}
    >>> list(columns_of_pieces(plain, {"sp": 0, "am": 1}.get)("Spam spa"))
    [0, 1, 0]
    """
    clean = _cleaning(parameters["lower"], parameters["accents"])
    lengths = range(parameters["shortest"], parameters["longest"] + 1)
    known: dict[str, tuple[int, ...]] = {}

    def of_word(word: str) -> tuple[int, ...]:
        columns = known.get(word)
        if columns is None:
            found = map(find, pieces_of_word(f" {word} ", lengths))
            columns = tuple(column for column in found if column is not None)
            if len(word) <= _LONGEST_WORD:
                known[word] = columns
        return columns

    return lambda text: chain.from_iterable(map(of_word, clean(text).split()))


def hash_terms(terms: Sequence[str]) -> NDArray[np.int32]:
    """
    Return MurmurHash3 (x86, 32 bits, seed 0; Appleby, public domain) of the UTF-8 bytes of each term.

    Examples
    --------
    >>> hash_terms(["", "a", "hello", "foobar"]).tolist()
    [0, 1009084850, 613153351, -1530604355]
    """
    raw = [term.encode("utf-8", "surrogatepass") for term in terms]
    lengths = np.array([len(one) for one in raw], np.uint32)
    longest = -(-int(lengths.max(initial=0)) // 4) * 4
    padded = np.frombuffer(b"".join(one.ljust(longest, b"\0") for one in raw), np.dtype("<u4"))
    blocks = padded.reshape(len(raw), longest // 4).astype(np.uint32)
    hashes = np.zeros(len(raw), np.uint32)
    for number in range(blocks.shape[1]):
        mixed = _rotated(blocks[:, number] * np.uint32(0xCC9E2D51), 15) * np.uint32(0x1B873593)
        whole, part = lengths >= 4 * (number + 1), (lengths > 4 * number) & (lengths < 4 * (number + 1))
        after = _rotated(hashes ^ mixed, 13) * np.uint32(5) + np.uint32(0xE6546B64)
        hashes = np.where(whole, after, np.where(part, hashes ^ mixed, hashes))
    hashes ^= lengths
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes = (hashes ^ (hashes >> np.uint32(shift))) * np.uint32(factor)
    return np.asarray(hashes ^ (hashes >> np.uint32(16))).view(np.int32)


def _rotated(values: NDArray[np.uint32], bits: int) -> NDArray[np.uint32]:
    return (values << np.uint32(bits)) | (values >> np.uint32(32 - bits))
