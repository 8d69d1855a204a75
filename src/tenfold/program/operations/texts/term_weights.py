"""
Counts of terms, each multiplied by a weight of its column, and rows divided by their norm: tf-idf.

Examples
--------
>>> from tenfold.program.sparse_rows import sparse_rows_of
>>> arrays = {"weights": np.array([1.0, 2.0])}
>>> part, kind = OPERATION.check((SparseMatrix(2),), {"sublinear": False, "norm": "l1"}, arrays)
>>> OPERATION.bind(part)(sparse_rows_of(np.array([[2.0, 1.0]]))).dense().tolist()
[[0.5, 0.5]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.sparse_rows import SparseRows
from tenfold.program.values import SparseMatrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> SparseMatrix:
    return SparseMatrix(part.sizes["width"])


def _bind(part: Part) -> Any:
    weights, sublinear, norm = part.arrays.get("weights"), part.parameters["sublinear"], part.parameters["norm"]

    def evaluate(rows: SparseRows) -> SparseRows:
        values = np.log(rows.values) + 1 if sublinear else rows.values
        if weights is not None:
            values = values * weights[rows.columns]
        if norm != "none":
            values = values / _norms(rows, values, norm)[rows.rows]
        return SparseRows(values, rows.columns, rows.ends, rows.width)

    return evaluate


def _norms(rows: SparseRows, values: NDArray[np.float64], norm: str) -> NDArray[np.float64]:
    """Of each row; 1 where it is 0."""
    norms = rows.sums(np.abs(values)) if norm == "l1" else np.sqrt(rows.sums(values * values))
    return np.where(norms == 0, 1.0, norms)


def _lower(builder: Builder, transformer: Any, value: Value) -> Value:
    arrays = {"weights": np.asarray(transformer.idf_, np.float64)} if transformer.use_idf else {}
    rows = value if isinstance(value.type, SparseMatrix) else builder.step("sparse", value)
    norm = transformer.norm or "none"
    return builder.step("term_weights", rows, arrays=arrays, sublinear=bool(transformer.sublinear_tf), norm=norm)


OPERATION = Operation(
    name="term_weights",
    summary="counts of terms, each multiplied by a weight of its column, and rows divided by their norm",
    inputs=(SparseMatrix,),
    parameters={"sublinear": {"type": "boolean"}, "norm": {"enum": ["none", "l1", "l2"]}},
    arrays={"weights": ArrayRule(dtypes=("float64",), shape=("width",), optional=True)},
    result=_result,
    bind=_bind,
    lower={"sklearn.feature_extraction.text.TfidfTransformer": _lower},
)
