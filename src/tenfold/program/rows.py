"""The rows that a program is given, looked at before its first step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.gaps import GapError, NotFiniteError
from tenfold.program.refusal import demand
from tenfold.program.values import Columns, Images, Matrix, Pixels, ValueType

__all__ = ["block_of", "check_rows", "refuse_not_finite", "row_count"]


def row_count(rows: Any) -> int:
    """Return the number of rows."""
    return len(next(iter(rows.values()))) if isinstance(rows, Mapping) else len(rows)


def block_of(rows: Any, begin: int, end: int) -> Any:
    """Return some rows that follow one another."""
    if isinstance(rows, Mapping):
        return {name: cells[begin:end] for name, cells in rows.items()}
    return rows[begin:end]


def check_rows(rows: Any, expected: ValueType) -> None:
    """
    Refuse rows that are not of the type that a program takes.

    Parameters
    ----------
    rows : value of n rows
    expected : ValueType

    Raises
    ------
    Refused
        Another type, dtype, shape or column.
    GapError, NotFiniteError
        Numbers without gaps are expected, and a row has one, or an infinity.

    Examples
    --------
    >>> check_rows(np.zeros((5, 8, 8), np.uint8), Pixels((8, 8)))
    >>> check_rows(np.array([[0.0, np.nan]]), Matrix("float64", 2))
    Traceback (most recent call last):
        ...
    tenfold.program.gaps.GapError: (0, '1')
    """
    if isinstance(expected, Columns):
        _check_columns(rows, expected)
    elif isinstance(expected, Pixels):
        _check_array(rows, "uint8", expected.shape)
    elif isinstance(expected, Images):
        _check_array(rows, "int16", expected.shape)
    elif isinstance(expected, Matrix):
        _check_array(rows, expected.dtype, (expected.width,))
        if not expected.gaps and not np.isfinite(rows).all():
            _refuse_odd_cell(rows)


def _check_array(rows: Any, dtype: str, shape: tuple[int, ...]) -> None:
    fit = isinstance(rows, np.ndarray) and rows.dtype.name == dtype and rows.dtype.isnative and rows.shape[1:] == shape
    demand(fit and rows.ndim > 0, f"its program takes rows of {dtype} of the shape {shape}, and is given others")


def _check_columns(rows: Any, expected: Columns) -> None:
    demand(isinstance(rows, Mapping), "its program takes a table, and is given something else")
    counts = set()
    for name, kind in expected.columns:
        cells = rows.get(name)
        dtype = "float64" if kind == "number" else "object"
        fit = isinstance(cells, np.ndarray) and cells.ndim == 1 and cells.dtype.name == dtype and cells.dtype.isnative
        demand(fit, f"its program takes other columns than it is given: one of {kind}s is missing")
        counts.add(len(cells))
    demand(len(counts) == 1, "its program is given columns of different lengths")


def _refuse_odd_cell(rows: NDArray[Any]) -> None:
    row, column = (int(place) for place in np.argwhere(~np.isfinite(rows))[0])
    if np.isnan(rows[row, column]):
        raise GapError(row, str(column))
    raise NotFiniteError(row)


def refuse_not_finite(predictions: Mapping[str, NDArray[Any]]) -> None:
    """
    Refuse the first row of which a prediction is no finite number: weights or values so large that sums overflow.

    Examples
    --------
    >>> refuse_not_finite({"scores": np.array([[0.5], [np.inf]])})
    Traceback (most recent call last):
        ...
    tenfold.program.gaps.NotFiniteError: 1
    """
    for values in predictions.values():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise NotFiniteError(int(np.argwhere(~np.isfinite(values))[0, 0]))
