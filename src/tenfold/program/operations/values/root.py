"""
Each column back from the power that it was raised to (Yeo and Johnson, 2000; Box and Cox, 1964).

Examples
--------
>>> arrays = {"powers": np.array([2.0, 0.0])}
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {"method": "yeo-johnson"}, arrays)
>>> OPERATION.bind(part)(np.array([[7.5, 0.0]])).round(9).tolist()
[[3.0, 0.0]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

__all__ = ["OPERATION"]

Floats = NDArray[np.float64]
_EPSILON = float(np.finfo(np.float64).eps)


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    plain = rows_type.dtype == "float64" and not rows_type.gaps
    demand(plain, "roots are taken of numbers of another type, or of gaps")
    return Matrix("float64", rows_type.width)


def _bind(part: Part) -> Any:
    powers = part.arrays["powers"].tolist()
    root = _yeo_johnson if part.parameters["method"] == "yeo-johnson" else _box_cox

    def evaluate(rows: Floats) -> Floats:
        return np.column_stack([root(rows[:, column], power) for column, power in enumerate(powers)])

    return evaluate


def _yeo_johnson(values: Floats, power: float) -> Floats:
    return np.asarray(np.where(values >= 0, _root(values, power), -_root(-values, 2 - power)))


def _root(values: Floats, power: float) -> Floats:
    """Of what values from 0 were raised to: (1 + power * y) ^ (1 / power) - 1; NaN where no value was raised to it."""
    return np.expm1(values) if abs(power) < _EPSILON else np.expm1(np.log1p(power * values) / power)


def _box_cox(values: Floats, power: float) -> Floats:
    return np.exp(values) if power == 0 else np.exp(np.log1p(power * values) / power)


OPERATION = Operation(
    name="root",
    summary="each column back from the power that it was raised to",
    inputs=(Matrix,),
    parameters={"method": {"enum": ["yeo-johnson", "box-cox"]}},
    arrays={"powers": ArrayRule(dtypes=("float64",), shape=("width",))},
    result=_result,
    bind=_bind,
)
