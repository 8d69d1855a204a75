"""The parts of an instance that can be shuffled on their own: columns of a table, patches of an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.dataset import with_columns

__all__ = ["Part", "parts_of", "shuffled"]

_SIDE = 8


@dataclass(frozen=True)
class Part:
    """
    One part.

    Parameters
    ----------
    name : str
        Of the column, or ``rows 0-3, columns 4-7`` of the image.
    patch : tuple of int or None
        Top, left, bottom and right of the patch, the last two exclusive; None for a column.
    """

    name: str
    patch: tuple[int, int, int, int] | None = None


def parts_of(X: NDArray[Any] | pd.DataFrame) -> list[Part]:
    """
    Give the columns of a table, or the patches of images, eight by eight of them at most.

    Examples
    --------
    >>> [part.name for part in parts_of(np.zeros((1, 2, 2)))][:2]
    ['row 0, column 0', 'row 0, column 1']
    >>> parts_of(np.zeros((1, 28, 28)))[8]
    Part(name='rows 4-7, columns 4-7', patch=(4, 4, 8, 8))
    """
    if isinstance(X, pd.DataFrame):
        return [Part(str(name)) for name in X.columns]
    height, width = X.shape[1:3]
    tall, wide = max(-(-height // _SIDE), 1), max(-(-width // _SIDE), 1)
    patches = [
        (top, left, min(top + tall, height), min(left + wide, width))
        for top in range(0, height, tall)
        for left in range(0, width, wide)
    ]
    return [Part(f"{_range('row', p[0], p[2])}, {_range('column', p[1], p[3])}", p) for p in patches]


def _range(word: str, start: int, stop: int) -> str:
    return f"{word} {start}" if stop - start == 1 else f"{word}s {start}-{stop - 1}"


def shuffled(X: Any, part: Part, random: np.random.Generator) -> Any:
    """
    Give a copy of the instances in which one part of each comes from another one, drawn at random.

    Parameters
    ----------
    X : ndarray of shape (n, height, width, ...) or DataFrame of n rows
    part : Part
    random : Generator

    Examples
    --------
    >>> X = pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})
    >>> found = shuffled(X, Part("a"), np.random.default_rng(2))
    >>> sorted(found["a"]), found["b"].tolist(), X["a"].tolist()
    ([1, 2, 3], [1, 2, 3], [1, 2, 3])
    """
    order = random.permutation(len(X))
    if part.patch is None:
        return with_columns(X, {part.name: X[part.name].iloc[order].set_axis(X.index)})
    top, left, bottom, right = part.patch
    changed = X.copy()
    changed[:, top:bottom, left:right] = X[order, top:bottom, left:right]
    return changed
