"""
Columns of several values, side by side.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 1), Matrix("float64", 2)), {}, {})
>>> OPERATION.bind(part)(np.zeros((1, 1)), np.ones((1, 2))).tolist()
[[0.0, 1.0, 1.0]]
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
    dtypes = {one.dtype for one in part.inputs}
    demand(len(dtypes) == 1, f"columns of {' and '.join(sorted(dtypes))} are joined")
    return Matrix(part.inputs[0].dtype, sum(one.width for one in part.inputs), any(one.gaps for one in part.inputs))


def _join(*values: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate(values, axis=1)


OPERATION = Operation(
    name="join",
    summary="columns of several values, side by side",
    inputs=(Matrix,),
    several=True,
    result=_result,
    bind=lambda part: _join,
)
