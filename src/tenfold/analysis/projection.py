"""A map of the rows in two dimensions, near rows near each other as far as that goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.components import principal_components
from tenfold.models.threads import limited_to

__all__ = ["Method", "Projection", "project"]

Method = Literal["PCA", "t-SNE"]
_COMPONENTS = 50
_PERPLEXITY = 30.0


@dataclass(frozen=True, eq=False)
class Projection:
    """
    Rows on a map.

    Parameters
    ----------
    places : ndarray of float64, shape (n, 2)
    method : "PCA" or "t-SNE"
    kept : float or None
        Of PCA, the share of the variance that the two axes hold.
    """

    places: NDArray[np.float64]
    method: Method
    kept: float | None


def project(values: NDArray[np.float32], *, method: Method = "PCA", seed: int = 0) -> Projection | None:
    """
    Draw rows on a map; the same rows give the same map.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    method : "PCA" or "t-SNE"
        t-SNE (van der Maaten and Hinton, 2008, JMLR 9:2579) on up to fifty principal components, beginning with the
        first two; its time grows with the rows: 5 s of one core for 1,500.
    seed : int

    Returns
    -------
    Projection or None
        None where fewer than four rows, or no two of them, differ.

    Examples
    --------
    >>> found = project(np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32))
    >>> found.places.shape, 0 < found.kept < 1
    ((40, 2), True)
    """
    if len(values) < 4 or not values.size or not (values != values[0]).any():
        return None
    # More threads would change the last digits, and cost more than they bring.
    with limited_to(1):
        components, kept = _components(values, seed)
        if method == "PCA":
            return Projection(components[:, :2], "PCA", kept)
        return Projection(_neighbourhoods(components, seed), "t-SNE", None)


def _components(values: NDArray[np.float32], seed: int) -> tuple[NDArray[np.float64], float]:
    """Principal components, at least two columns, and the share of the variance in the first two."""
    pca = principal_components(values, _COMPONENTS, seed)
    found = pca.transform(values).astype(np.float64)
    if found.shape[1] < 2:
        found = np.pad(found, ((0, 0), (0, 2 - found.shape[1])))
    return found, float(pca.explained_variance_ratio_[:2].sum())


def _neighbourhoods(components: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    from sklearn.manifold import TSNE

    start = components[:, :2] / components[:, 0].std() * 1e-4
    perplexity = min(_PERPLEXITY, (len(components) - 1) / 3)
    return np.asarray(TSNE(init=start, perplexity=perplexity, random_state=seed).fit_transform(components), np.float64)
