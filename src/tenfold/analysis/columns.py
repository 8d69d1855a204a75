"""How the values of a column are spread in each class, and in which columns a row is unlike its class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from tenfold.models.cells.parsing import read_date, read_number
from tenfold.text import shown

__all__ = ["ColumnSpread", "differing_columns", "spread_of"]

_BINS = 16
_VALUES = 6
_FEW_NUMBERS = 8
_FREQUENT_WORDS, _CHARACTERS = 200, 10_000
_TEXTS = ("text", "tags")
_DATES = {"date": "day", "date, month first": "month"}
_WRITTEN = {"number with a point": "point", "number with a comma": "comma", "number": "point"}


@dataclass(frozen=True, eq=False)
class ColumnSpread:
    """
    One column.

    Parameters
    ----------
    name : str
    kind : "number", "date", "values" or "words"
        Dates are days from 1970-01-01.
    names : tuple of str
        Of each bin, value or word; of numbers the last one holds what lies beyond none.
    shares : ndarray of float64, shape (k, bins)
        Of the rows of each class that have a value, the share in each bin, or with the word; 0 for a class without any.
    low, high : float or None
        Ends of the bins of numbers: the 1st and 99th percentile; what lies beyond is in the first and last bin.
    missing : float
        Share of rows without a value.
    others : int
        Values that are not named.
    """

    name: str
    kind: str
    names: tuple[str, ...]
    shares: NDArray[np.float64]
    low: float | None
    high: float | None
    missing: float
    others: int


def spread_of(column: pd.Series[Any], y: NDArray[np.int64], classes: int, role: str = "") -> ColumnSpread | None:
    """
    Count the values of a column by class: numbers in 16 bins, other values the six most frequent.

    Parameters
    ----------
    column : Series of n values
    y : ndarray of int64, shape (n,)
        Class codes.
    classes : int
    role : str
        Of the column: text that is numbers or dates is counted as those, free text by six words that tell most.

    Returns
    -------
    ColumnSpread or None
        None where there is no value at all.

    Examples
    --------
    >>> spread = spread_of(pd.Series(["m", "m", "f", None], name="sex"), np.array([0, 0, 1, 1]), 2)
    >>> spread.names, spread.shares.tolist(), spread.missing
    (('m', 'f'), [[1.0, 0.0], [0.0, 1.0]], 0.25)
    """
    column = _as_read(column, role)
    known = column.notna().to_numpy()
    if not known.any():
        return None
    if role in _TEXTS:
        return _words(str(column.name), column[known], y[known], classes, float(1 - known.mean()))
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    missing = float(1 - known.mean())
    if numeric and column.nunique() > _FEW_NUMBERS:
        numbers = _numbers(
            str(column.name), column.to_numpy(np.float64, na_value=np.nan)[known], y[known], classes, missing
        )
        return replace(numbers, kind="date") if role in _DATES else numbers
    return _values(str(column.name), column[known], y[known], classes, missing)


def _as_read(column: pd.Series[Any], role: str) -> pd.Series[Any]:
    """Return text that is numbers or dates as numbers."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    if role in _DATES:
        return column.map(lambda cell: read_date(cell, _DATES[role]), na_action="ignore").astype(np.float64)
    if role in _WRITTEN:
        return column.map(lambda cell: read_number(cell, _WRITTEN[role]), na_action="ignore").astype(np.float64)
    return column


def _words(name: str, texts: pd.Series[Any], y: NDArray[np.int64], classes: int, missing: float) -> ColumnSpread:
    """The six frequent words whose shares differ most between classes."""
    counter = CountVectorizer(binary=True, max_features=_FREQUENT_WORDS)
    try:
        present = counter.fit_transform(texts.astype(str).str[:_CHARACTERS])
    except ValueError:  # no word in any text
        return ColumnSpread(name, "words", (), np.zeros((classes, 0)), None, None, missing, 0)
    sums = np.vstack([np.asarray(present[y == code].sum(axis=0)).ravel() for code in range(classes)])
    shares = sums / np.maximum(np.bincount(y, minlength=classes)[:, None], 1)
    telling = np.argsort(shares.min(axis=0) - shares.max(axis=0), kind="stable")[:_VALUES]
    words = tuple(shown(word, 24) for word in counter.get_feature_names_out()[telling])
    return ColumnSpread(name, "words", words, shares[:, telling], None, None, missing, shares.shape[1] - len(telling))


def _numbers(
    name: str, numbers: NDArray[np.float64], y: NDArray[np.int64], classes: int, missing: float
) -> ColumnSpread:  # fmt: skip
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(end) for end in np.quantile(finite, [0.01, 0.99])) if len(finite) else (0.0, 0.0)
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    bins = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, _BINS - 1)
    names = tuple(f"{start:,.4g} to {end:,.4g}" for start, end in pairwise(edges.tolist()))
    return ColumnSpread(name, "number", names, _shares(bins, y, classes, _BINS), low, high, missing, 0)


def _values(name: str, values: pd.Series[Any], y: NDArray[np.int64], classes: int, missing: float) -> ColumnSpread:
    words = values.astype("string")
    counts = words.value_counts()
    # Where most values stand only once, as names do, none of them says anything.
    telling = 2 * len(counts) <= len(words) or len(counts) <= _VALUES
    first = sorted(counts.index, key=lambda word: (-counts[word], word))[:_VALUES] if telling else []
    if pd.api.types.is_numeric_dtype(values):
        first = sorted(first, key=float)
    place = {word: number for number, word in enumerate(first)}
    bins = words.map(place).fillna(len(first)).to_numpy(np.int64)
    shares = _shares(bins, y, classes, len(first) + 1)[:, : len(first)]
    names = tuple(shown(word, 24) for word in first)
    return ColumnSpread(name, "values", names, shares, None, None, missing, len(counts) - len(first))


def _shares(bins: NDArray[np.int64], y: NDArray[np.int64], classes: int, count: int) -> NDArray[np.float64]:
    counts = np.zeros((classes, count))
    np.add.at(counts, (y, bins), 1)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def differing_columns(X: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """
    Return how unusual each value of some rows is among the rows of a class, as a standard score.

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


def _unusual(column: pd.Series[Any], values: pd.Series[Any]) -> NDArray[np.float64]:
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        words = column.astype("string").fillna("")
        if words.nunique() > len(words) / 2:
            return np.zeros(len(values))
        return _rarity(words, values.astype("string").fillna(""))
    numbers, queries = column.to_numpy(np.float64, na_value=np.nan), values.to_numpy(np.float64, na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    scores = np.zeros(len(queries))
    if len(known):
        middle = float(np.median(known))
        spread = 1.4826 * float(np.median(np.abs(known - middle))) or float(known.std()) or 1.0
        scores = np.abs(queries - middle) / spread
    missing = _rarity(column.isna(), values.isna())
    return np.where(np.isfinite(scores), scores, missing)


def _rarity(column: pd.Series[Any], values: pd.Series[Any]) -> NDArray[np.float64]:
    shares = column.value_counts(normalize=True)
    p = values.map(shares).fillna(1 / (len(column) + 1)).to_numpy(np.float64)
    return np.asarray(np.sqrt((1 - p) / p))
