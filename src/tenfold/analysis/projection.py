"""A map of the rows in two dimensions, near rows near each other as far as that goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenfold.models.threads import limited_to

__all__ = ["Method", "Projection", "principal_components", "project"]

Method = Literal["PCA", "t-SNE"]
_COMPONENTS = 50
_PERPLEXITY = 30.0
_WIDEST = 2_000


@dataclass(frozen=True, eq=False)
class Projection:
    """
    Rows on a map.

    Parameters
    ----------
    places : ndarray of float64, shape (n, 2)
    method : "PCA" or "t-SNE"
    explained : float or None
        Of PCA, the share of the variance that the two axes explain.
    """

    places: NDArray[np.float64]
    method: Method
    explained: float | None


def project(values: NDArray[np.float32], *, method: Method = "PCA", seed: int = 0) -> Projection | None:
    """
    Place rows on a map; the same rows give the same map.

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
    >>> projection = project(np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32))
    >>> projection.places.shape, 0 < projection.explained < 1
    ((40, 2), True)
    """
    if len(values) < 4 or not values.size or not (values != values[0]).any():
        return None
    # More threads would change the last digits, and cost more than they bring.
    with limited_to(1):
        components, explained = _components(values, seed)
        if method == "PCA":
            return Projection(components[:, :2], "PCA", explained)
        return Projection(_neighbourhoods(components, seed), "t-SNE", None)


def _components(values: NDArray[np.float32], seed: int) -> tuple[NDArray[np.float64], float]:
    """Principal components, at least two columns, and the share of the variance in the first two."""
    pca = principal_components(values, _COMPONENTS, seed)
    places = pca.transform(values).astype(np.float64)
    if places.shape[1] < 2:
        places = np.pad(places, ((0, 0), (0, 2 - places.shape[1])))
    return places, float(pca.explained_variance_ratio_[:2].sum())


def _neighbourhoods(components: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    from sklearn.manifold import TSNE

    start = components[:, :2] / components[:, 0].std() * 1e-4
    perplexity = min(_PERPLEXITY, (len(components) - 1) / 3)
    return np.asarray(TSNE(init=start, perplexity=perplexity, random_state=seed).fit_transform(components), np.float64)


def principal_components(values: NDArray[np.float32], most: int, seed: int = 0) -> Any:
    """
    Fit the first principal components, at most `most` of them, by the way that is cheapest for the shape.

    Parameters
    ----------
    values : ndarray of float32, shape (n, d)
    most : int
    seed : int
        Of the randomised way, for rows that are long and many.

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
