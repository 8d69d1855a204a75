"""The rows to be judged where quantities are predicted, checked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import DataError

__all__ = ["Column", "QuantityRows", "checked_quantity_rows"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Column:
    """
    True and predicted values of one target, n of them.

    Parameters
    ----------
    y, predicted : ndarray of float64, shape (n,)
    low, high : ndarray of float64, shape (n,), or None
        Ends of the intervals.
    coverage : float or None
        Share of the values that the intervals are to hold.
    """

    y: Floats
    predicted: Floats
    low: Floats | None = None
    high: Floats | None = None
    coverage: float | None = None

    @property
    def errors(self) -> Floats:
        """Predicted less true, shape (n,)."""
        return self.predicted - self.y


@dataclass(frozen=True, eq=False)
class QuantityRows:
    """
    Checked rows of one candidate.

    Parameters
    ----------
    targets : tuple of str
    y, predicted : ndarray of float64, shape (n, k)
        Finite.
    low, high : ndarray of float64, shape (n, k), or None
        Ends of the intervals.
    coverage : float or None
        Share of the values that the intervals are to hold.
    fold : ndarray of int64, shape (n,), or None
        Fold of each row, counted from 0 without gaps.
    """

    targets: tuple[str, ...]
    y: Floats
    predicted: Floats
    low: Floats | None
    high: Floats | None
    coverage: float | None
    fold: NDArray[np.int64] | None

    def __len__(self) -> int:
        return len(self.y)

    def columns(self) -> Iterator[Column]:
        """Give the values of each target."""
        for c in range(len(self.targets)):
            low, high = (None if end is None else end[:, c] for end in (self.low, self.high))
            yield Column(self.y[:, c], self.predicted[:, c], low, high, self.coverage)

    def take(self, rows: NDArray[Any]) -> QuantityRows:
        """Return some of the rows, without their folds."""
        low, high = (None if end is None else end[rows] for end in (self.low, self.high))
        return replace(self, y=self.y[rows], predicted=self.predicted[rows], low=low, high=high, fold=None)

    def by_fold(self) -> tuple[QuantityRows, ...]:
        """Return the rows of each fold; nothing where there are none."""
        if self.fold is None or not len(self.fold):
            return ()
        return tuple(self.take(self.fold == number) for number in range(int(self.fold.max()) + 1))


def checked_quantity_rows(
    targets: tuple[str, ...],
    y: ArrayLike,
    predicted: ArrayLike,
    ends: ArrayLike | None = None,
    *,
    coverage: float | None = None,
    fold: NDArray[Any] | None = None,
) -> QuantityRows:
    """
    Bring true and predicted values into one form.

    Parameters
    ----------
    targets : tuple of str
        k of them.
    y, predicted : array_like of float64, shape (n,), of several targets (n, k)
    ends : array_like of float64, shape (n, 2 * k), optional
        All lower ends of intervals, then all upper ones.
    coverage : float, optional
        Share of the values that the intervals are to hold.
    fold : ndarray of int, shape (n,), optional

    Raises
    ------
    DataError
        A value is no finite number; the message names the row, counted from 1.
    ValueError
        The arrays do not fit together.

    Examples
    --------
    >>> rows = checked_quantity_rows(("price",), [1.0, 2.0], [1.5, 2.0], [[1, 2], [1.5, 2.5]], coverage=0.9)
    >>> rows.y.shape, rows.low.ravel().tolist()
    ((2, 1), [1.0, 1.5])
    """
    k = len(targets)
    true, values = _table(y, k, "true value"), _table(predicted, k, "prediction")
    if len(true) != len(values):
        raise ValueError(f"{len(true)} true values, but {len(values)} predictions")
    bounds = None if ends is None else _table(ends, 2 * k, "end of an interval")
    if bounds is not None and len(bounds) != len(true):
        raise ValueError(f"{len(true)} true values, but {len(bounds)} intervals")
    low, high = (None, None) if bounds is None else (bounds[:, :k], bounds[:, k:])
    number = None if fold is None else np.unique(np.asarray(fold), return_inverse=True)[1].astype(np.int64)
    return QuantityRows(targets, true, values, low, high, coverage, number)


def _table(values: ArrayLike, columns: int, what: str) -> Floats:
    table = np.asarray(values, np.float64)
    table = table[:, None] if table.ndim == 1 and columns == 1 else table
    if table.ndim != 2 or table.shape[1] != columns:
        raise ValueError(f"{what}s of shape {np.shape(values)}, where {columns} a row were expected")
    odd = ~np.isfinite(table)
    if odd.any():
        row, column = np.argwhere(odd)[0]
        raise DataError(f"the {what} is {table[row, column]}, not a finite number", row=int(row) + 1)
    return table
