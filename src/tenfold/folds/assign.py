"""Which fold each training row is held out in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.holdout.order import time_parts
from tenfold.errors import DataError, UsageError
from tenfold.task import Task
from tenfold.text import shown

__all__ = [
    "EARLIEST",
    "MANY_ROWS",
    "assign_folds",
    "default_folds",
    "folds_in_time",
    "stratified_folds",
    "training_positions",
]

EARLIEST = -1
"""The fold of rows that come before all folds of a run in order of time: they are learnt from, and never held out."""


MANY_ROWS = 20_000
"""Above so many training rows three folds say as much as five, and studies are given more time."""


def default_folds(rows: float, usual: int = 5) -> int:
    """
    Return the number of folds where none is asked for.

    Parameters
    ----------
    rows : int or float
        Training rows.
    usual : int
        For this kind of data, where rows are not many.

    Examples
    --------
    >>> default_folds(1_000), default_folds(60_000), default_folds(1_000, 10)
    (5, 3, 10)
    """
    return 3 if rows > MANY_ROWS else usual


def assign_folds(
    y: NDArray[Any],
    task: Task,
    k: int,
    *,
    groups: NDArray[Any] | None = None,
    shuffle: bool = False,
    seed: int = 42,
    source: str | None = None,
) -> NDArray[np.int16]:
    """
    Assign each row to the one fold that holds it out, as the task draws folds.

    Parameters
    ----------
    y : ndarray of n rows
        As the task's `encode` gives it.
    task : Task
    k : int
        Number of folds, 2 or more.
    groups : ndarray, shape (n,), optional
        Rows of one group go to one fold.
    shuffle : bool
        Draw the folds at random instead of in order of the rows.
    seed : int
        Of that draw.
    source : str, optional
        Where the rows came from, for messages.

    Returns
    -------
    ndarray of int16, shape (n,)

    Raises
    ------
    UsageError
        Fewer than two folds.
    DataError
        A class has fewer rows (or groups) than folds.
    """
    if k < 2:
        raise UsageError(f"--cv {k}: judging out of fold needs 2 folds or more")
    return task.draw_folds(y, k, groups=groups, shuffle=shuffle, seed=seed, source=source)


def training_positions(folds: NDArray[np.int16], fold: int) -> NDArray[np.int64]:
    """
    Return the rows that are learnt from where a fold is held out: all others; in order of time those before it.

    Parameters
    ----------
    folds : ndarray of int16, shape (n,)
        `EARLIEST` somewhere where folds follow one another in time.
    fold : int

    Examples
    --------
    >>> training_positions(np.array([0, 1, 2, 1]), 1).tolist(), training_positions(np.array([-1, 0, 2, 1]), 1).tolist()
    ([0, 2], [0, 1])
    """
    in_time = bool((folds == EARLIEST).any())
    return np.flatnonzero(folds < fold if in_time else folds != fold)


def folds_in_time(
    order: NDArray[np.float64],
    k: int,
    classes: Sequence[str],
    codes: NDArray[np.int64] | None = None,
    *,
    strata: NDArray[np.int64] | None = None,
    groups: NDArray[Any] | None = None,
    source: str | None = None,
) -> NDArray[np.int16]:
    """
    Cut rows into k folds in order of time, each predicted from what came before it (forward chaining).

    The first of k + 1 equal parts is learnt from alone: its rows are in the fold `EARLIEST`.

    Parameters
    ----------
    order : ndarray of float64, shape (n,)
        When each row was.
    k : int
    classes : sequence of str
        Names of the classes.
    codes : ndarray of int64, shape (n,), optional
        Class codes; None where a row has no one class.
    strata : ndarray of int64, shape (n,), optional
        Rows that are cut by themselves; by default those of each class.
    groups : ndarray, shape (n,), optional
        Rows of one group stand where the newest of them does.
    source : str, optional
        Where the rows came from, for messages.

    Raises
    ------
    DataError
        A fold, or a class in the first part, would have no rows.

    Examples
    --------
    >>> folds_in_time(np.arange(8.0)[::-1], 3, ("a",)).tolist()
    [2, 2, 1, 1, 0, 0, -1, -1]
    """
    parts = time_parts(order, [1 / (k + 1)] * (k + 1), codes if strata is None else strata, groups)
    counts = np.bincount(parts, minlength=k + 1)
    do = "give a finer column, or a smaller --cv"
    if not counts.all():
        what = f"the column of --order has too few different values for {k} folds and what comes before them"
        raise DataError(what, where=source, do=do)
    for code, name in enumerate(classes if codes is not None else ()):
        if not (parts[codes == code] == 0).any():
            what = f"class '{shown(name)}' has too few rows, or times, to be there before the first of {k} folds"
            raise DataError(what, where=source, do=f"add rows of it, {do}")
    return (parts - 1).astype(np.int16)


def stratified_folds(
    codes: NDArray[np.int64],
    classes: Sequence[str],
    k: int,
    *,
    groups: NDArray[Any] | None = None,
    shuffle: bool = False,
    seed: int = 42,
    source: str | None = None,
) -> NDArray[np.int16]:
    """
    Return the fold that holds each row out, as scikit-learn's stratified folds do.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Class codes.
    classes : sequence of str
        Names of the classes.
    k, groups, shuffle, seed, source
        As for `assign_folds`.

    Raises
    ------
    DataError
        A class has fewer rows (or groups) than folds.

    Examples
    --------
    >>> stratified_folds(np.array([0, 0, 1, 1]), ("a", "b"), 2).tolist()
    [0, 1, 0, 1]
    """
    _refuse_rare(codes, classes, k, groups, source)
    folds = np.full(len(codes), -1, np.int16)
    for number, (_, held_out) in enumerate(_splitter(k, groups is not None, shuffle, seed).split(codes, codes, groups)):
        folds[held_out] = number
    return folds


def _splitter(k: int, grouped: bool, shuffle: bool, seed: int) -> Any:
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    kind = StratifiedGroupKFold if grouped else StratifiedKFold
    return kind(n_splits=k, shuffle=shuffle, random_state=seed if shuffle else None)


def _refuse_rare(
    codes: NDArray[np.int64], classes: Sequence[str], k: int, groups: NDArray[Any] | None, source: str | None
) -> None:
    for code, name in enumerate(classes):
        of_class = codes == code
        units = int(of_class.sum()) if groups is None else len(np.unique(groups[of_class]))
        if units < k:
            what = "training row" if groups is None else "group of training rows"
            raise DataError(
                f"class '{shown(name)}' has {units} {what}{'' if units == 1 else 's'}, fewer than the {k} folds",
                where=source,
                do="add rows of it, drop or merge it, or give a smaller --cv",
            )
