"""Tests of whether a difference is more than chance: between two candidates, among several, among folds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["fold_agreement", "fold_agreement_of", "holm", "mcnemar", "mcnemar_words"]

_FEW_DISCORDANT = 25


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
