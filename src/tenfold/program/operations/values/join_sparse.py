"""
Columns of several sparse values, side by side.

Examples
--------
>>> import numpy as np
>>> from tenfold.program.sparse_rows import sparse_rows_of
>>> part, kind = OPERATION.check((SparseMatrix(1), SparseMatrix(1)), {}, {})
>>> OPERATION.bind(part)(sparse_rows_of(np.array([[1.0]])), sparse_rows_of(np.array([[2.0]]))).dense().tolist()
[[1.0, 2.0]]
"""

from __future__ import annotations

from tenfold.program.operation import Operation
from tenfold.program.sparse_rows import SparseRows, side_by_side
from tenfold.program.values import SparseMatrix

__all__ = ["OPERATION"]


def _evaluate(*parts: SparseRows) -> SparseRows:
    return side_by_side(parts)


OPERATION = Operation(
    name="join_sparse",
    summary="columns of several sparse values, side by side",
    inputs=(SparseMatrix,),
    several=True,
    result=lambda part: SparseMatrix(sum(one.width for one in part.inputs)),
    bind=lambda part: _evaluate,
)
