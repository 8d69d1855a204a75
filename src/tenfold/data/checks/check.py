"""Every check in one call, in the order a person fixes things: labels, rows, and what depends on the kind of data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.checks import labels, rows
from tenfold.data.checks.finding import Finding, gravest_first
from tenfold.data.checks.quantities import check_quantities
from tenfold.data.dataset import Dataset
from tenfold.data.missing import is_missing
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
    Return everything that is suspicious about the data before a model is trained on them.

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
    of_numbers = _quantities(dataset, task)
    of_target = labels.check_labels(dataset, task, folds, ~test) if of_numbers is None else of_numbers
    findings = [
        *of_target,
        *rows.check_rows(dataset, test, grouped=group_duplicates, classes=of_numbers is None),
        *dataset.traits.findings(dataset, _targets(dataset, task)),
        *(Finding("note", "loading", note.rstrip(".")) for note in dataset.notes),
    ]
    return gravest_first(findings)


def _quantities(dataset: Dataset, task: Task | None) -> list[Finding] | None:
    """About the numbers to be predicted; rows without one alone, where there are any. None where classes are."""
    if task is None or not task.numeric:
        return None
    missing = is_missing(dataset.labels) if dataset.labels.dtype == object else np.zeros(len(dataset), bool)
    if missing.any():
        return labels.missing_labels(missing, dataset)
    y = task.encode(dataset.labels)
    return check_quantities(dataset, y.reshape(len(y), -1), task.classes)


def _targets(dataset: Dataset, task: Task | None) -> list[tuple[str | None, NDArray[np.int64]]]:
    """Class codes of the one label, -1 where it is missing; of several labels 0 or 1, of the first 20."""
    y = dataset.y
    if y is None or (task is not None and task.numeric):
        return []
    if y.ndim == 1:
        codes, _ = pd.factorize(labels.classes_of(y, task))
        return [(None, np.where(is_missing(y), -1, codes).astype(np.int64))]
    # Each label takes as long as a whole table of one.
    return [
        (name, y[:, at].astype(np.int64)) for at, name in enumerate(dataset.target_names[:_LABELS]) if y.dtype == bool
    ]


def _mask(dataset: Dataset, test_rows: NDArray[Any] | None) -> NDArray[np.bool_]:
    test = dataset.official_test if test_rows is None else test_rows
    mask = np.zeros(len(dataset), bool)
    if test is not None:
        mask[test] = True
    return mask
