"""A fitted classifier as a program of arrays, once that has been proven to predict the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.data.kinds.kind import find_kind
from tenfold.errors import ModelError
from tenfold.program.builder import NotLoweredError
from tenfold.program.program import Program
from tenfold.record.bundle.classifier import Classifier

__all__ = ["lower_classifier", "refuse_difference"]


def lower_classifier(classifier: Classifier, rows: Any) -> Classifier:
    """
    Return a classifier whose model is a program.

    Parameters
    ----------
    classifier : Classifier
        Of a fitted pipeline.
    rows : instances, as its schema checks them
        Some that it was fitted on: program and pipeline have to predict the same for each.

    Raises
    ------
    NotLoweredError
        A part of the pipeline is no program of arrays.
    ModelError
        The program predicts otherwise than the pipeline; the message says by how much.
    """
    input_type = find_kind(classifier.schema.as_dict()["kind"]).program_input(classifier.schema)
    if input_type is None:
        raise NotLoweredError("data of its kind are no arrays that a program takes")
    program = classifier.task.lower(classifier.model, input_type)
    other = replace(classifier, model=program)
    refuse_difference(classifier.predictions(rows), other.predictions(rows), program)
    return other


def refuse_difference(before: Predictions, after: Predictions, program: Program) -> None:
    """Refuse a program that does not predict as the pipeline that it was made of."""
    if before.predicted.dtype.kind == "f":
        _refuse_other_numbers(before.predicted, after.predicted, program, "predicts", "prediction")
    else:
        _refuse_other_classes(before.predicted, after.predicted)
    if before.scores is None or after.scores is None:
        if before.scores is not after.scores:
            raise ModelError("its program has scores where the pipeline has none, or none where it has some")
        return
    if before.scores.shape != after.scores.shape or before.probabilities != after.probabilities:
        raise ModelError("its program gives other scores than the pipeline that it was made of")
    _refuse_other_numbers(before.scores, after.scores, program, "scores", "score")


def _refuse_other_numbers(before: NDArray[Any], after: NDArray[Any], program: Program, does: str, what: str) -> None:
    if before.shape != after.shape:
        raise ModelError("its program predicts something else than the pipeline that it was made of")
    apart = np.abs(before - after) / max(1e-300, float(np.abs(before).max(initial=0)))
    # written so that one that is no number is refused too
    odd = ~(apart <= program.rounding).reshape(len(apart), -1).all(axis=1)
    if odd.any():
        raise ModelError(
            f"its program {does} row {int(np.argmax(odd)) + 1} otherwise than the pipeline that it was made of: by "
            f"{apart.max():.1e} of the largest {what}, where {program.rounding:.0e} is rounding"
        )


def _refuse_other_classes(before: NDArray[Any], after: NDArray[Any]) -> None:
    if before.shape != after.shape:
        raise ModelError("its program predicts something else than the pipeline that it was made of")
    rows = int((before != after).reshape(len(before), -1).any(axis=1).sum())
    if rows:
        raise ModelError(
            f"its program predicts otherwise than the pipeline that it was made of for {rows:,} of {len(before):,} rows"
        )
