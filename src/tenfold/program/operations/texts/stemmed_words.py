"""
Texts with stems in place of some words, by a table of them: the forms, then the stem of each.

Examples
--------
>>> from tenfold.program.categories import pack_texts
>>> part, kind = OPERATION.check((Texts(),), {}, pack_texts(["walked", "walking", "walk", "walk"]))
>>> OPERATION.bind(part)(np.array(["Walking on"], object)).tolist()
['walk on']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.models.texts.stems import stem_texts
from tenfold.program.categories import TEXTS, check_texts, pack_texts, read_texts
from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Texts, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tenfold.program.builder import Builder

__all__ = ["OPERATION", "read_stems"]

_LONGEST = 256
"""Bytes of a stem: a word of a text cannot be made much longer than it is."""


def read_stems(arrays: Mapping[str, NDArray[Any]]) -> dict[str, str]:
    """Return the stem of each form, of arrays that were checked."""
    texts = [str(text) for text in read_texts(arrays)]
    half = len(texts) // 2
    return dict(zip(texts[:half], texts[half:], strict=True))


def _result(part: Part) -> Texts:
    check_texts(part.arrays)
    demand(part.sizes["texts"] % 2 == 0, "a form has no stem")
    demand(not part.arrays["missing"].any(), "a form or its stem is missing")
    lengths = np.diff(part.arrays["ends"], prepend=0)
    demand(int(lengths.max(initial=0)) <= _LONGEST, f"a stem is longer than {_LONGEST} bytes")
    return Texts()


def _bind(part: Part) -> Any:
    stems = read_stems(part.arrays)
    return lambda texts: stem_texts(texts.tolist(), stems)


def _lower(builder: Builder, stems: Any, value: Value) -> Value:
    table = stems.stems_
    return builder.step("stemmed_words", value, arrays=pack_texts([*table, *table.values()])) if table else value


OPERATION = Operation(
    name="stemmed_words",
    summary="texts with stems in place of some words, by a table of them",
    inputs=(Texts,),
    arrays=TEXTS,
    result=_result,
    bind=_bind,
    lower={"tenfold.models.texts.WordStems": _lower},
)
