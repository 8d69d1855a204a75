"""A map of the rows in two dimensions, near rows near each other as far as that goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.components import principal_components

__all__ = ["Projection", "project"]

_COMPONENTS = 50


@dataclass(frozen=True, eq=False)
class Projection:
    """
    Rows on a map.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Positions of the rows that are on it.
    places : ndarray of float64, shape (m, 2)
    method : str
        "PCA" or "t-SNE".
    kept : float or None
        Of PCA, the share of the variance that the two axes hold.
    """

    rows: NDArray[np.int64]
    places: NDArray[np.float64]
    method: str
    kept: float | None


def project(
    values: NDArray[np.float32], *, method: str = "PCA", most: int = 3_000, seed: int = 0
) -> Projection:  # fmt: skip
    """
    Draw rows, at most `most` of them at random, on a map.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    method : "PCA" or "t-SNE"
        t-SNE (van der Maaten and Hinton, 2008) starts from the first two principal components, on up to fifty.
    most : int
    seed : int

    Examples
    --------
    >>> found = project(np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32))
    >>> found.places.shape, 0 < found.kept < 1
    ((40, 2), True)
    """
    rows = np.sort(np.random.default_rng(seed).permutation(len(values))[:most])
    part = values[rows]
    pca = principal_components(part, _COMPONENTS, seed)
    found = pca.transform(part).astype(np.float64)
    if found.shape[1] < 2:
        found = np.pad(found, ((0, 0), (0, 2 - found.shape[1])))
    if method == "PCA":
        return Projection(rows, found[:, :2], "PCA", float(pca.explained_variance_ratio_[:2].sum()))
    from sklearn.manifold import TSNE

    start = found[:, :2] / (found[:, 0].std() or 1.0) * 1e-4
    near = TSNE(init=start, perplexity=min(30.0, (len(rows) - 1) / 3), random_state=seed).fit_transform(found)
    return Projection(rows, near.astype(np.float64), "t-SNE", None)
