"""
The class with most votes of neighbours, each of one over its distance; of equal ones the first.

Examples
--------
>>> part, kind = OPERATION.check((Neighbours(2, 3),), {"classes": 2}, {"codes": np.array([0, 1, 1], np.uint8)})
>>> OPERATION.bind(part)((np.array([[1.0, 3.0], [0.0, 1.0]]), np.array([[0, 1], [1, 0]]))).tolist()
[0, 1]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.means import inverse_distances
from tenfold.program.operation import Operation, Part
from tenfold.program.operations.models.neighbour_votes import CODES, check_codes
from tenfold.program.values import Classes, Neighbours

__all__ = ["OPERATION"]


def _result(part: Part) -> Classes:
    check_codes(part)
    return Classes(part.parameters["classes"])


def _bind(part: Part) -> Any:
    codes, classes = part.arrays["codes"].astype(np.int64), part.parameters["classes"]

    def evaluate(nearest: tuple[NDArray[np.float64], NDArray[np.int64]]) -> NDArray[np.int64]:
        distances, positions = nearest
        weights, votes_for = inverse_distances(distances), codes[positions]
        most, mode = np.zeros(len(weights)), np.zeros(len(weights), np.int64)
        # Summed as scikit-learn's `weighted_mode` does, votes for other classes as zeros: rounding decides ties.
        for code in range(classes):
            votes = np.where(votes_for == code, weights, 0.0).sum(axis=1)
            higher = votes > most
            most[higher], mode[higher] = votes[higher], code
        return mode

    return evaluate


OPERATION = Operation(
    name="neighbour_mode",
    summary="the class with most votes of neighbours, each of one over its distance",
    inputs=(Neighbours,),
    parameters={"classes": {"type": "integer", "minimum": 1, "maximum": 100_000}},
    arrays={"codes": CODES},
    result=_result,
    bind=_bind,
    memory=lambda part: 32 * part.inputs[0].count,
    work=lambda part: part.parameters["classes"] * part.inputs[0].count,
)
