"""
The number of pairs that each class wins.

Pairs are in the order (0, 1), (0, 2), …, (1, 2), …; 1 is a vote for the second of a pair.

Examples
--------
>>> part, kind = OPERATION.check((Labels(3),), {}, {})
>>> OPERATION.bind(part)(np.array([[1, 1, 0]])).tolist(), kind
([[0.0, 2.0, 1.0]], Matrix(dtype='float64', width=3, gaps=False))
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Labels, Matrix

__all__ = ["OPERATION", "OPERATIONS_A_PAIR", "classes_of", "votes_of_pairs"]

OPERATIONS_A_PAIR = 500
"""What a call of NumPy costs, of which each pair takes some."""


def classes_of(pairs: int) -> int:
    """
    Return how many classes have so many pairs, or refuse it.

    Examples
    --------
    >>> classes_of(45)
    10
    """
    classes = (1 + math.isqrt(1 + 8 * pairs)) // 2
    demand(classes * (classes - 1) // 2 == pairs, f"{pairs:,} scores are of no number of classes in pairs")
    return classes


def votes_of_pairs(seconds: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Return the votes for each class, shape (n, classes)."""
    votes, pair = np.zeros((len(seconds), classes)), 0
    for one in range(classes - 1):
        # The pairs of one class with all that follow stand side by side.
        of_one = seconds[:, pair : pair + classes - 1 - one]
        votes[:, one] += of_one.shape[1] - of_one.sum(axis=1)
        votes[:, one + 1 :] += of_one
        pair += of_one.shape[1]
    return votes


def _result(part: Part) -> Matrix:
    return Matrix("float64", classes_of(part.inputs[0].count))


def _bind(part: Part) -> Any:
    classes = classes_of(part.inputs[0].count)
    return lambda seconds: votes_of_pairs(seconds, classes)


OPERATION = Operation(
    name="pair_votes",
    summary="the number of pairs that each class wins",
    inputs=(Labels,),
    result=_result,
    bind=_bind,
)
