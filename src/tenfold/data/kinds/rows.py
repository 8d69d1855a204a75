"""Rows as people have them in Python: arrays, lists of lists."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.text import shown

__all__ = ["array_of", "refuse_no_rows", "spread_rows"]


def array_of(rows: Any) -> NDArray[Any]:
    """
    Return array-like rows as an array; what is no array raises `DataError`, which says what to give.

    Examples
    --------
    >>> array_of([[1, "a"]]).tolist()
    [[1, 'a']]
    """
    if isinstance(rows, str | bytes | os.PathLike):
        raise DataError(f"'{shown(rows)}' is a name or a path, not rows", do="give tenfold.load(…, labelled=False)")
    try:
        array = np.asarray(rows)
        if array.dtype.kind in "US" and not isinstance(rows, np.ndarray):
            array = np.asarray(rows, dtype=object)  # one text among numbers would make text of them all
    except ValueError as fault:
        raise DataError("rows of different lengths", do="give every row as many values") from fault
    if array.ndim == 0:
        raise DataError(f"a {type(rows).__name__} is no rows", do="give an array, a list of rows or a data frame")
    return array


def refuse_no_rows(rows: Any) -> None:
    """Refuse where there is nothing to predict."""
    if not rows.shape[0]:
        raise DataError("no rows to predict", do="give at least one")


def spread_rows(count: int, few: int) -> NDArray[np.int64]:
    """
    Return the positions of a few of so many rows, evenly spread: the first, the last and some between.

    Examples
    --------
    >>> spread_rows(100, 4).tolist(), spread_rows(2, 4).tolist()
    ([0, 33, 66, 99], [0, 1])
    """
    return np.linspace(0, count - 1, min(count, few)).round().astype(np.int64)
