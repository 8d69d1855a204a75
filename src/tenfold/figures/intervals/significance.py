"""Tests of whether a difference is more than chance: between two candidates, among several, among folds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["fold_agreement", "fold_agreement_of", "holm", "mcnemar", "mcnemar_words", "order_agreement"]

_FEW_DISCORDANT, _BLOCKS, _LEAST_VARIANCE = 25, 10, 5.0


def mcnemar(correct_a: NDArray[np.bool_], correct_b: NDArray[np.bool_]) -> float:
    """
    Test whether two classifiers are right equally often, on the rows where only one of them is.

    McNemar (1947), Psychometrika 12:153: exact binomial below 25 such rows, else chi-square with Edwards' (1948)
    continuity correction.

    Parameters
    ----------
    correct_a, correct_b : ndarray of bool, shape (n,)
        Whether each row was called rightly.

    Returns
    -------
    float
        Two-sided p-value; 1 where the two never disagree.

    Examples
    --------
    >>> mcnemar(np.array([True] * 6 + [False]), np.array([False] * 6 + [True]))
    0.125
    """
    from scipy.special import bdtr, chdtrc

    only_a, only_b = int((correct_a & ~correct_b).sum()), int((correct_b & ~correct_a).sum())
    discordant = only_a + only_b
    if discordant < _FEW_DISCORDANT:
        return float(min(1.0, 2 * bdtr(min(only_a, only_b), discordant, 0.5))) if discordant else 1.0
    return float(chdtrc(1, max(abs(only_a - only_b) - 1, 0) ** 2 / discordant))


def mcnemar_words(discordant: int) -> str:
    """
    Name the form of McNemar's test that `mcnemar` takes for so many rows that only one of two has right.

    Examples
    --------
    >>> mcnemar_words(7)
    "McNemar's exact test"
    """
    return "McNemar's exact test" if discordant < _FEW_DISCORDANT else "McNemar's test, corrected for continuity"


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """
    Adjust p-values for being several. Holm (1979), Scandinavian J. of Statistics 6:65.

    Parameters
    ----------
    p_values : array_like of float, shape (m,)

    Returns
    -------
    ndarray of float64, shape (m,)
        In the order given.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return adjusted


def fold_agreement(correct: NDArray[np.bool_], fold: NDArray[Any]) -> float | None:
    """
    Test whether folds differ in accuracy more than chance allows, as they do where the order of rows matters.

    Pearson's chi-square test of homogeneity on right and wrong by fold.

    Parameters
    ----------
    correct : ndarray of bool, shape (n,)
    fold : ndarray of int, shape (n,)

    Returns
    -------
    float or None
        p-value; None with fewer than two folds, or with every row right or every row wrong.

    Examples
    --------
    >>> fold = np.repeat([0, 1], 50)
    >>> fold_agreement(np.arange(100) % 5 > 0, fold)
    1.0
    >>> fold_agreement(np.arange(100) < 60, fold) < 0.001
    True
    """
    _, position, rows = np.unique(fold, return_inverse=True, return_counts=True)
    return fold_agreement_of(np.bincount(position, correct, minlength=len(rows)), rows)


def fold_agreement_of(right: NDArray[Any], rows: NDArray[Any]) -> float | None:
    """
    Test as `fold_agreement` does, from the rows of each fold, shape (folds,), and those of them that are right.

    Examples
    --------
    >>> fold_agreement_of(np.array([40, 40]), np.array([50, 50]))
    1.0
    """
    from scipy.special import chdtrc

    overall = float(right.sum() / rows.sum()) if rows.sum() else 0.0
    if len(rows) < 2 or overall in {0.0, 1.0}:
        return None
    statistic = ((right - rows * overall) ** 2 / (rows * overall * (1 - overall))).sum()
    return float(chdtrc(len(rows) - 1, statistic))


def order_agreement(correct: NDArray[np.bool_], stratum: NDArray[np.int64]) -> float | None:
    """
    Test whether right and wrong depend on where a row stands among those of its class, more than chance allows.

    The smaller p-value of two tests, doubled: that ten blocks in order of the rows have as many right as their classes
    have, by a chi-square; and that what is right in excess of its class is uncorrelated between neighbouring rows, by
    their products, whose signs are by chance.

    Parameters
    ----------
    correct : ndarray of bool, shape (n,)
        In order of the rows.
    stratum : ndarray of int64, shape (n,)
        Class codes.

    Returns
    -------
    float or None
        p-value; None where too few rows are right, or wrong, to tell.

    Examples
    --------
    >>> same = np.zeros(1000, np.int64)
    >>> order_agreement(np.arange(1000) % 100 < 80, same) < 0.001
    True
    >>> order_agreement(np.random.default_rng(0).random(1000) < 0.8, same) > 0.01
    True
    """
    from scipy.special import chdtrc, ndtr

    counts = np.bincount(stratum)
    share = (np.bincount(stratum, correct) / np.maximum(counts, 1))[stratum]
    excess, variance = correct - share, share * (1 - share)
    if variance.sum() < _BLOCKS * _LEAST_VARIANCE:
        return None
    order = np.argsort(stratum, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    block = place * _BLOCKS // counts[stratum]
    by_block = np.bincount(block, excess, _BLOCKS) ** 2 / np.bincount(block, variance, _BLOCKS)
    products = excess[1:] * excess[:-1]
    of_blocks = float(chdtrc(_BLOCKS - 1, by_block.sum()))
    of_neighbours = float(2 * ndtr(-abs(products.sum()) / np.sqrt((products**2).sum())))
    return min(1.0, 2 * min(of_blocks, of_neighbours))
