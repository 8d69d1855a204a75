"""What the answers rest on: how many go wrong when a column, or a patch of the image, is shuffled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.evaluation.intervals import normal_quantile

__all__ = ["Importance", "importances", "parts_of"]

_SIDE = 8


@dataclass(frozen=True)
class Importance:
    """
    What shuffling one part costs.

    Parameters
    ----------
    part : str
        Name of the column, or ``rows 0-3, columns 4-7`` of the image.
    drop, low, high : float
        Share of right answers lost, with a 95 % interval over the rows.
    """

    part: str
    drop: float
    low: float
    high: float


def parts_of(X: NDArray[Any] | pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """
    Give the columns of a table, or the patches of images, eight by eight of them at most.

    Yields
    ------
    tuple of str and str or (slice, slice)
        Name, and the column or the place of the patch.

    Examples
    --------
    >>> [name for name, _ in parts_of(np.zeros((1, 2, 2)))][:2]
    ['rows 0-0, columns 0-0', 'rows 0-0, columns 1-1']
    """
    if isinstance(X, pd.DataFrame):
        yield from ((str(name), name) for name in X.columns)
        return
    height, width = X.shape[1:3]
    tall, wide = -(-height // _SIDE), -(-width // _SIDE)
    for top in range(0, height, tall):
        for left in range(0, width, wide):
            down, across = slice(top, min(top + tall, height)), slice(left, min(left + wide, width))
            yield f"rows {top}-{down.stop - 1}, columns {left}-{across.stop - 1}", (down, across)


def importances(
    right: Callable[[Any], NDArray[np.bool_]], X: NDArray[Any] | pd.DataFrame, *, repeats: int = 3, seed: int = 0
) -> Iterator[Importance]:
    """
    Shuffle each part of rows that the model has not seen, and count the right answers lost.

    Permutation importance, Breiman (2001), Machine Learning 45:5. Parts that say the same share it: shuffling one of
    them costs little.

    Parameters
    ----------
    right : callable
        Gives for rows like X which are answered rightly, shape (n,).
    X : ndarray of shape (n, height, width, ...) or DataFrame of n rows
    repeats : int
        Shuffles of each part; a row's loss is their mean.
    seed : int

    Yields
    ------
    Importance
        In the order of `parts_of`.
    """
    before, random = right(X).astype(np.float64), np.random.default_rng(seed)
    for name, where in parts_of(X):
        after = np.mean([right(_shuffled(X, where, random)) for _ in range(repeats)], axis=0)
        loss = before - after
        half = normal_quantile(0.95) * float(loss.std(ddof=1)) / np.sqrt(len(loss)) if len(loss) > 1 else 0.0
        drop = float(loss.mean())
        yield Importance(name, drop, drop - half, drop + half)


def _shuffled(X: Any, where: Any, random: np.random.Generator) -> Any:
    order, changed = random.permutation(len(X)), X.copy()
    if isinstance(X, pd.DataFrame):
        changed[where] = X[where].to_numpy()[order] if X[where].dtype == object else X[where].array[order]
        return changed
    down, across = where
    changed[:, down, across] = X[order][:, down, across]
    return changed
