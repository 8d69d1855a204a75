"""Columns that take few, evenly spaced values, such as scaled pixels: one byte a value instead of eight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["codes_on", "on_grid", "shared_grid"]

Grid = tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]]

_LEVELS = 256
_WORTH = 1 << 18
"""Values from which a matrix no longer fits the cache, so that bytes pay."""
_SKIM = 2048
"""Rows that show, mostly, what the grid is, or that there is none."""
_PART = 128
"""Rows that are encoded at a time, in cache."""
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
    shared, columns = shared_grid(X, _EXACT[X.dtype]), X.shape[1]
    if shared is None:
        return _by_column(X, X.min(axis=0))
    codes, step = shared
    return codes, np.zeros(columns, X.dtype), np.full(columns, step, X.dtype)


def shared_grid(X: NDArray[Any], exact: float) -> tuple[NDArray[np.uint8], float] | None:
    """
    Give a matrix as codes with ``X = step * codes``: whole numbers, or the highest value in 255 parts; None if neither.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (n, d)
    exact : float
        Share of a step that a value may be off its grid.

    Returns
    -------
    codes : ndarray of uint8, shape (n, d)
    step : float

    Examples
    --------
    >>> codes, step = shared_grid(np.array([[0.0, 0.2], [1.0, 0.4]]), 1e-9)
    >>> codes.tolist(), round(255 * step)
    ([[0, 51], [255, 102]], 1)
    """
    highest = float(X.max())
    for step in (1.0, highest / (_LEVELS - 1)) if highest > 0 else (1.0,):
        codes = codes_on(X, step, exact)
        if codes is not None:
            return codes, step
    return None


def codes_on(X: NDArray[Any], step: float, exact: float) -> NDArray[np.uint8] | None:
    """
    Give a matrix as numbers of steps from zero, shape (n, d); None where a value is none of 0 to 255 steps.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (n, d)
    step : float
        Above zero.
    exact : float
        Share of a step that a value may be off.

    Examples
    --------
    >>> codes_on(np.array([[0.5, 3.0]]), 0.5, 1e-9)
    array([[1, 6]], dtype=uint8)
    >>> codes_on(np.array([[0.5, 3.1]]), 0.5, 1e-9) is None
    True
    """
    codes = np.empty(X.shape, np.uint8)
    # The first rows show, mostly, that it is another one.
    off = any(_encode(some, 0.0, step, exact, codes).any() for some in (X[:_SKIM], X))
    return None if off else codes


def _by_column(X: NDArray[Any], lowest: NDArray[Any]) -> Grid | None:
    """Find the grid of each column in some of the rows, and where it does not hold for the others, in all."""
    exact, columns = _EXACT[X.dtype], np.arange(X.shape[1])
    codes, step = np.empty(X.shape, np.uint8), np.empty(X.shape[1])
    for some in (X[:: len(X) // _SKIM + 1], X):
        step[columns] = _steps(some, lowest, columns, exact)
        if np.isnan(step).any():
            return None
        columns = np.flatnonzero(_encode(X, lowest, step, exact, codes))
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


def _encode(X: NDArray[Any], lowest: Any, step: Any, exact: float, codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Write the codes; tell which columns have values off the grid."""
    room = np.empty((2, _PART, X.shape[1]), X.dtype)
    farthest, least, most = np.zeros((3, X.shape[1]))
    # Values far beyond overflow, and so do parts of a vanishing step: they are off.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        lowest, parts = X.dtype.type(lowest), X.dtype.type(np.divide(1.0, step))
        for first in range(0, len(X), _PART):
            some = X[first : first + _PART]
            places, whole = room[:, : len(some)]
            np.multiply(np.subtract(some, lowest, out=places), parts, out=places)
            codes[first : first + _PART] = np.rint(places, out=whole)
            apart = np.abs(np.subtract(places, whole, out=places), out=places)
            np.maximum(farthest, apart.max(axis=0), out=farthest)
            np.minimum(least, whole.min(axis=0), out=least)
            np.maximum(most, whole.max(axis=0), out=most)
    # What varies within its first step alone would vary no more.
    off = ~((farthest <= exact) & (least >= 0) & (most < _LEVELS)) | ((most == 0) & (farthest > 0))
    return np.asarray(off)
