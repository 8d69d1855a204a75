"""Fitted objects that are made of others: their steps are those of the parts, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.program.ensembles import ENSEMBLES
from tenfold.program.lowering import Builder, Lowering, NotLoweredError
from tenfold.program.values import Scores, Value

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


COMPOSITIONS: Mapping[str, Lowering] = {
    "sklearn.dummy.DummyClassifier": _baseline,
    "sklearn.pipeline.Pipeline": _pipeline,
    **ENSEMBLES,
}
