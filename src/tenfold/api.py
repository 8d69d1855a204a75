"""What ``import tenfold`` offers: the straight line for people who come with arrays, a source or a fitted model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from tenfold.analysis.weak_spots import WeakSpots
from tenfold.analysis.weak_spots import weak_spots as find_weak_spots
from tenfold.bundle import Classifier
from tenfold.bundle import load as load_model
from tenfold.candidates.catalogue import resolve
from tenfold.candidates.own import candidate_of
from tenfold.candidates.setting import setting_of
from tenfold.dataset import Dataset
from tenfold.decision.choose import choose_decision
from tenfold.decision.decision import Decision
from tenfold.decision.labels import choose_label_decision
from tenfold.decision.rule import parse_rule
from tenfold.denoising.config import DenoiseConfig
from tenfold.denoising.line import default_folder as denoise_folder
from tenfold.denoising.line import execute as execute_denoising
from tenfold.denoising.line import load_images
from tenfold.errors import DataError, UsageError
from tenfold.evaluation import Evaluation
from tenfold.evaluation import evaluate as evaluate_codes
from tenfold.folds.assign import assign_folds
from tenfold.folds.result import OutOfFold, assembled
from tenfold.folds.unit import fit_and_answer
from tenfold.holdout import row_groups
from tenfold.report import write_report
from tenfold.report.content import read_content
from tenfold.runs.config import RunConfig
from tenfold.runs.erring import Errors, errors_of
from tenfold.runs.folder import default_folder
from tenfold.runs.line import execute
from tenfold.runs.opened import Run, open_run, refuse_denoised
from tenfold.runs.source import load_source
from tenfold.runs.studies import IMPORTANCE, LEARNING
from tenfold.runs.studying import studies_of, study
from tenfold.sources import from_arrays, load
from tenfold.sources.labels import definitions_text, labelled_by
from tenfold.task import Task, infer_task

__all__ = [
    "Classifier",
    "Dataset",
    "Decision",
    "Errors",
    "Evaluation",
    "OutOfFold",
    "Run",
    "WeakSpots",
    "choose_threshold",
    "denoise",
    "errors_of",
    "evaluate",
    "importance",
    "learning_curve",
    "load",
    "load_model",
    "open_run",
    "out_of_fold",
    "run",
    "weak_spots",
]


def run(
    source: str | Dataset | ArrayLike,
    y: ArrayLike | None = None,
    *,
    models: Sequence[Any] | None = None,
    out: str | Path | None = None,
    jobs: int | None = None,
    **asked: Any,
) -> Run:
    """
    Go the whole line: judge candidates out of fold, choose, fit, test once, leave a run folder.

    Parameters
    ----------
    source : str, Dataset or array
        A source name or path, a loaded data set, or instances (images of uint8, shape (n, height, width); a
        DataFrame; numbers of shape (n, columns)).
    y : array of n labels, or of 0 and 1 of shape (n, k), optional
        With instances only; two dimensions are k labels, of which several may be true.
    models : sequence of str or classifier, optional
        Names of the catalogue, or live scikit-learn classifiers (these are judged in this process).
    out : str or Path, optional
        The run folder; ``runs/<name>`` by default.
    jobs : int, optional
        Worker processes.
    **asked
        Any other field of `tenfold.runs.config.RunConfig`: ``target``, ``labels``, ``positive``, ``cv``, ``metric``,
        ``decide``, …

    Returns
    -------
    Run

    Raises
    ------
    TenfoldError
        Whatever is refused; the message says why and what to do.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> found = tenfold.run("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> found.chosen, found.metrics["test"]["accuracy"]["n"]
    ('knn', 360)
    """
    data = source if isinstance(source, Dataset) else None
    if data is None and not isinstance(source, str):
        data = from_arrays(source, y)
    if asked.get("labels") is not None:
        asked["labels"] = definitions_text(asked["labels"])
        data = None if data is None else labelled_by(data, asked["labels"])
    names = tuple(m for m in models or () if isinstance(m, str)) or None
    own = _own_names([m for m in models or () if not isinstance(m, str)])
    config = RunConfig(source=data.source if data is not None else str(source), models=names, **asked)
    folder = Path(out) if out is not None else default_folder(config, data.name if data else Path(str(source)).stem)
    return execute(config, folder, lambda c: data or load_source(c), write_report, own=own, cores=jobs)


def denoise(
    source: str | Dataset | ArrayLike,
    *,
    noise: str | None = None,
    models: Sequence[str] | None = None,
    out: str | Path | None = None,
    **asked: Any,
) -> Run:
    """
    Learn to take noise off images: judge candidates out of fold, choose, fit, test once, leave a run folder.

    Parameters
    ----------
    source : str, Dataset or array
        A source name or path, a loaded data set, or clean images of uint8, shape (n, height, width).
    noise : str, optional
        ``uniform:LOW:HIGH``, ``gaussian:S``, ``salt:P`` or ``blur:S``; it is put on the images.
    models : sequence of str, optional
        ``median``, ``ridge``, ``knn``, ``knn:mean``, ``knn:median``; doing nothing is always judged beside them.
    out : str or Path, optional
        The run folder; ``runs/denoise-<name>`` by default.
    **asked
        Any other field of `tenfold.denoising.config.DenoiseConfig`: ``cv``, ``size``, ``test_size``, ``seed``, …

    Returns
    -------
    Run
        ``metrics["test"]`` holds mae, psnr, ssim, pixels_right and pixels_exact, each with its interval.

    Raises
    ------
    TenfoldError
        Whatever is refused; the message says why and what to do.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> found = tenfold.denoise("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "clean")
    >>> found.chosen, found.metrics["test"]["mae"]["value"] < found.metrics["test_baseline"]["mae"]["value"]
    ('knn', True)
    """
    data = source if isinstance(source, Dataset) else None
    if data is None and not isinstance(source, str):
        data = from_arrays(source, None)
    names = None if models is None else tuple(models)
    text = data.source if data is not None else str(source)
    config = DenoiseConfig(source=text, noise=noise, models=names, **asked)
    folder = Path(out) if out is not None else denoise_folder(config, data.name if data else Path(text).stem)
    return execute_denoising(config, folder, lambda c: data or load_images(c), write_report)


def _own_names(estimators: Sequence[Any]) -> dict[str, Any]:
    """Name live classifiers by their class, numbered where two share it."""
    named: dict[str, Any] = {}
    for estimator in estimators:
        base = type(estimator).__name__
        number = sum(name.split(" ")[0] == base for name in named) + 1
        named[base if number == 1 else f"{base} {number}"] = estimator
    return named


def out_of_fold(
    model: Any,
    X: Any,
    y: ArrayLike,
    *,
    cv: int = 5,
    groups: ArrayLike | None = None,
    shuffle: bool = False,
    seed: int = 42,
) -> OutOfFold:
    """
    Let a classifier answer every row by a clone that has not seen it, in this process.

    Parameters
    ----------
    model : str or classifier
        A name of the catalogue, or an unfitted scikit-learn classifier.
    X : array or DataFrame of n rows
    y : array of n labels, or of 0 and 1 of shape (n, k)
    cv : int
        Folds, stratified (of several labels in order of the rows); equal rows share one.
    groups : array of n, optional
        Rows of one group share a fold.
    shuffle : bool
    seed : int

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> found = out_of_fold("logistic", X, y)
    >>> found.scores.shape, found.fit_seconds[0] > 0
    ((150, 3), True)
    """
    data = from_arrays(X, y, groups=groups)
    task = infer_task(data.labels, target_names=data.target_names)
    codes, setting = task.encode(data.labels), setting_of(data, task, seed)
    candidate = resolve(model, setting) if isinstance(model, str) else candidate_of("model", model, setting)
    folds = assign_folds(codes, task, cv, groups=row_groups(data), shuffle=shuffle, seed=seed)
    parts = [fit_and_answer(candidate, data, codes, folds, fold, len(task.classes)) for fold in range(cv)]
    return assembled(candidate.name, folds, parts)


def evaluate(
    y_true: ArrayLike,
    y_score: ArrayLike | None = None,
    y_pred: ArrayLike | None = None,
    *,
    positive: str | None = None,
    classes: Sequence[Any] | None = None,
    seed: int = 0,
) -> Evaluation:
    """
    Compute every figure with its interval from labels and scores alone: for people who come with predictions.

    Parameters
    ----------
    y_true : array of n labels, or of 0 and 1 of shape (n, k) for several labels
    y_score : array of shape (n,) or (n, k), optional
        Scores of the positive class, or of each class in the order of `classes` (sorted labels by default).
        Scores that lie in 0-1 (and for several classes sum to 1) are taken for probabilities.
    y_pred : array of n labels, or of 0 and 1 of shape (n, k), optional
        The arg max of the scores by default; of several labels those above 0.5, or 0 where the scores are no
        probabilities.
    positive : str, optional
        The class to detect, of two.
    classes : sequence, optional
        The classes in the order of the score columns.
    seed : int
        Of the bootstrap.

    Examples
    --------
    >>> found = evaluate([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9])
    >>> found.metrics["accuracy"].value, found.metrics["roc_auc"].value
    (0.5, 0.75)
    """
    given = _labelled(y_true)
    if given.labels.ndim == 2:
        return _evaluate_labels(given, y_score, y_pred, classes, positive, seed)
    labels = given.labels
    task = _task(labels, positive, classes)
    codes = task.encode(labels)
    scores = None if y_score is None else _scores(np.asarray(y_score, np.float64), task)
    probabilities = scores is not None and _are_probabilities(scores)
    if y_pred is not None:
        predicted = task.encode(from_arrays(np.zeros((len(codes), 1)), y_pred).labels)
    elif scores is None:
        raise UsageError("neither scores nor predictions are given")
    else:
        predicted = scores.argmax(1) if scores.ndim == 2 else (scores > (0.5 if probabilities else 0)).astype(np.int64)
    return evaluate_codes(task, codes, predicted, scores, probabilities=probabilities, seed=seed)


def _labelled(y: ArrayLike) -> Dataset:
    return from_arrays(np.zeros((len(np.asarray(y)), 1)), y)


def _evaluate_labels(
    given: Dataset,
    y_score: ArrayLike | None,
    y_pred: ArrayLike | None,
    classes: Sequence[Any] | None,
    positive: str | None,
    seed: int,
) -> Evaluation:
    """Several labels: `classes` names them."""
    names = given.target_names if classes is None else tuple(map(str, classes))
    if len(names) != given.labels.shape[1]:
        raise UsageError(f"{len(names)} names for {given.labels.shape[1]} labels", do="name each column of y_true")
    task = infer_task(given.labels, asked="multilabel", positive=positive, target_names=names)
    codes = task.encode(given.labels)
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
    return evaluate_codes(task, codes, called.astype(np.int64), scores, probabilities=probabilities, seed=seed)


def importance(run: Run) -> pd.DataFrame:
    """
    Find out what a run's answers rest on: what shuffling each column, or patch of the image, costs its metric.

    The study is kept in the run folder, and shown by every later report.

    Parameters
    ----------
    run : Run

    Returns
    -------
    DataFrame
        A line a part: ``part``, ``patch``, ``drop``, ``low``, ``high`` (95 % interval over the rows).

    Raises
    ------
    TenfoldError
        The data are not at hand, or the chosen candidate cannot be fitted again.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> found = tenfold.run("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> tenfold.importance(found).shape
    (64, 5)
    """
    study(run, [IMPORTANCE])
    return pd.DataFrame(studies_of(run)[IMPORTANCE]["parts"])


def learning_curve(run: Run) -> pd.DataFrame:
    """
    Find out whether more data would help a run: its metric with a half, a quarter, … of the training rows.

    The study is kept in the run folder, and shown by every later report; one that was interrupted goes on.

    Parameters
    ----------
    run : Run

    Returns
    -------
    DataFrame
        A line a size: ``rows``, ``value``, ``low``, ``high``, ``n``, and ``gain``, ``gain_low``, ``gain_high`` to the
        size before, paired on the same rows.

    Raises
    ------
    TenfoldError
        The data are not at hand, or the chosen candidate cannot be fitted again.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> found = tenfold.run("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> curve = tenfold.learning_curve(found)
    >>> curve["rows"].tolist(), bool(curve["value"].is_monotonic_increasing)
    ([22, 44, 89, 179, 359, 718], True)
    """
    study(run, [LEARNING])
    points = studies_of(run)[LEARNING]["points"]
    gains = [one["gain"] or {"value": None, "low": None, "high": None} for one in points]
    return pd.DataFrame({
        **{key: [one[key] for one in points] for key in ("rows", "value", "low", "high", "n")},
        "gain": [g["value"] for g in gains], "gain_low": [g["low"] for g in gains],
        "gain_high": [g["high"] for g in gains],
    })  # fmt: skip


def weak_spots(run: Run) -> WeakSpots:
    """
    Look where a run is weak: slices with many errors, rows nobody gets right, doubtful labels, near twins.

    Rows are given by their position among the training rows, which is that of their lines in
    ``out_of_fold.parquet``, candidate by candidate.

    Parameters
    ----------
    run : Run

    Raises
    ------
    UsageError
        The run has no one class a row, or its data are not at hand.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> found = tenfold.run("digits", models=["knn", "logistic"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> tenfold.weak_spots(found).candidates
    2
    """
    refuse_denoised(run, "weak_spots")
    content = read_content(run.path)
    judged = content.judged()
    if judged is None:
        raise UsageError(content.absent or "this run has no one class a row", where=run.path)
    return find_weak_spots(judged, content.seed)


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
    given = _labelled(y_true)
    labels, scores = given.labels, np.asarray(y_score, np.float64)
    if labels.ndim == 2:
        inside = bool((scores >= 0).all() and (scores <= 1).all())
        several = infer_task(labels, asked="multilabel", positive=positive, target_names=given.target_names)
        codes = several.encode(labels)
        return choose_label_decision(parse_rule(rule), codes, scores, probabilities=inside, labels=several.classes)
    task = _task(labels, positive, None)
    return choose_decision(
        parse_rule(rule), task.encode(labels), scores, probabilities=_are_probabilities(scores), classes=task.classes
    )


def _task(labels: NDArray[np.object_], positive: str | None, classes: Sequence[Any] | None) -> Task:
    if classes is None:
        return infer_task(labels, positive=positive)
    names = tuple(map(str, classes))
    return Task("binary", names, positive=names[1]) if len(names) == 2 else Task("multiclass", names)


def _scores(scores: NDArray[np.float64], task: Task) -> NDArray[np.float64]:
    """Bring scores to the shape of the task: one column for two classes, else one a class."""
    if task.type == "binary":
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
