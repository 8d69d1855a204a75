"""
The logistic function of each score; of a single score a row, both probabilities.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 1),), {}, {})
>>> OPERATION.bind(part)(np.array([[0.0], [1000.0], [-1000.0]])).tolist()
[[0.5, 0.5], [0.0, 1.0], [1.0, 0.0]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION", "both_probabilities"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8" and not rows_type.gaps, "probabilities are made of what may be no number")
    return Matrix(rows_type.dtype, max(2, rows_type.width))


def _logistic(scores: NDArray[Any]) -> NDArray[Any]:
    """By the exponential of what is never positive, so that nothing overflows."""
    powers = np.exp(-np.abs(scores))
    return both_probabilities(np.where(scores >= 0, 1, powers) / (1 + powers))


def both_probabilities(probabilities: NDArray[Any]) -> NDArray[Any]:
    """Return the probability of the first of two classes beside that of the second, where that alone is given."""
    if probabilities.shape[1] > 1:
        return probabilities
    return np.concatenate([1 - probabilities, probabilities], axis=1)


OPERATION = Operation(
    name="logistic",
    summary="the logistic function of each score; of a single score a row, both probabilities",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: _logistic,
)
