"""Out-of-fold predictions of one candidate: every training row predicted by a model that has not seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.folds.nearest import NearestRows, gathered_nearest

if TYPE_CHECKING:
    from tenfold.folds.unit import UnitResult

__all__ = ["OutOfFold", "assembled"]


@dataclass(frozen=True, eq=False, repr=False)
class OutOfFold:
    """
    The predictions of one candidate for all training rows.

    Parameters
    ----------
    candidate : str
    fold : ndarray of int16, shape (n,)
        The fold that held each row out.
    predicted : ndarray of n rows
        In the form of the task's `y`, by the candidate's own decision.
    scores : ndarray of float64, shape (n,) for two classes, else (n, k), or None
    probabilities : bool
        The scores are probabilities.
    fit_seconds, predict_seconds : tuple of float
        One a fold.
    peak_bytes : int
        Largest of the folds.
    nearest : NearestRows, optional
        Of each training row, shape (n, k), where the candidate looks for neighbours.
    """

    candidate: str
    fold: NDArray[np.int16]
    predicted: NDArray[Any]
    scores: NDArray[np.float64] | None
    probabilities: bool
    fit_seconds: tuple[float, ...]
    predict_seconds: tuple[float, ...]
    peak_bytes: int
    nearest: NearestRows | None = None

    def __repr__(self) -> str:
        scored = "no scores" if self.scores is None else "probabilities" if self.probabilities else "scores"
        seconds = sum(self.fit_seconds) + sum(self.predict_seconds)
        folds = len(self.fit_seconds)
        return f"<OutOfFold {self.candidate}: {len(self.fold):,} rows, {folds} folds, {scored}, {seconds:.3g} s>"


def assembled(candidate: str, fold: NDArray[np.int16], parts: Sequence[UnitResult]) -> OutOfFold:
    """
    Put the folds of a candidate together, in order of the training rows that were predicted.

    Parameters
    ----------
    candidate : str
    fold : ndarray of int16, shape (n,)
    parts : sequence of UnitResult
        One a fold, in order of fold.
    """
    rows = np.sort(np.concatenate([part.positions for part in parts]))
    first = parts[0].predicted
    predicted = np.empty((len(rows), *first.shape[1:]), first.dtype)
    scored = [part.scores for part in parts if part.scores is not None]
    scores = np.empty((len(rows), *scored[0].shape[1:])) if len(scored) == len(parts) else None
    for part in parts:
        places = np.searchsorted(rows, part.positions)
        predicted[places] = part.predicted
        if scores is not None and part.scores is not None:
            scores[places] = part.scores
    return OutOfFold(
        candidate,
        fold[rows],
        predicted,
        scores,
        all(part.probabilities for part in parts),
        tuple(part.fit_seconds for part in parts),
        tuple(part.predict_seconds for part in parts),
        max(part.peak_bytes for part in parts),
        gathered_nearest(len(rows), [(np.searchsorted(rows, part.positions), part.nearest) for part in parts]),
    )
