"""
The same values for every row, whatever it is.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 1),), {}, {"values": np.array([0.0, 1.0])})
>>> OPERATION.bind(part)(np.zeros((2, 1))).tolist()
[[0.0, 1.0], [0.0, 1.0]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.values import Columns, Matrix, Pixels

if TYPE_CHECKING:
    pass

__all__ = ["OPERATION"]


def _bind(part: Part) -> Any:
    values = part.arrays["values"]

    def evaluate(rows: Any) -> NDArray[np.float64]:
        count = len(next(iter(rows.values()))) if isinstance(rows, dict) else len(rows)
        return np.tile(values, (count, 1))

    return evaluate


OPERATION = Operation(
    name="constant",
    summary="the same values for every row",
    inputs=(Pixels | Columns | Matrix,),
    arrays={"values": ArrayRule(dtypes=("float64",), shape=("values",))},
    result=lambda part: Matrix("float64", part.sizes["values"]),
    bind=_bind,
)
