"""Softmax regression by batch gradient descent with early stopping."""

from __future__ import annotations

import warnings
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.linear.parameters import checked_weights
from tenfold.models.scores import highest_class

__all__ = ["SoftmaxRegression"]

Floats = NDArray[np.float64]
_SMALLEST = 1e-300
"""Probability whose logarithm is taken instead of that of 0."""


class SoftmaxRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Logistic regression for any number of classes, by gradient descent of all rows a step.

    It minimises the mean cross entropy plus ``alpha / 2`` times the squared weights; intercepts are not penalised.

    Parameters
    ----------
    alpha : float
        Strength of the L2 penalty.
    learning_rate : float or "auto"
        Length of a step. "auto" is one over a bound of the curvature (Böhning, Multinomial logistic regression
        algorithm, 1992), with which the loss falls at every step.
    max_iter : int
        Steps at most.
    tol : float
        Largest slope at which it stops.
    early_stopping : bool
        Stop by the cross entropy of held-out rows, a `validation_fraction` of all, drawn with the shares of the
        classes where rows are enough for that; the weights are those of the best step.
    n_iter_no_change : int
        Steps without improvement of the held-out rows after which it stops.
    validation_fraction : float
    random_state : int, RandomState or None
        For the draw of the held-out rows.

    Attributes
    ----------
    coef_ : ndarray of shape (classes, d), or (1, d) for two
    intercept_ : ndarray of shape (classes,), or (1,)
    classes_ : ndarray
    n_iter_ : int
    loss_curve_ : ndarray of float64, shape (n_iter_,)
        What is minimised, before each step.
    validation_curve_ : ndarray of float64, shape (n_iter_,), or None
        Mean cross entropy of the held-out rows, before each step.
    best_epoch_ : int
        The step, from 1, whose weights before it are kept: the last without `early_stopping`.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [4.0], [5.0], [8.0], [9.0]], ["low", "low", "mid", "mid", "top", "top"]
    >>> model = SoftmaxRegression(alpha=0.1, tol=1e-4).fit(X, y)
    >>> model.predict([[0.5], [4.4], [8.8]]).tolist(), bool((np.diff(model.loss_curve_) < 0).all())
    (['low', 'mid', 'top'], True)
    """

    def __init__(
        self,
        alpha: float = 1e-4,
        *,
        learning_rate: float | str = "auto",
        max_iter: int = 5000,
        tol: float = 1e-5,
        early_stopping: bool = False,
        n_iter_no_change: int = 5,
        validation_fraction: float = 0.1,
        random_state: Any = None,
    ) -> None:
        self.alpha = alpha
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.tol = tol
        self.early_stopping = early_stopping
        self.n_iter_no_change = n_iter_no_change
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """
        Fit until the slope is flat, or until held-out rows get no better.

        Parameters
        ----------
        X : array of shape (n, d)
        y : array of n labels
        sample_weight : array of shape (n,), optional
            Rows of weight 0 are left out.

        Raises
        ------
        ValueError
            Invalid parameters, values or shapes, or one class only.

        Warns
        -----
        ConvergenceWarning
            The learning rate diverges, or `max_iter` steps were too few.
        """
        self._check()
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        weights = checked_weights(sample_weight, len(y))
        X, y, weights = X[weights > 0], y[weights > 0], weights[weights > 0]
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("The number of classes has to be greater than one; got 1 class")
        rows = np.column_stack([np.ones(len(X)), X])
        one_hot = np.eye(len(self.classes_))[codes]
        train, held_out = self._split(codes)
        rest = None
        if len(held_out):
            rest = rows[held_out], one_hot[held_out], weights[held_out, None] / weights[held_out].sum()
        self._descend(rows[train], one_hot[train], weights[train], rest)
        return self

    def decision_function(self, X: Any) -> Floats:
        """Return the score of each class, shape (m, classes); of two, that of the second, shape (m,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        scores = np.asarray(X @ self.coef_.T + self.intercept_)
        return scores[:, 0] if len(self.classes_) == 2 else scores

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability of each class, shape (m, classes)."""
        scores = self.decision_function(X)
        return _softmax(np.column_stack([np.zeros(len(scores)), scores]) if scores.ndim == 1 else scores)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the class of the highest score, shape (m,); of two, the second where its score is above 0."""
        scores = self.decision_function(X)
        return np.asarray(self.classes_[highest_class(scores)])

    def _descend(self, X: Floats, Y: Floats, weights: Floats, held_out: tuple[Floats, Floats, Floats] | None) -> None:
        """Take steps against the gradient; rows begin with a 1, whose weights are the intercepts."""
        shares = (weights / weights.sum())[:, None]
        rate = self._rate(X, shares)
        penalty = np.full((X.shape[1], 1), float(self.alpha))
        penalty[0] = 0
        W = best = np.zeros((X.shape[1], Y.shape[1]))
        losses, held_out_losses, best_step = list[float](), list[float](), 0
        for step in range(self.max_iter):
            P = _softmax(X @ W)
            losses.append(_cross_entropy(P, Y, shares) + float((penalty * W**2).sum()) / 2)
            if held_out is not None:
                held_out_losses.append(_held_out_loss(W, *held_out))
                if held_out_losses[-1] <= held_out_losses[best_step]:
                    best, best_step = W, step
                elif step - best_step >= self.n_iter_no_change:
                    break
            # the mean over the rows of x (p - y), and the slope of the penalty
            gradient = X.T @ (shares * (P - Y)) + penalty * W
            if not np.abs(gradient).max() > self.tol:
                break
            W = W - rate * gradient
        self._warn(rate, losses, flat=bool(np.abs(gradient).max() <= self.tol) or len(losses) < self.max_iter)
        self._set(best if held_out is not None else W, losses, held_out_losses, best_step)

    def _rate(self, X: Floats, shares: Floats) -> float:
        """Return the length of steps; no curvature of the loss is above half the largest eigenvalue of the squares."""
        if self.learning_rate != "auto":
            return float(self.learning_rate)
        scaled = np.sqrt(shares) * X
        squares = scaled.T @ scaled if scaled.shape[0] >= scaled.shape[1] else scaled @ scaled.T
        return 1.0 / (float(np.linalg.eigvalsh(squares)[-1]) / 2 + float(self.alpha))

    def _split(self, codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if not self.early_stopping:
            return np.arange(len(codes)), np.empty(0, np.int64)
        counts, held_out_rows = np.bincount(codes), int(np.ceil(len(codes) * self.validation_fraction))
        enough = counts.min() > 1 and min(held_out_rows, len(codes) - held_out_rows) >= len(counts)
        draw = StratifiedShuffleSplit if enough else ShuffleSplit
        splitter = draw(1, test_size=self.validation_fraction, random_state=self.random_state)
        train, held_out = next(splitter.split(codes[:, None], codes))
        return np.sort(train), np.sort(held_out)

    def _warn(self, rate: float, losses: list[float], *, flat: bool) -> None:
        if not losses[-1] <= losses[0]:
            warnings.warn(
                f"the learning rate {rate:g} diverges: the loss is {losses[-1]:.3g} after {len(losses)} steps, and was "
                f"{losses[0]:.3g} before the first; scale the columns, as StandardScaler does, or take shorter steps",
                ConvergenceWarning,
                stacklevel=4,
            )
        elif not flat:
            warnings.warn(
                f"{self.max_iter} steps were too few for slopes of at most {self.tol:g}: scale the columns, or "
                "take more",
                ConvergenceWarning,
                stacklevel=4,
            )

    def _set(self, W: Floats, losses: list[float], held_out_losses: list[float], best_step: int) -> None:
        # Of two classes the difference decides.
        weights = (W[:, 1:] - W[:, :1] if W.shape[1] == 2 else W).T
        self.coef_, self.intercept_ = np.ascontiguousarray(weights[:, 1:]), np.ascontiguousarray(weights[:, 0])
        self.loss_curve_ = np.array(losses)
        self.validation_curve_ = np.array(held_out_losses) if self.early_stopping else None
        self.n_iter_ = len(losses)
        self.best_epoch_ = best_step + 1 if self.early_stopping else len(losses)

    def _check(self) -> None:
        for name, least in (("alpha", 0.0), ("tol", 0.0)):
            _refuse_number(name, getattr(self, name), least)
        if self.learning_rate != "auto":
            _refuse_number("learning_rate", self.learning_rate, np.finfo(np.float64).tiny)
        for name in ("max_iter", "n_iter_no_change"):
            value = getattr(self, name)
            if not isinstance(value, Integral) or int(value) < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")


def _refuse_number(name: str, value: Any, least: float) -> None:
    if not isinstance(value, Real) or not least <= float(value) < np.inf:
        raise ValueError(f"{name} must be a number of at least {least:g}, not {value!r}")


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _cross_entropy(P: Floats, Y: Floats, shares: Floats) -> float:
    return -float((shares * Y * np.log(np.maximum(P, _SMALLEST))).sum())


def _held_out_loss(W: Floats, X: Floats, Y: Floats, shares: Floats) -> float:
    return _cross_entropy(_softmax(X @ W), Y, shares)
