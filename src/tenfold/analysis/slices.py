"""Where it errs most: values of a column, or clusters of images, on which errors pile up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.components import principal_components
from tenfold.evaluation.intervals import wilson
from tenfold.evaluation.significance import holm
from tenfold.text import shown

__all__ = ["Slice", "clusters_of", "slices_of", "worst_slices"]

Bools = NDArray[np.bool_]

_VALUES = 20
_QUANTILES = 5
_FEW_NUMBERS = 10
_LEAST_ROWS = 20
_CLUSTERS = 12
_COMPONENTS = 20
_LEARNT_ON = 5_000


@dataclass(frozen=True, eq=False)
class Slice:
    """
    Some rows that have something in common, and how often they are called wrongly.

    Parameters
    ----------
    name : str
        In words, such as ``Sex is male``.
    rows : ndarray of int64
        Positions.
    errors : int
    rate, low, high : float
        Share called wrongly, with Wilson's 95 % interval.
    p_adjusted : float
        That chance alone gives so many errors more than on the other rows: Fisher's exact test, one-sided, adjusted
        by Holm for all slices looked at.
    """

    name: str
    rows: NDArray[np.int64]
    errors: int
    rate: float
    low: float
    high: float
    p_adjusted: float


def slices_of(X: pd.DataFrame) -> Iterator[tuple[str, Bools]]:
    """
    Cut a table along each column: its frequent values, fifths of its numbers, missing values.

    Parameters
    ----------
    X : DataFrame of n rows

    Yields
    ------
    tuple of str and ndarray of bool, shape (n,)
        What the rows have in common, and which they are.

    Examples
    --------
    >>> [name for name, _ in slices_of(pd.DataFrame({"sex": ["m", "f", None]}))]
    ['sex is f', 'sex is m', 'sex is missing']
    """
    for name in X.columns:
        column, told = X[name], shown(name, 40)
        missing = column.isna().to_numpy()
        numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        if numeric and column.nunique() > _FEW_NUMBERS:
            yield from _fifths(told, column.to_numpy(np.float64, na_value=np.nan))
        else:
            yield from _values(told, column)
        if missing.any():
            yield f"{told} is missing", missing


def _fifths(name: str, numbers: NDArray[np.float64]) -> Iterator[tuple[str, Bools]]:
    edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, _QUANTILES + 1)))
    for place, (low, high) in enumerate(pairwise(edges.tolist())):
        last = place == len(edges) - 2
        yield (
            f"{name} from {low:,.4g} to {high:,.4g}" + ("" if last else ", exclusive"),
            (numbers >= low) & ((numbers <= high) if last else (numbers < high)),
        )


def _values(name: str, column: pd.Series[Any]) -> Iterator[tuple[str, Bools]]:
    values = column.astype("string")
    frequent = values.value_counts().index[:_VALUES]
    for value in sorted(frequent):
        yield f"{name} is {shown(value, 40)}", (values == value).fillna(False).to_numpy(bool)


def clusters_of(X: NDArray[np.uint8], seed: int = 0) -> list[tuple[str, Bools]]:
    """
    Part images into clusters that look alike: k-means on their first principal components.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, ...)
    seed : int

    Returns
    -------
    list of str and ndarray of bool, shape (n,)
    """
    from sklearn.cluster import KMeans

    flat = X.reshape(len(X), -1)
    sample = np.random.default_rng(seed).permutation(len(flat))[:_LEARNT_ON]
    clusters = min(_CLUSTERS, len(np.unique(flat[sample], axis=0)))
    if clusters == 1:
        return [("cluster 1", np.ones(len(flat), bool))]
    pca = principal_components(flat[sample].astype(np.float32), _COMPONENTS, seed)
    found = KMeans(clusters, n_init=3, random_state=seed).fit(pca.transform(flat[sample].astype(np.float32)))
    codes = found.predict(pca.transform(flat.astype(np.float32)))
    return [(f"cluster {code + 1}", codes == code) for code in range(clusters)]


def worst_slices(
    slices: Sequence[tuple[str, Bools]], wrong: Bools, *, limit: int = 8, level: float = 0.05
) -> tuple[list[Slice], int]:
    """
    Give the slices with more errors than the other rows, beyond chance, the worst first.

    Parameters
    ----------
    slices : sequence of str and ndarray of bool, shape (n,)
    wrong : ndarray of bool, shape (n,)
        The rows called wrongly.
    limit : int
    level : float
        Adjusted p-value up to which a slice is given.

    Returns
    -------
    found : list of Slice
        By the low end of the interval of their error rate.
    looked_at : int
        Slices of enough rows.

    Examples
    --------
    >>> male = np.arange(200) % 2 == 0
    >>> found, looked_at = worst_slices([("male", male), ("female", ~male)], male & (np.arange(200) < 60))
    >>> [(one.name, one.rate) for one in found], looked_at
    ([('male', 0.3)], 2)
    """
    from scipy.stats import hypergeom

    n, errors = len(wrong), int(wrong.sum())
    kept = [(name, rows) for name, rows in slices if _LEAST_ROWS <= rows.sum() < n]
    if not kept or not errors:
        return [], len(kept)
    counts = np.array([[int(rows.sum()), int((rows & wrong).sum())] for _, rows in kept])
    adjusted = holm(hypergeom.sf(counts[:, 1] - 1, n, errors, counts[:, 0]))
    found = []
    for (name, rows), (size, bad), p in zip(kept, counts.tolist(), adjusted, strict=True):
        if p <= level:
            low, high = wilson(bad, size)
            found.append(Slice(name, np.flatnonzero(rows), bad, bad / size, float(low), float(high), float(p)))
    return sorted(found, key=lambda one: -one.low)[:limit], len(kept)
