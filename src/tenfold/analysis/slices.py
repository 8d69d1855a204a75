"""Where it errs most: values of a column, or other groups of rows, on which errors pile up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.figures.intervals.closed import wilson
from tenfold.figures.intervals.significance import holm
from tenfold.text import shown

__all__ = ["Slice", "slices_of", "worst_slices"]

Bools = NDArray[np.bool_]

_VALUES = 20
_QUANTILES = 5
_FEW_NUMBERS = 10
_LEAST_ROWS = 20
_LEVEL = 0.05


@dataclass(frozen=True, eq=False)
class Slice:
    """
    Some rows that have something in common, and how often they are called wrongly.

    Parameters
    ----------
    name : str
        In words, such as ``Sex is male``.
    rows : ndarray of int64
        Positions.
    errors : int
    rate, low, high : float
        Share called wrongly, with Wilson's interval, made wider so that 95 % holds for all slices looked at together
        (Bonferroni): the worst of many is picked, and a plain interval would flatter the picking.
    p_adjusted : float
        That chance alone gives so many errors more than on the other rows: Fisher's exact test, one-sided, adjusted
        by Holm for all slices looked at.
    """

    name: str
    rows: NDArray[np.int64]
    errors: int
    rate: float
    low: float
    high: float
    p_adjusted: float

    @property
    def beyond_chance(self) -> bool:
        """Whether chance alone would seldom (5 %) give any slice so many errors."""
        return self.p_adjusted <= _LEVEL


def slices_of(X: pd.DataFrame) -> Iterator[tuple[str, Bools]]:
    """
    Cut a table along each column: its frequent values, fifths of its numbers, missing values.

    Parameters
    ----------
    X : DataFrame of n rows

    Yields
    ------
    tuple of str and ndarray of bool, shape (n,)
        What the rows have in common, and which they are.

    Examples
    --------
    >>> [name for name, _ in slices_of(pd.DataFrame({"sex": ["m", "f", None]}))]
    ['sex is f', 'sex is m', 'sex is missing']
    """
    for name in X.columns:
        column, told = X[name], shown(name, 40)
        missing = column.isna().to_numpy()
        numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        if numeric and column.nunique() > _FEW_NUMBERS:
            yield from _fifths(told, column.to_numpy(np.float64, na_value=np.nan))
        else:
            yield from _values(told, column)
        if missing.any():
            yield f"{told} is missing", missing


def _fifths(name: str, numbers: NDArray[np.float64]) -> Iterator[tuple[str, Bools]]:
    edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, _QUANTILES + 1)))
    for place, (low, high) in enumerate(pairwise(edges.tolist())):
        last = place == len(edges) - 2
        yield (
            f"{name} from {low:,.4g} to {high:,.4g}" + ("" if last else ", exclusive"),
            (numbers >= low) & ((numbers <= high) if last else (numbers < high)),
        )


def _values(name: str, column: pd.Series[Any]) -> Iterator[tuple[str, Bools]]:
    values = column.astype("string")
    frequent = values.value_counts().index[:_VALUES]
    for value in sorted(frequent):
        yield f"{name} is {shown(value, 40)}", (values == value).fillna(False).to_numpy(bool)


def worst_slices(slices: Iterable[tuple[str, Bools]], wrong: Bools) -> tuple[list[Slice], int]:
    """
    Give the slices that have more errors than the other rows, those beyond chance first, the worst of them first.

    Parameters
    ----------
    slices : iterable of str and ndarray of bool, shape (n,)
        Those of fewer than 20 rows are passed over.
    wrong : ndarray of bool, shape (n,)
        The rows called wrongly.

    Returns
    -------
    found : list of Slice
        By whether they are beyond chance, then by the low end of their interval.
    looked_at : int
        Slices of enough rows.

    Examples
    --------
    >>> male = np.arange(200) % 2 == 0
    >>> found, looked_at = worst_slices([("male", male), ("female", ~male)], male & (np.arange(200) < 60))
    >>> [(one.name, one.rate, one.beyond_chance) for one in found], looked_at
    ([('male', 0.3, True)], 2)
    """
    from scipy.stats import hypergeom

    n, errors = len(wrong), int(wrong.sum())
    kept = [(name, np.flatnonzero(rows)) for name, rows in slices if _LEAST_ROWS <= rows.sum() < n]
    if not kept or not errors:
        return [], len(kept)
    sizes, bad = np.array([len(rows) for _, rows in kept]), np.array([int(wrong[rows].sum()) for _, rows in kept])
    adjusted = holm(hypergeom.sf(bad - 1, n, errors, sizes))
    low, high = wilson(bad, sizes, 1 - _LEVEL / len(kept))
    found = [
        Slice(name, rows, int(bad[i]), float(bad[i] / sizes[i]), float(low[i]), float(high[i]), float(adjusted[i]))
        for i, (name, rows) in enumerate(kept)
        if bad[i] * n > errors * sizes[i]
    ]
    return sorted(found, key=lambda one: (not one.beyond_chance, -one.low)), len(kept)
