"""What a fitted pipeline predicts: a class for each row, and the scores behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

__all__ = [
    "Predictions",
    "class_predictions",
    "finds_neighbours",
    "label_predictions",
    "own_predictions",
    "reach",
    "scores_by_column",
    "search_once",
]

# scikit-learn classifiers whose `predict` is, by their documentation, the arg max of their scores: for these
# the answers are read off the scores, which halves the work of slow predictors.
_ARGMAX_OF_SCORES = frozenset(
    {
        "DummyClassifier",
        "ExtraTreesClassifier",
        "GaussianSVC",
        "HistGradientBoostingClassifier",
        "KNeighborsClassifier",
        "LogisticRegression",
        "MixedNaiveBayes",
        "OneVsOneClassifier",
        "OneVsRestClassifier",
        "OrderedChain",
        "RandomForestClassifier",
        "SGDClassifier",
    }
)


@dataclass(frozen=True, eq=False)
class Predictions:
    """
    Predictions for a batch of rows.

    Parameters
    ----------
    predicted : ndarray of n rows
        What the model's own ``predict`` gives, in the form of the task's `y`: class codes as int64, shape (n,); of
        several labels 0 and 1, shape (n, k).
    scores : ndarray of float64, shape (n,) for two classes, else (n, k), or None
        Of the positive class, or of each class or label; None where the classifier gives no scores.
    probabilities : bool
        The scores are probabilities.
    """

    predicted: NDArray[Any]
    scores: NDArray[np.float64] | None
    probabilities: bool


def class_predictions(pipeline: Pipeline, X: Any, classes: int) -> Predictions:
    """
    Return the classes that a fitted pipeline predicts and its scores, in one pass where one follows from the other.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted on codes 0..classes-1, some of which may have been absent.
    X : ndarray or DataFrame of n rows
    classes : int
        Number of classes of the task.
    """
    pipeline, X = search_once(pipeline, X)
    raw, probabilities = _raw_scores(pipeline, X)
    present = np.asarray(pipeline.classes_)
    if raw is not None and _is_argmax(pipeline):
        wins = raw.argmax(axis=1) if raw.ndim == 2 else (raw > 0).astype(np.int64)
        predicted = present[wins]
    else:
        predicted = pipeline.predict(X)
    predicted = np.asarray(predicted, np.int64).reshape(-1)  # CatBoost gives a column
    return Predictions(predicted, _aligned(raw, present, classes, probabilities), probabilities)


def label_predictions(pipeline: Pipeline, X: Any) -> Predictions:
    """
    Return the labels that a fitted pipeline predicts and its scores.

    A label is true where its score is above its middle, for classifiers whose ``predict`` says the same.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted on 0 and 1 for each label, shape (n, k).
    X : ndarray or DataFrame of n rows
    """
    pipeline, X = search_once(pipeline, X)
    scores, probabilities = _label_scores(pipeline, X)
    if scores is None or not _is_argmax(pipeline):
        return Predictions(np.asarray(pipeline.predict(X), np.int64), scores, probabilities)
    return Predictions((scores > (0.5 if probabilities else 0.0)).astype(np.int64), scores, probabilities)


def own_predictions(predictions: Predictions, *, by_scores: bool) -> Predictions:
    """
    Return what a model predicts by itself, whatever decision its predictions were made at.

    Parameters
    ----------
    predictions : Predictions
        Of classes or labels.
    by_scores : bool
        Whether another decision than the model's own is possible; its own is then more than a half, or more than 0.

    Examples
    --------
    >>> at_a_threshold = Predictions(np.array([1, 1]), np.array([0.4, 0.6]), probabilities=True)
    >>> own_predictions(at_a_threshold, by_scores=True).predicted.tolist()
    [0, 1]
    """
    if predictions.scores is None or not by_scores:
        return predictions
    middle = 0.5 if predictions.probabilities else 0.0
    return replace(predictions, predicted=(predictions.scores > middle).astype(np.int64))


def scores_by_column(columns: Sequence[str], scores: NDArray[np.float64] | None) -> dict[str, NDArray[np.float64]]:
    """
    Return scores by their columns; none where there are none.

    Examples
    --------
    >>> scores_by_column(["score:spam"], np.array([0.2, 0.9]))["score:spam"].tolist()
    [0.2, 0.9]
    """
    return {} if scores is None else dict(zip(columns, scores.reshape(len(scores), -1).T, strict=True))


def search_once(pipeline: Pipeline, X: Any, k: int | None = None, copies: int = 1) -> tuple[Pipeline, Any]:
    """
    Search the neighbours of X now, where a fitted pipeline ends in neighbours, for every prediction for X that follows.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    X : ndarray or DataFrame of m rows
    k : int, optional
        Neighbours to find; by default as many as the model asks.
    copies : int
        Rows that each row it was fitted on stands for, itself counted: `reach` tells how many are found then.

    Returns
    -------
    pipeline : Pipeline
        Of the last step alone, which answers from memory; any other pipeline as it came.
    X : ndarray of shape (m, d)
        As that step takes it; or as it came.
    """
    name, model = pipeline.steps[-1]
    if not finds_neighbours(model):
        return pipeline, X
    from sklearn.pipeline import Pipeline

    values = pipeline[:-1].transform(X) if len(pipeline.steps) > 1 else X
    return Pipeline([(name, model.with_neighbours(values, reach(model, k or model.n_neighbors, copies)))]), values


def reach(model: Any, k: int, copies: int) -> int:
    """Give how many neighbours hold `k` different instances for sure, where each stands there in so many copies."""
    return k if copies == 1 else min(k * copies, model.n_samples_fit_)


def finds_neighbours(model: Any) -> bool:
    """
    Whether a model answers from neighbours that can be found once, as `tenfold.models.KNeighborsClassifier` does.

    It is known by its method `with_neighbours`, so that its compiled kernels are loaded by those alone who use it.
    """
    return callable(getattr(model, "with_neighbours", None))


def _label_scores(pipeline: Pipeline, X: Any) -> tuple[NDArray[np.float64] | None, bool]:
    """One column a label, shape (n, k); scikit-learn gives some of them as a list of (n, 2) a label."""
    if hasattr(pipeline, "predict_proba"):
        raw = pipeline.predict_proba(X)
        if not isinstance(raw, list):
            return np.asarray(raw, np.float64), True
        present = [np.asarray(classes) for classes in pipeline.classes_]
        columns = [_column_of_positive(np.asarray(one, np.float64), c) for one, c in zip(raw, present, strict=True)]
        return np.column_stack(columns), True
    if hasattr(pipeline, "decision_function"):
        return np.asarray(pipeline.decision_function(X), np.float64), False
    return None, False


def _raw_scores(pipeline: Pipeline, X: Any) -> tuple[NDArray[np.float64] | None, bool]:
    if hasattr(pipeline, "predict_proba"):
        return np.asarray(pipeline.predict_proba(X), np.float64), True
    if hasattr(pipeline, "decision_function"):
        return np.asarray(pipeline.decision_function(X), np.float64), False
    return None, False


def _is_argmax(pipeline: Pipeline) -> bool:
    model = pipeline.steps[-1][1]
    if finds_neighbours(model):
        return False
    if not type(model).__module__.startswith(("sklearn.", "tenfold.")):
        return False
    return type(model).__name__ in _ARGMAX_OF_SCORES or bool(getattr(model, "break_ties", False))


def _aligned(
    raw: NDArray[np.float64] | None, present: NDArray[Any], classes: int, probabilities: bool
) -> NDArray[np.float64] | None:
    if raw is None:
        return None
    if classes == 2:
        return raw if raw.ndim == 1 else _column_of_positive(raw, present)
    if raw.ndim == 1:
        raw = np.column_stack([-raw, raw])
    if len(present) == classes:
        return raw
    filled = np.zeros((len(raw), classes)) if probabilities else np.repeat(raw.min(axis=1)[:, None] - 1, classes, 1)
    filled[:, present.astype(int)] = raw
    return filled


def _column_of_positive(raw: NDArray[np.float64], present: NDArray[Any]) -> NDArray[np.float64]:
    where = np.flatnonzero(present == 1)
    return np.ascontiguousarray(raw[:, where[0]]) if len(where) else np.zeros(len(raw))
