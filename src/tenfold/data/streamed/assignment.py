"""The assignment of rows to the test part and to folds, by the content of each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.data.streamed.distinct import mixed, unit_interval
from tenfold.data.streamed.row_store import RowStore, RowStoreWriter
from tenfold.data.streamed.target import StreamedTarget
from tenfold.errors import DataError, UsageError
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["TEST", "RowCounts", "assign_rows"]

TEST = -1
_RARE = 20_000
"""Rows of a class up to which they are assigned by rank, so that its shares are exact."""


@dataclass(frozen=True, eq=False)
class RowCounts:
    """
    The number of rows of each stratum in each part: of each class, or of each range of numbers.

    Parameters
    ----------
    folds : ndarray of int64, shape (k, strata)
    test : ndarray of int64, shape (strata,)
    """

    folds: NDArray[np.int64]
    test: NDArray[np.int64]

    @property
    def training_rows(self) -> int:
        """Rows of all folds."""
        return int(self.folds.sum())


def assign_rows(
    store: RowStore, target: StreamedTarget, task: Task, *, k: int, test_size: float, seed: int, grouped: bool
) -> RowCounts:
    """
    Assign the rows of a store to the test part and to k folds, and write the field ``parts``.

    A row's part follows from a number in [0, 1) that is a hash of its content (or its group) and the seed: rows of
    equal content stay together, whatever the order of the rows, and more parts of a table change nothing. Of a stratum
    of at most 20,000 rows, those with the lowest numbers are the test part and the others are assigned to folds in
    turn, so that its shares are exact; those of a larger one are random, within one in a hundred of the share.

    Parameters
    ----------
    store : RowStore
    target : StreamedTarget
    task : Task
    k : int
        Folds, at most 100.
    test_size : float
        In (0, 1).
    seed : int
    grouped : bool
        Rows of one group, rather than of equal content, stay together.

    Raises
    ------
    UsageError
        Fewer than two folds, or a `test_size` out of range.
    DataError
        A class does not reach every fold, or a fold has no rows.
    """
    if k < 2:
        raise UsageError(f"--cv {k}: judging out of fold needs 2 folds or more")
    if not 0 < test_size < 1:
        raise UsageError(f"--test-size {test_size} is not a share between 0 and 1", do="give one such as 0.2")
    counts = np.zeros(target.strata, np.int64)
    for strata, _ in _keys(store, target, seed, grouped):
        counts += np.bincount(strata, minlength=len(counts))
    # A group may have rows of several strata: ranking within each would split it.
    rare = np.zeros(len(counts), bool) if grouped else counts <= _RARE
    ranked = _ranked(store, target, rare, k, test_size, seed)
    counts_of_parts = np.zeros((k + 1, len(counts)), np.int64)
    with RowStoreWriter(store.folder) as writer:
        for strata, keys in _keys(store, target, seed, grouped):
            parts = _by_key(keys, k, test_size)
            for code in np.flatnonzero(rare & (np.bincount(strata, minlength=len(rare)) > 0)).tolist():
                own = strata == code
                distinct, parts_of_distinct = ranked[code]
                parts[own] = parts_of_distinct[np.searchsorted(distinct, keys[own])]
            np.add.at(counts_of_parts, (parts, strata), 1)
            writer.write(parts=parts.astype(np.int8))
    row_counts = RowCounts(counts_of_parts[:k], counts_of_parts[k])
    if target.classes:
        _refuse_rare(row_counts, task, k, grouped)
    _refuse_empty(row_counts, k, grouped)
    return row_counts


def _keys(
    store: RowStore, target: StreamedTarget, seed: int, grouped: bool
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Yield strata and the numbers in [0, 1) that decide, block by block."""
    field = "keys" if grouped else "ids"
    for block in store.blocks(target.field, field):
        bits = block[field] if grouped else block[field][:, 0]
        yield target.strata_of(target.y(block)), unit_interval(mixed(bits, seed))


def _by_key(keys: NDArray[np.float64], k: int, test_size: float) -> NDArray[np.int64]:
    folds = np.minimum(((keys - test_size) / (1 - test_size) * k).astype(np.int64), k - 1)
    return np.where(keys < test_size, TEST, folds)


def _ranked(
    store: RowStore, target: StreamedTarget, rare: NDArray[np.bool_], k: int, test_size: float, seed: int
) -> dict[int, tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """Return for each rare stratum its distinct numbers, ascending, and the part of each."""
    gathered: dict[int, list[NDArray[np.float64]]] = {int(code): [] for code in np.flatnonzero(rare)}
    for strata, keys in _keys(store, target, seed, grouped=False) if gathered else ():
        for code in np.unique(strata[rare[strata]]).tolist():
            gathered[code].append(keys[strata == code])
    return {code: _in_turn(np.concatenate(some), k, test_size) for code, some in gathered.items() if some}


def _in_turn(keys: NDArray[np.float64], k: int, test_size: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    distinct, rows = np.unique(keys, return_counts=True)
    test_rows = round(test_size * len(keys)) if len(distinct) > 1 else 0
    before = np.cumsum(rows) - rows
    is_test = before < test_rows
    parts = np.full(len(distinct), TEST, np.int64)
    parts[~is_test] = np.arange(int((~is_test).sum())) % k
    return distinct, parts


def _refuse_rare(row_counts: RowCounts, task: Task, k: int, grouped: bool) -> None:
    rows = row_counts.folds.sum(axis=0)
    for code in np.flatnonzero((row_counts.folds == 0).any(axis=0)).tolist():
        if rows[code] >= k and grouped:
            what = f"class '{shown(task.classes[code])}' stands in groups that do not reach all {k} folds"
        elif rows[code] >= k:
            what = f"class '{shown(task.classes[code])}' has {rows[code]:,} training rows, too few of them different"
        else:
            n = int(rows[code])
            what = f"class '{shown(task.classes[code])}' has {n} training row{'' if n == 1 else 's'}"
            what += f", fewer than the {k} folds"
        raise DataError(what, do="add rows of it, drop or merge it, or give a smaller --cv")


def _refuse_empty(row_counts: RowCounts, k: int, grouped: bool) -> None:
    rows = row_counts.folds.sum(axis=1)
    if not rows.all():
        units = "groups" if grouped else "different rows"
        what = f"{row_counts.training_rows:,} training rows do not reach all {k} folds"
        raise DataError(what, do=f"add {units}, or give a smaller --cv")
    if not row_counts.test.sum():
        raise DataError("the training or the test part would have no rows", do="add rows, or groups of rows")
