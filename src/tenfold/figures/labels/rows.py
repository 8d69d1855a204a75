"""The rows to be judged where each has several labels, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.figures.classes import Classes
from tenfold.figures.rows import Rows, checked_rows

__all__ = ["LabelRows", "checked_label_rows", "label_task"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LabelRows:
    """
    Checked rows of one candidate, each with several labels.

    Parameters
    ----------
    labels : tuple of str
    y, predicted : ndarray of int64, shape (n, k)
        0 or 1 a label.
    scores : ndarray of float64, shape (n, k), or None
    probabilities : bool
        Whether scores are probabilities.
    fold : ndarray of int64, shape (n,), or None
        Fold of each row, counted from 0 without gaps.
    """

    labels: tuple[str, ...]
    y: NDArray[np.int64]
    predicted: NDArray[np.int64]
    scores: Floats | None
    probabilities: bool
    fold: NDArray[np.int64] | None

    @cached_property
    def single(self) -> tuple[Rows, ...]:
        """The rows of each label alone, as those of a detector."""
        return tuple(
            checked_rows(
                label_task(name),
                self.y[:, c],
                self.predicted[:, c],
                None if self.scores is None else self.scores[:, c],
                probabilities=self.probabilities,
                fold=self.fold,
            )
            for c, name in enumerate(self.labels)
        )

    @cached_property
    def folds(self) -> tuple[LabelRows, ...]:
        """The rows of each fold alone, themselves without folds."""
        if self.fold is None or not len(self.fold):
            return ()
        return tuple(self._part(self.fold == fold) for fold in range(int(self.fold.max()) + 1))

    def _part(self, mask: NDArray[np.bool_]) -> LabelRows:
        scores = None if self.scores is None else self.scores[mask]
        return LabelRows(self.labels, self.y[mask], self.predicted[mask], scores, self.probabilities, None)


def label_task(name: str) -> Classes:
    """Return the classes of telling whether one label is true."""
    return Classes((f"not {name}", name), positive=name)


def checked_label_rows(
    labels: tuple[str, ...],
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    scores: ArrayLike | None,
    *,
    probabilities: bool,
    fold: NDArray[Any] | None = None,
) -> LabelRows:
    """
    Check rows of several labels.

    Raises
    ------
    DataError
        A score is not usable; the message names the row and the label.
    ValueError
        The arrays do not fit together, or hold something else than 0 and 1.

    Examples
    --------
    >>> y = np.array([[1, 0], [0, 1]])
    >>> rows = checked_label_rows(("a", "b"), y, y, None, probabilities=False)
    >>> rows.single[1].y.tolist()
    [0, 1]
    """
    shape = (len(y), len(labels))
    table = None if scores is None else np.asarray(scores, np.float64)
    for name, values in (("y", y), ("predicted", predicted), ("scores", table)):
        if values is not None and np.shape(values) != shape:
            raise ValueError(f"{name} must have shape {shape}, not {np.shape(values)}")
    for name, codes in (("y", y), ("predicted", predicted)):
        if not np.isin(codes, (0, 1)).all():
            raise ValueError(f"{name} must hold 0 and 1")
    folds = None if fold is None else np.unique(fold, return_inverse=True)[1].astype(np.int64)
    rows = LabelRows(labels, np.asarray(y, np.int64), np.asarray(predicted, np.int64), table, probabilities, folds)
    # Each label's rows are checked when they are made: scores that are not usable are refused here, not later.
    _ = rows.single
    return rows
