"""Which columns errors depend on: the mean error of rows with like values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import mean_interval
from tenfold.text import shown

__all__ = ["ColumnErrors", "coordinate_columns", "errors_along"]

Floats = NDArray[np.float64]

_BINS, _LEAST = 10, 20
_VALUES = 10
_FEW_NUMBERS = 10
_PAIRS = (
    ("longitude", "latitude"),
    ("lon", "lat"),
    ("lng", "lat"),
    ("long", "lat"),
    ("easting", "northing"),
    ("x", "y"),
)
_GEOGRAPHIC = ("longitude", "lon", "lng", "long")


@dataclass(frozen=True, eq=False)
class ColumnErrors:
    """
    Errors along one column, in b groups of rows with like values.

    Parameters
    ----------
    name : str
    kind : {"number", "value"}
    places : ndarray of float64, shape (b,)
        Median value of each group of numbers; 0, 1, … of other values.
    names : tuple of str
        Of each value; empty for numbers.
    means : tuple of Estimate
        Mean error (predicted less true) of each group, with Student's t interval.
    share : float
        Share of the variance of errors that lies between groups, less what chance alone gives: epsilon squared, Kelley
        (1935), Proceedings of the National Academy of Sciences 21:554.
    """

    name: str
    kind: Literal["number", "value"]
    places: Floats
    names: tuple[str, ...]
    means: tuple[Estimate, ...]
    share: float


def errors_along(column: pd.Series[Any], errors: Floats) -> ColumnErrors | None:
    """
    Average errors over tenths of a column's numbers, or over its frequent values.

    Parameters
    ----------
    column : Series of n values
    errors : ndarray of float64, shape (n,)

    Returns
    -------
    ColumnErrors or None
        None where no two groups of 20 rows can be told apart, as with ids and free text.

    Examples
    --------
    >>> along = errors_along(pd.Series(["a", "b"] * 20, name="kind"), np.tile([1.0, -1.0], 20))
    >>> along.names, [one.value for one in along.means], along.share
    (('a', 'b'), [1.0, -1.0], 1.0)
    """
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numeric and column.nunique() > _FEW_NUMBERS:
        groups, names = _tenths(column.to_numpy(np.float64, na_value=np.nan)), list[str]()
    else:
        groups, names = _frequent(column)
    large = [place for place, rows in enumerate(groups) if len(rows) >= _LEAST]
    if len(large) < 2:
        return None
    parts = [errors[groups[place]] for place in large]
    values = column.to_numpy(np.float64, na_value=np.nan) if not names else None
    places = np.arange(len(large), dtype=np.float64)
    if values is not None:
        places = np.array([np.median(values[groups[place]]) for place in large])
    return ColumnErrors(
        str(column.name),
        "value" if names else "number",
        places,
        tuple(names[place] for place in large) if names else (),
        tuple(Estimate(float(part.mean()), *mean_interval(part), len(part), "t 95%") for part in parts),
        _between(parts),
    )


def _tenths(values: Floats) -> list[NDArray[np.int64]]:
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2 * _LEAST:
        return []
    bins = min(_BINS, len(known) // _LEAST)
    edges = np.unique(np.quantile(values[known], np.arange(1, bins) / bins))
    number = np.searchsorted(edges, values[known], side="right")
    return [known[number == place] for place in range(len(edges) + 1)]


def _frequent(column: pd.Series[Any]) -> tuple[list[NDArray[np.int64]], list[str]]:
    words = column.astype("string")
    counts = words.value_counts()
    names = sorted(counts.index[:_VALUES])
    groups = [np.flatnonzero((words == name).fillna(False).to_numpy(bool)) for name in names]
    return groups, [shown(name, 24) for name in names]


def _between(parts: list[Floats]) -> float:
    every = np.concatenate(parts)
    whole = float(((every - every.mean()) ** 2).sum())
    if not whole:
        return 0.0
    inside = float(sum(((part - part.mean()) ** 2).sum() for part in parts))
    free = len(every) - len(parts)
    chance = (len(parts) - 1) * inside / free if free else 0.0
    return max(0.0, (whole - inside - chance) / whole)


def coordinate_columns(table: pd.DataFrame) -> tuple[str, str] | None:
    """
    Return the columns that are places on a map, by their names and ranges: east-west first.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    tuple of str or None
        None where no two columns of numbers are a pair.

    Examples
    --------
    >>> coordinate_columns(pd.DataFrame({"Latitude": [37.5, 38.0], "Longitude": [-122.0, -121.5]}))
    ('Longitude', 'Latitude')
    >>> coordinate_columns(pd.DataFrame({"lat": [1e6, 2e6], "lon": [0.0, 1.0]}))
    """
    numbers = [name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])]
    by_name = {_stem(name): name for name in reversed(numbers)}
    for east, north in _PAIRS:
        if east in by_name and north in by_name:
            pair = by_name[east], by_name[north]
            if east not in _GEOGRAPHIC or (_within(table[pair[0]], 180) and _within(table[pair[1]], 90)):
                return pair
    return None


def _stem(name: object) -> str:
    """A name without case and what stands around the word: ``coord_x`` is ``x``."""
    words: Iterable[str] = str(name).lower().replace("-", "_").split("_")
    kept = [word for word in words if word not in ("coord", "coordinate", "geo", "gps", "pos", "")]
    return "_".join(kept)


def _within(column: pd.Series[Any], limit: float) -> bool:
    values = column.to_numpy(np.float64, na_value=np.nan)
    known = values[np.isfinite(values)]
    return bool(len(known)) and bool((np.abs(known) <= limit).all()) and bool(known.max() > known.min())
