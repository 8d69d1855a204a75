"""Columns that take few, evenly spaced values, such as scaled pixels: one byte a value instead of eight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["as_bytes", "bytes_above_lowest", "codes_on", "common_grid", "on_grid"]

Grid = tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]]

_LEVELS = 256
_FEWEST_VALUES = 1 << 18
"""Values from which a matrix exceeds the cache, so that bytes pay."""
_SAMPLE_ROWS = 2048
"""Rows that mostly suffice to find the grid, or that there is none."""
_BLOCK_ROWS = 128
"""Rows encoded at a time, in cache."""
_BLOCK_COLUMNS = 32
"""Columns sorted at a time."""
_TOLERANCE = {np.dtype(np.float64): 1e-4, np.dtype(np.float32): 1e-3}
"""Share of a step that a value may be off its grid: more than its rounding, too little to affect a gradient."""


def on_grid(X: NDArray[Any]) -> Grid | None:
    """
    Encode a matrix as ``X[i, j] = lowest[j] + step[j] * codes[i, j]``; None where that is impossible or X small.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (n, d)

    Returns
    -------
    codes : ndarray of uint8, shape (n, d)
    lowest, step : ndarray of the dtype of X, shape (d,)

    Examples
    --------
    >>> X = (np.arange(2**21) % 7 - 3.0).reshape(-1, 4) / 9
    >>> codes, lowest, step = on_grid(X)
    >>> codes.max(), np.allclose(lowest + step * codes, X)
    (np.uint8(6), True)
    >>> on_grid(np.random.default_rng(0).normal(size=(2**19, 4))) is None
    True
    """
    if X.size < _FEWEST_VALUES:
        return None
    common, columns = common_grid(X, _TOLERANCE[X.dtype]), X.shape[1]
    if common is None:
        return _column_grids(X, X.min(axis=0))
    codes, step = common
    return codes, np.zeros(columns, X.dtype), np.full(columns, step, X.dtype)


def common_grid(X: NDArray[Any], tolerance: float) -> tuple[NDArray[np.uint8], float] | None:
    """
    Encode a matrix as ``X = step * codes``: integers, or multiples of the highest value over 255; None if neither.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (n, d)
    tolerance : float
        Share of a step that a value may be off its grid.

    Returns
    -------
    codes : ndarray of uint8, shape (n, d)
    step : float

    Examples
    --------
    >>> codes, step = common_grid(np.array([[0.0, 0.2], [1.0, 0.4]]), 1e-9)
    >>> codes.tolist(), round(255 * step)
    ([[0, 51], [255, 102]], 1)
    """
    highest = float(X.max())
    for step in (1.0, highest / (_LEVELS - 1)) if highest > 0 else (1.0,):
        codes = codes_on(X, step, tolerance)
        if codes is not None:
            return codes, step
    return None


def codes_on(X: NDArray[Any], step: float, tolerance: float) -> NDArray[np.uint8] | None:
    """
    Encode a matrix as numbers of steps from zero, shape (n, d); None where a value is none of 0 to 255 steps.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (n, d)
    step : float
        Above zero.
    tolerance : float
        Share of a step that a value may be off.

    Examples
    --------
    >>> codes_on(np.array([[0.5, 3.0]]), 0.5, 1e-9)
    array([[1, 6]], dtype=uint8)
    >>> codes_on(np.array([[0.5, 3.1]]), 0.5, 1e-9) is None
    True
    """
    codes = np.empty(X.shape, np.uint8)
    # The first rows mostly suffice to see that it is not this grid.
    off = any(_encode(some, 0.0, step, tolerance, codes).any() for some in (X[:_SAMPLE_ROWS], X))
    return None if off else codes


def _column_grids(X: NDArray[Any], lowest: NDArray[Any]) -> Grid | None:
    """Find the grid of each column in a sample of the rows, and where it does not hold for all, in all of them."""
    tolerance, columns = _TOLERANCE[X.dtype], np.arange(X.shape[1])
    codes, step = np.empty(X.shape, np.uint8), np.empty(X.shape[1])
    for some in (X[:: len(X) // _SAMPLE_ROWS + 1], X):
        step[columns] = _steps(some, lowest, columns, tolerance)
        if np.isnan(step).any():
            return None
        columns = np.flatnonzero(_encode(X, lowest, step, tolerance, codes))
        if not len(columns):
            return codes, lowest, step.astype(X.dtype)
    return None


def _steps(X: NDArray[Any], lowest: NDArray[Any], columns: NDArray[np.int64], tolerance: float) -> NDArray[np.float64]:
    """Return the step of each of these columns; NaN from the first that has none."""
    steps = np.full(len(columns), np.nan)
    for first in range(0, len(columns), _BLOCK_COLUMNS):
        part = columns[first : first + _BLOCK_COLUMNS]
        values = np.sort(np.vstack([lowest[part], X[:, part]]).T.astype(np.float64))
        new = np.diff(values, prepend=np.nan) != 0
        for place, (column, fresh) in enumerate(zip(values, new, strict=True), first):
            steps[place] = _step(column[fresh], tolerance)
            if np.isnan(steps[place]):
                return steps
    return steps


def _step(values: NDArray[np.float64], tolerance: float) -> float:
    """Return the widest step of a grid of 256 levels with all values, ascending; NaN if there is none."""
    if len(values) == 1:
        return 1.0
    if len(values) > _LEVELS:
        return np.nan
    above, narrowest = values - values[0], float(np.diff(values).min())
    for parts in range(1, _LEVELS):
        # The full range determines the step best: the narrowest gap may be rounded.
        last = np.round(above[-1] * (parts / narrowest))
        if last > _LEVELS - 1:
            return np.nan
        places = above * (last / above[-1])
        if (np.abs(places - places.round()) < tolerance).all():
            return float(above[-1] / last)
    return np.nan


def _encode(X: NDArray[Any], lowest: Any, step: Any, tolerance: float, codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Write the codes, and return a mask of the columns with values off the grid, shape (d,)."""
    buffer = np.empty((2, _BLOCK_ROWS, X.shape[1]), X.dtype)
    farthest, least, most = np.zeros((3, X.shape[1]))
    # Values far outside overflow, as do quotients by a vanishing step: they are off the grid.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        lowest, parts = X.dtype.type(lowest), X.dtype.type(np.divide(1.0, step))
        for first in range(0, len(X), _BLOCK_ROWS):
            block = X[first : first + _BLOCK_ROWS]
            places, whole_steps = buffer[:, : len(block)]
            np.multiply(np.subtract(block, lowest, out=places), parts, out=places)
            codes[first : first + _BLOCK_ROWS] = np.rint(places, out=whole_steps)
            offsets = np.abs(np.subtract(places, whole_steps, out=places), out=places)
            np.maximum(farthest, offsets.max(axis=0), out=farthest)
            np.minimum(least, whole_steps.min(axis=0), out=least)
            np.maximum(most, whole_steps.max(axis=0), out=most)
    # A column that varies within its first step alone would become constant.
    off = ~((farthest <= tolerance) & (least >= 0) & (most < _LEVELS)) | ((most == 0) & (farthest > 0))
    return np.asarray(off)


