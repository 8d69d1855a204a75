"""
The score of the second of two classes as scores of both: its negative, and itself.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 1),), {}, {})
>>> OPERATION.bind(part)(np.array([[2.0]])).tolist()
[[-2.0, 2.0]]
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
    demand(part.inputs[0].width == 1 and part.inputs[0].dtype != "uint8", "several scores are given both signs")
    return Matrix(part.inputs[0].dtype, 2, part.inputs[0].gaps)


def _both_signs(scores: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([-scores, scores], axis=1)


OPERATION = Operation(
    name="both_signs",
    summary="the score of the second of two classes as scores of both",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: _both_signs,
)
