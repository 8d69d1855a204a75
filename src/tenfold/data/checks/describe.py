"""What the data look like: counts of each class, and a summary of each column."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from tenfold.data.dataset import Dataset
from tenfold.data.roles.role import ColumnRole

__all__ = ["ColumnSummary", "Description", "describe"]


@dataclass(frozen=True)
class ColumnSummary:
    """
    One column: its type, gaps and values.

    Parameters
    ----------
    name : str
    type : {"whole number", "number", "text"}
    missing, distinct : int
        Rows without a value; different values among the others.
    low, median, high : float or None
        Of a column of numbers.
    most_frequent : tuple of (str, int)
        The commonest values of a text column, with their counts.
    """

    name: str
    type: str
    missing: int
    distinct: int
    low: float | None = None
    median: float | None = None
    high: float | None = None
    most_frequent: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Description:
    """
    What `tenfold data show` says of a dataset.

    Parameters
    ----------
    name, kind, source : str
    n : int
        Rows in all.
    n_test : int
        Rows that the source sets apart as its test part.
    image_shape : tuple of int, or None
        Height, width (and 3 for colour) in pixels.
    classes : tuple of (str, int)
        Each class (or label of several) and its rows, most frequent first; empty where there are no labels.
    unlabelled : int
        Rows whose label is missing.
    columns : tuple of ColumnSummary
        Empty for kinds of data without named columns, such as images.
    roles : tuple of ColumnRole
        What each column of a table is, and why.
    head : tuple of tuple of str
        The first rows of a table as text, one value a column; a missing one is empty.
    targets : tuple of ColumnSummary
        Where the labels are numbers to be predicted: what they are like.
    """

    name: str
    kind: str
    source: str
    n: int
    n_test: int
    image_shape: tuple[int, ...] | None
    classes: tuple[tuple[str, int], ...]
    unlabelled: int
    columns: tuple[ColumnSummary, ...]
    roles: tuple[ColumnRole, ...]
    head: tuple[tuple[str, ...], ...]
    targets: tuple[ColumnSummary, ...] = ()


def describe(dataset: Dataset, *, head: int = 5, quantities: bool = False) -> Description:
    """
    Summarize a dataset without changing or printing anything.

    Parameters
    ----------
    dataset : Dataset
    head : int
        Rows of a table to give as text.
    quantities : bool
        The labels are numbers to be predicted, not classes.

    Examples
    --------
    >>> data = Dataset("d", "table", pd.DataFrame({"a": [1, 3]}), np.array(["x", "x"], object), source="d.csv")
    >>> describe(data).classes, describe(data).columns[0].median
    ((('x', 2),), 2.0)
    """
    table = pd.DataFrame() if dataset.table is None else dataset.table
    missing, classes = _classes(dataset)
    return Description(
        name=dataset.name,
        kind=dataset.kind,
        source=dataset.source,
        n=len(dataset),
        n_test=0 if dataset.official_test is None else int(dataset.official_test.sum()),
        image_shape=dataset.image_shape,
        classes=() if quantities else classes,
        targets=_targets(dataset) if quantities else (),
        unlabelled=missing,
        roles=dataset.traits.roles(dataset.X),
        columns=tuple(_column(table[name]) for name in table.columns),
        head=tuple(tuple(map(_text, row)) for row in table.head(head).itertuples(index=False)),
    )


def _classes(dataset: Dataset) -> tuple[int, tuple[tuple[str, int], ...]]:
    y = dataset.y
    if y is None or (y.ndim == 2 and y.dtype != bool):
        return 0, ()
    if y.ndim == 2:
        return 0, tuple(zip(dataset.target_names, map(int, y.sum(axis=0)), strict=True))
    counts = Counter(y.tolist())
    missing = sum(counts.pop(name) for name in list(counts) if not name.strip())
    return missing, tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _targets(dataset: Dataset) -> tuple[ColumnSummary, ...]:
    y = dataset.labels
    table = pd.DataFrame(y.reshape(len(y), -1), columns=list(dataset.target_names))
    numbers = table.apply(pd.to_numeric, errors="coerce")
    return tuple(_column(numbers[name].astype(np.float64)) for name in numbers)


def _column(column: pd.Series[Any]) -> ColumnSummary:
    present = column.dropna()
    name, missing, distinct = str(column.name), len(column) - len(present), int(present.nunique())
    if not is_numeric_dtype(column.dtype):
        counts = Counter(present.tolist()).most_common(3)
        return ColumnSummary(name, "text", missing, distinct, most_frequent=tuple(counts))
    kind = "whole number" if column.dtype == np.int64 else "number"
    if present.empty:
        return ColumnSummary(name, kind, missing, distinct)
    low, median, high = float(present.min()), float(present.median()), float(present.max())
    return ColumnSummary(name, kind, missing, distinct, low, median, high)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
