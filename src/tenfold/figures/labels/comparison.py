"""Two candidates compared on the same rows of several labels."""

from __future__ import annotations

import numpy as np

from tenfold.figures.comparison.difference import Difference
from tenfold.figures.intervals.closed import bonett_price, normal_quantile
from tenfold.figures.labels.evaluate import influence_of
from tenfold.figures.labels.rows import LabelRows

__all__ = ["label_difference"]


def label_difference(first: LabelRows, second: LabelRows, metric: str) -> Difference | None:
    """
    Compare a metric of two candidates: first less second, None where either is undefined.

    The exact match has Bonett and Price's interval from the rows that only one has wholly right, all else the
    infinitesimal jackknife of the difference over rows.

    Examples
    --------
    >>> y = np.array([[1, 0], [0, 1], [1, 1], [0, 0]])
    >>> first, second = (LabelRows(("a", "b"), y, called, None, False, None) for called in (y, 1 - y))
    >>> label_difference(first, second, "exact_match").value
    1.0
    """
    one, other = influence_of(first, metric), influence_of(second, metric)
    if one.value is None or other.value is None:
        return None
    value, n = one.value - other.value, len(first.y)
    if metric == "exact_match":
        right, too = ((rows.y == rows.predicted).all(axis=1) for rows in (first, second))
        low, high = bonett_price(int((right & ~too).sum()), int((too & ~right).sum()), n)
        return Difference(value, min(low, value), max(high, value), "Bonett-Price paired 95%")
    spread = float(np.sqrt(((one.rows - other.rows) ** 2).sum() * n / max(n - 1, 1)))
    half = normal_quantile(0.95) * spread
    return Difference(value, value - half, value + half, "paired infinitesimal jackknife 95%")
