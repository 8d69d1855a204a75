"""
Labels as numbers, 0 and 1.

Examples
--------
>>> part, kind = OPERATION.check((Labels(2),), {}, {})
>>> OPERATION.bind(part)(np.array([[0, 1]])).tolist(), kind
([[0.0, 1.0]], Matrix(dtype='float64', width=2, gaps=False))
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation
from tenfold.program.values import Labels, Matrix

__all__ = ["OPERATION"]


def _indicators(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    return labels.astype(np.float64)


OPERATION = Operation(
    name="indicators",
    summary="labels as numbers, 0 and 1",
    inputs=(Labels,),
    result=lambda part: Matrix("float64", part.inputs[0].count),
    bind=lambda part: _indicators,
)
