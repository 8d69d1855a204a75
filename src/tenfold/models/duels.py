"""The duels of a support vector machine, one by one, in threads."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.svm import SVC

from tenfold.models.threads import spread_over

__all__ = ["Found", "fit_duels"]


class Found(NamedTuple):
    """What `sklearn.svm.SVC` finds, by its names."""

    support_: NDArray[np.int64]
    n_support_: NDArray[np.int64]
    dual_coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]
    n_iter_: NDArray[np.int64]


class _Duel(NamedTuple):
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    intercept: float
    steps: int


def fit_duels(machine: SVC, X: NDArray[Any], y: NDArray[Any], threads: int) -> Found:
    """
    Fit one duel a pair of classes, each by itself.

    LIBSVM does the same in one thread (Chang and Lin, LIBSVM: a library for support vector machines, 2011, section 7),
    and finds the same to the last bit.

    Parameters
    ----------
    machine : SVC
        Not fitted; `gamma` a number. Its cache is divided among the threads.
    X : ndarray, shape (n, d)
    y : ndarray, shape (n,)
        Of three classes or more.
    threads : int
        At most: of four classes and more, all threads together copy each row no more than once.

    Examples
    --------
    >>> X, y = np.arange(9.0)[:, None], np.repeat(["a", "b", "c"], 3)
    >>> found, alone = fit_duels(SVC(gamma=0.1), X, y, threads=2), SVC(gamma=0.1).fit(X, y)
    >>> all(np.array_equal(getattr(found, name), getattr(alone, name)) for name in Found._fields)
    True
    """
    of_class = [np.flatnonzero(y == name) for name in np.unique(y)]
    threads = min(threads, max(2, len(of_class) // 2))
    machine = clone(machine).set_params(cache_size=machine.cache_size / threads)
    pairs = list(combinations(range(len(of_class)), 2))
    duels = spread_over(threads, partial(_fitted, machine, X, y), [(of_class[a], of_class[b]) for a, b in pairs])
    weights = np.zeros((len(of_class) - 1, len(X)))
    for (one, other), duel in zip(pairs, duels, strict=True):
        first = np.isin(duel.rows, of_class[one])
        weights[other - 1, duel.rows[first]] = duel.weights[first]
        weights[one, duel.rows[~first]] = duel.weights[~first]
    supporting = np.asarray(weights.any(axis=0))
    support = [rows[supporting[rows]] for rows in of_class]
    rows = np.concatenate(support)
    return Found(
        rows,
        np.array([len(part) for part in support]),
        weights[:, rows],
        np.array([duel.intercept for duel in duels]),
        np.array([duel.steps for duel in duels]),
    )


def _fitted(machine: SVC, X: NDArray[Any], y: NDArray[Any], sides: tuple[NDArray[np.int64], ...]) -> _Duel:
    rows = np.concatenate(sides)
    found = clone(machine).fit(X[rows], y[rows])
    # Of two classes alone scikit-learn turns the signs about.
    return _Duel(rows[found.support_], -found.dual_coef_[0], -float(found.intercept_[0]), int(found.n_iter_[0]))
