"""
Posterior probabilities of classes, from joint log-likelihoods: exponentials of these less the logarithm of their sum.

Log-likelihoods may be so large that their rounding is seen in probabilities: this order of computation keeps it as
scikit-learn's naive Bayes has it.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {})
>>> OPERATION.bind(part)(np.array([[-1000.0, -1000.0], [0.0, -2000.0]])).round(12).tolist()
[[0.5, 0.5], [1.0, 0.0]]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]

Floats = NDArray[np.float64]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(
        rows_type.dtype == "float64" and not rows_type.gaps, "probabilities are made of what is no float64, or has gaps"
    )
    return Matrix("float64", rows_type.width)


def _posterior(logs: Floats) -> Floats:
    highest = logs.max(axis=1, keepdims=True)
    is_highest = logs == highest
    count = is_highest.sum(axis=1, keepdims=True, dtype=np.float64)
    rest = np.exp(np.where(is_highest, -np.inf, logs) - highest).sum(axis=1, keepdims=True)
    log_sum = np.log1p(rest / np.maximum(count, 1)) + np.log(np.maximum(count, 1)) + highest
    return np.asarray(np.exp(logs - log_sum))


OPERATION = Operation(
    name="posterior",
    summary="posterior probabilities of classes, from joint log-likelihoods",
    inputs=(Matrix,),
    result=_result,
    bind=lambda part: _posterior,
)
