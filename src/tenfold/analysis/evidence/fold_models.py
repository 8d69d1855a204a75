"""The models that judged the rows of a run, each fitted again without its fold, as models of words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.evidence.word_model import WordModel, word_model
from tenfold.analysis.studies.study_input import Subject, fitted_without
from tenfold.errors import ModelError, UsageError
from tenfold.models.threads import limited_to
from tenfold.program.builder import NotLoweredError
from tenfold.record.bundle import Classifier
from tenfold.record.bundle.lowering import lower_classifier
from tenfold.text import shown

__all__ = ["fold_model"]

_SAME = 1e-6
_COMPARED = 200


def fold_model(subject: Subject, fold: int) -> WordModel:
    """
    Fit the candidate without a fold, as the run did, and read it as a model of words.

    Parameters
    ----------
    subject : Subject
    fold : int

    Raises
    ------
    UsageError
        Its scores are no sums over words.
    ModelError
        It does not score the rows of the fold as it did.
    """
    candidate, data = subject.candidate, subject.data
    held_out = np.flatnonzero(subject.folds == fold)[:_COMPARED]
    with limited_to(1):
        pipeline = fitted_without(subject, fold)
    fitted = Classifier(
        pipeline,
        subject.task,
        subject.decision,
        subject.result.probabilities,
        data.traits.schema(data.X),
        {"candidate": candidate.name},
    )
    rows = data.take(held_out).X
    try:
        classifier = lower_classifier(fitted, rows)
    except NotLoweredError as fault:
        raise UsageError(f"{shown(candidate.name, 40)} is no program of arrays: {fault}") from fault
    _refuse_other_scores(classifier.scores(rows), subject, held_out, fold)
    return word_model(classifier)


def _refuse_other_scores(
    scores: NDArray[np.float64] | None, subject: Subject, held_out: NDArray[np.int64], fold: int
) -> None:
    before = subject.result.scores
    if scores is None or before is None:
        return
    if not np.allclose(scores, before[held_out], rtol=_SAME, atol=_SAME * float(np.abs(before).max())):
        raise ModelError(
            f"fitted again, the model of fold {fold + 1} scores its rows otherwise than in the run",
            do="repeat the run with the libraries that are installed now",
        )
