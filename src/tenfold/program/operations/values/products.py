"""
Products of columns: powers, and columns with each other.

Examples
--------
>>> arrays = {"factors": np.array([[-1, -1], [0, -1], [1, 0], [1, 1]])}
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, arrays)
>>> OPERATION.bind(part)(np.array([[3.0, 2.0]])).tolist()
[[1.0, 3.0, 6.0, 4.0]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]

_ONE = -1


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8" and not rows_type.gaps, "columns are multiplied that may hold no number")
    demand(part.sizes["degree"] > 0, "columns are multiplied none with none")
    return Matrix(rows_type.dtype, part.sizes["outputs"])


def _bind(part: Part) -> Any:
    factors = part.arrays["factors"]

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        # the last column is found by the position -1
        columns = np.concatenate([rows, np.ones((len(rows), 1), rows.dtype)], axis=1)
        products = columns[:, factors[:, 0]]
        for more in factors.T[1:]:
            products *= columns[:, more]
        return products

    return evaluate


def _lower(builder: Builder, polynomial: Any, value: Value) -> Value:
    """In the order in which scikit-learn multiplies: the last column first."""
    powers = np.asarray(polynomial.powers_)[:, ::-1]
    outputs, degree = len(powers), max(1, int(powers.sum(axis=1).max(initial=0)))
    factors, last = np.full((outputs, degree), _ONE, np.int64), powers.shape[1] - 1
    for output, exponents in enumerate(powers):
        columns = np.repeat(last - np.arange(last + 1), exponents)
        factors[output, : len(columns)] = columns
    return builder.step("products", builder.without_gaps(builder.floats(value)), arrays={"factors": factors})


OPERATION = Operation(
    name="products",
    summary="products of columns: powers, and columns with each other",
    inputs=(Matrix,),
    arrays={"factors": ArrayRule(dtypes=("int64",), shape=("outputs", "degree"), least=_ONE, below="width")},
    result=_result,
    bind=_bind,
    lower={"sklearn.preprocessing.PolynomialFeatures": _lower},
)
