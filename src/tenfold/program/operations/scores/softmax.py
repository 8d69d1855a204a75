"""
Exponentials of the scores of a row, divided by their sum.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {})
>>> OPERATION.bind(part)(np.array([[0.0, 0.0], [1000.0, 0.0]])).tolist()
[[0.5, 0.5], [1.0, 0.0]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8" and not rows_type.gaps, "probabilities are made of what may be no number")
    return Matrix(rows_type.dtype, rows_type.width)


def _softmax(scores: NDArray[Any]) -> NDArray[Any]:
    """The largest is taken off first, so that nothing overflows."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return np.asarray(powers)


OPERATION = Operation(
    name="softmax",
    summary="exponentials of the scores of a row, divided by their sum",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: _softmax,
)
