"""
The values of a kernel with each of some rows.

Examples
--------
>>> arrays = {"rows": np.array([[0.0], [1.0]])}
>>> parameters = {"kernel": "gaussian", "gamma": 1.0, "coef0": 0.0, "degree": 0.0}
>>> part, kind = OPERATION.check((Matrix("float64", 1),), parameters, arrays)
>>> OPERATION.bind(part)(np.array([[1.0]])).round(3).tolist()
[[0.368, 1.0]]
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

_KINDS = {"rbf": "gaussian", "poly": "polynomial", "polynomial": "polynomial", "linear": "linear", "sigmoid": "sigmoid"}
_LARGEST = 1e300


def _result(part: Part) -> Matrix:
    rows_type = part.inputs[0]
    demand(
        rows_type.dtype == "float64" and not rows_type.gaps,
        "kernel values are made of rows of another type, or with gaps",
    )
    return Matrix("float64", part.sizes["rows"])


def _bind(part: Part) -> Any:
    """Computed as scikit-learn does, to the last bit: what follows may magnify rounding."""
    rows, norms = part.arrays["rows"], np.einsum("ij,ij->i", part.arrays["rows"], part.arrays["rows"])
    values = part.parameters
    kind, gamma, coef0, degree = values["kernel"], values["gamma"], values["coef0"], values["degree"]

    def evaluate(X: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            kernel = _gaussian(X, rows, norms, gamma) if kind == "gaussian" else X @ rows.T
            if kind in {"polynomial", "sigmoid"}:
                kernel *= gamma
                kernel += coef0
            if kind == "polynomial":
                kernel **= degree
        kernel = np.tanh(kernel) if kind == "sigmoid" else kernel
        return kernel if np.isfinite(kernel).all() else np.nan_to_num(kernel, posinf=_LARGEST, neginf=-_LARGEST)

    return evaluate


def _gaussian(
    X: NDArray[np.float64], rows: NDArray[np.float64], norms: NDArray[np.float64], gamma: float
) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = -2 * (X @ rows.T)
    squares += np.einsum("ij,ij->i", X, X)[:, None]
    squares += norms
    np.maximum(squares, 0, out=squares)
    squares *= -gamma
    return np.exp(squares, out=squares)


def _lower(builder: Builder, sample: Any, rows: Value) -> Value:
    """A sample of rows whose kernel values are combined, as Nyström (1930) does; defaults as of its kernels."""
    from tenfold.program.builder import NotLoweredError

    if sample.kernel not in _KINDS or sample.kernel_params:
        raise NotLoweredError("it holds a Nyström map with a kernel of a user's own, or one that is not known")
    if rows.type.dtype == "uint8":
        rows = builder.step("cast", rows, dtype="float64")
    if rows.type.dtype != "float64":
        raise NotLoweredError("it holds a Nyström map in single precision")
    kind, columns = _KINDS[sample.kernel], sample.components_.shape[1]
    values = builder.step(
        "kernel_values",
        rows,
        arrays={"rows": np.asarray(sample.components_, np.float64)},
        kernel=kind,
        gamma=float(1.0 / columns if sample.gamma is None else sample.gamma),
        coef0=float(1 if sample.coef0 is None else sample.coef0),
        degree=float(3 if sample.degree is None else sample.degree),
    )
    weights = np.asarray(sample.normalization_, np.float64)
    return builder.step("linear", values, arrays={"weights": weights, "offset": np.zeros(len(weights))})


OPERATION = Operation(
    name="kernel_values",
    summary="the values of a kernel with each of some rows",
    inputs=(Matrix,),
    parameters={
        "kernel": {"enum": ["gaussian", "polynomial", "linear", "sigmoid"]},
        "gamma": {"type": "number", "minimum": 0, "maximum": 1e100},
        "coef0": {"type": "number"},
        "degree": {"type": "number", "minimum": 0, "maximum": 1_000},
    },
    arrays={"rows": ArrayRule(dtypes=("float64",), shape=("rows", "width"))},
    result=_result,
    bind=_bind,
    lower={"sklearn.kernel_approximation.Nystroem": _lower},
)
