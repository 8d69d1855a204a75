"""Principal components, by the way that is cheapest for the shape of the data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["principal_components"]

_WIDEST = 2_000


def principal_components(values: NDArray[np.float32], most: int, seed: int = 0) -> Any:
    """
    Fit the first principal components, at most `most` of them.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    most : int
    seed : int
        Of the randomised way, taken for rows longer than there are many.

    Returns
    -------
    sklearn.decomposition.PCA

    Examples
    --------
    >>> principal_components(np.eye(4, dtype=np.float32), 2).components_.shape
    (2, 4)
    """
    from sklearn.decomposition import PCA

    n, d = values.shape
    components = min(most, n, d)
    tall = d <= min(n, _WIDEST)
    solver = "covariance_eigh" if tall else "randomized" if components < min(n, d) else "full"
    return PCA(components, svd_solver=solver, random_state=seed).fit(values)
