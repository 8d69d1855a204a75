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
_SAMPLE = 64
"""Rows that show, mostly, that there is no grid."""
_SKIM = 2048
"""Rows that show, mostly, what the grid is."""
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
    if X.size < _WORTH or (_distinct(X[:_SAMPLE])[1] > _LEVELS).any():
        return None
    lowest = X.min(axis=0)
    found = None if lowest.min() < 0 else _from_zero(X)
    if found is None:
        found = _by_column(X, lowest, X[:: len(X) // _SKIM + 1])
    return found or _by_column(X, lowest, X)


def _from_zero(X: NDArray[Any]) -> Grid | None:
    """Try grids that all columns share and that begin at zero: whole numbers, and the highest value in 255 parts."""
    zero, codes = np.zeros(X.shape[1]), np.empty(X.shape, np.uint8)
    for step in (1.0, float(X.max()) / (_LEVELS - 1)):
        if _encode(X, zero, np.full_like(zero, step), _EXACT[X.dtype], codes):
            return codes, zero.astype(X.dtype), np.full(len(zero), step, X.dtype)
    return None


def _by_column(X: NDArray[Any], lowest: NDArray[Any], some: NDArray[Any]) -> Grid | None:
    """Find the grid of each column from some of the rows; None where it does not hold for all."""
    values, counts = _distinct(some)
    if (counts > _LEVELS).any():
        return None
    step = np.array(
        [
            _step(np.unique(np.append(column[:count], low)), _EXACT[X.dtype])
            for column, count, low in zip(values, counts, lowest, strict=True)
        ]
    )
    codes = np.empty(X.shape, np.uint8)
    if np.isnan(step).any() or not _encode(X, lowest.astype(np.float64), step, _EXACT[X.dtype], codes):
        return None
    return codes, lowest, step.astype(X.dtype)


@njit(nogil=True, cache=True)
def _distinct(X: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Collect up to 256 distinct values of each column; a count of 257 means that there are more."""
    rows, columns = X.shape
    values = np.empty((columns, _LEVELS + 1), np.float64)
    counts = np.zeros(columns, np.int64)
    for i in range(rows):
        for j in range(columns):
            if counts[j] <= _LEVELS:
                place = 0
                while place < counts[j] and values[j, place] != X[i, j]:
                    place += 1
                if place == counts[j]:
                    values[j, place] = X[i, j]
                    counts[j] += 1
    return values, counts


def _step(values: NDArray[np.float64], exact: float) -> float:
    """Find the widest step of a grid of 256 places that holds all values, ascending; NaN if there is none."""
    if len(values) == 1:
        return 1.0
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
) -> bool:
    """Write the codes; stop at the first row that is off the grid."""
    rows, columns = X.shape
    parts = 1.0 / step
    for i in range(rows):
        off = 0
        for j in range(columns):
            place = (X[i, j] - lowest[j]) * parts[j]
            code = np.floor(place + 0.5)
            off |= not (abs(place - code) <= exact and code <= _LEVELS - 1)
            codes[i, j] = np.uint8(code)
        if off:
            return False
    return True
