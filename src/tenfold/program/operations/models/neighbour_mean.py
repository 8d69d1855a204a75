"""
The mean of the targets of neighbours, each of the same weight, or of one over its distance.

Examples
--------
>>> arrays = {"targets": np.array([[0.0], [4.0], [8.0]])}
>>> part, kind = OPERATION.check((Neighbours(2, 3),), {"weights": "distance"}, arrays)
>>> OPERATION.bind(part)((np.array([[1.0, 3.0], [0.0, 1.0]]), np.array([[0, 1], [1, 2]]))).tolist()
[[1.0], [4.0]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.means import inverse_distances, weighted_means
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Neighbours

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    targets = part.arrays["targets"]
    fit = len(targets) == part.inputs[0].among
    demand(fit, "a mean has targets of other instances than the neighbours are among")
    return Matrix("float64", targets.shape[1])


def _bind(part: Part) -> Any:
    targets, by_distance = part.arrays["targets"], part.parameters["weights"] == "distance"

    def evaluate(nearest: tuple[NDArray[np.float64], NDArray[np.int64]]) -> NDArray[np.float64]:
        distances, positions = nearest
        return weighted_means(targets, positions, inverse_distances(distances) if by_distance else None)

    return evaluate


OPERATION = Operation(
    name="neighbour_mean",
    summary="the mean of the targets of neighbours, each of the same weight, or of one over its distance",
    inputs=(Neighbours,),
    parameters={"weights": {"enum": ["uniform", "distance"]}},
    arrays={"targets": ArrayRule(dtypes=("float64",), shape=("instances", "targets"))},
    result=_result,
    bind=_bind,
    memory=lambda part: 8 * part.inputs[0].count * (2 + part.sizes["targets"]),
    work=lambda part: part.inputs[0].count * part.sizes["targets"],
)
