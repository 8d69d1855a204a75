"""Linear classifiers of sparse rows that are read block by block, as often as the solver goes through them."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit, log_expit, log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from tenfold.models.offset_svc import best_threshold
from tenfold.models.row_blocks import RowBlocks, in_blocks, row_blocks
from tenfold.models.scores import highest_class

__all__ = ["BlockLinearSVC", "BlockLogisticRegression"]

Floats = NDArray[np.float64]


class _BlockClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Weights that minimise the mean of a loss and an L2 penalty, by a quasi-Newton method (L-BFGS)."""

    C: float
    max_iter: int
    tol: float

    def fit(self, X: Any, y: Any) -> Self:
        """Fit on sparse rows, shape (n, d), in memory or as `RowBlocks`, and labels y, shape (n,)."""
        rows = row_blocks(X)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("The number of classes has to be greater than one; got 1 class")
        seen, outputs = _seen(rows), 1 if len(self.classes_) == 2 else len(self.classes_)
        some = rows.map(lambda block: _with_columns(block, seen), int(seen.sum())).kept()
        flat, self.n_iter_ = self._minimum(some, codes, np.zeros(outputs * (some.shape[1] + 1)), np.ones(len(rows)))
        self.coef_ = np.zeros((outputs, rows.shape[1]))
        self.coef_[:, seen] = flat[:-outputs].reshape(outputs, -1)
        self.intercept_ = flat[-outputs:] - self._shift(some, codes, flat)
        self.n_features_in_ = rows.shape[1]
        return self

    def _minimum(self, rows: RowBlocks, codes: NDArray[np.int64], start: Floats, weights: Floats) -> tuple[Floats, int]:
        """What is found from a start, and in how many steps; a row of weight 0 is left out."""

        def mean_loss(flat: Floats) -> tuple[float, Floats]:
            return _mean_loss(self._loss, flat, rows, codes, weights, 1.0 / (self.C * weights.sum()))

        options = {"maxiter": self.max_iter, "gtol": self.tol, "ftol": 64 * np.finfo(float).eps, "maxcor": 5}
        result = minimize(mean_loss, start, jac=True, method="L-BFGS-B", options=options)
        if result.nit >= self.max_iter:
            warnings.warn(f"no optimum in {self.max_iter} steps", ConvergenceWarning, stacklevel=3)
        return result.x, int(result.nit)

    def _shift(self, rows: RowBlocks, codes: NDArray[np.int64], flat: Floats) -> float:
        return 0.0

    @staticmethod
    def _loss(scores: Floats, codes: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """The loss of each row, and its slope by the scores."""
        raise NotImplementedError

    def decision_function(self, X: Any) -> Floats:
        """Return scores, shape (n,) of two classes, else (n, classes)."""
        check_is_fitted(self)
        scores = in_blocks(lambda block: np.asarray(block @ self.coef_.T) + self.intercept_, X)
        return scores[:, 0] if len(self.coef_) == 1 else scores

    def predict(self, X: Any) -> NDArray[Any]:
        """Return classes, shape (n,)."""
        return np.asarray(self.classes_[highest_class(self.decision_function(X))])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


class BlockLogisticRegression(_BlockClassifier):
    """
    Minimise what scikit-learn's ``LogisticRegression`` does, with an L2 penalty, from rows that need not be in memory.

    Each step goes through all blocks once, always in the same order, so that the weights are the same wherever the rows
    are.

    Parameters
    ----------
    C : float
        Inverse of the strength of the penalty, as there.
    max_iter : int
    tol : float
        Largest slope, of the mean loss, at which it stops.

    Attributes
    ----------
    coef_ : ndarray of float64, shape (1, d) of two classes, else (classes, d)
    intercept_ : ndarray of float64, shape (1,) or (classes,)
    classes_ : ndarray
    n_iter_ : int

    Examples
    --------
    >>> X, y = np.linspace(-1, 1, 40)[:, np.newaxis], np.arange(40) >= 20
    >>> BlockLogisticRegression().fit(X, y).score(X, y)
    1.0
    """

    def __init__(self, C: float = 1.0, max_iter: int = 300, tol: float = 1e-5) -> None:
        self.C, self.max_iter, self.tol = C, max_iter, tol

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities, shape (n, classes)."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            return np.column_stack([expit(-scores), expit(scores)])
        return np.asarray(softmax(scores, axis=1))

    @staticmethod
    def _loss(scores: Floats, codes: NDArray[np.int64]) -> tuple[Floats, Floats]:
        if scores.shape[1] == 1:
            signs = _signs(codes, 1)
            return -log_expit(signs * scores).sum(axis=1), -signs * expit(-signs * scores)
        logarithms, hits = log_softmax(scores, axis=1), np.eye(scores.shape[1])[codes]
        return -(hits * logarithms).sum(axis=1), np.exp(logarithms) - hits


class BlockLinearSVC(_BlockClassifier):
    """
    Minimise what scikit-learn's ``LinearSVC`` does, one class against the rest, from rows that need not be in memory.

    Of two classes the offset is moved to where fewest rows, each predicted out of fold, are wrong, as `OffsetSVC` does;
    the offset itself is not penalised, as it is there.

    Parameters
    ----------
    C : float
        As in ``LinearSVC``.
    folds : int
        On which the offset is chosen; 0 leaves it.
    max_iter : int
    tol : float
        Largest slope, of the mean loss, at which it stops.

    Attributes
    ----------
    coef_, intercept_, classes_, n_iter_
        As in `BlockLogisticRegression`.

    Examples
    --------
    >>> X, y = np.linspace(-1, 1, 40)[:, np.newaxis], np.arange(40) >= 30
    >>> BlockLinearSVC().fit(X, y).score(X, y)
    1.0
    """

    def __init__(self, C: float = 1.0, folds: int = 5, max_iter: int = 300, tol: float = 1e-4) -> None:
        self.C, self.folds, self.max_iter, self.tol = C, folds, max_iter, tol

    @staticmethod
    def _loss(scores: Floats, codes: NDArray[np.int64]) -> tuple[Floats, Floats]:
        signs = _signs(codes, scores.shape[1])
        within = np.maximum(0.0, 1.0 - signs * scores)
        return (within**2).sum(axis=1), -2.0 * signs * within

    def _shift(self, rows: RowBlocks, codes: NDArray[np.int64], flat: Floats) -> float:
        """Rows of each class go to the folds in turn; each fit without a fold begins at the weights of all rows."""
        if len(self.classes_) > 2 or not self.folds or np.bincount(codes).min() < self.folds:
            return 0.0
        fold, scores = np.empty(len(codes), np.int64), np.empty(len(codes))
        for code in (0, 1):
            fold[codes == code] = np.arange(np.sum(codes == code)) % self.folds
        for held_out in range(self.folds):
            without, _ = self._minimum(rows, codes, flat, np.asarray(fold != held_out, np.float64))
            predicted = in_blocks(lambda block, one=without: block @ one[:-1] + one[-1], rows)  # type: ignore[misc]
            scores[fold == held_out] = predicted[fold == held_out]
        return best_threshold(scores[codes == 1], scores[codes == 0])


def _signs(codes: NDArray[np.int64], outputs: int) -> Floats:
    """1 for the class of an output, else -1, shape (n, outputs); of one output that is the second class."""
    own = (codes == 1)[:, np.newaxis] if outputs == 1 else codes[:, np.newaxis] == np.arange(outputs)
    return np.where(own, 1.0, -1.0)


def _seen(rows: RowBlocks) -> NDArray[np.bool_]:
    """Columns in which a row has a value: the weights of all others are 0."""
    seen = np.zeros(rows.shape[1], np.bool_)
    for block in rows:
        seen[block.indices] = True
    return seen


def _with_columns(block: csr_matrix, some: NDArray[np.bool_]) -> csr_matrix:
    """A block whose values are all in some of its columns, with these alone."""
    places = np.cumsum(some, dtype=np.int32) - 1
    return csr_matrix((block.data, places[block.indices], block.indptr), (block.shape[0], int(some.sum())))


def _mean_loss(
    loss: Any, flat: Floats, rows: RowBlocks, codes: NDArray[np.int64], weights: Floats, penalty: float
) -> tuple[float, Floats]:
    """Return the weighted mean of the loss of all rows with the penalty of the coefficients, and its slope."""
    outputs = len(flat) // (rows.shape[1] + 1)
    coefficients, slope = flat[:-outputs].reshape(outputs, -1), np.zeros_like(flat)
    of_coefficients, total, first = slope[:-outputs].reshape(outputs, -1), 0.0, 0
    for block in rows:
        some = slice(first, first := first + block.shape[0])
        scores = np.column_stack([block @ one for one in coefficients]) + flat[-outputs:]
        losses, residuals = loss(scores, codes[some])
        total += float(weights[some] @ losses)
        residuals *= weights[some, np.newaxis]
        columns = block.T
        for output in range(outputs):
            of_coefficients[output] += columns @ residuals[:, output]
        slope[-outputs:] += residuals.sum(axis=0)
    slope /= weights.sum()
    of_coefficients += penalty * coefficients
    return total / weights.sum() + penalty / 2 * float(coefficients.ravel() @ coefficients.ravel()), slope
