"""Single steps from Python, for people who come with arrays or with predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.api.parameters import suggesting_names
from tenfold.candidates.catalogue import own_names, resolve
from tenfold.candidates.own import candidate_of
from tenfold.candidates.setting import setting_of
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import row_groups
from tenfold.data.missing import is_missing
from tenfold.data.sources import from_arrays
from tenfold.decision.decision import Decision
from tenfold.decision.rule import parse_rule
from tenfold.errors import DataError, UsageError
from tenfold.figures import Evaluation
from tenfold.folds.assign import assign_folds
from tenfold.folds.result import OutOfFold, assembled
from tenfold.folds.unit import fit_and_predict
from tenfold.record.config import RunConfig, plain_values
from tenfold.task import Task, infer_task
from tenfold.tasks import ClassTask, QuantityTask
from tenfold.tasks.quantities.numbers import numbers_of
from tenfold.text import shown

__all__ = ["Decision", "Evaluation", "OutOfFold", "choose_threshold", "evaluate", "out_of_fold"]


@suggesting_names
def out_of_fold(
    model: Any,
    X: Any,
    y: ArrayLike,
    *,
    cv: int = 5,
    groups: ArrayLike | None = None,
    shuffle: bool = True,
    seed: int = 42,
) -> OutOfFold:
    """
    Let a classifier answer every row by a clone that has not seen it, in this process.

    Parameters
    ----------
    model : str or classifier
        A name of the catalogue, your own ``module:object``, or an unfitted scikit-learn classifier.
    X : array or DataFrame of n rows
    y : array of n labels, or of 0 and 1 of shape (n, k)
    cv : int
        Folds, stratified; equal rows share one.
    groups : array of n, optional
        Rows of one group share a fold.
    shuffle : bool
        Draw the folds at random; False cuts them in order of the rows.
    seed : int

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> found = out_of_fold("logistic", X, y)
    >>> found.scores.shape, found.fit_seconds[0] > 0
    ((150, 3), True)
    """
    cv, seed = plain_values({"cv": cv, "seed": seed}, RunConfig).values()
    data = from_arrays(X, y, groups=groups)
    _refuse_unlabelled(data.labels, "y")
    task = infer_task(data.labels, target_names=data.target_names)
    codes, setting = task.encode(data.labels), setting_of(data, task, seed)
    if isinstance(model, str):
        candidate = resolve(model, setting, own_names([model]))
    else:
        candidate = candidate_of("model", model, setting)
    folds = assign_folds(codes, task, cv, groups=row_groups(data), shuffle=shuffle, seed=seed)
    parts = [fit_and_predict(candidate, data, codes, folds, fold, task)[0] for fold in range(cv)]
    return assembled(candidate.name, folds, parts)


@suggesting_names
def evaluate(
    y_true: ArrayLike,
    y_score: ArrayLike | None = None,
    y_pred: ArrayLike | None = None,
    *,
    positive: str | None = None,
    classes: Sequence[Any] | None = None,
    task: str | None = None,
    seed: int = 0,
) -> Evaluation:
    """
    Compute every figure with its interval from labels and scores alone: for people who come with predictions.

    Parameters
    ----------
    y_true : array of n labels, of 0 and 1 of shape (n, k) for several labels, or of numbers, shape (n,) or (n, k)
        Fractions, and more different whole numbers than classes can be, are quantities.
    y_score : array of shape (n,) or (n, k), optional
        Of quantities what is predicted, as in `y_pred`. Scores of the positive class, or of each class in the order of
        `classes` (sorted labels by default). Scores that lie in 0-1 (and for several classes sum to 1) are taken for
        probabilities. Labels in this place (text, or whole numbers that all are labels of `y_true`) are taken for
        `y_pred`.
    y_pred : array of n labels, or of 0 and 1 of shape (n, k), optional
        The arg max of the scores by default; of several labels those above 0.5, or 0 where the scores are no
        probabilities.
    positive : str, optional
        The class to detect, of two.
    classes : sequence, optional
        The classes in the order of the score columns.
    task : str, optional
        ``quantities``, or ``classes``, where it is not what the values look like.
    seed : int
        Of the bootstrap.

    Examples
    --------
    >>> round(evaluate([1.5, 2.0, 4.5], [1.0, 2.0, 5.0]).metrics["rmse"].value, 3)
    0.408
    >>> found = evaluate([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9])
    >>> found.metrics["accuracy"].value, found.metrics["roc_auc"].value
    (0.5, 0.75)
    >>> evaluate(["spam", "ham", "spam"], ["spam", "ham", "ham"]).confusion_matrix.tolist()
    [[1, 0], [1, 1]]
    """
    labelled = _labelled(y_true, "y_true")
    _refuse_lengths(len(labelled), y_score=y_score, y_pred=y_pred)
    if _are_quantities(labelled, positive, classes, task):
        return _evaluate_quantities(labelled, y_score if y_pred is None else y_pred)
    if labelled.labels.ndim == 2:
        return _evaluate_labels(labelled, y_score, y_pred, classes, positive, seed)
    if y_pred is None and y_score is not None and _are_labels(y_score, labelled.labels):
        y_score, y_pred = None, y_score
    called = None if y_pred is None else _labelled(y_pred, "y_pred").labels
    of_classes = _task(_all_labels(labelled.labels, called), positive, classes)
    codes = of_classes.encode(labelled.labels)
    scores = None if y_score is None else _scores(_numbers(y_score), of_classes)
    probabilities = scores is not None and _are_probabilities(scores)
    if called is not None:
        predicted = of_classes.encode(called)
    elif scores is None:
        raise UsageError("neither scores nor predictions are given", do="give y_score= or y_pred=")
    else:
        predicted = scores.argmax(1) if scores.ndim == 2 else (scores > (0.5 if probabilities else 0)).astype(np.int64)
    evaluation: Evaluation = of_classes.evaluate(codes, predicted, scores, probabilities=probabilities, seed=seed)
    return evaluation


def _labelled(y: ArrayLike, name: str) -> Dataset:
    """Labels as a dataset, none of them missing; `name` is what the caller calls them."""
    if np.ndim(np.asarray(y, dtype=object)) == 0 or np.shape(y)[0] == 0:
        raise DataError(f"{name} holds no rows", do="give a label a row")
    labelled = from_arrays(np.zeros((np.shape(y)[0], 1)), y, name=name)
    _refuse_unlabelled(labelled.labels, name)
    return labelled


def _refuse_unlabelled(labels: NDArray[Any], name: str) -> None:
    missing = np.flatnonzero(is_missing(labels)) if labels.ndim == 1 else np.empty(0, np.int64)
    if len(missing):
        raise DataError("no label", where=name, row=int(missing[0]) + 1, do="leave rows without a label out")


def _all_labels(labels: NDArray[np.object_], called: NDArray[np.object_] | None) -> NDArray[np.object_]:
    """The labels of both: a class may have been predicted that no row has."""
    if called is None:
        return labels
    if not set(labels.tolist()) & set(called.tolist()):
        what = f"none of its labels ('{shown(called[0], 30)}', …) is one of y_true ('{shown(labels[0], 30)}', …)"
        raise DataError(what, where="y_pred", do="write labels the same in both")
    return np.concatenate([labels, called])


def _refuse_lengths(rows: int, **arrays: ArrayLike | None) -> None:
    for name, values in arrays.items():
        if values is not None and (np.ndim(values) == 0 or len(values) != rows):  # type: ignore[arg-type]
            raise DataError(
                f"y_true has {rows:,} rows, {name} of shape {np.shape(values)} has not", do="give one a row"
            )


def _are_labels(values: ArrayLike, labels: NDArray[np.object_]) -> bool:
    """Whether values in the place of scores are labels: text, or whole numbers that are all among the labels."""
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "OUSbiu":
        return False
    text = array.dtype.kind in "US" or all(isinstance(value, str) for value in array.tolist())
    return text or set(map(str, array.tolist())) <= set(labels.tolist())


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError) as fault:
        raise DataError(f"scores that are no numbers: {fault}", do="give labels as y_pred=") from fault


def _are_quantities(labelled: Dataset, positive: str | None, classes: Sequence[Any] | None, task: str | None) -> bool:
    """By the values, unless something is said of classes."""
    if task is not None or positive is not None or classes is not None:
        return task == "quantities"
    if labelled.labels.ndim == 2:
        return not np.isin(labelled.labels, (0, 1)).all()
    values = numbers_of(labelled.labels)
    if not np.isfinite(values).all():
        return False
    return bool((values != np.round(values)).any()) or infer_task(labelled.labels).numeric


def _evaluate_quantities(labelled: Dataset, predicted: ArrayLike | None) -> Evaluation:
    if predicted is None:
        raise UsageError("no predictions are given", do="give y_pred=")
    names = labelled.target_names
    task = QuantityTask(names)
    y, values = task.encode(labelled.labels), np.asarray(_numbers(predicted), np.float64)
    if values.shape != y.shape:
        raise DataError(f"predictions of shape {values.shape} beside values of shape {y.shape}")
    return task.evaluate(y, values)


def _evaluate_labels(
    labelled: Dataset,
    y_score: ArrayLike | None,
    y_pred: ArrayLike | None,
    classes: Sequence[Any] | None,
    positive: str | None,
    seed: int,
) -> Evaluation:
    """Several labels: `classes` names them."""
    names = labelled.target_names if classes is None else tuple(map(str, classes))
    if len(names) != labelled.labels.shape[1]:
        raise UsageError(f"{len(names)} names for {labelled.labels.shape[1]} labels", do="name each column of y_true")
    task = infer_task(labelled.labels, name="multilabel", positive=positive, target_names=names)
    codes = task.encode(labelled.labels)
    tables = [None if values is None else np.asarray(values, np.float64) for values in (y_score, y_pred)]
    for values in tables:
        if values is not None and values.shape != codes.shape:
            raise DataError(f"shape {values.shape} beside labels of shape {codes.shape}", do="give a column a label")
    scores, called = tables
    probabilities = scores is not None and bool((scores >= 0).all() and (scores <= 1).all())
    if called is None:
        if scores is None:
            raise UsageError("neither scores nor predictions are given")
        called = np.asarray(scores > (0.5 if probabilities else 0.0), np.float64)
    if not np.isin(called, (0, 1)).all():
        raise DataError("predictions of several labels must be 0 and 1", do="give y_pred of 0 and 1")
    evaluation: Evaluation = task.evaluate(
        codes, called.astype(np.int64), scores, probabilities=probabilities, seed=seed
    )
    return evaluation


@suggesting_names
def choose_threshold(y_true: ArrayLike, y_score: ArrayLike, rule: str, *, positive: str | None = None) -> Decision:
    """
    Choose the decision threshold on scores by a rule such as ``precision>=0.9``.

    The figures at a threshold flatter it on the rows that chose it: choose on out-of-fold scores, report on others.

    Parameters
    ----------
    y_true : array of n labels of two classes, or of 0 and 1 of shape (n, k) for several labels
    y_score : array of shape (n,) or (n, k)
        Scores of the positive class, or of each label, which then gets a threshold of its own.
    rule : str
        As for ``--decide``.
    positive : str, optional

    Raises
    ------
    UsageError
        No threshold meets the rule; the message gives the best reachable value.

    Examples
    --------
    >>> choose_threshold([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9], "precision>=0.9").threshold
    0.9
    """
    labelled = _labelled(y_true, "y_true")
    _refuse_lengths(len(labelled), y_score=y_score)
    labels, scores = labelled.labels, _numbers(y_score)
    if labels.ndim == 2:
        task = infer_task(labels, name="multilabel", positive=positive, target_names=labelled.target_names)
        probabilities = bool((scores >= 0).all() and (scores <= 1).all())
    else:
        task, probabilities = _task(labels, positive, None), _are_probabilities(scores)
    codes = task.encode(labels)
    decision: Decision = task.decide(parse_rule(rule), codes, codes, scores, probabilities=probabilities)
    return decision


def _task(labels: NDArray[np.object_], positive: str | None, classes: Sequence[Any] | None) -> Task:
    if classes is None:
        return infer_task(labels, positive=positive)
    names = tuple(map(str, classes))
    return ClassTask(names, positive=names[1] if len(names) == 2 else None)


def _scores(scores: NDArray[np.float64], task: Task) -> NDArray[np.float64]:
    """Bring scores to the shape of the task: one column for two classes, else one a class."""
    if task.positive is not None:
        if scores.ndim == 2 and scores.shape[1] == 2:
            return scores[:, 1]
        if scores.ndim != 1:
            raise DataError(f"scores of shape {scores.shape} for two classes", do="give one score a row")
    elif scores.ndim != 2 or scores.shape[1] != len(task.classes):
        raise DataError(f"scores of shape {scores.shape} for {len(task.classes)} classes", do="give a column a class")
    return scores


def _are_probabilities(scores: NDArray[np.float64]) -> bool:
    inside = bool((scores >= 0).all() and (scores <= 1).all())
    return inside and (scores.ndim == 1 or bool(np.allclose(scores.sum(axis=1), 1, atol=1e-6)))
