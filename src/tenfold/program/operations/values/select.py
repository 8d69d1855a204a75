"""
Some columns, in any order.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {"columns": np.array([1])})
>>> OPERATION.bind(part)(np.array([[3.0, 1.0]])).tolist()
[[1.0]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.values import Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    return Matrix(rows_type.dtype, part.sizes["some"], rows_type.gaps)


def _bind(part: Part) -> Any:
    columns = part.arrays["columns"]

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(rows[:, columns])

    return evaluate


def _lower(builder: Builder, selector: Any, rows: Value) -> Value:
    """Those that do not take gaps refuse them even in columns that they leave out."""
    rows = rows if selector.__sklearn_tags__().input_tags.allow_nan else builder.without_gaps(rows)
    return builder.step("select", rows, arrays={"columns": selector.get_support(indices=True)})


_SELECTORS = (
    "GenericUnivariateSelect", "RFE", "RFECV", "SelectFdr", "SelectFpr", "SelectFromModel", "SelectFwe", "SelectKBest",
    "SelectPercentile", "SequentialFeatureSelector", "VarianceThreshold",
)  # fmt: skip

OPERATION = Operation(
    name="select",
    summary="some columns, in any order",
    inputs=(Matrix,),
    arrays={"columns": ArrayRule(dtypes=("int64",), shape=("some",), least=0, below="width")},
    result=_result,
    bind=_bind,
    lower={f"sklearn.feature_selection.{name}": _lower for name in _SELECTORS},
)
