"""Rows of several labels dealt out to parts so that every label keeps its share in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["deal_out"]

Ints = NDArray[np.int64]


def deal_out(
    indicators: NDArray[Any], shares: Sequence[float], *, groups: NDArray[Any] | None = None, seed: int | None = None
) -> Ints:
    """
    Deal rows out to parts, the rarest label first, each row to the part that lacks that label most.

    Iterative stratification: Sechidis, Tsoumakas and Vlahavas (2011), ECML PKDD, algorithm 1. That a label is
    not true counts as a label too, so that one which is nearly always true is spread as well.

    Parameters
    ----------
    indicators : ndarray of 0 and 1, shape (n, k)
    shares : sequence of float
        Share of the rows for each part; they sum to 1.
    groups : ndarray, shape (n,), optional
        Rows of one group go to one part.
    seed : int, optional
        Go through the rows in an order drawn with it, instead of their own.

    Returns
    -------
    ndarray of int64, shape (n,)
        Part of each row.

    Examples
    --------
    >>> indicators = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 0], [0, 0]])
    >>> deal_out(indicators, [0.5, 0.5]).tolist()
    [0, 1, 0, 1, 0, 1]
    """
    both = np.concatenate([indicators.astype(np.int64), 1 - indicators.astype(np.int64)], axis=1)
    unit = np.arange(len(both)) if groups is None else np.unique(groups, return_inverse=True)[1].reshape(-1)
    counts = np.zeros((int(unit.max()) + 1, both.shape[1]), np.int64)
    np.add.at(counts, unit, both)
    order = np.arange(len(counts)) if seed is None else np.random.default_rng(seed).permutation(len(counts))
    part = np.empty(len(counts), np.int64)
    part[order] = _parts(counts[order], np.bincount(unit)[order], np.asarray(shares, np.float64))
    return np.asarray(part[unit], np.int64)


def _parts(counts: Ints, rows: Ints, shares: NDArray[np.float64]) -> Ints:
    """Part of each unit; `counts` of shape (units, labels), `rows` in each unit."""
    part = np.full(len(counts), -1, np.int64)
    lacking = shares[:, None] * counts.sum(axis=0)
    room = shares * rows.sum()
    left = (counts > 0).sum(axis=0)
    while (part < 0).any():
        label = int(np.where(left > 0, left, len(counts) + 1).argmin())
        for unit in np.flatnonzero((part < 0) & (counts[:, label] > 0)).tolist():
            chosen = _neediest(lacking[:, label], room)
            part[unit] = chosen
            lacking[chosen] -= counts[unit]
            room[chosen] -= rows[unit]
            left -= counts[unit] > 0
    return part


def _neediest(lacking: NDArray[np.float64], room: NDArray[np.float64]) -> int:
    """The part that lacks most of a label; of equals the one with most room, then the first."""
    # Sums of shares differ in their last bits: equal means equal but for those.
    equal = np.flatnonzero(lacking >= lacking.max() - 1e-9)
    return int(equal[0] if len(equal) == 1 else equal[(room[equal] >= room[equal].max() - 1e-9).argmax()])
