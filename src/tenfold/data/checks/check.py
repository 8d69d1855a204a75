"""Every check in one call, in the order a person fixes things: labels, rows, columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.checks import columns, labels, rows
from tenfold.data.checks.finding import Finding
from tenfold.data.checks.leaks import leaking_columns
from tenfold.data.dataset import Dataset
from tenfold.task import Task

__all__ = ["check"]

_LABELS = 20


def check(
    dataset: Dataset,
    task: Task | None,
    *,
    folds: int,
    test_rows: NDArray[Any] | None = None,
    group_duplicates: bool = True,
) -> tuple[Finding, ...]:
    """
    Say everything that is suspicious about the data before a model is trained on them.

    Parameters
    ----------
    dataset : Dataset
    task : Task or None
        What is to be predicted; without it the classes are the labels as they are.
    folds : int
        Folds of the cross-validation: each class needs as many rows.
    test_rows : ndarray of int or bool, optional
        Positions (or mask) in this dataset of the test part; the source's own test part by default.
    group_duplicates : bool
        Equal rows are kept on one side of every split.

    Returns
    -------
    tuple of Finding
        Fatal ones first, then warnings, those about columns that may give the answer away before others, then notes.

    Examples
    --------
    >>> y = np.array(["a"] * 9 + ["b"], dtype=object)
    >>> data = Dataset("d", "table", pd.DataFrame({"x": range(10)}), y, source="d.csv")
    >>> [finding.code for finding in check(data, None, folds=3)]
    ['rare-class']
    """
    test = _mask(dataset, test_rows)
    found = [
        *labels.check_labels(dataset, task, folds, ~test),
        *rows.check_rows(dataset, test, grouped=group_duplicates),
    ]
    if isinstance(dataset.X, pd.DataFrame):
        found += columns.check_columns(dataset.X, dataset.rows, dataset.read_as_missing)
        # The number of a row tells the class where rows are in order of it; no candidate is given it.
        numbers = [finding.column for finding in found if finding.code == "id-column"]
        found += _leaks(dataset, dataset.X.drop(columns=numbers), task)
    found += [Finding("note", "loading", note.rstrip(".")) for note in dataset.notes]
    order = {"fatal": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda finding: (order[finding.level], finding.code != "leak")))


def _leaks(dataset: Dataset, table: pd.DataFrame, task: Task | None) -> list[Finding]:
    y = dataset.y
    if y is None or y.ndim == 1 or y.dtype != bool:
        return leaking_columns(table, _codes(dataset, task))
    # Each label takes as long as a whole table of one.
    some = list(enumerate(dataset.target_names))[:_LABELS]
    return [leak for c, name in some for leak in leaking_columns(table, y[:, c].astype(np.int64), name)]


def _mask(dataset: Dataset, test_rows: NDArray[Any] | None) -> NDArray[np.bool_]:
    given = dataset.official_test if test_rows is None else test_rows
    mask = np.zeros(len(dataset), bool)
    if given is not None:
        mask[given] = True
    return mask


def _codes(dataset: Dataset, task: Task | None) -> NDArray[np.int64] | None:
    """Class codes of the labelled rows' one target; -1 where the label is missing."""
    if dataset.y is None or dataset.y.ndim != 1:
        return None
    y = labels.classes_of(dataset.y, task)
    codes, _ = pd.factorize(y)
    return np.where(labels.is_missing(dataset.y), -1, codes).astype(np.int64)
