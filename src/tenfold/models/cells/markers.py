"""Cells that stand for nothing known, such as ``?`` or 999, by NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["marked_cells", "marker_numbers"]


def marker_numbers(markers: Sequence[str]) -> list[float]:
    """
    Return those of some markers that are numbers.

    Examples
    --------
    >>> marker_numbers(["?", "-1", "999"])
    [-1.0, 999.0]
    """
    numbers = []
    for marker in markers:
        try:
            number = float(marker)
        except ValueError:
            continue
        numbers += [number] if isfinite(number) else []
    return numbers


def marked_cells(cells: NDArray[Any], markers: Sequence[str]) -> NDArray[np.bool_]:
    """
    Return which cells of a column hold a marker; a text counts without the spaces around it.

    Parameters
    ----------
    cells : ndarray, shape (n,)
        Numbers, or objects of which texts are looked at.
    markers : sequence of str

    Examples
    --------
    >>> marked_cells(np.array([1.0, 999.0]), ["?", "999"]).tolist()
    [False, True]
    >>> marked_cells(np.array([" ? ", "a", None], object), ["?"]).tolist()
    [True, False, False]
    """
    if cells.dtype != object:
        return np.isin(cells, marker_numbers(markers))
    known = {marker.strip() for marker in markers}
    return np.array([isinstance(cell, str) and cell.strip() in known for cell in cells.tolist()], bool)
