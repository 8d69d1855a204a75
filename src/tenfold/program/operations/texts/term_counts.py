"""
How often each term of a vocabulary stands in a text, or whether it does.

The example with which spam filters are often explained:

Examples
--------
>>> from tenfold.program.categories import pack_texts
>>> def counts_of(text, presence):
...     parameters = {"units": "words", "lower": False, "accents": "kept", "shortest": 1, "longest": 1}
...     vocabulary = pack_texts(["Hello", "how", "are", "you"])
...     part, kind = OPERATION.check((Texts(),), {**parameters, "presence": presence}, vocabulary)
...     return OPERATION.bind(part)(np.array([text], object)).dense()[0].astype(int).tolist()
>>> counts_of("Hello you Hello Hello you", presence=True)
[1, 0, 0, 1]
>>> counts_of("Hello you Hello Hello you", presence=False)
[3, 0, 0, 2]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.categories import TEXTS, check_texts, pack_texts, read_texts
from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.sparse_rows import SparseRows
from tenfold.program.terms import (
    TERMS,
    check_terms,
    columns_of_pieces,
    count,
    count_columns,
    terms_function,
    terms_parameters,
)
from tenfold.program.values import Columns, SparseMatrix, Texts, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION", "texts_for"]


def _result(part: Part) -> SparseMatrix:
    check_terms(part.parameters)
    check_texts(part.arrays)
    demand(not part.arrays["missing"].any(), "a term of a vocabulary is missing")
    return SparseMatrix(part.sizes["texts"])


def _bind(part: Part) -> Any:
    find = {term: position for position, term in enumerate(read_texts(part.arrays))}.get
    terms, presence, width = terms_function(part.parameters), part.parameters["presence"], part.sizes["texts"]

    def positions(of_text: Sequence[str]) -> Iterator[tuple[int, float]]:
        return ((column, 1.0) for column in {column for column in map(find, of_text) if column is not None})

    def evaluate(texts: NDArray[Any]) -> SparseRows:
        if presence:
            return count(texts.tolist(), terms, positions, width)
        if part.parameters["units"] == "characters of words":
            return count_columns(texts.tolist(), columns_of_pieces(part.parameters, find), width)
        return count_columns(texts.tolist(), lambda text: map(find, terms(text)), width)

    return evaluate


def texts_for(builder: Builder, value: Value) -> Value:
    """Return the one column of text that a vectorizer is given, as texts."""
    return builder.step("texts", value) if isinstance(value.type, Columns) else value


def _counts(builder: Builder, vectorizer: Any, value: Value) -> Value:
    from tenfold.program.builder import NotLoweredError

    try:
        parameters = terms_parameters(vectorizer)
    except ValueError as fault:
        raise NotLoweredError(str(fault)) from fault
    vocabulary = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
    return builder.step("term_counts", texts_for(builder, value), arrays=pack_texts(vocabulary), **parameters)


def _pieces(builder: Builder, pieces: Any, value: Value) -> Value:
    vocabulary = sorted(pieces.vocabulary_, key=pieces.vocabulary_.__getitem__)
    cut = {"units": "characters of words", "lower": True, "accents": "kept", "presence": False}
    lengths = {"shortest": int(pieces.shortest), "longest": int(pieces.longest)}
    return builder.step("term_counts", texts_for(builder, value), arrays=pack_texts(vocabulary), **cut, **lengths)


def _weighted_counts(builder: Builder, vectorizer: Any, value: Value) -> Value:
    counts = _counts(builder, vectorizer, value)
    arrays = {"weights": np.asarray(vectorizer.idf_, np.float64)} if vectorizer.use_idf else {}
    norm = vectorizer.norm or "none"
    return builder.step("term_weights", counts, arrays=arrays, sublinear=bool(vectorizer.sublinear_tf), norm=norm)


OPERATION = Operation(
    name="term_counts",
    summary="how often each term of a vocabulary stands in a text, or whether it does",
    inputs=(Texts,),
    parameters=TERMS,
    arrays=TEXTS,
    result=_result,
    bind=_bind,
    lower={
        "sklearn.feature_extraction.text.CountVectorizer": _counts,
        "sklearn.feature_extraction.text.TfidfVectorizer": _weighted_counts,
        "tenfold.models.texts.WordPieces": _pieces,
    },
)
