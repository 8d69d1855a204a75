"""
The class that most of several predictions name, each with its weight; of equal ones the first.

Examples
--------
>>> part, kind = OPERATION.check((Classes(3),) * 2, {}, {"weights": np.array([1.0, 2.0])})
>>> OPERATION.bind(part)(np.array([0, 1]), np.array([2, 1])).tolist(), kind
([2, 1], Classes(count=3))
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Classes

__all__ = ["OPERATION"]


def _result(part: Part) -> Classes:
    counts = {one.count for one in part.inputs}
    demand(len(counts) == 1, "predictions of different classes are counted together")
    demand(part.sizes["values"] == len(part.inputs), "there are more or fewer weights than predictions to count")
    return Classes(part.inputs[0].count)


def _bind(part: Part) -> Any:
    weights, classes = part.arrays["weights"], part.inputs[0].count

    def evaluate(*predictions: NDArray[np.int64]) -> NDArray[np.int64]:
        votes = np.zeros((len(predictions[0]), classes))
        rows = np.arange(len(votes))
        for predicted, weight in zip(predictions, weights, strict=True):
            votes[rows, predicted] += weight
        return np.asarray(votes.argmax(axis=1), np.int64)

    return evaluate


OPERATION = Operation(
    name="majority",
    summary="the class that most of several predictions name, each with its weight",
    inputs=(Classes,),
    several=True,
    arrays={"weights": ArrayRule(dtypes=("float64",), shape=("values",))},
    result=_result,
    bind=_bind,
    work=lambda part: part.inputs[0].count,
    memory=lambda part: 8 * part.inputs[0].count,
)
