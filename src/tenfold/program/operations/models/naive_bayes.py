"""
Joint log-likelihoods of independent columns in each class: numbers have normal distributions, categories frequencies.

Categories are codes 0, 1, …; all others have the last frequency of their column. Gaps are left out of the sum, where
a model takes them.

Examples
--------
>>> arrays = {
...     "log_prior": np.log([0.5, 0.5]),
...     "numbers": np.array([0]),
...     "mean": np.array([[0.0], [2.0]]),
...     "variance": np.array([[1.0], [1.0]]),
... }
>>> part, kind = OPERATION.check((Matrix("float64", 1),), {"missing": "refused"}, arrays)
>>> OPERATION.bind(part)(np.array([[1.0], [2.0]])).round(3).tolist()
[[-2.112, -2.112], [-3.612, -1.612]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.operations.models.linear import weighted
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Scores, SparseMatrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]

Floats = NDArray[np.float64]

_LEAST = -1e300
"""Of a logarithm: that of 0, or of what is so far from a mean that its square overflows."""


def _result(part: Part) -> Matrix:
    rows_type, arrays = part.inputs[0], part.arrays
    demand(rows_type.dtype == "float64", f"likelihoods of {rows_type.dtype} are computed, not of float64")
    demand(
        not rows_type.gaps or part.parameters["missing"] == "left out",
        "rows with gaps have no likelihood: nothing fills them",
    )
    demand(bool((arrays["variance"] > 0).all()), "a column varies by nothing")
    demand(("categories" in arrays) == ("frequencies" in arrays), "categories lack frequencies, or these lack them")
    demand(part.sizes.get("codes", 1) > 0, "categories have no frequencies")
    return Matrix("float64", part.sizes["classes"])


def _bind(part: Part) -> Any:
    arrays = part.arrays
    numbers, mean, variance = arrays["numbers"], arrays["mean"], arrays["variance"]
    likelihoods = (
        _whole_rows(mean, variance) if part.parameters["missing"] == "refused" else _rows_with_gaps(mean, variance)
    )

    def evaluate(rows: Floats) -> Floats:
        joint = likelihoods(rows[:, numbers], arrays["log_prior"])
        if "categories" in arrays:
            for column, frequencies in zip(arrays["categories"], arrays["frequencies"], strict=True):
                joint += frequencies[_known_codes(rows[:, column], len(frequencies) - 1)]
        return np.asarray(np.fmax(joint, _LEAST))

    return evaluate


def _whole_rows(mean: Floats, variance: Floats) -> Any:
    """As scikit-learn: the sum of all logarithms, and that of all squares."""
    offsets = [-0.5 * np.sum(np.log(2.0 * np.pi * of_class)) for of_class in variance]

    def likelihoods(numbers: Floats, log_prior: Floats) -> Floats:
        joint = np.empty((len(numbers), len(mean)))
        with np.errstate(over="ignore", invalid="ignore"):
            for code, offset in enumerate(offsets):
                squares = np.sum((numbers - mean[code]) ** 2 / variance[code], axis=1)
                joint[:, code] = log_prior[code] + (offset - 0.5 * squares)
        return joint

    return likelihoods


def _rows_with_gaps(mean: Floats, variance: Floats) -> Any:
    """As `tenfold.models.MixedNaiveBayes`: the sum of the logarithms of what there is."""
    logs = np.log(2 * np.pi * variance)

    def likelihoods(numbers: Floats, log_prior: Floats) -> Floats:
        missing, joint = np.isnan(numbers), np.tile(log_prior, (len(numbers), 1))
        with np.errstate(over="ignore", invalid="ignore"):
            for code in range(len(mean)):
                likelihood = -0.5 * (logs[code] + (numbers - mean[code]) ** 2 / variance[code])
                joint[:, code] += np.where(missing, 0.0, likelihood).sum(axis=1)
        return joint

    return likelihoods


def _known_codes(codes: Floats, count: int) -> NDArray[np.int64]:
    with np.errstate(invalid="ignore"):
        known = (codes >= 0) & (codes < count) & (codes % 1 == 0)
    return np.where(known, codes, count).astype(np.int64)


def _lower_gaussian(builder: Builder, model: Any, rows: Value) -> Scores:
    with np.errstate(divide="ignore"):
        log_prior = np.maximum(np.log(np.asarray(model.class_prior_, np.float64)), _LEAST)
    arrays = {
        "log_prior": log_prior,
        "numbers": np.arange(rows.type.width),
        "mean": np.asarray(model.theta_, np.float64),
        "variance": np.asarray(model.var_, np.float64),
    }
    joint = builder.step("naive_bayes", _doubles(builder, rows), arrays=arrays, missing="refused")
    return Scores(builder.step("posterior", joint), probabilities=True, predicted=builder.step("arg_max", joint))


def _lower_mixed(builder: Builder, model: Any, rows: Value) -> Scores:
    """Its distributions are its own, and private: they follow from the sums that it was fitted on."""
    width = rows.type.width
    categories = np.array([column % width for column in model.categorical or ()], np.int64)
    mean, variance = model._distributions()
    arrays = {
        "log_prior": np.log(np.maximum(model.class_count_, 1e-300) / model.class_count_.sum()),
        "numbers": np.setdiff1d(np.arange(width), categories),
        "mean": mean,
        "variance": variance,
    }
    if len(categories):
        arrays["categories"] = categories
        arrays["frequencies"] = np.stack([model._text_log_frequencies(place) for place in range(len(categories))])
    joint = builder.step("naive_bayes", _doubles(builder, rows), arrays=arrays, missing="left out")
    return Scores(builder.step("softmax", joint), probabilities=True)


def _lower_counts(builder: Builder, model: Any, rows: Value) -> Scores:
    """Log-likelihoods of counts are linear in them."""
    weights = np.asarray(model.feature_log_prob_, np.float64)
    complement = type(model).__name__.endswith("ComplementNB") and len(model.classes_) > 1
    offset = np.zeros(len(weights)) if complement else np.asarray(model.class_log_prior_, np.float64)
    return _of_linear(builder, _doubles(builder, rows), weights, offset)


def _lower_bernoulli(builder: Builder, model: Any, rows: Value) -> Scores:
    rows = _doubles(builder, builder.dense(rows))
    if model.binarize is not None:
        rows = builder.step("indicators", builder.step("above", rows, threshold=float(model.binarize)))
    absent = np.log(1 - np.exp(model.feature_log_prob_))
    weights = np.asarray(model.feature_log_prob_ - absent, np.float64)
    return _of_linear(builder, rows, weights, np.asarray(model.class_log_prior_ + absent.sum(axis=1), np.float64))


def _of_linear(builder: Builder, rows: Value, weights: Floats, offset: Floats) -> Scores:
    offset = np.maximum(offset, _LEAST)
    joint = weighted(builder, rows, weights, offset)
    if len(weights) == 1:
        return Scores(builder.step("posterior", joint), probabilities=True)
    return Scores(builder.step("posterior", joint), probabilities=True, predicted=builder.step("arg_max", joint))


def _doubles(builder: Builder, rows: Value) -> Value:
    if isinstance(rows.type, SparseMatrix):
        return rows
    return rows if rows.type.dtype == "float64" else builder.step("cast", rows, dtype="float64")


OPERATION = Operation(
    name="naive_bayes",
    summary="joint log-likelihoods of independent numbers and categories in each class",
    inputs=(Matrix,),
    parameters={"missing": {"enum": ["refused", "left out"]}},
    arrays={
        "log_prior": ArrayRule(dtypes=("float64",), shape=("classes",)),
        "numbers": ArrayRule(dtypes=("int64",), shape=("numbers",), least=0, below="width"),
        "mean": ArrayRule(dtypes=("float64",), shape=("classes", "numbers")),
        "variance": ArrayRule(dtypes=("float64",), shape=("classes", "numbers")),
        "categories": ArrayRule(dtypes=("int64",), shape=("categories",), optional=True, least=0, below="width"),
        "frequencies": ArrayRule(dtypes=("float64",), shape=("categories", "codes", "classes"), optional=True),
    },
    result=_result,
    bind=_bind,
    memory=lambda part: 24 * part.sizes["numbers"],
    lower={
        "sklearn.naive_bayes.BernoulliNB": _lower_bernoulli,
        "sklearn.naive_bayes.ComplementNB": _lower_counts,
        "sklearn.naive_bayes.GaussianNB": _lower_gaussian,
        "sklearn.naive_bayes.MultinomialNB": _lower_counts,
        "tenfold.models.block_bayes.BlockComplementNB": _lower_counts,
        "tenfold.models.block_bayes.BlockMultinomialNB": _lower_counts,
        "tenfold.models.naive_bayes.MixedNaiveBayes": _lower_mixed,
    },
)
