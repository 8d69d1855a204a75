"""What the chosen candidate's answers rest on: each column or patch shuffled in folds that it has not seen."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.analysis.importance import Importance, importance_of
from tenfold.analysis.quantities.dependence import dependence_on
from tenfold.analysis.quantities.paths import WeightPath, weight_path
from tenfold.analysis.rows import sample_rows
from tenfold.analysis.studies.study_input import Subject, fitted_without
from tenfold.analysis.training.curve import TrainingCurve
from tenfold.analysis.training.stages import TrainingRows, has_stages, training_curve
from tenfold.candidates.augmentation import augmented_rows
from tenfold.data.kinds import Part
from tenfold.errors import UsageError
from tenfold.figures.quantities.rows import QuantityRows
from tenfold.figures.rows import Rows
from tenfold.folds.assign import training_positions
from tenfold.models.threads import limited_to
from tenfold.record.analysis import IMPORTANCE, Tell, write_study

__all__ = ["importance_seconds", "study_importance"]

_ENOUGH = 1_000
_MOST_IN_A_FOLD = 2_000
_TOLD_EVERY = 8
_HEAVIEST, _CURVES = 6, 200
_PATH_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class _Learner:
    """A model of all folds but one, and the rows of that one which it is asked."""

    pipeline: Pipeline
    rows: NDArray[np.int64]
    X: Any


def importance_seconds(subject: Subject) -> float:
    """Rough seconds that the study takes, from the seconds that the candidate has taken in its folds."""
    fold_rows, folds, n = _study_rows(subject), int(subject.folds.max()) + 1, len(subject.codes)
    fit, predict = sum(subject.result.fit_seconds) / folds, sum(subject.result.predict_seconds) / n
    rounds = len(_parts(subject)) * _repeats(subject) + 1
    return fit * len(fold_rows) + predict * sum(map(len, fold_rows)) * rounds


def study_importance(subject: Subject, run: Path, tell: Tell = lambda line: None) -> Path:
    """
    Shuffle each column or patch among held-out rows: whole folds, until there are 1,000; of a large fold 2,000.

    Parameters
    ----------
    subject : Subject
    run : Path
        The run folder.
    tell : callable

    Raises
    ------
    UsageError
        Instances of this kind of data have no parts.
    """
    if not subject.data.traits.part:
        raise UsageError(
            f"no part of {subject.data.traits.noun()} can be shuffled", where=run, do="leave this study out"
        )
    with limited_to(1):
        learners = [_learner(subject, rows, tell) for rows in _study_rows(subject)]
        importances = _importances(subject, learners, tell)
    shape = subject.data.image_shape
    content = {
        "n": sum(len(one.rows) for one in learners),
        "folds": len(learners),
        "repeats": _repeats(subject),
        "image_shape": None if shape is None else list(shape[:2]),
        "parts": [_plain(one) for one in importances],
        **_dependence(subject, learners[0], importances),
    }
    if (curve := _training(subject, learners[0])) is not None:
        content["training"] = curve.as_dict()
    return write_study(run, IMPORTANCE, subject.made_for(IMPORTANCE), content)


def _dependence(subject: Subject, learner: _Learner, importances: Sequence[Importance]) -> dict[str, Any]:
    """Of quantities and tables: how predictions of the first fold move with each of the heaviest columns."""
    if not subject.task.numeric or not isinstance(learner.X, pd.DataFrame):
        return {}
    path = _path(subject, learner)
    heaviest = sorted(importances, key=lambda one: -(one.drop or 0.0))[:_HEAVIEST]
    X = learner.X.iloc[sample_rows(len(learner.X), _CURVES, subject.seed)]

    def predict(rows: pd.DataFrame) -> NDArray[np.float64]:
        predicted = subject.task.predict(learner.pipeline, rows).predicted
        return np.asarray(subject.decision.apply(None, predicted), np.float64).reshape(len(rows), -1)[:, 0]

    with limited_to(1):
        found = [dependence_on(one.part.name, X, predict) for one in heaviest if (one.drop or 0.0) > 0]
    dependence = [one.as_dict() for one in found if one is not None]
    return {"dependence": dependence, **({} if path is None else {"path": path.as_dict()})}


def _path(subject: Subject, learner: _Learner) -> WeightPath | None:
    """Of a linear model with a penalty: its weights at others, on the rows that the learner was fitted on."""
    rows = training_positions(subject.folds, int(subject.folds[learner.rows[0]]))
    some = rows[sample_rows(len(rows), _PATH_ROWS, subject.seed)]
    try:
        with limited_to(1), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # small penalties of many columns converge slowly, and nothing rests on them
            return weight_path(learner.pipeline, subject.data.take(some).X, np.asarray(subject.codes[some], np.float64))
    except (AttributeError, TypeError, ValueError):  # a classifier of the user's own need not have such steps
        return None


def _training(subject: Subject, learner: _Learner) -> TrainingCurve | None:
    """Of a model that is fitted step by step: how its error fell, on its rows and on those of the first fold."""
    if not has_stages(learner.pipeline):
        return None
    learn = training_positions(subject.folds, int(subject.folds[learner.rows[0]]))
    fitted = augmented_rows(subject.candidate.augment, subject.data.take(learn), subject.codes[learn])
    some = _training_rows(subject, learn[sample_rows(len(learn), _MOST_IN_A_FOLD, subject.seed)])
    unseen = _training_rows(subject, learner.rows)
    try:
        with limited_to(1), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a fit that is ended early says so, and is meant to be
            curve = training_curve(learner.pipeline, TrainingRows(*fitted), some, unseen, subject.metric)
    except (AttributeError, TypeError, ValueError):  # such as rows that a part of the model cannot take
        return None
    is_finite = curve is not None and bool(np.isfinite([*curve.training, *curve.held_out]).all())
    return curve if is_finite else None  # early stages may overflow where a logarithm is fitted


def _training_rows(subject: Subject, rows: NDArray[np.int64]) -> TrainingRows:
    return TrainingRows(subject.data.take(rows).X, subject.codes[rows])


def _plain(one: Importance) -> dict[str, Any]:
    patch = None if one.part.patch is None else list(one.part.patch)
    return {"part": one.part.name, "patch": patch, "drop": one.drop, "low": one.low, "high": one.high}


def _study_rows(subject: Subject) -> list[NDArray[np.int64]]:
    """The rows that the study predicts, an array a fold."""
    fold_rows: list[NDArray[np.int64]] = []
    for fold in range(int(subject.folds.max()) + 1):
        if sum(map(len, fold_rows)) >= _ENOUGH:
            break
        rows = np.flatnonzero(subject.folds == fold)
        fold_rows.append(rows[sample_rows(len(rows), _MOST_IN_A_FOLD, subject.seed)])
    return fold_rows


def _repeats(subject: Subject) -> int:
    return subject.data.traits.repeats


def _parts(subject: Subject) -> list[Part]:
    """What can be shuffled; columns that the candidates do not see are left out."""
    data = subject.data.without(subject.setting.unused)
    return data.traits.parts(data.X)


def _learner(subject: Subject, rows: NDArray[np.int64], tell: Tell) -> _Learner:
    fold = int(subject.folds[rows[0]])
    tell(f"{subject.candidate.name} learns from {int((subject.folds != fold).sum()):,} rows …")
    return _Learner(fitted_without(subject, fold), rows, subject.data.take(rows).X)


def _importances(subject: Subject, learners: Sequence[_Learner], tell: Tell) -> list[Importance]:
    parts, random = _parts(subject), np.random.default_rng(subject.seed)
    before, importances = _predicted_rows(subject, learners, None, random), []
    for number, part in enumerate(parts, 1):
        after = [_predicted_rows(subject, learners, part, random) for _ in range(_repeats(subject))]
        importances.append(importance_of(part, before, after, subject.task, subject.metric))
        if number % _TOLD_EVERY == 0 or number == len(parts):
            tell(f"[{number}/{len(parts)}] shuffled")
    return importances


def _predicted_rows(
    subject: Subject, learners: Sequence[_Learner], part: Part | None, random: np.random.Generator
) -> Rows | QuantityRows:
    """What all of them say of their rows, one part shuffled, at the decision in force."""
    shuffle = subject.data.traits.shuffle
    predictions = [
        subject.task.predict(
            one.pipeline, one.X if part is None else shuffle(one.X, part, random.permutation(len(one.rows)))
        )
        for one in learners
    ]
    scores = [one.scores for one in predictions if one.scores is not None]
    joined = np.concatenate(scores) if scores else None
    predicted = np.concatenate([one.predicted for one in predictions])
    rows = np.concatenate([one.rows for one in learners])
    return subject.rows(subject.decision.apply(joined, predicted), joined, rows)
