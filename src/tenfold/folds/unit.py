"""One unit of work: a candidate fitted without one fold, answering that fold, at each of its settings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import starmap

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.augmentation import augmented_rows
from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import Answers
from tenfold.data.dataset import Dataset
from tenfold.folds.nearest import NearestRows
from tenfold.folds.settings import Work, answers_in_turn
from tenfold.memory import peak_bytes, reset_peak
from tenfold.models.threads import limited_to

__all__ = ["Unit", "UnitResult", "fit_and_answer"]


@dataclass(frozen=True, order=True)
class Unit:
    """The candidate of this name, judged on this fold."""

    candidate: str
    fold: int


@dataclass(frozen=True, eq=False)
class UnitResult:
    """
    What a candidate said about the rows of one fold.

    Parameters
    ----------
    positions : ndarray of int64, shape (m,)
        Training positions held out.
    predicted : ndarray of int64, shape (m,)
        Class codes.
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
    predicted: NDArray[np.int64]
    scores: NDArray[np.float64] | None
    probabilities: bool
    fit_seconds: float
    predict_seconds: float
    peak_bytes: int
    complaints: tuple[str, ...] = ()
    nearest: NearestRows | None = None


def fit_and_answer(
    candidate: Candidate,
    training: Dataset,
    codes: NDArray[np.int64],
    folds: NDArray[np.int16],
    fold: int,
    classes: int,
) -> tuple[UnitResult, ...]:
    """
    Fit a fresh clone on all folds but one and let it answer that one: once for each setting that it tries.

    Where the candidate learns from grown rows, those of the other folds are grown here; the judged ones never are.

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
    learn, held_out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
    reset_peak()
    with limited_to(1), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        X, y = augmented_rows(candidate.augment, training.take(learn), codes[learn])
        copies = len(y) // len(learn)
        work = Work(X, y, training.take(held_out).X, classes, np.tile(learn, copies), copies)
        said = list(answers_in_turn(candidate, work))
    peak, complaints = peak_bytes(), _complaints(caught)

    def result(answers: Answers, fit_seconds: float, predict_seconds: float, nearest: NearestRows | None) -> UnitResult:
        _refuse_infinite(answers, held_out)
        scores, probabilities = answers.scores, answers.probabilities
        return UnitResult(
            held_out, answers.predicted, scores, probabilities, fit_seconds, predict_seconds, peak, complaints, nearest
        )

    return tuple(starmap(result, said))


def _refuse_infinite(answers: Answers, held_out: NDArray[np.int64]) -> None:
    if answers.scores is not None and not np.isfinite(answers.scores).all():
        row = int(held_out[np.argwhere(~np.isfinite(answers.scores))[0][0]])
        raise ValueError(f"a score is not finite (training row {row})")


def _complaints(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """The first line of each user-facing warning, once."""
    lines = [str(w.message).strip().splitlines()[0] for w in caught if issubclass(w.category, UserWarning)]
    return tuple(dict.fromkeys(lines))
