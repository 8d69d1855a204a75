"""Columns that take few, evenly spaced values, such as scaled pixels: one byte a value instead of eight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["on_grid"]

_LEVELS = 256
_WORTH = 1 << 18
"""Values from which a matrix no longer fits the cache, so that bytes pay."""
_SAMPLE = 64
_NEAR = 1e-6
_EXACT = 1e-5
"""Share of a step that a value may be off its grid: beyond rounding in float32, nothing to a gradient."""


def on_grid(X: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]] | None:
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
    values, counts = _distinct(X[:_SAMPLE])
    if (counts > _LEVELS).any():
        return None
    values, counts = _distinct(X)
    if (counts > _LEVELS).any():
        return None
    step = np.array([_step(np.sort(column[:count])) for column, count in zip(values, counts, strict=True)])
    if np.isnan(step).any():
        return None
    lowest = X.min(axis=0)
    codes = np.empty(X.shape, np.uint8)
    if not _encode(X, lowest.astype(np.float64), step, codes):
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


def _step(values: NDArray[np.float64]) -> float:
    """Find the widest step of a grid of 256 places that holds all values, ascending; NaN if there is none."""
    if len(values) == 1:
        return 1.0
    above, narrowest = values - values[0], float(np.diff(values).min())
    for parts in range(1, _LEVELS):
        places = above * (parts / narrowest)
        if places[-1] > _LEVELS - 1 + _NEAR:
            return np.nan
        if (np.abs(places - places.round()) < _EXACT).all():
            return float(above[-1] / places[-1].round())
    return np.nan


@njit(nogil=True, cache=True)
def _encode(X: NDArray[Any], lowest: NDArray[np.float64], step: NDArray[np.float64], codes: NDArray[np.uint8]) -> bool:
    rows, columns = X.shape
    for i in range(rows):
        for j in range(columns):
            place = (X[i, j] - lowest[j]) / step[j]
            code = np.floor(place + 0.5)
            if abs(place - code) > _EXACT * 10 or code > _LEVELS - 1:
                return False
            codes[i, j] = np.uint8(code)
    return True
