"""
The labels whose scores are above a threshold.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {"threshold": 0.5}, {})
>>> OPERATION.bind(part)(np.array([[0.5, 0.6]])).tolist()
[[0, 1]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.values import Labels, Matrix

__all__ = ["OPERATION"]


def _bind(part: Part) -> Any:
    threshold = part.parameters["threshold"]

    def evaluate(scores: NDArray[Any]) -> NDArray[np.int64]:
        return np.asarray(scores > threshold, np.int64)

    return evaluate


OPERATION = Operation(
    name="above",
    summary="the labels whose scores are above a threshold",
    inputs=(Matrix,),
    parameters={"threshold": {"type": "number"}},
    result=lambda part: Labels(part.inputs[0].width),
    bind=_bind,
)
