"""Columns that take few, evenly spaced values, such as scaled pixels: one byte a value instead of eight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["on_grid"]

Grid = tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]]

_LEVELS = 256
_WORTH = 1 << 18
"""Values from which a matrix no longer fits the cache, so that bytes pay."""
_SKIM = 2048
"""Rows that show, mostly, what the grid is, or that there is none."""
_TOGETHER = 32
"""Columns that are sorted at a time."""
_EXACT = {np.dtype(np.float64): 1e-4, np.dtype(np.float32): 1e-3}
"""Share of a step that a value may be off its grid: beyond its rounding, nothing to a gradient."""


def on_grid(X: NDArray[Any]) -> Grid | None:
    """
    Give a matrix as codes with ``X[i, j] = lowest[j] + step[j] * codes[i, j]``; None where it is none or small.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (n, d)

    Returns
    -------
    codes : ndarray of uint8, shape (n, d)
    lowest, step : ndarray of X's type, shape (d,)

    Examples
    --------
    >>> X = (np.arange(2**21) % 7 - 3.0).reshape(-1, 4) / 9
    >>> codes, lowest, step = on_grid(X)
    >>> codes.max(), np.allclose(lowest + step * codes, X)
    (np.uint8(6), True)
    >>> on_grid(np.random.default_rng(0).normal(size=(2**19, 4))) is None
    True
    """
    if X.size < _WORTH:
        return None
    lowest = X.min(axis=0)
    return (None if lowest.min() < 0 else _from_zero(X)) or _by_column(X, lowest)


def _from_zero(X: NDArray[Any]) -> Grid | None:
    """Try grids that all columns share and that begin at zero: whole numbers, and the highest value in 255 parts."""
    zero, codes = np.zeros(X.shape[1]), np.empty(X.shape, np.uint8)
    for step in (1.0, float(X.max()) / (_LEVELS - 1)):
        steps = np.full_like(zero, step)
        # The first rows show, mostly, that it is another one.
        if not any(_encode(some, zero, steps, _EXACT[X.dtype], codes).any() for some in (X[:_SKIM], X)):
            return codes, zero.astype(X.dtype), np.full(len(zero), step, X.dtype)
    return None


def _by_column(X: NDArray[Any], lowest: NDArray[Any]) -> Grid | None:
    """Find the grid of each column in some of the rows, and where it does not hold for the others, in all."""
    exact, columns = _EXACT[X.dtype], np.arange(X.shape[1])
    codes, step = np.empty(X.shape, np.uint8), np.empty(X.shape[1])
    for some in (X[:: len(X) // _SKIM + 1], X):
        step[columns] = _steps(some, lowest, columns, exact)
        if np.isnan(step).any():
            return None
        columns = np.flatnonzero(_encode(X, lowest.astype(np.float64), step, exact, codes))
        if not len(columns):
            return codes, lowest, step.astype(X.dtype)
    return None


def _steps(X: NDArray[Any], lowest: NDArray[Any], columns: NDArray[np.int64], exact: float) -> NDArray[np.float64]:
    """Give the step of each of these columns; NaN from the first that has none."""
    steps = np.full(len(columns), np.nan)
    for first in range(0, len(columns), _TOGETHER):
        part = columns[first : first + _TOGETHER]
        values = np.sort(np.vstack([lowest[part], X[:, part]]).T.astype(np.float64))
        new = np.diff(values, prepend=np.nan) != 0
        for place, (column, fresh) in enumerate(zip(values, new, strict=True), first):
            steps[place] = _step(column[fresh], exact)
            if np.isnan(steps[place]):
                return steps
    return steps


def _step(values: NDArray[np.float64], exact: float) -> float:
    """Find the widest step of a grid of 256 places that holds all values, ascending; NaN if there is none."""
    if len(values) == 1:
        return 1.0
    if len(values) > _LEVELS:
        return np.nan
    above, narrowest = values - values[0], float(np.diff(values).min())
    for parts in range(1, _LEVELS):
        # The widest gap says best how long a step is: the narrowest may be rounded.
        last = np.round(above[-1] * (parts / narrowest))
        if last > _LEVELS - 1:
            return np.nan
        places = above * (last / above[-1])
        if (np.abs(places - places.round()) < exact).all():
            return float(above[-1] / last)
    return np.nan


@njit(nogil=True, cache=True)
def _encode(
    X: NDArray[Any], lowest: NDArray[np.float64], step: NDArray[np.float64], exact: float, codes: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Write the codes; tell which columns have values off the grid."""
    rows, columns = X.shape
    parts, off = 1.0 / step, np.zeros(columns, np.bool_)
    for i in range(rows):
        for j in range(columns):
            place = (X[i, j] - lowest[j]) * parts[j]
            code = np.floor(place + 0.5)
            off[j] |= not (abs(place - code) <= exact and code <= _LEVELS - 1)
            codes[i, j] = np.uint8(code)
    return off
