"""
Predictions of one of two classes each, as labels side by side.

Examples
--------
>>> part, kind = OPERATION.check((Classes(2), Labels(2)), {}, {})
>>> OPERATION.bind(part)(np.array([1, 0]), np.array([[0, 1], [1, 1]])).tolist(), kind
([[1, 0, 1], [0, 1, 1]], Labels(count=3))
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Classes, Labels

__all__ = ["OPERATION"]


def _result(part: Part) -> Labels:
    demand(all(isinstance(one, Labels) or one.count == 2 for one in part.inputs), "one of many classes becomes a label")
    return Labels(sum(one.count if isinstance(one, Labels) else 1 for one in part.inputs))


def _labels(*predictions: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.column_stack(predictions)


OPERATION = Operation(
    name="labels",
    summary="predictions of one of two classes each, as labels side by side",
    inputs=(Classes | Labels,),
    several=True,
    result=_result,
    bind=lambda part: _labels,
)
