"""Which rows are sealed for the test and which fold holds each other row out, decided by what a row holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.data.streamed.distinct import mixed, unit_interval
from tenfold.data.streamed.row_store import Spool, SpoolWriter
from tenfold.errors import DataError, UsageError
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["TEST", "Dealt", "deal_out"]

TEST = -1
_RARE = 20_000
"""Rows of a class up to which they are dealt out by rank, so that its shares are exact."""


@dataclass(frozen=True, eq=False)
class Dealt:
    """
    How many rows of each class went where.

    Parameters
    ----------
    folds : ndarray of int64, shape (k, classes)
    test : ndarray of int64, shape (classes,)
    """

    folds: NDArray[np.int64]
    test: NDArray[np.int64]

    @property
    def training_rows(self) -> int:
        """Rows of all folds."""
        return int(self.folds.sum())


def deal_out(
    spool: Spool, class_of: NDArray[np.int64], task: Task, *, k: int, test_size: float, seed: int, grouped: bool
) -> Dealt:
    """
    Deal the rows of a spool out to the test part and to k folds, and write ``parts``.

    A row's place follows from a number in [0, 1) that its content (or its group) and the seed give: rows of equal
    content go together, whatever the order of the rows, and further parts of a table move no row. Of a class of at
    most 20,000 rows those with the lowest numbers are the test and the others take turns, so that its shares are
    exact; of a larger one they are exact but for chance, which is below one in a hundred of the share.

    Parameters
    ----------
    spool : Spool
    class_of : ndarray of int64
        Class code of each label of the spool.
    task : Task
    k : int
        Folds, at most 100.
    test_size : float
        In (0, 1).
    seed : int
    grouped : bool
        Rows of one group, rather than of one content, go together.

    Raises
    ------
    UsageError
        Fewer than two folds, or a share that is none.
    DataError
        A class does not reach every fold.
    """
    if k < 2:
        raise UsageError(f"--cv {k}: judging out of fold needs 2 folds or more")
    if not 0 < test_size < 1:
        raise UsageError(f"--test-size {test_size} is not a share between 0 and 1", do="give one such as 0.2")
    counts = np.zeros(len(task.classes), np.int64)
    for labels, _ in _keys(spool, class_of, seed, grouped):
        counts += np.bincount(labels, minlength=len(counts))
    # A group may hold rows of several classes: to rank within each would tear it apart.
    rare = np.zeros(len(counts), bool) if grouped else counts <= _RARE
    ranked = _ranked(spool, class_of, rare, k, test_size, seed)
    found = np.zeros((k + 1, len(counts)), np.int64)
    with SpoolWriter(spool.folder) as writer:
        for labels, keys in _keys(spool, class_of, seed, grouped):
            parts = _by_key(keys, k, test_size)
            for code in np.flatnonzero(rare & (np.bincount(labels, minlength=len(rare)) > 0)).tolist():
                own = labels == code
                known, where = ranked[code]
                parts[own] = where[np.searchsorted(known, keys[own])]
            np.add.at(found, (parts, labels), 1)
            writer.write(parts=parts.astype(np.int8))
    dealt = Dealt(found[:k], found[k])
    _refuse_rare(dealt, task, k, spool, grouped)
    return dealt


def _keys(
    spool: Spool, class_of: NDArray[np.int64], seed: int, grouped: bool
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Class codes and the numbers in [0, 1) that decide, block by block."""
    field = "keys" if grouped else "ids"
    for block in spool.blocks("labels", field):
        bits = block[field] if grouped else block[field][:, 0]
        yield class_of[block["labels"]], unit_interval(mixed(bits, seed))


def _by_key(keys: NDArray[np.float64], k: int, test_size: float) -> NDArray[np.int64]:
    folds = np.minimum(((keys - test_size) / (1 - test_size) * k).astype(np.int64), k - 1)
    return np.where(keys < test_size, TEST, folds)


def _ranked(
    spool: Spool, class_of: NDArray[np.int64], rare: NDArray[np.bool_], k: int, test_size: float, seed: int
) -> dict[int, tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """For each rare class its distinct numbers in order, and the part of each."""
    gathered: dict[int, list[NDArray[np.float64]]] = {int(code): [] for code in np.flatnonzero(rare)}
    for labels, keys in _keys(spool, class_of, seed, grouped=False) if gathered else ():
        for code in np.unique(labels[rare[labels]]).tolist():
            gathered[code].append(keys[labels == code])
    return {code: _in_turn(np.concatenate(some), k, test_size) for code, some in gathered.items() if some}


def _in_turn(keys: NDArray[np.float64], k: int, test_size: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    distinct, rows = np.unique(keys, return_counts=True)
    wanted = round(test_size * len(keys)) if len(distinct) > 1 else 0
    before = np.cumsum(rows) - rows
    is_test = before < wanted
    parts = np.full(len(distinct), TEST, np.int64)
    parts[~is_test] = np.arange(int((~is_test).sum())) % k
    return distinct, parts


def _refuse_rare(dealt: Dealt, task: Task, k: int, spool: Spool, grouped: bool) -> None:
    rows = dealt.folds.sum(axis=0)
    for code in np.flatnonzero((dealt.folds == 0).any(axis=0)).tolist():
        if rows[code] >= k and grouped:
            what = f"class '{shown(task.classes[code])}' stands in groups that do not reach all {k} folds"
        elif rows[code] >= k:
            what = f"class '{shown(task.classes[code])}' has {rows[code]:,} training rows, too few of them different"
        else:
            n = int(rows[code])
            what = f"class '{shown(task.classes[code])}' has {n} training row{'' if n == 1 else 's'}"
            what += f", fewer than the {k} folds"
        raise DataError(what, do="add rows of it, drop or merge it, or give a smaller --cv")
    if not dealt.test.sum():
        raise DataError("the training or the test part would have no rows", do="add rows, or groups of rows")
