"""Which rows: a random sample where all would take too long, and those that two runs have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = ["common_rows", "sample_rows"]


def sample_rows(n: int, most: int, seed: int = 0) -> NDArray[np.int64]:
    """
    Return the positions of at most `most` of `n` rows, sampled at random, in order; a smaller sample lies in a larger.

    Parameters
    ----------
    n, most, seed : int

    Returns
    -------
    ndarray of int64

    Examples
    --------
    >>> sample_rows(5, 9).tolist(), len(sample_rows(500, 9))
    ([0, 1, 2, 3, 4], 9)
    """
    return np.sort(np.random.default_rng(seed).permutation(n)[:most])


def common_rows(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Pair the rows of two lists that hold the same instance; of equal instances the first with the first, and so on.

    Parameters
    ----------
    first, second : array_like of str, shapes (n,) and (m,)
        Content hashes.

    Returns
    -------
    in_first, in_second : ndarray of int64, shape (c,)
        Positions, in the order of the first list.

    Examples
    --------
    >>> one, other = common_rows(["a", "b", "a"], ["a", "c", "a", "a"])
    >>> one.tolist(), other.tolist()
    ([0, 2], [0, 2])
    """
    tables = (pd.DataFrame({"id": np.asarray(ids, dtype=object)}) for ids in (first, second))
    one, other = (table.assign(time=table.groupby("id").cumcount(), at=np.arange(len(table))) for table in tables)
    joined = one.merge(other, on=["id", "time"], suffixes=("_first", "_second"))
    return joined["at_first"].to_numpy(np.int64), joined["at_second"].to_numpy(np.int64)
