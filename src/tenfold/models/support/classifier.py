"""Support vector classification with a Gaussian kernel, as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import combinations
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.svm import SVC
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.support.gaussian import GaussianKernel
from tenfold.models.support.one_vs_one import fit_one_vs_one
from tenfold.models.support.parameters import check_parameters, checked_class_weights, checked_weights
from tenfold.models.threads import allowed_threads
from tenfold.models.tiles import blocks_of

__all__ = ["GaussianSVC"]

Floats = NDArray[np.float64]

_ROUNDING = 1e-13
"""Share of the sum of all weights up to which a margin may be a rounding of 0."""
_FORMER_DEFAULTS = {"class_weight": None, "decision_function_shape": "ovr", "break_ties": True, "shrinking": True}


class GaussianSVC(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Support vector classification with the kernel ``exp(-gamma * |a - b|²)``, one machine for each pair of classes.

    Parameters, support vectors and predictions are those of ``sklearn.svm.SVC(break_ties=True)``, scores to rounding;
    of many wide rows, where libsvm is fitted on working sets, to the tolerance. Predictions come from matrix products,
    8 times as fast as libsvm's, of pixels 30 times (3,744 support vectors of 784 values, one thread). Other kernels,
    probabilities and sparse rows are not offered: scikit-learn's class has them.

    An interrupt ends a fit at once; libsvm, in a thread, then ends by itself or with the process. A fit by
    scikit-learn-intelex cannot be interrupted.

    Parameters
    ----------
    C : float
        Of the penalty on errors, above 0.
    gamma : "scale", "auto" or float
        ``scale``: one over columns times their variance; ``auto``: one over columns.
    tol : float
    cache_size : float
        Megabytes of kernel values cached while fitting: by all threads together, with working sets by each.
    max_iter : int
        -1 for no limit.
    class_weight : dict or "balanced", optional
        Factor of C for each class, 1 where none is given; ``balanced``: rows over classes times rows of the class.
    decision_function_shape : "ovr" or "ovo"
        Scores of classes, or of pairs of classes. Of two classes there is one score in any case.
    break_ties : bool
        Whether scores decide between classes with equal votes of their pairs; else the first of them is predicted.
    shrinking : bool
        Whether libsvm leaves out rows that seem settled, for a while.
    n_jobs : int, optional
        Threads, which change no figure; by default as many as the linear algebra libraries may use.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
        Classes of the rows with a weight above 0.
    class_weight_ : ndarray of float64, shape (classes,)
    support_ : ndarray of int64, shape (s,)
        Rows of X that are support vectors, class by class.
    support_vectors_ : ndarray of shape (s, d)
        Of the dtype of X.
    n_support_ : ndarray of int64, shape (classes,)
    dual_coef_ : ndarray of float64, shape (classes - 1, s)
    intercept_ : ndarray of float64, shape (pairs,)
    gamma_ : float
    library_ : str
        Package of the solver: ``scikit-learn``, or ``scikit-learn-intelex`` where it is installed and the memory budget
        was too small for working sets.

    Examples
    --------
    >>> model = GaussianSVC().fit([[0.0], [1.0], [4.0], [5.0]], ["low", "low", "high", "high"])
    >>> model.predict([[0.5], [4.6]]).tolist(), model.library_
    (['low', 'high'], 'scikit-learn')
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        gamma: float | Literal["scale", "auto"] = "scale",
        tol: float = 1e-3,
        cache_size: float = 200,
        max_iter: int = -1,
        class_weight: Mapping[Any, float] | Literal["balanced"] | None = None,
        decision_function_shape: Literal["ovr", "ovo"] = "ovr",
        break_ties: bool = True,
        shrinking: bool = True,
        n_jobs: int | None = None,
    ) -> None:
        self.C = C
        self.gamma = gamma
        self.tol = tol
        self.cache_size = cache_size
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.decision_function_shape = decision_function_shape
        self.break_ties = break_ties
        self.shrinking = shrinking
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """
        Fit the support vectors.

        Parameters
        ----------
        X : array of shape (n, d)
            Dense; float32 stays float32.
        y : array of shape (n,)
            At least two classes.
        sample_weight : array of shape (n,), optional
            Factor of C for each row. Rows of weight 0 and less are left out, as by libsvm; they count for "scale" and
            "balanced".

        Raises
        ------
        ValueError
            Invalid parameters, rows or weights, or a single class.
        """
        check_parameters(self)
        X, y = validate_data(self, X, y, dtype=(np.float64, np.float32), order="C")
        check_classification_targets(y)
        weights = checked_weights(sample_weight, len(X))
        all_classes, codes = np.unique(y, return_inverse=True)
        class_weight = checked_class_weights(self.class_weight, all_classes, y)
        self.gamma_ = self._gamma(X)
        rows = np.arange(len(X)) if weights is None else np.flatnonzero(weights > 0)
        if weights is not None and len(rows) < len(X):
            X, codes, weights = X[rows], codes[rows], weights[rows]
        present, codes = np.unique(codes, return_inverse=True)
        self.classes_, self.class_weight_ = all_classes[present], class_weight[present]
        if len(self.classes_) < 2:
            which = "rows with a weight above 0" if len(all_classes) > 1 else "data"
            only = self.classes_[0]
            raise ValueError(f"a support vector machine needs two classes; the {which} hold one class: {only}")
        threads = allowed_threads(self.n_jobs)
        solution = fit_one_vs_one(self._machine(), X, codes, threads, weights)
        self.support_, self.n_support_ = rows[solution.support_], solution.n_support_
        self.support_vectors_ = X[solution.support_]
        self.dual_coef_, self.intercept_ = solution.dual_coef_, solution.intercept_
        self.n_iter_, self.library_ = solution.n_iter_, solution.library
        self.__dict__["_kernel"] = GaussianKernel(self.support_vectors_, self.gamma_)
        return self

    def decision_function(self, X: ArrayLike) -> Floats:
        """
        Return the score of the second of two classes, shape (m,), or of each of several, shape (m, classes).

        The score of one of several classes is its number of votes, plus a fraction from the margins of its pairs. With
        `decision_function_shape` "ovo" it is the margin of each pair, shape (m, pairs): above 0 the first class wins.
        """
        margins = self._pair_margins(X)
        if len(self.classes_) == 2:
            return margins[:, 0]
        return margins if self.decision_function_shape == "ovo" else self._scores(margins)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with the highest score, shape (m,); of equal ones the first."""
        margins = self._pair_margins(X)
        if len(self.classes_) == 2:
            # As scikit-learn: 0 is the second class's.
            codes = (margins[:, 0] >= 0).astype(int)
        elif self.break_ties:
            codes = self._scores(margins).argmax(axis=1)
        else:
            codes = self._votes(margins > 0).argmax(axis=1)
        return np.asarray(self.classes_[codes])

    def _scores(self, margins: Floats) -> Floats:
        """Return the score of each class for each row, shape (m, classes)."""
        sums = np.zeros((len(margins), len(self.classes_)))
        for margin, (one, other) in zip(margins.T, self._pairs(), strict=True):
            sums[:, one] += margin
            sums[:, other] -= margin
        # As scikit-learn: sums of margins, squeezed below a third of a vote, decide between equal votes, and a margin
        # of 0 is the first class's; where votes alone decide, it is the other's.
        return np.asarray(self._votes(margins >= 0) + sums / (3 * (np.abs(sums) + 1)))

    def _votes(self, first_wins: NDArray[np.bool_]) -> Floats:
        """Return the votes for each class, shape (m, classes), given which pairs their first class wins, (m, pairs)."""
        votes = np.zeros((len(first_wins), len(self.classes_)))
        for of_pair, (one, other) in zip(first_wins.T, self._pairs(), strict=True):
            votes[:, one] += of_pair
            votes[:, other] += ~of_pair
        return votes

    def _pairs(self) -> list[tuple[int, int]]:
        return list(combinations(range(len(self.classes_)), 2))

    def _machine(self) -> SVC:
        return SVC(
            C=self.C,
            gamma=self.gamma_,
            tol=self.tol,
            cache_size=self.cache_size,
            max_iter=self.max_iter,
            shrinking=self.shrinking,
            class_weight=dict(enumerate(self.class_weight_.tolist())),
        )

    def _gamma(self, X: NDArray[Any]) -> float:
        if self.gamma == "auto":
            return float(1.0 / X.shape[1])
        if self.gamma == "scale":
            run = _variance(X)
            return float(1.0 / (X.shape[1] * run)) if run else 1.0
        return float(self.gamma)

    def _pair_margins(self, X: Any) -> Floats:
        """Return the margin of each pair of classes for each row, shape (m, pairs)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=(np.float64, np.float32), reset=False)
        weights = self._weights()
        sums = self._kernel.sums(X, weights, allowed_threads(self.n_jobs))
        margins = sums + self.intercept_
        # Where the intercept alone is left, nothing was rounded.
        close = (np.abs(margins) <= _ROUNDING * np.abs(self.dual_coef_).sum()) & (sums != 0)
        for rows in blocks_of(np.flatnonzero(close.any(axis=1))):
            margins[rows] = self._exact_margins(X[rows], weights)
        return np.asarray(margins)

    def _exact_margins(self, X: NDArray[Any], weights: Floats) -> Floats:
        """Return the margins (m, pairs) summed term by term, as libsvm does: terms that cancel leave exactly 0."""
        kernels, margins = self._kernel.by_differences(X), np.tile(self.intercept_, (len(X), 1))
        for pair, of_pair in enumerate(weights.T):
            nonzero = np.flatnonzero(of_pair)
            if len(nonzero):
                margins[:, pair] += np.cumsum(kernels[:, nonzero] * of_pair[nonzero], axis=1)[:, -1]
        return margins

    @cached_property
    def _kernel(self) -> GaussianKernel:
        return GaussianKernel(self.support_vectors_, self.gamma_)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state without the kernel, which is built again from the support vectors."""
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_kernel", None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a state; models saved before these parameters existed have their defaults."""
        super().__setstate__(_FORMER_DEFAULTS | state)

    def _weights(self) -> Floats:
        """Return the weight of each support vector in each pair, shape (s, pairs); 0 in those of other classes."""
        if len(self.classes_) == 2:
            return self.dual_coef_.T
        ends = np.cumsum(self.n_support_)
        of_class = [slice(end - count, end) for end, count in zip(ends, self.n_support_, strict=True)]
        pairs = self._pairs()
        weights = np.zeros((len(self.support_), len(pairs)))
        for pair, (one, other) in enumerate(pairs):
            weights[of_class[one], pair] = self.dual_coef_[other - 1, of_class[one]]
            weights[of_class[other], pair] = self.dual_coef_[one, of_class[other]]
        return weights


def _variance(X: NDArray[Any]) -> float:
    """Return the variance of all values, computed in float64 block by block to save memory."""
    mean = X.mean(dtype=np.float64)
    apart = (some - mean for some in blocks_of(X))
    return float(sum(np.einsum("ij,ij->", some, some) for some in apart) / X.size)
