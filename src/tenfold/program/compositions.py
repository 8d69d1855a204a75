"""Fitted objects that are made of others: their steps are those of the parts, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.program.builder import Builder, Lowering, NotLoweredError
from tenfold.program.ensembles import ENSEMBLES
from tenfold.program.regressors import REGRESSORS
from tenfold.program.values import Scores, Targets, Value

__all__ = ["COMPOSITIONS"]


def _pipeline(builder: Builder, pipeline: Any, value: Value) -> Any:
    result: Any = value
    for _, step in pipeline.steps:
        if isinstance(result, Scores | Targets):
            raise NotLoweredError("a step of its pipeline stands after a model")
        if step is not None and step != "passthrough":
            result = builder.lower(step, result)
    return result


def _baseline(builder: Builder, model: Any, value: Value) -> Scores:
    """The most frequent class of each output, always."""
    if model.strategy not in {"most_frequent", "prior"}:
        raise NotLoweredError(f"it holds a dummy classifier that answers by '{model.strategy}'")
    several = isinstance(model.classes_, list)
    priors = [np.asarray(one, np.float64) for one in (model.class_prior_ if several else [model.class_prior_])]
    shares = [one if model.strategy == "prior" else np.eye(len(one))[int(one.argmax())] for one in priors]
    if several:
        # Of each label the share of 1, which all training rows may have had, or none.
        of_labels = zip(model.classes_, shares, strict=True)
        shares = [np.array([one[np.asarray(classes) == 1].sum() for classes, one in of_labels])]
    return Scores(builder.step("constant", builder.input, arrays={"values": shares[0]}), probabilities=True)


COMPOSITIONS: Mapping[str, Lowering] = {
    "sklearn.dummy.DummyClassifier": _baseline,
    "sklearn.pipeline.Pipeline": _pipeline,
    **ENSEMBLES,
    **REGRESSORS,
}
