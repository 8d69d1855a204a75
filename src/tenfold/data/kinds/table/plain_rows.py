"""A few rows of a table whose cells need no reading: taken at once, since a column of pandas costs as much as all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["MOST_PLAIN_ROWS", "plain_columns"]

MOST_PLAIN_ROWS = 8
_MOST_INT = 1 << 63


def plain_columns(types: Mapping[str, str], X: pd.DataFrame) -> dict[str, NDArray[Any]] | None:
    """
    Return the columns of a model if every cell is of its column's type already; None where one needs a closer look.

    Parameters
    ----------
    types : mapping of str to {"number", "text"}
        Of each column of the model.
    X : DataFrame of up to `MOST_PLAIN_ROWS` rows
        With those columns and perhaps others, no two of one name.

    Returns
    -------
    dict of str to ndarray, shape (n,), or None
        Numbers as float64, text as objects, each a str or None.

    Examples
    --------
    >>> X = pd.DataFrame({"sex": ["male"], "age": [22]})
    >>> plain_columns({"age": "number", "sex": "text"}, X)
    {'age': array([22.]), 'sex': array(['male'], dtype=object)}
    """
    places = {name: place for place, name in enumerate(X.columns.tolist())}
    cells = X.to_numpy(object).T.tolist()
    plain: dict[str, NDArray[Any]] = {}
    for name, kind in types.items():
        some = cells[places[name]]
        if kind == "number":
            if not all(map(_is_plain_number, some)):
                return None
            plain[name] = np.array(some, np.float64)
        else:
            if not all(map(_is_plain_text, some)):
                return None
            plain[name] = np.array([cell if type(cell) is str else None for cell in some], object)
    return plain


def _is_plain_number(cell: Any) -> bool:
    if type(cell) is float:
        return not math.isinf(cell)
    return type(cell) is int and -_MOST_INT <= cell < _MOST_INT


def _is_plain_text(cell: Any) -> bool:
    """A missing one is None or NaN."""
    return type(cell) is str or cell is None or (type(cell) is float and math.isnan(cell))
