"""
The class of the highest score; of a single score, the second class where it is above 0.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 3),), {}, {})
>>> OPERATION.bind(part)(np.array([[0.1, 0.5, 0.4]])).tolist(), kind
([1], Classes(count=3))
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.values import Classes, Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Classes:
    return Classes(max(2, part.inputs[0].width))


def _arg_max(scores: NDArray[Any]) -> NDArray[np.int64]:
    """Of equal scores the first is the highest."""
    if scores.shape[1] == 1:
        return (scores[:, 0] > 0).astype(np.int64)
    return np.asarray(scores.argmax(axis=1), np.int64)


OPERATION = Operation(
    name="arg_max",
    summary="the class of the highest score; of a single score, the second class where it is above 0",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: _arg_max,
)