def bytes_above_lowest(X: NDArray[Any]) -> tuple[int, NDArray[np.uint8]] | None:
    """
    Encode a matrix of integers that span one byte as the lowest and bytes above it, contiguous; None if it is none.

    Examples
    --------
    >>> bytes_above_lowest(np.array([[-2.0, 3.0]]))
    (-2, array([[0, 5]], dtype=uint8))
    """
    lowest = int(np.floor(X.min())) if abs(float(X.min())) < 2**52 else 0
    codes = as_bytes(X, lowest)
    return None if codes is None else (lowest, codes)


def as_bytes(values: NDArray[Any], lowest: int) -> NDArray[np.uint8] | None:
    """
    Convert integers to bytes above `lowest`, contiguous; None where one does not fit.

    Examples
    --------
    >>> as_bytes(np.array([[-2.0, 3.0]]), -2)
    array([[0, 5]], dtype=uint8)
    >>> as_bytes(np.array([[0.5]]), 0) is None
    True
    """
    if values.dtype == np.uint8 and lowest == 0:
        return np.ascontiguousarray(values)
    floor = np.float64(lowest)  # a Python number would have to fit the type of the values
    codes = np.empty(values.shape, np.uint8)
    for first in range(0, len(values), _SAMPLE_ROWS):  # most that do not fit show it at once
        part = values[first : first + _SAMPLE_ROWS]
        if part.min() < lowest or part.max() > lowest + 255:
            return None
        codes[first : first + _SAMPLE_ROWS] = part - floor
        if not np.array_equal(codes[first : first + _SAMPLE_ROWS] + floor, part):
            return None
    return codes
