"""
Sparse rows with all their values.

Examples
--------
>>> import numpy as np
>>> from tenfold.program.sparse_rows import sparse_rows_of
>>> part, kind = OPERATION.check((SparseMatrix(2),), {}, {})
>>> OPERATION.bind(part)(sparse_rows_of(np.array([[0.0, 2.0]]))).tolist()
[[0.0, 2.0]]
"""

from __future__ import annotations

from tenfold.program.operation import Operation
from tenfold.program.sparse_rows import SparseRows
from tenfold.program.values import Matrix, SparseMatrix

__all__ = ["OPERATION"]

OPERATION = Operation(
    name="dense",
    summary="sparse rows with all their values",
    inputs=(SparseMatrix,),
    result=lambda part: Matrix("float64", part.inputs[0].width),
    bind=lambda part: SparseRows.dense,
)
