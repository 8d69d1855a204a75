"""
How often terms stand in a text, each in the column that its hash names, so that no vocabulary is kept.

Examples
--------
>>> cut = {"units": "words", "lower": True, "accents": "kept", "shortest": 1, "longest": 1, "presence": False}
>>> part, kind = OPERATION.check((Texts(),), {**cut, "width": 8, "signs": False}, {})
>>> OPERATION.bind(part)(np.array(["you and you"], object)).dense().sum()
np.float64(3.0)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.operations.texts.term_counts import texts_for
from tenfold.program.sparse_rows import SparseRows
from tenfold.program.terms import TERMS, check_terms, count, hash_terms, terms_function, terms_parameters
from tenfold.program.values import WIDEST, SparseMatrix, Texts, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> SparseMatrix:
    check_terms(part.parameters)
    return SparseMatrix(part.parameters["width"])


def _bind(part: Part) -> Any:
    width, signs, presence = (part.parameters[name] for name in ("width", "signs", "presence"))
    terms = terms_function(part.parameters)

    def positions(of_text: Sequence[str]) -> Iterator[tuple[int, float]]:
        hashes = hash_terms(of_text).astype(np.int64)
        values = np.where(hashes < 0, -1.0, 1.0) if signs else np.ones(len(hashes))
        return zip((np.abs(hashes) % width).tolist(), values.tolist(), strict=True)

    def evaluate(texts: NDArray[Any]) -> SparseRows:
        rows = count(texts.tolist(), terms, positions, width)
        return SparseRows(np.ones(len(rows.values)), rows.columns, rows.ends, width) if presence else rows

    return evaluate


def _lower(builder: Builder, vectorizer: Any, value: Value) -> Value:
    from tenfold.program.builder import NotLoweredError

    try:
        parameters = terms_parameters(vectorizer)
    except ValueError as fault:
        raise NotLoweredError(str(fault)) from fault
    signs, width = bool(vectorizer.alternate_sign), int(vectorizer.n_features)
    counts = builder.step("hashed_terms", texts_for(builder, value), **parameters, width=width, signs=signs)
    if vectorizer.norm is None:
        return counts
    return builder.step("term_weights", counts, sublinear=False, norm=vectorizer.norm)


OPERATION = Operation(
    name="hashed_terms",
    summary="how often terms stand in a text, each in the column that its hash names",
    inputs=(Texts,),
    parameters={
        **TERMS,
        "width": {"type": "integer", "minimum": 1, "maximum": WIDEST},
        "signs": {"type": "boolean"},
    },
    result=_result,
    bind=_bind,
    lower={"sklearn.feature_extraction.text.HashingVectorizer": _lower},
)
