"""Images that look alike, put together."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.components import principal_components
from tenfold.analysis.sample import drawn_rows
from tenfold.models.threads import limited_to
from tenfold.text import shown

__all__ = ["cluster_names", "clusters_of"]

_CLUSTERS = 12
_COMPONENTS = 20
_LEARNT_ON = 2_000
_AT_ONCE = 5_000
_MOSTLY = 0.6


def clusters_of(X: NDArray[np.uint8], seed: int = 0) -> NDArray[np.int64]:
    """
    Part images into up to 12 clusters: k-means on the first principal components of 2,000 of them.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, ...)
    seed : int

    Returns
    -------
    ndarray of int64, shape (n,)
        Number of the cluster of each image.

    Examples
    --------
    >>> X = np.repeat(np.array([0, 250], np.uint8), 6).reshape(-1, 1, 1)
    >>> np.unique(clusters_of(X)).tolist()
    [0, 1]
    """
    from sklearn.cluster import KMeans

    flat = X.reshape(len(X), -1)
    some = flat[drawn_rows(len(flat), _LEARNT_ON, seed)].astype(np.float32)
    different = len(np.unique(some, axis=0))
    if different < 2:
        return np.zeros(len(flat), np.int64)
    with limited_to(1):
        pca = principal_components(some, _COMPONENTS, seed)
        means = KMeans(min(_CLUSTERS, different), n_init=2, random_state=seed).fit(pca.transform(some))
        parts = [flat[start : start + _AT_ONCE].astype(np.float32) for start in range(0, len(flat), _AT_ONCE)]
        return np.concatenate([means.predict(pca.transform(part)) for part in parts]).astype(np.int64)


def cluster_names(clusters: NDArray[np.int64], labels: NDArray[np.object_]) -> list[str]:
    """
    Say what is in each cluster: ``mostly 8`` or ``8 and 1``, numbered where two would have one name.

    Parameters
    ----------
    clusters : ndarray of int64, shape (n,)
    labels : ndarray of str, shape (n,)

    Examples
    --------
    >>> cluster_names(np.array([0, 0, 0, 1, 1]), np.array(["b", "b", "b", "a", "b"], object))
    ['mostly b', 'a and b']
    """
    names: list[str] = []
    for number in range(int(clusters.max(initial=-1)) + 1):
        found = Counter(labels[clusters == number].tolist()).most_common()
        name = _name(sorted(found, key=lambda pair: (-pair[1], pair[0])))
        again = sum(known == name or known.startswith(f"{name}, ") for known in names)
        names.append(f"{name}, group {again + 1}" if again else name)
    return names


def _name(found: list[tuple[str, int]]) -> str:
    """By the most frequent label, or the two most frequent where that one is no clear majority."""
    one, count = found[0]
    if len(found) == 1 or count >= _MOSTLY * sum(times for _, times in found):
        return f"mostly {shown(one, 20)}"
    return f"{shown(one, 20)} and {shown(found[1][0], 20)}"
