"""Is more data worth getting? The same rows judged by models that have seen more and more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import Candidate
from tenfold.dataset import Dataset
from tenfold.evaluation.intervals import bonett_price, wilson
from tenfold.folds.unit import fit_and_answer

__all__ = ["Point", "learning_sizes", "point_of", "right_at"]

SHARES = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)


@dataclass(frozen=True)
class Point:
    """
    Accuracy with so many training rows.

    Parameters
    ----------
    rows : int
        That each model has learnt from.
    value, low, high : float
        Share of all rows answered rightly out of fold, with Wilson's 95 % interval.
    n : int
    gain, gain_low, gain_high : float or None
        Less the value of the size before, paired on the same rows (Bonett-Price 95 %); None for the first.
    """

    rows: int
    value: float
    low: float
    high: float
    n: int
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None


def learning_sizes(folds: NDArray[np.int16], least: int = 20) -> list[int]:
    """
    Give the numbers of rows to learn from, up to all of the smallest training part.

    Examples
    --------
    >>> learning_sizes(np.arange(300) % 3)
    [20, 40, 80, 140, 200]
    """
    most = len(folds) - int(np.bincount(folds).max())
    sizes = {max(round(share * most), least) for share in SHARES}
    return sorted(size for size in sizes if size <= most)


def right_at(
    size: int, candidate: Candidate, data: Dataset, codes: NDArray[np.int64], folds: NDArray[np.int16], classes: int,
    seed: int,
) -> NDArray[np.bool_]:  # fmt: skip
    """
    Tell which rows are answered rightly by models of so many rows; the smaller draws lie in the larger ones.

    Parameters
    ----------
    size : int
        Rows to learn from, drawn at random from the other folds, each class in its proportion.
    candidate : Candidate
    data : Dataset of n rows
    codes : ndarray of int64, shape (n,)
    folds : ndarray of int16, shape (n,)
    classes : int
    seed : int

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    right = np.zeros(len(codes), bool)
    place = _places(codes, folds, seed)
    for fold in np.unique(folds):
        others = np.flatnonzero(folds != fold)
        learn = others[np.argsort(place[others], kind="stable")[:size]]
        kept = np.sort(np.concatenate([learn, np.flatnonzero(folds == fold)]))
        found = fit_and_answer(candidate, data.take(kept), codes[kept], folds[kept], int(fold), classes)
        at = kept[found.positions]
        right[at] = found.predicted == codes[at]
    return right


def _places(codes: NDArray[np.int64], folds: NDArray[np.int16], seed: int) -> NDArray[np.float64]:
    """A place for each row within its class and fold, between 0 and 1: taking the first ones keeps proportions."""
    random, place = np.random.default_rng(seed), np.empty(len(codes))
    for fold in np.unique(folds):
        for code in np.unique(codes):
            rows = np.flatnonzero((folds == fold) & (codes == code))
            place[rows] = (random.permutation(len(rows)) + 0.5) / max(len(rows), 1)
    return place


def point_of(size: int, right: NDArray[np.bool_], before: NDArray[np.bool_] | None) -> Point:
    """
    Give a point of the curve from the right answers at one size and, paired, at the size before.

    Examples
    --------
    >>> point_of(40, np.array([True, True, False]), None).value
    0.666...
    """
    n, hits = len(right), int(right.sum())
    low, high = wilson(hits, n)
    if before is None:
        return Point(size, hits / n, float(low), float(high), n)
    better, worse = int((right & ~before).sum()), int((before & ~right).sum())
    gain_low, gain_high = bonett_price(better, worse, n)
    return Point(size, hits / n, float(low), float(high), n, (better - worse) / n, gain_low, gain_high)
