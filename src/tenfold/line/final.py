"""The last steps: the chosen candidate fitted on all training rows, and the one look at the test part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.augmentation import augmented_rows
from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import answers
from tenfold.data.dataset import Dataset
from tenfold.decision.decision import Decision
from tenfold.figures import Evaluation, evaluate
from tenfold.models.threads import limited_to
from tenfold.tasks.task import Task

__all__ = ["TestFigures", "final_model", "test_figures"]


def final_model(candidate: Candidate, training: Dataset, codes: NDArray[np.int64], cores: int) -> Pipeline:
    """
    Fit the chosen candidate on every training row, grown where the candidate asks for it.

    Trees, and whoever takes all cores in the folds, take as many here, which changes no figure; numerical libraries
    keep one thread.
    """
    pipeline = clone(candidate.pipeline)
    model = pipeline.steps[-1][1]
    if isinstance(model, RandomForestClassifier | ExtraTreesClassifier) or getattr(model, "n_jobs", None) == -1:
        model.set_params(n_jobs=cores)
    with limited_to(1):
        pipeline.fit(*augmented_rows(candidate.augment, training, codes))
    return pipeline


@dataclass(frozen=True, eq=False)
class TestFigures:
    """
    What the test part says.

    Parameters
    ----------
    evaluation : Evaluation
        Of the final model at its decision.
    baseline : Evaluation
        Of the most frequent training class on the same rows.
    true, predicted : ndarray of int64, shape (n,)
        Class codes.
    scores : ndarray of float64, shape (n,) or (n, k), or None
    """

    evaluation: Evaluation
    baseline: Evaluation
    true: NDArray[np.int64]
    predicted: NDArray[np.int64]
    scores: NDArray[np.float64] | None


def test_figures(
    pipeline: Pipeline, decision: Decision, opened: Dataset, task: Task, training_codes: NDArray[np.int64]
) -> TestFigures:
    """Let the final model, and the most frequent training class, answer the opened test part."""
    true = task.encode(opened.labels)
    with limited_to(1):
        said = answers(pipeline, opened.X, len(task.classes), task.type == "multilabel")
    predicted = decision.apply(said.scores, said.predicted)
    evaluation = evaluate(task, true, predicted, said.scores, probabilities=said.probabilities)
    return TestFigures(evaluation, _baseline(opened.X, true, task, training_codes), true, predicted, said.scores)


def _baseline(X: Any, true: NDArray[np.int64], task: Task, training_codes: NDArray[np.int64]) -> Evaluation:
    no_features = np.zeros((len(training_codes), 1))
    dummy = Pipeline([("model", DummyClassifier(strategy="most_frequent"))]).fit(no_features, training_codes)
    said = answers(dummy, np.zeros((len(X), 1)), len(task.classes), task.type == "multilabel")
    return evaluate(task, true, said.predicted, said.scores, probabilities=True)
