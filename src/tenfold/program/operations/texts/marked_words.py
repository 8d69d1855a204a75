"""
Texts with links, addresses and numbers marked as such.

Examples
--------
>>> import numpy as np
>>> part, kind = OPERATION.check((Texts(),), {}, {})
>>> OPERATION.bind(part)(np.array(["call 555"], object)).tolist()
['call NUMBER']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenfold.models.texts.marks import mark_texts
from tenfold.program.operation import Operation
from tenfold.program.values import Texts, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _lower(builder: Builder, marks: Any, value: Value) -> Value:
    return builder.step("marked_words", value)


OPERATION = Operation(
    name="marked_words",
    summary="texts with links, addresses and numbers marked as such",
    inputs=(Texts,),
    result=lambda part: Texts(),
    bind=lambda part: mark_texts,
    lower={"tenfold.models.texts.WordMarks": _lower},
)
