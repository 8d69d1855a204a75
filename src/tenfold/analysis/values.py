"""Rows as numbers that can be compared, whatever they are: what maps and neighbours are computed from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.table.preparation import column_roles, one_hot_table

__all__ = ["values_of"]


def values_of(X: NDArray[np.uint8] | pd.DataFrame) -> NDArray[np.float32]:
    """
    Give pixels as they are; of a table the columns as models of distances see them: imputed, scaled, one-hot.

    Columns that are ids, or hold no value, are left out (`tenfold.data.kinds.table.preparation.column_roles`).

    Parameters
    ----------
    X : ndarray of uint8, shape (n, ...), or DataFrame of n rows

    Returns
    -------
    ndarray of float32, shape (n, d)

    Examples
    --------
    >>> values_of(pd.DataFrame({"age": [1.0, 3.0] * 5, "sex": pd.Series(["f", "m"] * 5, dtype=object)}))[:2].tolist()
    [[-1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]
    """
    if not isinstance(X, pd.DataFrame):
        return X.reshape(len(X), -1).astype(np.float32)
    roles = column_roles(X)
    if not roles.numbers + roles.categories:
        return np.zeros((len(X), 0), np.float32)
    return np.asarray(one_hot_table(roles).fit_transform(X), np.float32)
