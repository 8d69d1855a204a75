"""
Values of some columns as positions among the known ones, as codes of categories; NaN for any other value.

Examples
--------
>>> arrays = {"columns": np.array([1]), "sizes": np.array([2]), "known": np.array([3.0, 7.0])}
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, arrays)
>>> OPERATION.bind(part)(np.array([[0.5, 7.0], [0.5, 4.0]])).tolist()
[[0.5, 1.0], [0.5, nan]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type, sizes = part.inputs[0], part.arrays["sizes"]
    demand(rows_type.dtype == "float64", f"values of {rows_type.dtype} are looked up among those of float64")
    demand(len(sizes) > 0, "no column is looked up")
    demand(len(np.unique(part.arrays["columns"])) == len(sizes), "a column is looked up twice")
    demand(int(sizes.max(initial=0)) <= part.sizes["known"], "there are fewer known values than columns have")
    demand(int(sizes.sum()) == part.sizes["known"], "there are other known values than columns have")
    for known in _known(part):
        demand(bool((known[1:] > known[:-1]).all()), "known values are not in ascending order")
    return Matrix(rows_type.dtype, rows_type.width, gaps=True)


def _known(part: Part) -> list[NDArray[np.float64]]:
    return np.split(part.arrays["known"], np.cumsum(part.arrays["sizes"])[:-1])


def _bind(part: Part) -> Any:
    tables = list(zip(part.arrays["columns"].tolist(), _known(part), strict=True))

    def evaluate(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        coded = rows.copy()
        for column, known in tables:
            coded[:, column] = _positions(rows[:, column], known)
        return coded

    return evaluate


def _positions(values: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(known):
        return np.full(len(values), np.nan)
    places = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.where(known[places] == values, places, np.nan)


OPERATION = Operation(
    name="positions",
    summary="values of some columns as positions among the known ones; NaN for any other value",
    inputs=(Matrix,),
    arrays={
        "columns": ArrayRule(dtypes=("int64",), shape=("coded",), least=0, below="width"),
        "sizes": ArrayRule(dtypes=("int64",), shape=("coded",), least=0),
        "known": ArrayRule(dtypes=("float64",), shape=("known",)),
    },
    result=_result,
    bind=_bind,
)
