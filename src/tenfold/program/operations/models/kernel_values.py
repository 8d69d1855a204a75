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
from tenfold.program.values import Matrix, Targets, Value

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

    if rows.type.dtype == "float32":
        raise NotLoweredError("it holds a Nyström map in single precision")
    values = _values(builder, sample, np.asarray(sample.components_, np.float64), rows)
    weights = np.asarray(sample.normalization_, np.float64)
    return builder.step("linear", values, arrays={"weights": weights, "offset": np.zeros(len(weights))})


def _lower_ridge(builder: Builder, model: Any, rows: Value) -> Targets:
    """Ridge regression by its kernel values with all training rows."""
    from tenfold.program.builder import NotLoweredError

    if hasattr(model.X_fit_, "toarray") or rows.type.dtype == "float32":
        raise NotLoweredError("it holds kernel ridge regression of sparse rows, or in single precision")
    values = _values(builder, model, np.asarray(model.X_fit_, np.float64), rows)
    weights = np.asarray(model.dual_coef_, np.float64).reshape(len(model.X_fit_), -1).T
    return builder.targets(
        builder.step("linear", values, arrays={"weights": weights, "offset": np.zeros(len(weights))})
    )


def _values(builder: Builder, model: Any, instances: NDArray[np.float64], rows: Value) -> Value:
    """Return the kernel values with some rows; defaults as of scikit-learn's kernels."""
    from tenfold.program.builder import NotLoweredError

    if not isinstance(model.kernel, str) or model.kernel not in _KINDS or model.kernel_params:
        raise NotLoweredError("it holds a kernel of a user's own, or one that is not known")
    return builder.step(
        "kernel_values",
        rows if rows.type.dtype == "float64" else builder.step("cast", rows, dtype="float64"),
        arrays={"rows": instances},
        kernel=_KINDS[model.kernel],
        gamma=float(1.0 / instances.shape[1] if model.gamma is None else model.gamma),
        coef0=float(1 if model.coef0 is None else model.coef0),
        degree=float(3 if model.degree is None else model.degree),
    )


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
    lower={
        "sklearn.kernel_approximation.Nystroem": _lower,
        "sklearn.kernel_ridge.KernelRidge": _lower_ridge,
    },
)
