"""Rows in order of time: which of them are the newest part, and which come before one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.errors import DataError

__all__ = ["in_order", "time_parts"]


def in_order(data: Dataset, name: str) -> Dataset:
    """
    Return the rows with when each was, as their kind tells it, and without the column that says so.

    Rows of which it is unknown are left out, which a note says: they could stand before or after any other.

    Parameters
    ----------
    data : Dataset
    name : str
        What is asked of the kind, such as a column.

    Raises
    ------
    DataError, UsageError
        The kind has no such order, or it is unknown of every row.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": [2001.0, np.nan, 1999.0], "a": [1.0, 2.0, 3.0]})
    >>> data = in_order(Dataset("three", "table", table, None, source="memory"), "year")
    >>> data.order.tolist(), data.feature_names, data.notes
    ([2001.0, 1999.0], ('a',), ("1 row without a value of 'year' was left out, the first is row 2",))
    """
    try:
        order = np.asarray(data.traits.order(data.X, name), np.float64)
    except DataError as fault:
        raise DataError(str(fault), where=data.source) from fault
    known = np.isfinite(order)
    if not known.any():
        raise DataError("no row has a value of it", where=data.source, column=name, do="give another --order")
    rest = replace(data, X=data.traits.without(data.X, [name]), order=order)
    if known.all():
        return rest
    absent = np.flatnonzero(~known)
    note = (
        f"{len(absent):,} {data.traits.noun(len(absent))} without a value of '{name}' "
        f"{'was' if len(absent) == 1 else 'were'} left out, the first is row {int(data.rows[absent[0]]) + 1:,}"
    )
    return replace(rest.take(np.flatnonzero(known)), notes=(*data.notes, note))


def time_parts(
    order: NDArray[np.float64],
    shares: Sequence[float],
    strata: NDArray[np.int64] | None = None,
    groups: NDArray[Any] | None = None,
) -> NDArray[np.int16]:
    """
    Cut rows into parts, the earliest first: 0, 1, ….

    Rows of one time are never torn apart; they go where the middle of them lies.

    Parameters
    ----------
    order : ndarray of float64, shape (n,)
    shares : sequence of float
        Of the rows in each part; they sum to 1.
    strata : ndarray of int64, shape (n,), optional
        Classes, each of which is cut by itself, so that every part has its share of it.
    groups : ndarray, shape (n,), optional
        Rows of one group stand where the newest of them does, in the class that most of them have.

    Returns
    -------
    ndarray of int16, shape (n,)

    Examples
    --------
    >>> time_parts(np.array([5.0, 1.0, 3.0, 3.0, 9.0, 7.0]), [0.5, 0.5]).tolist()
    [1, 0, 0, 0, 1, 1]
    >>> time_parts(np.array([1.0, 2.0, 3.0, 4.0]), [0.5, 0.5], groups=np.array([0, 1, 1, 0])).tolist()
    [1, 0, 0, 1]
    """
    strata = np.zeros(len(order), np.int64) if strata is None else strata
    _, group = np.unique(np.arange(len(order)) if groups is None else groups, return_inverse=True)
    newest = np.full(int(group.max()) + 1, -np.inf)
    np.maximum.at(newest, group, order)
    counts = np.zeros((len(newest), int(strata.max()) + 1), np.int64)
    np.add.at(counts, (group, strata), 1)
    stratum, ends = counts.argmax(axis=1), np.cumsum(shares)[:-1]
    parts = np.zeros(len(newest), np.int16)
    for one in np.unique(stratum):
        of_stratum = np.flatnonzero(stratum == one)
        _, place = np.unique(newest[of_stratum], return_inverse=True)
        rows = np.bincount(place, counts[of_stratum].sum(axis=1))
        middle = (np.cumsum(rows) - rows / 2) / rows.sum()
        parts[of_stratum] = np.searchsorted(ends, middle, side="right")[place]
    return parts[group]
