"""
Rows of numbers as sparse ones.

Examples
--------
>>> import numpy as np
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {})
>>> OPERATION.bind(part)(np.array([[0.0, 2.0]])).columns.tolist()
[1]
"""

from __future__ import annotations

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.sparse_rows import sparse_rows_of
from tenfold.program.values import Matrix, SparseMatrix

__all__ = ["OPERATION"]


def _result(part: Part) -> SparseMatrix:
    demand(not part.inputs[0].gaps, "rows with gaps are made sparse: nothing fills them")
    return SparseMatrix(part.inputs[0].width)


OPERATION = Operation(
    name="sparse",
    summary="rows of numbers as sparse ones",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: sparse_rows_of,
)
