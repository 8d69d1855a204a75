"""Fitted objects that are made of others: their steps are those of the parts, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.program.lowering import Builder, Lowering, NotLoweredError
from tenfold.program.values import Matrix, Scores, Value

__all__ = ["COMPOSITIONS"]


def _pipeline(builder: Builder, pipeline: Any, value: Value) -> Any:
    result: Any = value
    for _, step in pipeline.steps:
        if isinstance(result, Scores):
            raise NotLoweredError("a step of its pipeline stands after a classifier")
        if step is not None and step != "passthrough":
            result = builder.lower(step, result)
    return result


def _baseline(builder: Builder, model: Any, value: Value) -> Scores:
    """The most frequent class of each output, always."""
    if model.strategy not in {"most_frequent", "prior"}:
        raise NotLoweredError(f"it holds a dummy classifier that answers by '{model.strategy}'")
    if isinstance(model.classes_, list):
        raise NotLoweredError("it holds a dummy classifier of several labels")
    priors = np.asarray(model.class_prior_, np.float64)
    scores = priors if model.strategy == "prior" else np.eye(len(priors))[int(priors.argmax())]
    return Scores(builder.step("constant", builder.input, arrays={"values": scores}), probabilities=True)


def _one_vs_rest(builder: Builder, model: Any, value: Value) -> Scores:
    """One detector a class or label."""
    detectors = [builder.lower(one, value) for one in model.estimators_]
    if not all(isinstance(one, Scores) for one in detectors):
        raise NotLoweredError("a detector of one class against the rest gives no scores")
    columns = [_of_second(builder, one) for one in detectors]
    probabilities = detectors[0].probabilities
    if len(columns) == 1:
        if probabilities:
            first = builder.step("select", detectors[0].matrix, arrays={"columns": np.array([0, 1])})
            return Scores(first, probabilities=True)
        return Scores(columns[0], probabilities=False)
    joined = builder.step("join", *columns)
    if probabilities and not model.multilabel_:
        joined = builder.step("normalise", joined)
    return Scores(joined, probabilities)


def _of_second(builder: Builder, scores: Scores) -> Value:
    """The score of the second of two classes."""
    if scores.matrix is None or not isinstance(scores.matrix.type, Matrix):
        raise NotLoweredError("a detector of one class against the rest gives no scores")
    if scores.matrix.type.width == 1:
        return scores.matrix
    return builder.step("select", scores.matrix, arrays={"columns": np.array([1])})


COMPOSITIONS: Mapping[str, Lowering] = {
    "sklearn.dummy.DummyClassifier": _baseline,
    "sklearn.multiclass.OneVsRestClassifier": _one_vs_rest,
    "sklearn.pipeline.Pipeline": _pipeline,
}
