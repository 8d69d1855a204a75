"""Which rows are test rows: the source's own, or a stratified or grouped draw; duplicates stay together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.holdout.order import time_parts
from tenfold.data.holdout.seal import SealedTest, seal
from tenfold.errors import DataError, UsageError
from tenfold.task import Task

__all__ = ["class_strata", "row_groups", "split", "time_strata"]


def split(
    dataset: Dataset, task: Task, *, test_size: float = 0.2, seed: int = 42, group_duplicates: bool = True
) -> tuple[Dataset, SealedTest[Dataset]]:
    """
    Split off the test part, once, before anything is fitted or compared.

    Parameters
    ----------
    dataset : Dataset
        Labelled instances.
    task : Task
        Its classes are spread evenly over both parts.
    test_size : float
        Share of the rows to set apart, in (0, 1); unused where the source has its own test part.
    seed : int
        Of the draw.
    group_duplicates : bool
        Keep rows of equal content on one side.

    Returns
    -------
    training : Dataset
    test : SealedTest
        Opened by `tenfold.data.holdout.open_test_part` alone.

    Raises
    ------
    UsageError
        `test_size` is not between 0 and 1.
    DataError
        A part would be empty.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": np.arange(10.0)})
    >>> data = Dataset("ten", "table", table, np.array(list("xy" * 5), object), source="memory")
    >>> from tenfold.tasks import ClassTask
    >>> training, test = split(data, ClassTask(("x", "y"), "y"), test_size=0.4)
    >>> len(training), len(test), test.how
    (6, 4, 'a stratified draw of 40 % of the rows, seed 42')
    """
    if not 0 < test_size < 1:
        raise UsageError(f"--test-size {test_size} is not a share between 0 and 1", do="give one such as 0.2")
    if dataset.official_test is not None:
        mask, how = dataset.official_test, "the source's own test part"
    elif dataset.order is not None:
        mask, how = _newest(dataset, task, dataset.order, test_size)
    else:
        mask, how = _draw(dataset, task, test_size, seed, group_duplicates)
    if mask.all() or not mask.any():
        _refuse_one_sided(dataset)
    training, test = np.flatnonzero(~mask), np.flatnonzero(mask)
    return dataset.take(_compact(training)), seal(dataset, test, how)


def _refuse_one_sided(dataset: Dataset) -> None:
    if len(np.unique(dataset.ids)) == 1:
        what, do = "all rows hold the same values: nothing can be told from them", "add columns that differ"
    else:
        what, do = "the training or the test part would have no rows", "add rows, or groups of rows"
    raise DataError(what, where=dataset.source, do=do)


def row_groups(dataset: Dataset, group_duplicates: bool = True) -> NDArray[np.int64] | None:
    """
    Number the groups that must not be torn apart, shape (n,); None where every row is its own group.

    Rows belong together when they share a value of the group column, or, with `group_duplicates`, their content.
    """
    if dataset.groups is None and not group_duplicates:
        return None
    if dataset.groups is None:
        _, group = np.unique(dataset.ids, return_inverse=True)
    elif not group_duplicates:
        _, group = np.unique(dataset.groups.astype(str), return_inverse=True)
    else:
        group = _joined(dataset.groups.astype(str), dataset.ids)
    return group.astype(np.int64) if group.max() + 1 < len(group) else None


def _joined(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int64]:
    """Connected components of rows that share a value of either column."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(first)
    _, a = np.unique(first, return_inverse=True)
    _, b = np.unique(second, return_inverse=True)
    nodes, row = n + a.max() + 1 + b.max() + 1, np.arange(n)
    ends = np.concatenate([n + a, n + a.max() + 1 + b])
    graph = coo_array((np.ones(2 * n, bool), (np.concatenate([row, row]), ends)), shape=(nodes, nodes))
    return np.asarray(connected_components(graph, directed=False)[1][:n], dtype=np.int64)


def _draw(
    dataset: Dataset, task: Task, test_size: float, seed: int, group_duplicates: bool
) -> tuple[NDArray[np.bool_], str]:
    """Draw whole groups as the task draws a test part."""
    groups = row_groups(dataset, group_duplicates)
    mask = task.draw_test(task.encode(dataset.labels), test_size, seed, groups)
    kind = "grouped" if dataset.groups is not None else "stratified"
    return mask, f"a {kind} draw of {100 * test_size:g} % of the rows, seed {seed}"


def class_strata(task: Task, y: NDArray[Any]) -> NDArray[np.int64] | None:
    """Return the class of each row, shape (n,), which time cuts by itself; None where a row has no one class."""
    return y if task.exclusive and y.ndim == 1 else None


def time_strata(dataset: Dataset, task: Task) -> NDArray[np.int64] | None:
    """
    Return the class of each row as the source has it, shape (n,), which time cuts by itself; None where a row has none.

    Where one class is set against all others, each of them is cut by itself: hard ham stays in every part in its share.
    """
    if class_strata(task, task.encode(dataset.labels)) is None:
        return None
    return np.asarray(np.unique(dataset.labels.astype(str), return_inverse=True)[1], np.int64)


def _newest(
    dataset: Dataset, task: Task, order: NDArray[np.float64], test_size: float
) -> tuple[NDArray[np.bool_], str]:
    """Mark the newest rows: of each class by itself, so that the test part has all of them."""
    groups = None if dataset.groups is None else dataset.groups.astype(str)
    strata = time_strata(dataset, task)
    mask = time_parts(order, [1 - test_size, test_size], strata, groups) == 1
    if mask.all() or not mask.any():
        what = "the column of --order has too few different values to cut off a newest part"
        raise DataError(what, where=dataset.source, do="give a finer column, or another --test-size")
    each = " of each class" if strata is not None else ""
    return mask, f"the newest {100 * test_size:g} %{each}"


def _compact(rows: NDArray[np.int64]) -> NDArray[np.int64] | slice:
    """A run of consecutive rows as a slice, so that taking it copies nothing."""
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == len(rows) else rows
