"""
Scores from -1 to 1 as probabilities from 0 to 1, as the modified Huber loss has them (Zhang, 2004).

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 1),), {}, {})
>>> OPERATION.bind(part)(np.array([[0.0], [3.0]])).tolist()
[[0.5, 0.5], [0.0, 1.0]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.operations.scores.logistic import both_probabilities
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8" and not rows_type.gaps, "probabilities are made of what may be no number")
    return Matrix(rows_type.dtype, max(2, rows_type.width))


def _clipped(scores: NDArray[Any]) -> NDArray[Any]:
    return both_probabilities((np.clip(scores, -1, 1) + 1) / 2)


OPERATION = Operation(
    name="clipped",
    summary="scores from -1 to 1 as probabilities from 0 to 1; of a single score a row, both",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: _clipped,
)
