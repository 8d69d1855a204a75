"""
Products of sparse rows with weights, and an offset.

Examples
--------
>>> from tenfold.program.sparse_rows import sparse_rows_of
>>> arrays = {"weights": np.array([[1.0, -1.0]]), "offset": np.array([0.5])}
>>> part, kind = OPERATION.check((SparseMatrix(2),), {}, arrays)
>>> OPERATION.bind(part)(sparse_rows_of(np.array([[3.0, 2.0]]))).tolist()
[[1.5]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.sparse_rows import SparseRows
from tenfold.program.values import Matrix, SparseMatrix

__all__ = ["OPERATION"]


def _bind(part: Part) -> Any:
    weights, offset = part.arrays["weights"], part.arrays["offset"]

    def evaluate(rows: SparseRows) -> NDArray[np.float64]:
        products: NDArray[np.float64] = np.stack([rows.products(one) for one in weights], axis=1)
        products += offset
        return products

    return evaluate


OPERATION = Operation(
    name="sparse_linear",
    summary="products of sparse rows with weights, and an offset",
    inputs=(SparseMatrix,),
    arrays={
        "weights": ArrayRule(dtypes=("float64",), shape=("outputs", "width")),
        "offset": ArrayRule(dtypes=("float64",), shape=("outputs",)),
    },
    result=lambda part: Matrix("float64", part.sizes["outputs"]),
    bind=_bind,
)
