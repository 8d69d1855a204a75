"""
Products of the rows with weights, and an offset: linear scores, and projections on components.

Examples
--------
>>> arrays = {"weights": np.array([[1.0, -1.0]]), "offset": np.array([0.5])}
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, arrays)
>>> OPERATION.bind(part)(np.array([[3.0, 2.0]])).tolist()
[[1.5]]
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Scores, SparseMatrix, Targets, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION", "weighted"]


def _result(part: Part) -> Matrix:
    rows_type: Matrix = part.inputs[0]
    dtype: Any = part.arrays["weights"].dtype.name
    demand(not rows_type.gaps, "rows with gaps are multiplied by weights: nothing fills them")
    demand(dtype in {rows_type.dtype, "float64"}, f"rows of {rows_type.dtype} are multiplied by weights of {dtype}")
    demand(part.arrays["offset"].dtype.name == dtype, "weights and offset are of two types")
    return Matrix(dtype, part.sizes["outputs"])


def _bind(part: Part) -> Any:
    weights, offset = part.arrays["weights"].T, part.arrays["offset"]

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        products: NDArray[Any] = rows @ weights
        products += offset
        return products

    return evaluate


def weighted(builder: Builder, rows: Value, weights: NDArray[Any], offset: NDArray[Any]) -> Value:
    """Add products with weights, in single precision where rows and weights are; else, as NumPy does, in double."""
    if isinstance(rows.type, SparseMatrix):
        offset = np.broadcast_to(np.asarray(offset, np.float64), len(weights))
        return builder.step("sparse_linear", rows, arrays={"weights": weights.astype(np.float64), "offset": offset})
    single = rows.type.dtype == weights.dtype.name == "float32"
    dtype = np.float32 if single else np.float64
    offset = np.broadcast_to(np.asarray(offset, dtype), len(weights))
    return builder.step("linear", rows, arrays={"weights": weights.astype(dtype), "offset": offset})


def _lower_scores(builder: Builder, model: Any, rows: Value) -> Value:
    weights = model.coef_.toarray() if hasattr(model.coef_, "toarray") else np.asarray(model.coef_)
    return weighted(builder, rows, np.atleast_2d(weights), model.intercept_)


def _lower_linear(builder: Builder, model: Any, rows: Value) -> Scores:
    return Scores(builder.step("cast", _lower_scores(builder, model, rows), dtype="float64"), probabilities=False)


def _lower_logistic(builder: Builder, model: Any, rows: Value) -> Scores:
    scores = _lower_scores(builder, model, rows)
    link = "logistic" if scores.type.width == 1 else "softmax"
    probabilities = builder.step("cast", builder.step(link, scores), dtype="float64")
    return Scores(probabilities, probabilities=True, decision=builder.step("cast", scores, dtype="float64"))


def _lower_discriminant(builder: Builder, model: Any, rows: Value) -> Scores:
    """It predicts by its scores: probabilities of 1 may be equal."""
    scores = _lower_logistic(builder, model, rows)
    return replace(scores, predicted=None if scores.decision is None else builder.step("arg_max", scores.decision))


def _lower_sgd(builder: Builder, model: Any, rows: Value) -> Scores:
    """Losses with probabilities give them, as Zadrozny and Elkan (2002) do; the others give scores."""
    scores = builder.step("cast", _lower_scores(builder, model, rows), dtype="float64")
    if model.loss not in {"log_loss", "modified_huber"}:
        return Scores(scores, probabilities=False)
    each = builder.step("logistic" if model.loss == "log_loss" else "clipped", scores)
    probabilities = each if scores.type.width == 1 else builder.step("normalise", each)
    return Scores(probabilities, probabilities=True, decision=scores)


def _lower_regressor(builder: Builder, model: Any, rows: Value) -> Targets:
    return builder.targets(_lower_scores(builder, model, rows))


def _lower_latent(builder: Builder, model: Any, rows: Value) -> Targets:
    """Partial least squares; the mean of the rows, which it takes off, is in a private attribute alone."""
    weights = np.asarray(model.coef_)
    return builder.targets(weighted(builder, rows, weights, model.intercept_ - weights @ model._x_mean))


def _lower_log_linear(builder: Builder, model: Any, rows: Value) -> Targets:
    """A generalised linear model whose link is the logarithm."""
    scores = _lower_scores(builder, model, rows)
    return builder.targets(builder.step("activation", scores, function="exp"))


def _lower_tweedie(builder: Builder, model: Any, rows: Value) -> Targets:
    identity = model.link == "identity" or (model.link == "auto" and model.power <= 0)
    return (_lower_regressor if identity else _lower_log_linear)(builder, model, rows)


def _lower_components(builder: Builder, components: Any, rows: Value) -> Value:
    weights = np.asarray(components.components_)
    mean = (
        np.zeros((1, weights.shape[1]), weights.dtype) if components.mean_ is None else components.mean_.reshape(1, -1)
    )
    projected = weighted(builder, rows, weights, -(mean @ weights.T)[0])
    if not components.whiten:
        return projected
    scale = np.sqrt(components.explained_variance_)
    scale[scale < np.finfo(scale.dtype).eps] = np.finfo(scale.dtype).eps
    return builder.step("standardise", projected, arrays={"scale": scale.astype(np.float64)})


def _lower_denoiser(builder: Builder, denoiser: Any, images: Value) -> Value:
    rows = builder.step("flatten", images, dtype="float32", divisor=1.0)
    levels = weighted(builder, rows, np.asarray(denoiser.coef_), denoiser.intercept_)
    return builder.step("cast", levels, dtype="float64")


def _lower_sparse_components(builder: Builder, components: Any, rows: Value) -> Value:
    weights = np.asarray(components.components_)
    return weighted(builder, rows, weights, np.zeros(len(weights)))


_REGRESSORS = (
    "ARDRegression",
    "BayesianRidge",
    "ElasticNet",
    "ElasticNetCV",
    "HuberRegressor",
    "Lars",
    "LarsCV",
    "Lasso",
    "LassoCV",
    "LassoLars",
    "LassoLarsCV",
    "LassoLarsIC",
    "LinearRegression",
    "MultiTaskElasticNet",
    "MultiTaskElasticNetCV",
    "MultiTaskLasso",
    "MultiTaskLassoCV",
    "OrthogonalMatchingPursuit",
    "OrthogonalMatchingPursuitCV",
    "QuantileRegressor",
    "Ridge",
    "RidgeCV",
    "SGDRegressor",
    "TheilSenRegressor",
)
"""Those of scikit-learn whose prediction is a product with ``coef_``, and ``intercept_``."""

OPERATION = Operation(
    name="linear",
    summary="products of the rows with weights, and an offset",
    inputs=(Matrix,),
    arrays={
        "weights": ArrayRule(dtypes=("float32", "float64"), shape=("outputs", "width")),
        "offset": ArrayRule(dtypes=("float32", "float64"), shape=("outputs",)),
    },
    result=_result,
    bind=_bind,
    lower={
        "sklearn.cross_decomposition.PLSRegression": _lower_latent,
        "sklearn.decomposition.PCA": _lower_components,
        "sklearn.decomposition.TruncatedSVD": _lower_sparse_components,
        "sklearn.discriminant_analysis.LinearDiscriminantAnalysis": _lower_discriminant,
        **dict.fromkeys((f"sklearn.linear_model.{name}" for name in _REGRESSORS), _lower_regressor),
        "sklearn.linear_model.GammaRegressor": _lower_log_linear,
        "sklearn.linear_model.LogisticRegression": _lower_logistic,
        "sklearn.linear_model.LogisticRegressionCV": _lower_logistic,
        "sklearn.linear_model.Perceptron": _lower_linear,
        "sklearn.linear_model.PoissonRegressor": _lower_log_linear,
        "sklearn.linear_model.RidgeClassifier": _lower_linear,
        "sklearn.linear_model.RidgeClassifierCV": _lower_linear,
        "sklearn.linear_model.SGDClassifier": _lower_sgd,
        "sklearn.linear_model.TweedieRegressor": _lower_tweedie,
        "sklearn.svm.LinearSVC": _lower_linear,
        "sklearn.svm.LinearSVR": _lower_regressor,
        "tenfold.models.denoising.ridge.RidgeDenoiser": _lower_denoiser,
        "tenfold.models.linear.block_linear.BlockLinearSVC": _lower_linear,
        "tenfold.models.linear.block_linear.BlockLogisticRegression": _lower_logistic,
        "tenfold.models.linear.classifier.SGDClassifier": _lower_sgd,
        "tenfold.models.linear.moments.MomentsRegression": _lower_regressor,
        "tenfold.models.linear.regressor.SGDRegressor": _lower_regressor,
        "tenfold.models.linear.softmax.SoftmaxRegression": _lower_logistic,
        "tenfold.models.offset_svc.OffsetSVC": _lower_linear,
    },
)
