"""Rows of a table as the page shows them, with the columns that set each apart from its class."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.text import shown

__all__ = ["bytes_of_one", "records", "unusual_columns"]

_LONGEST = 60
_COLUMNS = 40
_SAMPLE = 64
_MARKED = 3
RARE = 0.2
"""A value is marked where at most this share of the rows of the actual class lie as far out."""


def records(X: pd.DataFrame, y: NDArray[np.int64], places: NDArray[np.int64]) -> dict[str, Any]:
    """
    Return the values of some rows by column, and for each row the columns to mark.

    Parameters
    ----------
    X : DataFrame of n rows
    y : ndarray of int64, shape (n,)
        Actual class codes.
    places : ndarray of int64
        Positions of the rows.

    Examples
    --------
    >>> X = pd.DataFrame({"age": [1.0, 2.0, 2.0, 2.0, 2.0, 2.0]})
    >>> records(X, np.zeros(6, int), np.array([0]))
    {'columns': ['age'], 'values': [['1']], 'marked': [[0]], 'hidden': 0}
    """
    part = X.iloc[:, :_COLUMNS]
    rare = unusual_columns(part, y)[places]
    order = np.argsort(rare, axis=1, kind="stable")[:, :_MARKED]
    marked = [[int(c) for c in row if rare[i, c] <= RARE] for i, row in enumerate(order)]
    return {
        "columns": [shown(name, 40) for name in part.columns],
        "values": [[_text(value) for value in part.iloc[places, c].tolist()] for c in range(part.shape[1])],
        "marked": marked,
        "hidden": X.shape[1] - part.shape[1],
    }


def unusual_columns(X: pd.DataFrame, y: NDArray[np.int64]) -> NDArray[np.float64]:
    """
    Share of the rows of the same actual class whose value lies as far out as each value does, shape (n, columns).

    Of a number: as far from the median of the class. Of anything else: the same value, unless hardly any value comes
    twice, as of names, which tell rows apart rather than classes.

    Examples
    --------
    >>> X = pd.DataFrame({"n": [1.0, 5, 5, 5], "c": ["a", "a", "b", "a"]})
    >>> unusual_columns(X, np.zeros(4, int)).tolist()
    [[0.25, 0.75], [1.0, 0.75], [1.0, 0.25], [1.0, 0.75]]
    """
    shares = np.ones(X.shape)
    for c in range(X.shape[1]):
        column = X.iloc[:, c]
        is_number = pd.api.types.is_numeric_dtype(column)
        if _tells_rows_apart(column, is_number):
            continue
        for one in np.unique(y):
            rows = y == one
            part = column[rows]
            shares[rows, c] = _shares_as_far(part.to_numpy(np.float64)) if is_number else _shares_equal(part)
    return shares


def _tells_rows_apart(column: pd.Series[Any], is_number: bool) -> bool:
    """Names, tickets, and numbers that count the rows."""
    distinct = column.nunique()
    if is_number:
        return distinct == len(column) > 1 and bool((column.dropna() % 1 == 0).all())
    return distinct > 0.5 * max(int(column.notna().sum()), 1)


def _shares_as_far(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.isfinite(values)
    away = np.abs(values - np.median(values[known])) if known.any() else np.zeros(len(values))
    ordered = np.sort(away[known])
    as_far = len(ordered) - np.searchsorted(ordered, away, side="left")
    # A missing value is as rare as missing values are.
    shares: NDArray[np.float64] = np.full(len(values), 1 - known.mean())
    shares[known] = as_far[known] / max(len(ordered), 1)
    return shares


def _shares_equal(values: pd.Series[Any]) -> NDArray[np.float64]:
    named = values.astype(object).where(values.notna(), "")
    return np.asarray(named.map(named.value_counts(normalize=True)), dtype=np.float64)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else shown(value, _LONGEST)


def bytes_of_one(X: pd.DataFrame) -> float:
    """Estimate what one row takes of the page, from a sample spread over all."""
    some = np.linspace(0, len(X) - 1, min(len(X), _SAMPLE)).astype(np.int64)
    texts = [[_text(value) for value in X.iloc[some, c].tolist()] for c in range(min(X.shape[1], _COLUMNS))]
    return len(json.dumps(texts)) / max(len(some), 1) + 12
