"""The last steps: the chosen candidate fitted on all training rows, and the one look at the test part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.augmentation import augmented_rows
from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import Predictions
from tenfold.data.dataset import Dataset
from tenfold.decision.decision import Decision
from tenfold.figures import Evaluation
from tenfold.models.threads import limited_to
from tenfold.record.bundle.classifier_files import load_program
from tenfold.record.folder import RunFolder
from tenfold.task import Task

__all__ = ["TestFigures", "final_model", "test_figures", "test_predictions"]


def final_model(candidate: Candidate, training: Dataset, codes: NDArray[np.int64], cores: int) -> Pipeline:
    """
    Fit the chosen candidate on every training row, grown where the candidate asks for it.

    Trees, and whoever takes all cores in the folds, take as many here, which changes no figure; numerical libraries
    keep one thread.
    """
    pipeline = clone(candidate.pipeline)
    model = pipeline.steps[-1][1]
    if isinstance(model, RandomForestClassifier | ExtraTreesClassifier) or getattr(model, "n_jobs", None) == -1:
        model.set_params(n_jobs=max(cores, 1))
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
        Of the baseline on the same rows.
    true, predicted : ndarray of n rows
        In the form of the task's `y`.
    scores : ndarray of float64, shape (n,) or (n, k), or None
    """

    evaluation: Evaluation
    baseline: Evaluation
    true: NDArray[Any]
    predicted: NDArray[Any]
    scores: NDArray[np.float64] | None


def test_predictions(folder: RunFolder, pipeline: Pipeline, opened: Dataset, task: Task) -> Predictions:
    """Let the saved program predict the opened test part; the pipeline, where it was not saved as one."""
    with limited_to(1):
        classifier = load_program(folder.model)
        if classifier is not None:
            return classifier.predictions(opened)
        predictions: Predictions = task.predict(pipeline, opened.X)
        return predictions


def test_figures(
    predictions: Predictions,
    decision: Decision,
    opened: Dataset,
    task: Task,
    training_codes: NDArray[Any],
    baseline: Candidate,
) -> TestFigures:
    """Judge predictions for the opened test part, beside the baseline, which sees no features."""
    true = task.encode(opened.labels)
    at: Predictions = task.apply(decision, predictions)
    evaluation = task.evaluate(
        true, at.predicted, at.scores, probabilities=predictions.probabilities, decision=decision
    )
    of_baseline = _baseline(baseline, len(opened), true, task, training_codes)
    return TestFigures(evaluation, of_baseline, true, at.predicted, at.scores)


def _baseline(
    baseline: Candidate, rows: int, true: NDArray[Any], task: Task, training_codes: NDArray[Any]
) -> Evaluation:
    model = Pipeline([("model", clone(baseline.pipeline.steps[-1][1]))])
    model.fit(np.zeros((len(training_codes), 1)), training_codes)
    predictions: Predictions = task.predict(model, np.zeros((rows, 1)))
    evaluation: Evaluation = task.evaluate(
        true, predictions.predicted, predictions.scores, probabilities=predictions.probabilities
    )
    return evaluation
