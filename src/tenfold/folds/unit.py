"""One unit of work: a candidate fitted without one fold, answering that fold."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import answers
from tenfold.dataset import Dataset
from tenfold.folds.memory import peak_bytes, reset_peak

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
    """

    positions: NDArray[np.int64]
    predicted: NDArray[np.int64]
    scores: NDArray[np.float64] | None
    probabilities: bool
    fit_seconds: float
    predict_seconds: float
    peak_bytes: int
    complaints: tuple[str, ...] = ()


def fit_and_answer(
    candidate: Candidate,
    training: Dataset,
    codes: NDArray[np.int64],
    folds: NDArray[np.int16],
    fold: int,
    classes: int,
) -> UnitResult:
    """
    Fit a fresh clone on all folds but one and let it answer that one.

    Numerical libraries get one thread, so that the figures are the same for any number of workers
    (sums over several threads differ in the last digits).

    Raises
    ------
    ValueError
        A score is not finite.
    """
    learn, held_out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
    pipeline = clone(candidate.pipeline)
    reset_peak()
    with threadpool_limits(1), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        start = time.perf_counter()
        pipeline.fit(training.take(learn).X, codes[learn])
        fitted = time.perf_counter()
        said = answers(pipeline, training.take(held_out).X, classes, multilabel=codes.ndim == 2)
        answered = time.perf_counter()
    if said.scores is not None and not np.isfinite(said.scores).all():
        row = int(held_out[np.argwhere(~np.isfinite(said.scores))[0][0]])
        raise ValueError(f"a score is not finite (training row {row})")
    return UnitResult(
        held_out,
        said.predicted,
        said.scores,
        said.probabilities,
        fit_seconds=fitted - start,
        predict_seconds=answered - fitted,
        peak_bytes=peak_bytes(),
        complaints=_complaints(caught),
    )


def _complaints(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """The first line of each user-facing warning, once."""
    lines = [str(w.message).strip().splitlines()[0] for w in caught if issubclass(w.category, UserWarning)]
    return tuple(dict.fromkeys(lines))
