"""In which columns a row of a table is unlike the rows of its class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["differing_columns"]


def differing_columns(X: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """
    Say how unusual each value of some rows is among the rows of a class, as a standard score.

    Numbers: distance from the median in units of 1.4826 times the median absolute deviation (of the standard
    deviation where that is 0). Other values: sqrt((1 - p) / p) for one that a share p of the class has; a column in
    which most values stand only once, such as a name, says nothing about a row.

    Parameters
    ----------
    X : DataFrame of n rows
        All rows of the class.
    rows : DataFrame of m rows
        With the same columns.

    Returns
    -------
    DataFrame of float64, shape (m, columns)
        0 for values like the others; missing values of numbers count by their share.

    Examples
    --------
    >>> X = pd.DataFrame({"age": [30.0, 31, 29, 30, 90], "sex": list("mmmmf"), "name": list("abcde")})
    >>> differing_columns(X, X.tail(1)).round(1).to_dict("records")
    [{'age': 40.5, 'sex': 2.0, 'name': 0.0}]
    """
    return pd.DataFrame({name: _unusual(X[name], rows[name]) for name in X.columns}, index=rows.index)


def _unusual(column: pd.Series[Any], values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        words = column.astype("string").fillna("")
        if words.nunique() > len(words) / 2:
            return np.zeros(len(values))
        return _rarity(words, values.astype("string").fillna(""))
    numbers, asked = column.to_numpy(np.float64, na_value=np.nan), values.to_numpy(np.float64, na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    scores = np.zeros(len(asked))
    if len(known):
        middle = float(np.median(known))
        spread = 1.4826 * float(np.median(np.abs(known - middle))) or float(known.std()) or 1.0
        scores = np.abs(asked - middle) / spread
    missing = _rarity(column.isna(), values.isna())
    return np.where(np.isfinite(scores), scores, missing)


def _rarity(column: pd.Series[Any], values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    shares = column.value_counts(normalize=True)
    p = values.map(shares).fillna(1 / (len(column) + 1)).to_numpy(np.float64)
    return np.asarray(np.sqrt((1 - p) / p))
