"""
Sums of kernel values with support vectors, one for each pair of classes: above 0 the second of the pair is likelier.

Examples
--------
>>> arrays = {
...     "vectors": np.array([[0.0], [2.0]]),
...     "coefficients": np.array([[-1.0, 1.0]]),
...     "counts": np.array([1, 1]),
...     "intercept": np.array([0.5]),
... }
>>> parameters = {"kernel": "gaussian", "gamma": 1.0, "coef0": 0.0, "degree": 0, "divisor": 1.0}
>>> part, kind = OPERATION.check((Matrix("float64", 1),), parameters, arrays)
>>> OPERATION.bind(part)(np.array([[1.0], [2.0]])).round(3).tolist()
[[0.5], [1.482]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.support.gaussian import GaussianKernel
from tenfold.models.support.margins import Kernel, PairMargins
from tenfold.models.support.products import ProductKernel
from tenfold.models.threads import allowed_threads
from tenfold.models.tiles import BLOCK
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.operations.scores.pair_votes import OPERATIONS_A_PAIR
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Scores, Targets, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]

_LARGEST = 1e300
"""Sums that overflow, and those of infinities of both signs, become this, its negative, or 0."""
_KINDS = {"rbf": "gaussian", "poly": "polynomial", "linear": "linear", "sigmoid": "sigmoid"}
_AT_LEAST_0 = float(np.nextafter(0.0, -1.0))


def _result(part: Part) -> Matrix:
    counts, sizes = part.arrays["counts"], part.sizes
    classes = len(counts)
    demand(not part.inputs[0].gaps, "a kernel machine takes rows with gaps: nothing fills them")
    demand(classes >= 2 and sizes["others"] == classes - 1, "the coefficients of a kernel machine are of other classes")
    demand(sizes["pairs"] == classes * (classes - 1) // 2, "the intercepts of a kernel machine are of other pairs")
    # a sum of huge counts may come out as any number
    small = int(counts.max()) <= sizes["vectors"]
    demand(
        small and 0 < int(counts.sum()) == sizes["vectors"],
        "the support vectors of a kernel machine are of other classes",
    )
    return Matrix("float64", sizes["pairs"])


def _kernel(part: Part) -> Kernel:
    vectors, values = part.arrays["vectors"], part.parameters
    if vectors.dtype == np.uint8:
        vectors = _divided(vectors, part.inputs[0].dtype, values["divisor"])
    if values["kernel"] == "gaussian":
        return GaussianKernel(vectors, values["gamma"])
    return ProductKernel(vectors, values["kernel"], values["gamma"], values["coef0"], values["degree"])


def _divided(codes: NDArray[np.uint8], dtype: Any, divisor: float) -> NDArray[Any]:
    """Return vectors as the pixels of rows become them."""
    dtype = np.dtype("float64" if dtype == "uint8" else dtype)
    return np.asarray(codes.astype(dtype) / dtype.type(divisor))


def _as_codes(vectors: NDArray[Any], dtype: Any) -> tuple[NDArray[Any], float]:
    """Return vectors as bytes and what to divide these by, where that gives the same to the last bit."""
    if vectors.size and vectors.min() >= 0:
        least = float(vectors.min(where=vectors > 0, initial=1.0))
        for divisor in (1.0, 255.0, float(min(max(round(1 / max(least, 1e-3)), 1), 255))):
            codes = np.rint(np.minimum(vectors * divisor, 255)).astype(np.uint8)
            divided = _divided(codes, dtype, divisor)
            if divided.dtype == vectors.dtype and np.array_equal(divided, vectors):
                return codes, divisor
    return vectors, 1.0


def _bind(part: Part) -> Any:
    arrays = part.arrays
    margins = PairMargins(_kernel(part), arrays["coefficients"], arrays["counts"], arrays["intercept"])

    def evaluate(rows: NDArray[Any]) -> NDArray[np.float64]:
        threads = 1 if len(rows) <= BLOCK else allowed_threads(None)
        with np.errstate(over="ignore", invalid="ignore"):
            sums = margins.of(rows, threads)
        if np.isfinite(sums).all():
            return sums
        return np.nan_to_num(sums, nan=0.0, posinf=_LARGEST, neginf=-_LARGEST)

    return evaluate


def _lower_own(builder: Builder, model: Any, rows: Value) -> Scores:
    parameters = {"kernel": "gaussian", "gamma": float(model.gamma_), "coef0": 0.0, "degree": 0}
    margins = _margins(builder, model, rows, parameters)
    if len(model.classes_) == 2:
        return Scores(margins, probabilities=False)
    _refuse_pairs(model)
    return Scores(_scores(builder, margins), probabilities=False)


def _kernel_parameters(model: Any) -> dict[str, Any]:
    """The gamma that "scale" and "auto" became is in a private attribute alone."""
    from tenfold.program.builder import NotLoweredError

    if model.kernel not in _KINDS:
        raise NotLoweredError("it holds a support vector machine with a kernel of a user's own")
    return {
        "kernel": _KINDS[model.kernel],
        "gamma": float(model._gamma),
        "coef0": float(model.coef0),
        "degree": int(model.degree),
    }


def _lower_regressor(builder: Builder, model: Any, rows: Value) -> Targets:
    """A sum over all its support vectors, as if they were those of the first of two classes."""
    vectors, coefficients = _support(model)
    intercept = np.asarray(model.intercept_, np.float64)
    if not len(vectors):
        return builder.targets(builder.step("constant", builder.input, arrays={"values": intercept}))
    counts = np.array([len(vectors), 0], np.int64)
    return builder.targets(_sums(builder, rows, vectors, coefficients, counts, intercept, _kernel_parameters(model)))


def _lower_theirs(builder: Builder, model: Any, rows: Value) -> Scores:
    from tenfold.program.builder import NotLoweredError

    if hasattr(model, "predict_proba"):
        raise NotLoweredError(
            "it holds a support vector machine with probability=True, whose probabilities libsvm searches in steps; "
            "calibrate it with CalibratedClassifierCV instead"
        )
    margins = _margins(builder, model, rows, _kernel_parameters(model))
    predicted = None if model.break_ties else _by_votes(builder, margins)
    if len(model.classes_) == 2:
        return Scores(margins, probabilities=False, predicted=predicted)
    _refuse_pairs(model)
    return Scores(_scores(builder, margins), probabilities=False, predicted=predicted)


def _refuse_pairs(model: Any) -> None:
    from tenfold.program.builder import NotLoweredError

    if model.decision_function_shape != "ovr":
        raise NotLoweredError("it holds a support vector machine with a score for each pair of classes, not each class")


def _margins(builder: Builder, model: Any, rows: Value, parameters: dict[str, Any]) -> Value:
    """Of two classes coefficients are of the second's score, of more classes of the first's of a pair."""
    sign = 1.0 if len(model.classes_) == 2 else -1.0
    vectors, coefficients = _support(model)
    counts, intercept = np.asarray(model.n_support_, np.int64), sign * np.asarray(model.intercept_, np.float64)
    return _sums(builder, rows, vectors, sign * coefficients, counts, intercept, parameters)


def _support(model: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return support vectors and their coefficients."""
    vectors, coefficients = (
        each.toarray() if hasattr(each, "toarray") else np.asarray(each)
        for each in (model.support_vectors_, model.dual_coef_)
    )
    return vectors, coefficients


