"""One support vector machine for each pair of classes, fitted one by one, in threads."""

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
from tenfold.models.support.working_set import LIBSVM, ONEDAL, PairwiseSVM, fit_working_set
from tenfold.models.threads import check_interrupt, interruptible, map_in_threads

__all__ = ["OneVsOneFit", "fit_one_vs_one"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_FEWEST_ROWS = 1_000
"""
Rows of a pair from which pairs are fitted one by one: their rows lie close together then. Measured on MNIST, one
thread: 40,000 x 50 in 4.1 s, 5.6 s all at once.
"""
_ROWS_OF_FLOATS, _ROWS_OF_BYTES, _VALUES = 2_000, 1_000, 100
"""
Rows and columns from which a pair is fitted faster on working sets. Measured on MNIST, 3 against 5, one thread: 5,000
rows of 100 principal components in 0.12 s, of 300 in 0.18 s where LIBSVM takes 0.13 and 0.28 s on all; 2,500 scaled
pixels 0.16 and 0.22 s; 1,000 raw ones, bytes, 0.021 and 0.038 s, 5,000 of them 0.12 and 1.2 s.
"""
_FINEST = 1e-5
"""Tolerance below which kernel values in single precision do not tell which rows violate the optimum."""
_WORTH_A_COPY = 0.95
"""Share of columns that vary below which the others are left out of a fit; 0.91 of the pixels of MNIST do."""
_ONEDAL_MODULE = "sklearnex"


class OneVsOneFit(NamedTuple):
    """The fitted attributes of `sklearn.svm.SVC`, by its names, and the package of the solver."""

    support_: Places
    n_support_: Places
    dual_coef_: Floats
    intercept_: Floats
    n_iter_: Places
    library: str = LIBSVM


def fit_one_vs_one(
    machine: SVC, X: NDArray[Any], y: NDArray[Any], threads: int, sample_weight: Floats | None = None
) -> OneVsOneFit:
    """
    Fit one support vector machine for each pair of classes.

    LIBSVM does the same in one thread (Chang and Lin, LIBSVM: a library for support vector machines, 2011, section 7),
    with equal results to the last bit; those of working sets and of oneDAL are equal to the tolerance. oneDAL fits
    where the support vectors exceed the memory budget of working sets, if `scikit-learn-intelex` is installed.

    Parameters
    ----------
    machine : SVC
        Not fitted; `gamma` a number, `class_weight` a dictionary or None. Its cache is divided among threads that fit
        all rows of a pair; with working sets each has all of it, since the result depends on it.
    X : ndarray of float32 or float64, shape (n, d)
        Contiguous.
    y : ndarray, shape (n,)
        Class labels, at least two different ones.
    threads : int
        At most: with four classes and more, all threads together copy each row no more than once.
    sample_weight : ndarray of float64, shape (n,), optional
        Above 0.

    Examples
    --------
    >>> X, y = np.arange(9.0)[:, None], np.repeat(["a", "b", "c"], 3)
    >>> ours, theirs = fit_one_vs_one(SVC(gamma=0.1), X, y, threads=2), SVC(gamma=0.1).fit(X, y)
    >>> all(np.array_equal(getattr(ours, name), getattr(theirs, name)) for name in OneVsOneFit._fields[:-1])
    True
    """
    columns, names = _varying_columns(X), np.unique(y)
    if len(y) * 2 < _FEWEST_ROWS * len(names):
        return _fit_all_at_once(machine, _with_columns(columns, X), y, sample_weight)
    class_rows = [np.flatnonzero(y == name) for name in names]
    pairs = list(combinations(range(len(class_rows)), 2))
    n_parallel = min(threads, len(pairs), max(2, len(class_rows) // 2))
    use_working_sets = X.shape[1] >= _VALUES and machine.tol >= _FINEST and machine.max_iter == -1
    shared = clone(machine).set_params(cache_size=machine.cache_size / n_parallel)
    fitter = _PairFitter(
        machine, shared, X, columns, as_bytes(X) if use_working_sets else None, threads // n_parallel,
        use_working_sets, class_rows, _class_weights(machine, names), sample_weight,
    )  # fmt: skip
    pair_fits = map_in_threads(n_parallel, fitter.fit, pairs)
    return _combined(class_rows, pairs, pair_fits)


@dataclass(frozen=True, eq=False)
class _PairFitter:
    """
    Fits the machine of any pair of classes.

    Parameters
    ----------
    machine, shared : SVC
        Not fitted; with all the cache, and with the share of a thread.
    X : ndarray of float32 or float64, shape (n, d)
    columns : ndarray of bool, shape (d,), optional
        Columns that vary, where the others are left out.
    codes : (ndarray of uint8 of shape (n, d), float), optional
        X in steps, and the step.
    threads : int
        For each pair.
    use_working_sets : bool
        Whether working sets are faster where there are enough rows, and reach the tolerance.
    class_rows : list of ndarray of int64
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
    use_working_sets: bool
    class_rows: list[Places]
    class_weight: Floats
    sample_weight: Floats | None

    def fit(self, pair: tuple[int, int]) -> PairwiseSVM:
        """Fit the machine of a pair of class codes."""
        check_interrupt()
        sides, class_weight = [self.class_rows[code] for code in pair], self.class_weight[list(pair)]
        rows = np.concatenate(sides)
        first = np.arange(len(rows)) < len(sides[0])
        on_working_set = self.use_working_sets and len(rows) >= (
            _ROWS_OF_FLOATS if self.codes is None else _ROWS_OF_BYTES
        )
        model = interruptible(lambda: self._on_working_sets(rows, first, class_weight)) if on_working_set else None
        if model is None:
            machine = _fastest_solver(self.shared) if on_working_set else clone(self.shared)
            machine.set_params(class_weight={False: class_weight[0], True: class_weight[1]})
            model = _fit_at_once(machine, self._rows(rows), first, self._weights_of(rows))
        return model._replace(rows=rows[model.rows])

    def _on_working_sets(self, rows: Places, first: NDArray[np.bool_], class_weight: Floats) -> PairwiseSVM | None:
        weight, weights = np.where(first, class_weight[0], class_weight[1]), self._weights_of(rows)
        if weights is not None:
            weight *= weights
        if self.codes is None:
            return fit_working_set(self.machine, self._rows(rows), first, self.threads, weight)
        codes, step = self.codes
        machine = clone(self.machine).set_params(gamma=self.machine.gamma * step * step)
        return fit_working_set(machine, codes[rows], first, self.threads, weight)

    def _weights_of(self, rows: Places) -> Floats | None:
        return None if self.sample_weight is None else self.sample_weight[rows]

    def _rows(self, rows: Places) -> NDArray[Any]:
        return _with_columns(self.columns, self.X[rows])


def _fit_all_at_once(machine: SVC, X: NDArray[Any], y: NDArray[Any], sample_weight: Floats | None) -> OneVsOneFit:
    model = interruptible(lambda: clone(machine).fit(X, y, sample_weight))
    return OneVsOneFit(
        model.support_.astype(np.int64),
        model.n_support_.astype(np.int64),
        model.dual_coef_,
        model.intercept_,
        np.asarray(model.n_iter_, np.int64).reshape(-1),
    )


def _class_weights(machine: SVC, names: NDArray[Any]) -> Floats:
    class_weight = machine.class_weight or {}
    return np.array([class_weight.get(name, 1.0) for name in names.tolist()])


def _fit_at_once(machine: Any, X: NDArray[Any], first: NDArray[np.bool_], sample_weight: Floats | None) -> PairwiseSVM:
    # Both libraries begin with the class of the lowest name, and of two classes they turn the signs about.
    library = LIBSVM if type(machine) is SVC else ONEDAL
    fit = partial(machine.fit, X, ~first, sample_weight)
    # oneDAL lets no other thread run, not even one that would hear an interrupt, and in a thread takes all cores.
    model = interruptible(fit) if library == LIBSVM else fit()
    return PairwiseSVM(
        model.support_, -model.dual_coef_[0], -float(model.intercept_[0]), int(model.n_iter_[0]), library
    )


def _fastest_solver(machine: SVC) -> Any:
    """Return the same machine of oneDAL, if that is installed; oneDAL divides by gamma."""
    if machine.gamma == 0 or importlib.util.find_spec(_ONEDAL_MODULE) is None:
        return clone(machine)
    from sklearnex import svm

    return svm.SVC(**machine.get_params())


def _combined(class_rows: list[Places], pairs: list[tuple[int, int]], pair_fits: list[PairwiseSVM]) -> OneVsOneFit:
    """Lay out the weights of all pairs as scikit-learn does: a support vector against each of the other classes."""
    weights = np.zeros((len(class_rows) - 1, sum(map(len, class_rows))))
    for (one, other), model in zip(pairs, pair_fits, strict=True):
        first = np.isin(model.rows, class_rows[one])
        weights[other - 1, model.rows[first]] = model.weights[first]
        weights[one, model.rows[~first]] = model.weights[~first]
    supporting = np.asarray(weights.any(axis=0))
    rows = np.concatenate([rows[supporting[rows]] for rows in class_rows])
    sign = -1.0 if len(class_rows) == 2 else 1.0
    return OneVsOneFit(
        rows,
        np.array([np.count_nonzero(supporting[rows]) for rows in class_rows]),
        sign * weights[:, rows],
        sign * np.array([model.intercept for model in pair_fits]),
        np.array([model.steps for model in pair_fits]),
        ONEDAL if any(model.library == ONEDAL for model in pair_fits) else LIBSVM,
    )


def _varying_columns(X: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Return a mask of the columns that vary, or None if nearly all do; the others do not change distances."""
    varying = X.min(axis=0) < X.max(axis=0)
    return varying if 0 < varying.sum() <= _WORTH_A_COPY * X.shape[1] else None


def _with_columns(columns: NDArray[np.bool_] | None, X: NDArray[Any]) -> NDArray[Any]:
    # Row by row in memory: a boolean index would give columns, which libraries are slower on.
    return X if columns is None else np.compress(columns, X, axis=1)
