"""Rows drawn at random where all would take too long; the same ones every time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["drawn_rows"]


def drawn_rows(n: int, most: int, seed: int = 0) -> NDArray[np.int64]:
    """
    Draw at most `most` of `n` rows, in their order; a smaller draw lies in a larger one.

    Parameters
    ----------
    n, most, seed : int

    Returns
    -------
    ndarray of int64

    Examples
    --------
    >>> drawn_rows(5, 9).tolist(), len(drawn_rows(500, 9))
    ([0, 1, 2, 3, 4], 9)
    """
    return np.sort(np.random.default_rng(seed).permutation(n)[:most])
