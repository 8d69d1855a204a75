"""
The votes of pairs for each class, plus a fraction below a third from the scores of its pairs, which breaks ties.

Pairs are in the order (0, 1), (0, 2), …, (1, 2), …; a higher score and a label of 1 are the second's of a pair.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 3), Labels(3)), {}, {})
>>> OPERATION.bind(part)(np.array([[1.0, 2.0, -1.0]]), np.array([[1, 1, 0]])).round(3).tolist()
[[-0.25, 2.222, 1.167]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.operations.scores.pair_votes import OPERATIONS_A_PAIR, classes_of, votes_of_pairs
from tenfold.program.refusal import demand
from tenfold.program.values import Labels, Matrix

__all__ = ["OPERATION"]

_LARGEST = 1e300
"""Beyond it three times a number may overflow."""


def _result(part: Part) -> Matrix:
    scores, labels = part.inputs
    demand(scores.dtype == "float64" and not scores.gaps, "scores of pairs are no float64, or have gaps")
    demand(scores.width == labels.count, "scores and votes are of other pairs")
    return Matrix("float64", classes_of(scores.width))


def _bind(part: Part) -> Any:
    classes = classes_of(part.inputs[0].width)

    def evaluate(scores: NDArray[np.float64], seconds: NDArray[np.int64]) -> NDArray[np.float64]:
        sums = np.clip(_sums(scores, classes), -_LARGEST, _LARGEST)
        return np.asarray(votes_of_pairs(seconds, classes) + sums / (3 * (np.abs(sums) + 1)))

    return evaluate


def _sums(scores: NDArray[np.float64], classes: int) -> NDArray[np.float64]:
    """Pair by pair, as scikit-learn adds them: rounding decides between classes of equal scores."""
    sums, pair = np.zeros((len(scores), classes)), 0
    scores = np.clip(scores, -_LARGEST, _LARGEST)
    for one in range(classes - 1):
        of_one = scores[:, pair : pair + classes - 1 - one]
        for place in range(of_one.shape[1]):
            sums[:, one] -= of_one[:, place]
        sums[:, one + 1 :] += of_one
        pair += of_one.shape[1]
    return sums


OPERATION = Operation(
    name="pair_scores",
    summary="the votes of pairs for each class, plus a fraction from the scores of its pairs",
    inputs=(Matrix, Labels),
    result=_result,
    bind=_bind,
    work=lambda part: OPERATIONS_A_PAIR * part.inputs[0].width,
)
