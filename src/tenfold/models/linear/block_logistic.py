"""Logistic regression on sparse rows that are read block by block, as often as the solver goes through them."""

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

from tenfold.models.row_blocks import RowBlocks, in_blocks, row_blocks

__all__ = ["BlockLogisticRegression"]

Floats = NDArray[np.float64]


class BlockLogisticRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Minimise what scikit-learn's ``LogisticRegression`` does, with an L2 penalty, from rows that need not be in memory.

    Each step of the quasi-Newton method (L-BFGS) goes through all blocks once, always in the same order, so that the
    weights are the same wherever the rows are.

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

    def fit(self, X: Any, y: Any) -> Self:
        """Fit on sparse rows, shape (n, d), in memory or as `RowBlocks`, and labels y, shape (n,)."""
        rows = row_blocks(X)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("The number of classes has to be greater than one; got 1 class")
        outputs = 1 if len(self.classes_) == 2 else len(self.classes_)
        seen = _seen(rows)
        some = rows.map(lambda block: _with_columns(block, seen), int(seen.sum())).kept()
        loss = _Loss(some, codes, outputs, 1.0 / (self.C * len(rows)))
        options = {"maxiter": self.max_iter, "gtol": self.tol, "ftol": 64 * np.finfo(float).eps, "maxcor": 5}
        start = np.zeros(outputs * (some.shape[1] + 1))
        result = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        if result.nit >= self.max_iter:
            warnings.warn(f"no optimum in {self.max_iter} steps", ConvergenceWarning, stacklevel=2)
        self.coef_ = np.zeros((outputs, rows.shape[1]))
        self.coef_[:, seen] = result.x[:-outputs].reshape(outputs, -1)
        self.intercept_ = result.x[-outputs:].copy()
        self.n_features_in_, self.n_iter_ = rows.shape[1], int(result.nit)
        return self

    def decision_function(self, X: Any) -> Floats:
        """Return scores, shape (n,) of two classes, else (n, classes)."""
        check_is_fitted(self)
        scores = in_blocks(lambda block: np.asarray(block @ self.coef_.T) + self.intercept_, X)
        return scores[:, 0] if len(self.coef_) == 1 else scores

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities, shape (n, classes)."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            return np.column_stack([expit(-scores), expit(scores)])
        return np.asarray(softmax(scores, axis=1))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return classes, shape (n,)."""
        scores = self.decision_function(X)
        places = (scores > 0).astype(np.int64) if scores.ndim == 1 else scores.argmax(axis=1)
        return np.asarray(self.classes_[places])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


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


class _Loss:
    """The mean cross entropy and the penalty of the weights, with their slope."""

    def __init__(self, rows: RowBlocks, codes: NDArray[np.int64], outputs: int, penalty: float) -> None:
        self.rows, self.codes, self.outputs, self.penalty = rows, codes, outputs, penalty

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        weights = flat[: -self.outputs].reshape(self.outputs, -1)
        slope, loss, first = np.zeros_like(flat), 0.0, 0
        of_weights = slope[: -self.outputs].reshape(self.outputs, -1)
        for block in self.rows:
            codes = self.codes[first : first + block.shape[0]]
            first += block.shape[0]
            scores = np.column_stack([block @ one for one in weights]) + flat[-self.outputs :]
            of_block, residuals = self._residuals(scores, codes)
            loss += of_block
            columns = block.T
            for output in range(self.outputs):
                of_weights[output] += columns @ residuals[:, output]
            slope[-self.outputs :] += residuals.sum(axis=0)
        slope /= len(self.rows)
        of_weights += self.penalty * weights
        return loss / len(self.rows) + self.penalty / 2 * float(weights.ravel() @ weights.ravel()), slope

    def _residuals(self, scores: Floats, codes: NDArray[np.int64]) -> tuple[float, Floats]:
        """The loss of a block, and its slope by the scores."""
        if self.outputs == 1:
            signs = np.where(codes == 1, 1.0, -1.0)[:, np.newaxis]
            return -float(log_expit(signs * scores).sum()), -signs * expit(-signs * scores)
        logarithms = log_softmax(scores, axis=1)
        hits = np.eye(self.outputs)[codes]
        return -float((hits * logarithms).sum()), np.exp(logarithms) - hits
