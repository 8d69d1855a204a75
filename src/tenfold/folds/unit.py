"""One unit of work: a candidate fitted without one fold and predicting it, at each of its settings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.augmentation import augmented_rows
from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import Predictions
from tenfold.data.dataset import Dataset
from tenfold.folds.assign import training_positions
from tenfold.folds.nearest import NearestRows
from tenfold.folds.settings import Work, predictions_in_turn
from tenfold.memory import peak_bytes, reset_peak
from tenfold.models.threads import limited_to
from tenfold.task import Task

__all__ = ["Unit", "UnitResult", "fit_and_predict"]


@dataclass(frozen=True, order=True)
class Unit:
    """The candidate of this name, judged on this fold."""

    candidate: str
    fold: int


@dataclass(frozen=True, eq=False)
class UnitResult:
    """
    The predictions of a candidate for the rows of one fold.

    Parameters
    ----------
    positions : ndarray of int64, shape (m,)
        Training positions held out.
    predicted : ndarray of m rows
        In the form of the task's `y`.
    scores : ndarray of float64, shape (m,) or (m, k), or None
    probabilities : bool
        The scores are probabilities.
    fit_seconds, predict_seconds : float
        By the monotonic clock.
    peak_bytes : int
        Most memory the process held meanwhile (shared pages counted); 0 where the system does not tell.
    complaints : tuple of str
        Warnings of the libraries while fitting, such as a solver that did not converge.
    nearest : NearestRows, optional
        Of each row held out, where the candidate looks for neighbours (and this is its first setting).
    """

    positions: NDArray[np.int64]
    predicted: NDArray[Any]
    scores: NDArray[np.float64] | None
    probabilities: bool
    fit_seconds: float
    predict_seconds: float
    peak_bytes: int
    complaints: tuple[str, ...] = ()
    nearest: NearestRows | None = None


def fit_and_predict(
    candidate: Candidate,
    training: Dataset,
    y: NDArray[Any],
    folds: NDArray[np.int16],
    fold: int,
    task: Task,
    sample: NDArray[np.int64] | None = None,
) -> tuple[UnitResult, ...]:
    """
    Fit a fresh clone on `training_positions` and predict the fold held out: once for each setting that it tries.

    Where training rows are augmented, those of the other folds are augmented here; the rows held out never are.

    Numerical libraries get one thread, so that the figures are the same for any number of workers
    (sums over several threads differ in the last digits).

    Returns
    -------
    tuple of UnitResult
        In order of the candidate's settings; a single one where it has none. What they share, such as preparation or
        one search for neighbours, counts for the first.

    Raises
    ------
    ValueError
        A score is not finite.
    """
    learn, held_out = training_positions(folds, fold), np.flatnonzero(folds == fold)
    if sample is not None:
        held_out = sample[folds[sample] == fold]
    reset_peak()
    with limited_to(1), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        X, targets = augmented_rows(candidate.augment, training.take(learn), y[learn])
        copies = len(targets) // len(learn)
        work = Work(X, targets, training.take(held_out).X, task.predict, np.tile(learn, copies), copies)
        timed = list(predictions_in_turn(candidate, work))
    peak, complaints = peak_bytes(), _complaints(caught)

    def result(
        predictions: Predictions, fit_seconds: float, predict_seconds: float, nearest: NearestRows | None
    ) -> UnitResult:
        _refuse_infinite(predictions, held_out)
        return UnitResult(
            held_out,
            predictions.predicted,
            predictions.scores,
            predictions.probabilities,
            fit_seconds,
            predict_seconds,
            peak,
            complaints,
            nearest,
        )

    return tuple(starmap(result, timed))


def _refuse_infinite(predictions: Predictions, held_out: NDArray[np.int64]) -> None:
    if predictions.scores is not None and not np.isfinite(predictions.scores).all():
        row = int(held_out[np.argwhere(~np.isfinite(predictions.scores))[0][0]])
        raise ValueError(f"a score is not finite (training row {row})")


def _complaints(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """The first line of each user-facing warning, once."""
    lines = [str(w.message).strip().splitlines()[0] for w in caught if issubclass(w.category, UserWarning)]
    return tuple(dict.fromkeys(lines))
