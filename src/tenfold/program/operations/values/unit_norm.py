"""
The values of a row divided by their norm: the sum of their sizes, its Euclidean length, or the largest size.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {"norm": "l2"}, {})
>>> OPERATION.bind(part)(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
[[0.6, 0.8], [0.0, 0.0]]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]

_NORMS: Mapping[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "l1": lambda rows: np.abs(rows).sum(axis=1),
    "l2": lambda rows: np.sqrt(np.einsum("ij,ij->i", rows, rows)),
    "max": lambda rows: np.abs(rows).max(axis=1),
}


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8" and not rows_type.gaps, "rows are divided by a norm that they may not have")
    return Matrix(rows_type.dtype, rows_type.width)


def _bind(part: Part) -> Any:
    norm = _NORMS[part.parameters["norm"]]

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        lengths = norm(rows)
        # as scikit-learn has it: a length of nearly 0 is rounding, and no row is divided by it
        lengths[lengths < 10 * np.finfo(rows.dtype).eps] = 1
        return np.asarray(rows / lengths[:, None])

    return evaluate


def _lower(builder: Builder, normalizer: Any, value: Value) -> Value:
    return builder.step("unit_norm", builder.floats(value), norm=normalizer.norm)


OPERATION = Operation(
    name="unit_norm",
    summary="the values of a row divided by their norm",
    inputs=(Matrix,),
    parameters={"norm": {"enum": list(_NORMS)}},
    result=_result,
    bind=_bind,
    lower={"sklearn.preprocessing.Normalizer": _lower},
)
