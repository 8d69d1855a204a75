"""
A function that rises with one column: straight between given points, level beyond the outermost.

Examples
--------
>>> arrays = {"scores": np.array([0.0, 1.0]), "values": np.array([0.2, 0.8])}
>>> part, kind = OPERATION.check((Matrix("float64", 1),), {}, arrays)
>>> OPERATION.bind(part)(np.array([[-1.0], [0.5], [2.0]])).round(3).tolist()
[[0.2], [0.5], [0.8]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Targets, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type, scores = part.inputs[0], part.arrays["scores"]
    plain = rows_type.dtype != "uint8" and rows_type.width == 1 and not rows_type.gaps
    demand(plain, "a function of one column is applied to others, or to gaps")
    demand(len(scores) > 0 and bool((scores[1:] > scores[:-1]).all()), "the points of a function are out of order")
    return Matrix("float64", 1)


def _bind(part: Part) -> Any:
    scores, values = part.arrays["scores"], part.arrays["values"]

    def evaluate(rows: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.interp(rows[:, 0], scores, values)[:, None])

    return evaluate


def _lower(builder: Builder, model: Any, rows: Value) -> Targets:
    from tenfold.program.builder import NotLoweredError

    if model.out_of_bounds != "clip":
        raise NotLoweredError("it holds isotonic regression that predicts nothing beyond its training rows")
    points = {"scores": model.X_thresholds_, "values": model.y_thresholds_}
    arrays = {name: np.asarray(values, np.float64) for name, values in points.items()}
    return builder.targets(builder.step("isotonic", builder.floats(rows), arrays=arrays))


OPERATION = Operation(
    name="isotonic",
    summary="a function that rises with one column: straight between points, level beyond them",
    inputs=(Matrix,),
    arrays={
        "scores": ArrayRule(dtypes=("float64",), shape=("points",)),
        "values": ArrayRule(dtypes=("float64",), shape=("points",)),
    },
    result=_result,
    bind=_bind,
    lower={"sklearn.isotonic.IsotonicRegression": _lower},
)
