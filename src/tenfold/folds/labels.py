"""Folds for several labels: in order of the rows as scikit-learn cuts them, spread label by label where that fails."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.holdout.iterative import deal_out
from tenfold.errors import DataError
from tenfold.text import shown

__all__ = ["assign_label_folds"]


def assign_label_folds(
    indicators: NDArray[np.int64],
    names: tuple[str, ...],
    k: int,
    *,
    groups: NDArray[Any] | None = None,
    shuffle: bool = False,
    seed: int = 42,
    source: str | None = None,
) -> NDArray[np.int16]:
    """
    Assign each row of several labels to the one fold that holds it out.

    Folds are plain pieces in order of the rows, as `sklearn.model_selection.cross_val_predict` cuts them for
    several labels. Where a label would then be true (or not true) in no row of a fold, or where groups must stay
    together, rows are dealt out by iterative stratification (`deal_out`).

    Parameters
    ----------
    indicators : ndarray of int64, shape (n, labels)
    names : tuple of str
        Of the labels.
    k : int
        Number of folds.
    groups, shuffle, seed, source
        As for `assign_folds`.

    Returns
    -------
    ndarray of int16, shape (n,)

    Raises
    ------
    DataError
        A label is true, or not true, in fewer rows (or groups) than folds.

    Examples
    --------
    >>> indicators = np.array([[0, 1], [1, 0], [0, 0], [1, 1], [0, 1], [1, 0]])
    >>> assign_label_folds(indicators, ("a", "b"), 3).tolist()
    [0, 0, 1, 1, 2, 2]
    >>> assign_label_folds(indicators[[0, 2, 4, 1, 3, 5]], ("a", "b"), 3).tolist()
    [0, 1, 2, 0, 1, 2]
    """
    from sklearn.model_selection import KFold

    _refuse_rare(indicators, names, k, groups, source)
    folds = np.zeros(len(indicators), np.int16)
    for number, (_, held_out) in enumerate(
        KFold(k, shuffle=shuffle, random_state=seed if shuffle else None).split(indicators)
    ):
        folds[held_out] = number
    if groups is not None or _one_sided(indicators, folds, k):
        parts = deal_out(indicators, [1 / k] * k, groups=groups, seed=seed if shuffle else None)
        folds = parts.astype(np.int16)
        _refuse_one_sided(indicators, names, folds, source)
    return folds


def _one_sided(indicators: NDArray[np.int64], folds: NDArray[np.int16], k: int) -> bool:
    """Whether some label has only one answer in the rows of some fold."""
    share = np.stack([indicators[folds == fold].mean(axis=0) for fold in range(k)])
    return bool(((share == 0) | (share == 1)).any())


def _refuse_one_sided(
    indicators: NDArray[np.int64], names: tuple[str, ...], folds: NDArray[np.int16], source: str | None
) -> None:
    """A classifier must meet both answers to a label in the folds it learns from."""
    for fold in range(int(folds.max()) + 1):
        share = indicators[folds != fold].mean(axis=0)
        for name, value in zip(names, share.tolist(), strict=True):
            if value in {0.0, 1.0}:
                raise DataError(
                    f"label '{shown(name)}' is {'always' if value else 'never'} true outside fold {fold + 1}",
                    where=source,
                    do="add rows (or groups of rows), leave the label out, or give a smaller --cv",
                )


def _refuse_rare(
    indicators: NDArray[np.int64], names: tuple[str, ...], k: int, groups: NDArray[Any] | None, source: str | None
) -> None:
    for column, name in enumerate(names):
        for answer, words in ((1, "true"), (0, "not true")):
            matches = indicators[:, column] == answer
            units = int(matches.sum()) if groups is None else len(np.unique(groups[matches]))
            if units < k:
                what = "training row" if groups is None else "group of training rows"
                raise DataError(
                    f"label '{shown(name)}' is {words} in {units} {what}{'' if units == 1 else 's'}, "
                    f"fewer than the {k} folds",
                    where=source,
                    do="add rows of it, leave the label out, or give a smaller --cv",
                )
