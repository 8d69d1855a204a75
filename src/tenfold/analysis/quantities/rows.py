"""Single rows that are far off: what is odd about them, what rows like them are, and whose true value may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.neighbours import nearest_outside_fold
from tenfold.analysis.rows import sample_rows

__all__ = ["Oddity", "ValueSuspect", "odd_values", "value_suspects", "worst_rows"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_RARE = 0.01
_SELDOM_MISSING = 0.05
_NEAREST = 5
_FAR_SHARE = 0.98
_MOST_LOOKED_AT = 400
_COMPARED = 1_000
_TIMES = 3.0


def worst_rows(errors: Floats, count: int) -> Codes:
    """
    Return the positions of the largest errors in either direction, the largest first.

    Examples
    --------
    >>> worst_rows(np.array([1.0, -3.0, 2.0]), 2).tolist()
    [1, 2]
    """
    return np.argsort(-np.abs(errors), kind="stable")[:count].astype(np.int64)


@dataclass(frozen=True)
class Oddity:
    """
    A value that few rows have.

    Parameters
    ----------
    column : str
    value : object
    kind : {"highest", "lowest", "high", "low", "rare", "missing"}
    share : float
        Of all rows, that have such a value: as high, as low, the same, or none.
    """

    column: str
    value: Any
    kind: str
    share: float


def odd_values(table: pd.DataFrame, rows: Codes) -> list[list[Oddity]]:
    """
    Return what is odd about some rows: numbers in the outermost hundredth, values that a hundredth has, seldom gaps.

    Parameters
    ----------
    table : DataFrame of n rows
    rows : ndarray of int64, shape (m,)

    Returns
    -------
    list of list of Oddity
        Of each row, the rarest first.

    Examples
    --------
    >>> table = pd.DataFrame({"age": np.arange(200.0), "kind": ["a"] * 199 + ["b"]})
    >>> [(one.column, one.kind, one.share) for one in odd_values(table, np.array([199]))[0]]
    [('age', 'highest', 0.005), ('kind', 'rare', 0.005)]
    """
    found: list[list[Oddity]] = [[] for _ in rows]
    for name in table.columns:
        for place, one in enumerate(_odd_in(table[name], rows)):
            if one is not None:
                found[place].append(one)
    return [sorted(of_row, key=lambda one: one.share) for of_row in found]


def _odd_in(column: pd.Series[Any], rows: Codes) -> list[Oddity | None]:
    missing = column.isna().to_numpy()
    gaps = float(missing.mean())
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    known = np.sort(column.to_numpy(np.float64, na_value=np.nan)[~missing]) if numeric else np.zeros(0)
    counts = {} if numeric else column.astype("string").value_counts().to_dict()
    unlike = not numeric and 2 * len(counts) > len(column)  # names and texts: all values are rare
    odd: list[Oddity | None] = []
    for row in rows.tolist():
        value = column.iloc[row]
        if missing[row]:
            odd.append(Oddity(str(column.name), None, "missing", gaps) if gaps <= _SELDOM_MISSING else None)
        elif numeric:
            odd.append(_odd_number(str(column.name), float(value), known))
        else:
            share = counts.get(str(value), 0) / len(column)
            is_rare = share <= _RARE and not unlike
            odd.append(Oddity(str(column.name), value, "rare", share) if is_rare else None)
    return odd


def _odd_number(name: str, value: float, known: Floats) -> Oddity | None:
    """How many rows are as high, or as low."""
    n = len(known)
    at_least = (n - int(np.searchsorted(known, value, side="left"))) / n
    at_most = int(np.searchsorted(known, value, side="right")) / n
    if at_least <= _RARE and at_least <= at_most:
        return Oddity(name, value, "highest" if value == known[-1] else "high", at_least)
    if at_most <= _RARE:
        return Oddity(name, value, "lowest" if value == known[0] else "low", at_most)
    return None


@dataclass(frozen=True, eq=False)
class ValueSuspect:
    """
    A true value worth a second look: far from the prediction, and from the values of the rows most like it.

    Parameters
    ----------
    position : int
        Of the row.
    nearest : ndarray of int64
        Positions of the most like rows outside its fold.
    of_nearest : float
        Median of their true values.
    """

    position: int
    nearest: Codes
    of_nearest: float


def value_suspects(
    y: Floats, predicted: Floats, space: NDArray[np.floating], fold: NDArray[np.integer], seed: int = 0
) -> list[ValueSuspect]:
    """
    Return rows whose true value fits neither the prediction nor the rows like it, the most suspicious first.

    Looked at are the fiftieth of the rows that are furthest off, at most 400. A value is suspect where it lies at least
    three times as far from the median of its five nearest rows as nine of ten rows of a sample do, those five lie
    within a third of that distance, and the prediction lies on their side, nearer to them than to it.

    Parameters
    ----------
    y, predicted : ndarray of float64, shape (n,)
    space : ndarray of float, shape (n, d)
        Rows as numbers that can be compared.
    fold : ndarray of int, shape (n,)
    seed : int
        Of the sample of 1,000 rows that says how far values usually lie from those of like rows.

    Examples
    --------
    >>> x = np.arange(200.0)
    >>> y = x.copy()
    >>> y[70] = 900.0
    >>> [one.position for one in value_suspects(y, x, x[:, None], np.arange(200) % 5)]
    [70]
    """
    n = len(y)
    if n < 2 * _NEAREST or not space.shape[1]:
        return []
    sizes = np.abs(y - predicted)
    far = worst_rows(y - predicted, min(_MOST_LOOKED_AT, max(1, round((1 - _FAR_SHARE) * n))))
    far = far[sizes[far] > 0]
    usual = sample_rows(n, _COMPARED, seed)
    near = nearest_outside_fold(space, fold, np.append(usual, far), _NEAREST).positions
    if (near < 0).any():
        return []
    middles, spreads = np.median(y[near], axis=1), np.ptp(y[near], axis=1)
    limit = _TIMES * float(np.quantile(np.abs(y[usual] - middles[: len(usual)]), 0.9))
    suspects = []
    for place, row in enumerate(far.tolist(), len(usual)):
        away, middle = y[row] - middles[place], middles[place]
        on_their_side = (
            abs(predicted[row] - middle) < abs(predicted[row] - y[row]) and away * (y[row] - predicted[row]) > 0
        )
        if abs(away) > limit and _TIMES * spreads[place] <= abs(away) and on_their_side:
            suspects.append((abs(away) + sizes[row], ValueSuspect(row, near[place], float(middle))))
    return [one for _, one in sorted(suspects, key=lambda pair: -pair[0])]
