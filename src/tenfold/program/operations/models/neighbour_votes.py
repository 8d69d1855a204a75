"""
The share of the votes of neighbours for each class, each vote of the same weight, or of one over its distance.

Examples
--------
>>> arrays = {"codes": np.array([0, 1, 1], np.uint8)}
>>> parameters = {"classes": 2, "weights": "distance"}
>>> part, kind = OPERATION.check((Neighbours(2, 3),), parameters, arrays)
>>> OPERATION.bind(part)((np.array([[1.0, 3.0], [0.0, 1.0]]), np.array([[0, 1], [1, 0]]))).tolist()
[[0.75, 0.25], [0.0, 1.0]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.means import inverse_distances
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Neighbours

__all__ = ["CODES", "OPERATION", "check_codes"]

Nearest = tuple[NDArray[np.float64], NDArray[np.int64]]

CODES = ArrayRule(dtypes=("uint8", "uint16", "int32", "int64"), shape=("instances",), least=0)
"""Of the class of each instance."""


def check_codes(part: Part) -> None:
    """Refuse codes of other instances than those of the neighbours, or of classes that there are not."""
    codes = part.arrays["codes"]
    demand(len(codes) == part.inputs[0].among, "votes have codes of other instances than the neighbours are among")
    demand(int(codes.max()) < part.parameters["classes"], "a neighbour votes for a class that there is not")


def _result(part: Part) -> Matrix:
    check_codes(part)
    return Matrix("float64", part.parameters["classes"])


def _bind(part: Part) -> Any:
    codes, classes = part.arrays["codes"].astype(np.int64), part.parameters["classes"]
    by_distance = part.parameters["weights"] == "distance"

    def evaluate(nearest: Nearest) -> NDArray[np.float64]:
        distances, positions = nearest
        weights = inverse_distances(distances).ravel() if by_distance else None
        places = codes[positions] + classes * np.arange(len(positions))[:, None]
        counts: NDArray[Any] = np.bincount(places.ravel(), weights, minlength=classes * len(positions))
        votes = counts.astype(np.float64, copy=False).reshape(len(positions), classes)
        return np.asarray(votes / votes.sum(axis=1, keepdims=True))

    return evaluate


OPERATION = Operation(
    name="neighbour_votes",
    summary="the share of the votes of neighbours for each class",
    inputs=(Neighbours,),
    parameters={
        "classes": {"type": "integer", "minimum": 1, "maximum": 100_000},
        "weights": {"enum": ["uniform", "distance"]},
    },
    arrays={"codes": CODES},
    result=_result,
    bind=_bind,
    memory=lambda part: 32 * part.inputs[0].count,
)
