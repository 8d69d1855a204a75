"""The rows that two runs have in common, found by what they hold rather than by where they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = ["common_rows"]


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
