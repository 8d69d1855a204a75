"""
The weighted mean of several values.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 1),) * 2, {}, {"weights": np.array([1.0, 3.0])})
>>> OPERATION.bind(part)(np.array([[0.0]]), np.array([[1.0]])).tolist()
[[0.75]]
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
    widths = {one.width for one in part.inputs}
    demand(len(widths) == 1, f"values of {' and '.join(map(str, sorted(widths)))} columns are averaged")
    plain = all(one.dtype == "float64" and not one.gaps for one in part.inputs)
    demand(plain, "what is averaged is no float64, or has gaps")
    demand(part.sizes["values"] == len(part.inputs), "there are more or fewer weights than values to average")
    total = float(part.arrays["weights"].sum())
    demand(0 < total < np.inf, "the weights of an average have no sum above 0")
    return Matrix("float64", part.inputs[0].width)


def _bind(part: Part) -> Any:
    weights = part.arrays["weights"]
    total = float(weights.sum())

    def evaluate(*values: NDArray[np.float64]) -> NDArray[np.float64]:
        mean = np.zeros_like(values[0])
        for value, weight in zip(values, weights, strict=True):
            mean += value if weight == 1 else value * weight
        mean /= total
        return mean

    return evaluate


OPERATION = Operation(
    name="average",
    summary="the weighted mean of several values",
    inputs=(Matrix,),
    several=True,
    arrays={"weights": ArrayRule(dtypes=("float64",), shape=("values",))},
    result=_result,
    bind=_bind,
)
