"""Rows as numbers that can be compared, whatever they are: what maps and neighbours are computed from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["values_of"]

_VALUES = 20


def values_of(X: NDArray[np.uint8] | pd.DataFrame) -> NDArray[np.float32]:
    """
    Give pixels as they are; of a table its columns one-hot and scaled, missing values in the middle.

    Columns of words with more than 20 different values are left out.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, ...), or DataFrame of n rows

    Returns
    -------
    ndarray of float32, shape (n, d)

    Examples
    --------
    >>> values_of(pd.DataFrame({"age": [1.0, 3.0], "sex": ["f", "m"]})).tolist()
    [[-1.0, 1.0, -1.0], [1.0, -1.0, 1.0]]
    """
    if not isinstance(X, pd.DataFrame):
        return X.reshape(len(X), -1).astype(np.float32)
    numbers = X.select_dtypes("number")
    words = X.drop(columns=numbers.columns).astype("string")
    few = words[[name for name in words.columns if words[name].nunique() <= _VALUES]]
    dummies = [pd.get_dummies(few, dtype=float)] if len(few.columns) else []
    coded = pd.concat([numbers, *dummies], axis=1).astype(np.float64)
    scaled = (coded - coded.mean()) / coded.std(ddof=0).replace(0, 1)
    return scaled.fillna(0.0).to_numpy(np.float32)
