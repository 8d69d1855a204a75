"""Which fold each training row is held out in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, UsageError
from tenfold.folds.labels import assign_label_folds
from tenfold.tasks.task import Task
from tenfold.text import shown

__all__ = ["assign_folds"]


def assign_folds(
    codes: NDArray[np.int64],
    task: Task,
    k: int,
    *,
    groups: NDArray[Any] | None = None,
    shuffle: bool = False,
    seed: int = 42,
    source: str | None = None,
) -> NDArray[np.int16]:
    """
    Assign each row to the one fold that holds it out, as scikit-learn's stratified folds do.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Class codes; of several labels, indicators of shape (n, labels), see `assign_label_folds`.
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

    Examples
    --------
    >>> assign_folds(np.array([0, 0, 1, 1]), Task("binary", ("a", "b"), "b"), 2).tolist()
    [0, 1, 0, 1]
    """
    if k < 2:
        raise UsageError(f"--cv {k}: judging out of fold needs 2 folds or more")
    if task.type == "multilabel":
        return assign_label_folds(codes, task.classes, k, groups=groups, shuffle=shuffle, seed=seed, source=source)
    _refuse_rare(codes, task, k, groups, source)
    folds = np.full(len(codes), -1, np.int16)
    for number, (_, held_out) in enumerate(_splitter(k, groups is not None, shuffle, seed).split(codes, codes, groups)):
        folds[held_out] = number
    return folds


def _splitter(k: int, grouped: bool, shuffle: bool, seed: int) -> Any:
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    kind = StratifiedGroupKFold if grouped else StratifiedKFold
    return kind(n_splits=k, shuffle=shuffle, random_state=seed if shuffle else None)


def _refuse_rare(codes: NDArray[np.int64], task: Task, k: int, groups: NDArray[Any] | None, source: str | None) -> None:
    for code, name in enumerate(task.classes):
        of_class = codes == code
        units = int(of_class.sum()) if groups is None else len(np.unique(groups[of_class]))
        if units < k:
            what = "training row" if groups is None else "group of training rows"
            raise DataError(
                f"class '{shown(name)}' has {units} {what}{'' if units == 1 else 's'}, fewer than the {k} folds",
                where=source,
                do="add rows of it, drop or merge it, or give a smaller --cv",
            )