def _sums(
    builder: Builder,
    rows: Value,
    vectors: NDArray[Any],
    coefficients: NDArray[Any],
    counts: NDArray[np.int64],
    intercept: NDArray[np.float64],
    parameters: dict[str, Any],
) -> Value:
    if rows.type.dtype == "uint8":
        rows = builder.step("cast", rows, dtype="float64")
    vectors, divisor = _as_codes(vectors, rows.type.dtype)
    arrays = {
        "vectors": vectors,
        "coefficients": coefficients,
        "counts": counts,
        "intercept": intercept,
    }
    return builder.step("kernel_machine", rows, arrays=arrays, divisor=divisor, **parameters)


def _scores(builder: Builder, margins: Value) -> Value:
    return builder.step("pair_scores", margins, builder.step("above", margins, threshold=0.0))


def _by_votes(builder: Builder, margins: Value) -> Value:
    """As libsvm: the first class of a pair needs more than 0, and of equal votes the first class is predicted."""
    votes = builder.step("pair_votes", builder.step("above", margins, threshold=_AT_LEAST_0))
    return builder.step("arg_max", votes)


OPERATION = Operation(
    name="kernel_machine",
    summary="sums of kernel values with support vectors, one for each pair of classes",
    inputs=(Matrix,),
    parameters={
        "kernel": {"enum": ["gaussian", "polynomial", "linear", "sigmoid"]},
        "gamma": {"type": "number", "minimum": 0, "maximum": 1e100},
        "coef0": {"type": "number"},
        "degree": {"type": "integer", "minimum": 0, "maximum": 1_000},
        # of vectors that are bytes
        "divisor": {"type": "number", "minimum": 1, "maximum": 255},
    },
    arrays={
        "vectors": ArrayRule(dtypes=("uint8", "float32", "float64"), shape=("vectors", "width")),
        "coefficients": ArrayRule(dtypes=("float64",), shape=("others", "vectors")),
        "counts": ArrayRule(dtypes=("int64",), shape=("classes",), least=0),
        "intercept": ArrayRule(dtypes=("float64",), shape=("pairs",)),
    },
    result=_result,
    bind=_bind,
    work=lambda part: OPERATIONS_A_PAIR * part.sizes["pairs"],
    lower={
        "sklearn.svm.NuSVR": _lower_regressor,
        "sklearn.svm.SVC": _lower_theirs,
        "sklearn.svm.SVR": _lower_regressor,
        "tenfold.models.support.classifier.GaussianSVC": _lower_own,
    },
)
