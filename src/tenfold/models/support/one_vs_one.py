"""The duels of a support vector machine, one by one, in threads."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.svm import SVC

from tenfold.models.support.gaussian import as_bytes
from tenfold.models.support.pairwise import LIBSVM, ONEDAL, Duel
from tenfold.models.support.working_set import fit_by_chunks
from tenfold.models.threads import check_interrupt, interruptible, spread_over

__all__ = ["Found", "fit_duels"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_ALONE = 1_000
"""
Rows from which duels are fitted one by one: their rows lie close together then. Measured on MNIST, one thread: 40,000 x
50 in 4.1 s, 5.6 s all at once.
"""
_ROWS, _ROWS_OF_BYTES, _VALUES = 2_000, 1_000, 100
"""
Rows and values from which a duel is faster by chunks. Measured on MNIST, 3 against 5, one thread: 5,000 rows of 100
principal components in 0.12 s, of 300 in 0.18 s where LIBSVM takes 0.13 and 0.28 s on all; 2,500 scaled pixels 0.16 and
0.22 s; 1,000 raw ones, bytes, 0.021 and 0.038 s, 5,000 of them 0.12 and 1.2 s.
"""
_FINEST = 1e-5
"""Tolerance below which kernel values in single precision do not tell who is missed."""
_WORTH_A_COPY = 0.95
"""Share of columns that vary below which the others are left out of a fit; 0.91 of the pixels of MNIST do."""
_FAST = "sklearnex"


class Found(NamedTuple):
    """What `sklearn.svm.SVC` finds, by its names, and through which library it was found."""

    support_: Places
    n_support_: Places
    dual_coef_: Floats
    intercept_: Floats
    n_iter_: Places
    library: str = LIBSVM


def fit_duels(
    machine: SVC, X: NDArray[Any], y: NDArray[Any], threads: int, sample_weight: Floats | None = None
) -> Found:
    """
    Fit one duel a pair of classes, each by itself.

    LIBSVM does the same in one thread (Chang and Lin, LIBSVM: a library for support vector machines, 2011, section 7),
    and finds the same to the last bit; what is found by chunks or by oneDAL is the same to the tolerance. oneDAL is
    asked where chunks have no room for the support vectors, if `scikit-learn-intelex` is installed.

    Parameters
    ----------
    machine : SVC
        Not fitted; `gamma` a number, `class_weight` a dictionary or None. Its cache is divided among threads that learn
        from all rows of a duel; those that learn from chunks have it each, since what they find depends on it.
    X : ndarray of float32 or float64, shape (n, d)
        Contiguous.
    y : ndarray, shape (n,)
        Of two classes or more.
    threads : int
        At most: of four classes and more, all threads together copy each row no more than once.
    sample_weight : ndarray of float64, shape (n,), optional
        Above 0.

    Examples
    --------
    >>> X, y = np.arange(9.0)[:, None], np.repeat(["a", "b", "c"], 3)
    >>> found, alone = fit_duels(SVC(gamma=0.1), X, y, threads=2), SVC(gamma=0.1).fit(X, y)
    >>> all(np.array_equal(getattr(found, name), getattr(alone, name)) for name in Found._fields[:-1])
    True
    """
    columns, names = _varying(X), np.unique(y)
    if len(y) * 2 < _ALONE * len(names):
        return _all_at_once(machine, _without(columns, X), y, sample_weight)
    of_class = [np.flatnonzero(y == name) for name in names]
    pairs = list(combinations(range(len(of_class)), 2))
    at_once = min(threads, len(pairs), max(2, len(of_class) // 2))
    chunks = X.shape[1] >= _VALUES and machine.tol >= _FINEST and machine.max_iter == -1
    shared = clone(machine).set_params(cache_size=machine.cache_size / at_once)
    told = _Told(
        machine, shared, X, columns, as_bytes(X) if chunks else None, threads // at_once, chunks, of_class,
        _class_weights(machine, names), sample_weight,
    )  # fmt: skip
    duels = spread_over(at_once, told.fit, pairs)
    return _joined(of_class, pairs, duels)


@dataclass(frozen=True, eq=False)
class _Told:
    """
    What all duels are learnt from.

    Parameters
    ----------
    machine, shared : SVC
        Not fitted; with all the cache, and with the share of a thread.
    X : ndarray of float32 or float64, shape (n, d)
    columns : ndarray of bool, shape (d,), optional
        Those that vary, where the others are left out.
    codes : (ndarray of uint8 of shape (n, d), float), optional
        X in steps, and the step.
    threads : int
        Of each duel.
    chunks : bool
        Whether chunks are faster where there are enough rows, and find what is asked for.
    of_class : list of ndarray of int64
        Rows of each class.
    class_weight : ndarray of float64, shape (classes,)
        Above 0.
    sample_weight : ndarray of float64, shape (n,), optional
    """

    machine: SVC
    shared: SVC
    X: NDArray[Any]
    columns: NDArray[np.bool_] | None
    codes: tuple[NDArray[np.uint8], float] | None
    threads: int
    chunks: bool
    of_class: list[Places]
    class_weight: Floats
    sample_weight: Floats | None

    def fit(self, pair: tuple[int, int]) -> Duel:
        """Find the machine that tells the rows of one class from those of another."""
        check_interrupt()
        sides, class_weight = [self.of_class[code] for code in pair], self.class_weight[list(pair)]
        rows = np.concatenate(sides)
        first = np.arange(len(rows)) < len(sides[0])
        by_chunks = self.chunks and len(rows) >= (_ROWS if self.codes is None else _ROWS_OF_BYTES)
        found = interruptible(lambda: self._by_chunks(rows, first, class_weight)) if by_chunks else None
        if found is None:
            machine = _fast(self.shared) if by_chunks else clone(self.shared)
            machine.set_params(class_weight={False: class_weight[0], True: class_weight[1]})
            found = _at_once(machine, self._rows(rows), first, self._of_rows(rows))
        return found._replace(rows=rows[found.rows])

    def _by_chunks(self, rows: Places, first: NDArray[np.bool_], class_weight: Floats) -> Duel | None:
        weight, weights = np.where(first, class_weight[0], class_weight[1]), self._of_rows(rows)
        if weights is not None:
            weight *= weights
        if self.codes is None:
            return fit_by_chunks(self.machine, self._rows(rows), first, self.threads, weight)
        codes, step = self.codes
        machine = clone(self.machine).set_params(gamma=self.machine.gamma * step * step)
        return fit_by_chunks(machine, codes[rows], first, self.threads, weight)

    def _of_rows(self, rows: Places) -> Floats | None:
        return None if self.sample_weight is None else self.sample_weight[rows]

    def _rows(self, rows: Places) -> NDArray[Any]:
        return _without(self.columns, self.X[rows])


def _all_at_once(machine: SVC, X: NDArray[Any], y: NDArray[Any], sample_weight: Floats | None) -> Found:
    found = interruptible(lambda: clone(machine).fit(X, y, sample_weight))
    return Found(
        found.support_.astype(np.int64),
        found.n_support_.astype(np.int64),
        found.dual_coef_,
        found.intercept_,
        np.asarray(found.n_iter_, np.int64).reshape(-1),
    )


def _class_weights(machine: SVC, names: NDArray[Any]) -> Floats:
    given = machine.class_weight or {}
    return np.array([given.get(name, 1.0) for name in names.tolist()])


def _at_once(machine: Any, X: NDArray[Any], first: NDArray[np.bool_], sample_weight: Floats | None) -> Duel:
    # Both libraries begin with the class of the lowest name, and of two classes they turn the signs about.
    library = LIBSVM if type(machine) is SVC else ONEDAL
    fit = partial(machine.fit, X, ~first, sample_weight)
    # oneDAL lets no other thread run, not even one that would hear an interrupt, and in a thread takes all cores.
    found = interruptible(fit) if library == LIBSVM else fit()
    return Duel(found.support_, -found.dual_coef_[0], -float(found.intercept_[0]), int(found.n_iter_[0]), library)


def _fast(machine: SVC) -> Any:
    """Give the same machine, of oneDAL if that is installed; it divides by gamma."""
    if machine.gamma == 0 or importlib.util.find_spec(_FAST) is None:
        return clone(machine)
    from sklearnex import svm

    return svm.SVC(**machine.get_params())


def _joined(of_class: list[Places], pairs: list[tuple[int, int]], duels: list[Duel]) -> Found:
    """Lay out the weights of all duels as scikit-learn does: a support vector against each of the other classes."""
    weights = np.zeros((len(of_class) - 1, sum(map(len, of_class))))
    for (one, other), duel in zip(pairs, duels, strict=True):
        first = np.isin(duel.rows, of_class[one])
        weights[other - 1, duel.rows[first]] = duel.weights[first]
        weights[one, duel.rows[~first]] = duel.weights[~first]
    supporting = np.asarray(weights.any(axis=0))
    rows = np.concatenate([rows[supporting[rows]] for rows in of_class])
    turned = -1.0 if len(of_class) == 2 else 1.0
    return Found(
        rows,
        np.array([np.count_nonzero(supporting[rows]) for rows in of_class]),
        turned * weights[:, rows],
        turned * np.array([duel.intercept for duel in duels]),
        np.array([duel.steps for duel in duels]),
        ONEDAL if any(duel.library == ONEDAL for duel in duels) else LIBSVM,
    )


def _varying(X: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Tell which columns vary, if many do not: distances between rows are the same without those."""
    varying = X.min(axis=0) < X.max(axis=0)
    return varying if 0 < varying.sum() <= _WORTH_A_COPY * X.shape[1] else None


def _without(columns: NDArray[np.bool_] | None, X: NDArray[Any]) -> NDArray[Any]:
    # Row by row in memory: a boolean index would give columns, which libraries are slower on.
    return X if columns is None else np.compress(columns, X, axis=1)
