"""Where errors pile up: values of a column, or clusters of instances that look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.projection import principal_components
from tenfold.analysis.rows import sample_rows
from tenfold.figures.intervals.closed import wilson
from tenfold.figures.intervals.significance import holm
from tenfold.models.threads import limited_to
from tenfold.text import shown

__all__ = ["Slice", "cluster_names", "clusters_of", "slices_of", "worst_slices"]

Bools = NDArray[np.bool_]

_VALUES = 20
_QUANTILES = 5
_FEW_NUMBERS = 10
_LEAST_ROWS = 20
_LEVEL = 0.05
_CLUSTERS, _COMPONENTS = 12, 20
_FITTED_ON, _AT_ONCE = 2_000, 5_000
_MOSTLY = 0.6


@dataclass(frozen=True, eq=False)
class Slice:
    """
    Some rows that have something in common, and how often they are predicted wrongly.

    Parameters
    ----------
    name : str
        In words, such as ``Sex is male``.
    rows : ndarray of int64
        Positions.
    errors : int
    rate, low, high : float
        Share of errors, with Wilson's interval, made wider so that 95 % holds for all slices looked at together
        (Bonferroni): the worst of many is picked, and a plain interval would flatter the picking.
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

    @property
    def beyond_chance(self) -> bool:
        """Whether chance alone would seldom (5 %) give any slice so many errors."""
        return self.p_adjusted <= _LEVEL


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
        column, word = X[name], shown(name, 40)
        missing = column.isna().to_numpy()
        numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        if numeric and column.nunique() > _FEW_NUMBERS:
            yield from _fifths(word, column.to_numpy(np.float64, na_value=np.nan))
        else:
            yield from _values(word, column)
        if missing.any():
            yield f"{word} is missing", missing


def _fifths(name: str, numbers: NDArray[np.float64]) -> Iterator[tuple[str, Bools]]:
    edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, _QUANTILES + 1)))
    for place, (low, high) in enumerate(pairwise(edges.tolist())):
        last = place == len(edges) - 2
        yield (
            f"{name} from {_number(low)} to {_number(high)}" + ("" if last else ", exclusive"),
            (numbers >= low) & ((numbers <= high) if last else (numbers < high)),
        )


def _number(value: float) -> str:
    """Four digits, and all before the point: ``36,350`` and not ``3.635e+04``."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e12 else f"{value:,.4g}"


def _values(name: str, column: pd.Series[Any]) -> Iterator[tuple[str, Bools]]:
    values = column.astype("string")
    frequent = values.value_counts().index[:_VALUES]
    for value in sorted(frequent):
        yield f"{name} is {shown(value, 40)}", (values == value).fillna(False).to_numpy(bool)


def worst_slices(
    slices: Iterable[tuple[str, Bools]], wrong: Bools, always: Collection[str] = ()
) -> tuple[list[Slice], int]:
    """
    Return the slices that have more errors than the other rows, those beyond chance first, the worst of them first.

    Parameters
    ----------
    slices : iterable of str and ndarray of bool, shape (n,)
        Those of fewer than 20 rows are passed over.
    wrong : ndarray of bool, shape (n,)
        The rows predicted wrongly.
    always : collection of str
        Names of slices that are returned however few their errors, behind those that have more than the other rows.

    Returns
    -------
    slices : list of Slice
        By whether they are beyond chance, then by the low end of their interval.
    looked_at : int
        Slices of enough rows.

    Examples
    --------
    >>> male = np.arange(200) % 2 == 0
    >>> worst, looked_at = worst_slices([("male", male), ("female", ~male)], male & (np.arange(200) < 60))
    >>> [(one.name, one.rate, one.beyond_chance) for one in worst], looked_at
    ([('male', 0.3, True)], 2)
    """
    from scipy.stats import hypergeom

    n, errors = len(wrong), int(wrong.sum())
    large = [(name, np.flatnonzero(rows)) for name, rows in slices if _LEAST_ROWS <= rows.sum() < n]
    if not large or not errors:
        return [], len(large)
    sizes, bad = np.array([len(rows) for _, rows in large]), np.array([int(wrong[rows].sum()) for _, rows in large])
    adjusted = holm(hypergeom.sf(bad - 1, n, errors, sizes))
    low, high = wilson(bad, sizes, 1 - _LEVEL / len(large))
    worse = [
        Slice(name, rows, int(bad[i]), float(bad[i] / sizes[i]), float(low[i]), float(high[i]), float(adjusted[i]))
        for i, (name, rows) in enumerate(large)
        if bad[i] * n > errors * sizes[i] or name in always
    ]
    overall = errors / n
    return sorted(worse, key=lambda one: (not one.beyond_chance, one.rate <= overall, -one.low)), len(large)


def clusters_of(values: NDArray[Any], seed: int = 0) -> NDArray[np.int64]:
    """
    Return up to 12 clusters of instances that look alike: k-means on the first principal components of 2,000 of them.

    Parameters
    ----------
    values : ndarray, shape (n, d)
        Numbers that can be compared, such as pixels.
    seed : int

    Returns
    -------
    ndarray of int64, shape (n,)
        Number of the cluster of each instance.

    Examples
    --------
    >>> np.unique(clusters_of(np.repeat(np.array([[0], [250]], np.uint8), 6, axis=0))).tolist()
    [0, 1]
    """
    from sklearn.cluster import KMeans

    some = values[sample_rows(len(values), _FITTED_ON, seed)].astype(np.float32)
    different = len(np.unique(some, axis=0))
    if different < 2:
        return np.zeros(len(values), np.int64)
    with limited_to(1):
        pca = principal_components(some, _COMPONENTS, seed)
        means = KMeans(min(_CLUSTERS, different), n_init=2, random_state=seed).fit(pca.transform(some))
        parts = [values[start : start + _AT_ONCE].astype(np.float32) for start in range(0, len(values), _AT_ONCE)]
        return np.concatenate([means.predict(pca.transform(part)) for part in parts]).astype(np.int64)


def cluster_names(clusters: NDArray[np.int64], labels: NDArray[np.object_]) -> list[str]:
    """
    Return what is in each cluster in words: ``mostly 8`` or ``8 and 1``, numbered where two would have one name.

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
        counts = Counter(labels[clusters == number].tolist())
        name = _name(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        again = sum(known == name or known.startswith(f"{name}, ") for known in names)
        names.append(f"{name}, group {again + 1}" if again else name)
    return names


def _name(counts: list[tuple[str, int]]) -> str:
    """By the most frequent label, or the two most frequent where that one is no clear majority."""
    label, count = counts[0]
    if len(counts) == 1 or count >= _MOSTLY * sum(times for _, times in counts):
        return f"mostly {shown(label, 20)}"
    return f"{shown(label, 20)} and {shown(counts[1][0], 20)}"
