"""
Each column less its mean, divided by its deviation.

Examples
--------
>>> arrays = {"mean": np.array([1.0, 2.0]), "scale": np.array([2.0, 1.0])}
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, arrays)
>>> OPERATION.bind(part)(np.array([[3.0, 2.0]])).tolist()
[[1.0, 0.0]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(rows_type.dtype != "uint8", "bytes are standardised, which have no room for it")
    if "scale" in part.arrays:
        demand(bool((part.arrays["scale"] != 0).all()), "a column is divided by 0")
    return Matrix(rows_type.dtype, rows_type.width, rows_type.gaps)


def _bind(part: Part) -> Any:
    """As scikit-learn does: in the type of the rows."""
    dtype = np.dtype(part.inputs[0].dtype)
    mean, scale = (part.arrays[name].astype(dtype) if name in part.arrays else None for name in ("mean", "scale"))

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        if mean is not None:
            rows = rows - mean
        return rows if scale is None else rows / scale

    return evaluate


def _lower(builder: Builder, scaler: Any, rows: Value) -> Value:
    arrays = {}
    if scaler.with_mean:
        arrays["mean"] = np.asarray(scaler.mean_, np.float64)
    if scaler.scale_ is not None:
        arrays["scale"] = np.asarray(scaler.scale_, np.float64)
    return builder.step("standardise", builder.floats(rows), arrays=arrays)


def _lower_robust(builder: Builder, scaler: Any, rows: Value) -> Value:
    """Its center and scale are of double precision, whatever the rows are: only what becomes of them is rounded."""
    scaled = builder.floats(rows)
    dtype = scaled.type.dtype
    for name, values in (("mean", scaler.center_), ("scale", scaler.scale_)):
        if values is not None:
            scaled = builder.step("cast", scaled, dtype="float64") if dtype == "float32" else scaled
            scaled = builder.step("standardise", scaled, arrays={name: np.asarray(values, np.float64)})
            scaled = builder.step("cast", scaled, dtype=dtype) if dtype == "float32" else scaled
    return scaled


def _lower_largest(builder: Builder, scaler: Any, rows: Value) -> Value:
    """Older versions of the scaler have no `clip`."""
    arrays = {"scale": np.asarray(scaler.scale_, np.float64)}
    scaled = builder.step("standardise", builder.floats(rows), arrays=arrays)
    return builder.step("limit", scaled, low=-1.0, high=1.0) if getattr(scaler, "clip", False) else scaled


OPERATION = Operation(
    name="standardise",
    summary="each column less its mean, divided by its deviation",
    inputs=(Matrix,),
    arrays={
        "mean": ArrayRule(dtypes=("float64",), shape=("width",), optional=True),
        "scale": ArrayRule(dtypes=("float64",), shape=("width",), optional=True),
    },
    result=_result,
    bind=_bind,
    lower={
        "sklearn.preprocessing.MaxAbsScaler": _lower_largest,
        "sklearn.preprocessing.RobustScaler": _lower_robust,
        "sklearn.preprocessing.StandardScaler": _lower,
    },
)
