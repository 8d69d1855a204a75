"""
Positions among the classes that a model was fitted on, to codes of the classes of the task.

Examples
--------
>>> part, kind = OPERATION.check((Classes(2),), {"classes": 9}, {"codes": np.array([3, 8])})
>>> OPERATION.bind(part)(np.array([0, 1, 1])).tolist()
[3, 8, 8]
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
    codes, count = part.arrays["codes"], part.parameters["classes"]
    demand(len(codes) > 0 and int(codes.max()) < count, "a class is recoded to one that there is not")
    demand(part.inputs[0].count <= max(2, len(codes)), "more classes are recoded than there are codes for")
    return Classes(count)


def _bind(part: Part) -> Any:
    codes = part.arrays["codes"]
    if len(codes) == 1:
        codes = np.repeat(codes, 2)

    def evaluate(positions: NDArray[np.int64]) -> NDArray[np.int64]:
        return codes[positions]

    return evaluate


OPERATION = Operation(
    name="recode",
    summary="positions among the classes that were fitted to codes of all classes",
    inputs=(Classes,),
    parameters={"classes": {"type": "integer", "minimum": 1, "maximum": 100_000}},
    arrays={"codes": ArrayRule(dtypes=("int64",), shape=("fitted",), least=0)},
    result=_result,
    bind=_bind,
)
