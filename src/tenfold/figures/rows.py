"""The rows to be judged, checked once: what they are, what they were called, how they were scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import DataError
from tenfold.figures.classes import HasClasses
from tenfold.figures.confusion import confusion_matrix
from tenfold.text import shown

__all__ = ["Rows", "checked_rows"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """
    Checked rows of one candidate.

    Parameters
    ----------
    classes : tuple of str
    scored : tuple of int
        Class of each score column: the positive class of a binary task, else every class.
    y, predicted : ndarray of int64, shape (n,)
    scores : ndarray of float64, shape (n, s), or None
    probabilities : bool
        Whether scores are probabilities.
    fold : ndarray of int64, shape (n,), or None
        Fold of each row, counted from 0 without gaps.
    weight : ndarray of float64, shape (n,), or None
        Positive.
    """

    classes: tuple[str, ...]
    scored: tuple[int, ...]
    y: NDArray[np.int64]
    predicted: NDArray[np.int64]
    scores: Floats | None
    probabilities: bool
    fold: NDArray[np.int64] | None
    weight: Floats | None

    @property
    def folds(self) -> int:
        """Number of folds, 0 without."""
        return 0 if self.fold is None or not len(self.fold) else int(self.fold.max()) + 1

    def positive(self, column: int) -> NDArray[np.int64]:
        """Give 1 for the rows of the class of a score column, 0 for others; shape (n,)."""
        return np.asarray(self.y == self.scored[column], dtype=np.int64)

    def matrix(self, weight: Floats | None = None) -> NDArray[Any]:
        """Confusion matrix, shape (k, k)."""
        return confusion_matrix(self.y, self.predicted, len(self.classes), weight)

    def fold_matrices(self) -> NDArray[Any]:
        """Weighted confusion matrix of each fold, shape (f, k, k)."""
        k = len(self.classes)
        if self.fold is None:
            return np.zeros((0, k, k))
        flat = np.bincount((self.fold * k + self.y) * k + self.predicted, self.weight, self.folds * k * k)
        return flat.reshape(-1, k, k)


def checked_rows(
    task: HasClasses,
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    scores: ArrayLike | None,
    *,
    probabilities: bool,
    fold: NDArray[Any] | None = None,
    sample_weight: ArrayLike | None = None,
) -> Rows:
    """
    Check rows of a binary or multiclass task; rows of weight 0 are left out.

    Raises
    ------
    DataError
        A score is NaN, infinite, or a probability outside [0, 1]; a weight is negative or not finite.
    ValueError
        The arrays do not fit together, or a code is none of a class.

    Examples
    --------
    >>> from tenfold.figures.classes import Classes
    >>> task = Classes(("no", "yes"), positive="yes")
    >>> checked_rows(task, np.array([0, 1]), np.array([0, 1]), [0.2, np.nan], probabilities=True)
    Traceback (most recent call last):
    tenfold.errors.DataError: the score of row 1 (from 0) for class 'yes' is nan, not a finite number.
    """
    table = None if scores is None else _score_table(scores, len(task.score_names))
    weight = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    for name, column in (("predicted", predicted), ("scores", table), ("fold", fold), ("sample_weight", weight)):
        if column is not None and len(column) != len(y):
            raise ValueError(f"{name} has {len(column)} rows, y has {len(y)}")
    for codes in (y, predicted):
        if len(codes) and not (codes.min() >= 0 and codes.max() < len(task.classes)):
            raise ValueError(f"class codes must be in [0, {len(task.classes)})")
    if table is not None:
        _refuse_scores(table, task.score_names, probabilities)
    _refuse_weights(weight)
    counted = slice(None) if weight is None else weight > 0
    return Rows(
        task.classes,
        (1,) if task.positive is not None else tuple(range(len(task.classes))),
        np.asarray(y[counted], dtype=np.int64),
        np.asarray(predicted[counted], dtype=np.int64),
        None if table is None else table[counted],
        probabilities,
        None if fold is None else np.unique(fold[counted], return_inverse=True)[1].astype(np.int64),
        None if weight is None else weight[counted],
    )


def _score_table(scores: ArrayLike, columns: int) -> Floats:
    table = np.asarray(scores, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 and columns == 1 else table
    if table.ndim != 2 or table.shape[1] != columns:
        wanted = "(n,)" if columns == 1 else f"(n, {columns})"
        raise ValueError(f"scores must have shape {wanted}, not {np.shape(scores)}")
    return table


def _refuse_scores(table: Floats, names: tuple[str, ...], probabilities: bool) -> None:
    bad, wanted = ~np.isfinite(table), "not a finite number"
    if probabilities and not bad.any():
        bad, wanted = (table < 0) | (table > 1), "not a probability between 0 and 1"
    if bad.any():
        row, column = (int(position) for position in np.argwhere(bad)[0])
        value = table[row, column]
        raise DataError(f"the score of row {row} (from 0) for class '{shown(names[column])}' is {value:g}, {wanted}")


def _refuse_weights(weight: Floats | None) -> None:
    if weight is not None and not (np.isfinite(weight) & (weight >= 0)).all():
        row = int(np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))[0])
        raise DataError(f"the weight of row {row} (from 0) is {weight[row]:g}, not a number of at least 0")
