"""Linear regression by gradient descent: of single rows, of mini-batches or of all rows, all targets in one pass."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import r2_score
from sklearn.model_selection import ShuffleSplit
from sklearn.utils import check_random_state
from sklearn.utils.extmath import safe_sparse_dot
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.linear.descent import OverflowingError, Progress, Stopping, descend_all, validation_rows
from tenfold.models.linear.epoch import Problem, State
from tenfold.models.linear.losses import TARGET_LOSSES, losses_and_slopes
from tenfold.models.linear.parameters import (
    check_parameters,
    checked_weights,
    penalties,
    rates,
    refuse_gaps,
    warn_of_growing_steps,
    warn_of_unfinished_passes,
)
from tenfold.models.linear.rows import squared_norms
from tenfold.models.linear.state import fresh_state, set_fitted_attributes, state_from, with_start
from tenfold.models.threads import allowed_threads

__all__ = ["SGDRegressor"]

Floats = NDArray[np.float64]
_WORTH_THREADS = 1 << 19
"""Values of a matrix from which threads pay."""
_GROWTH = 2.0
"""Times the loss before the first epoch that tell that steps are too long."""


@dataclass(frozen=True, eq=False)
class _HeldOut:
    """Held-out rows and their targets, shape (m, targets)."""

    X: Any
    targets: Floats
    weights: Floats
    problem: Problem

    def score(self, k: int, w: NDArray[Any], intercept: float) -> float:
        """Return R²."""
        predicted = np.asarray(self.X @ w).ravel() + intercept
        return float(r2_score(self.targets[:, k], predicted, sample_weight=self.weights))

    def loss(self, k: int, w: NDArray[Any], intercept: float) -> float:
        """Return the mean loss."""
        return float(_mean_losses(self.problem, self.X, self.targets[:, [k]], w[None], np.array([intercept]))[0])


class SGDRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """
    Linear regression by gradient descent, by default of one row a step.

    Parameters and attributes are those of ``sklearn.linear_model.SGDRegressor``, and so are steps, rates and the rule
    for stopping; the order of the rows is another, but without ``shuffle``, where weights are the same. Beyond that:
    several targets are fitted in one pass over the rows, each step may be of a batch of rows, losses are kept epoch by
    epoch, and a learning rate that diverges is named. The rates "pa1" and "pa2" are left to scikit-learn.

    Parameters
    ----------
    loss : "squared_error", "huber", "epsilon_insensitive" or "squared_epsilon_insensitive"
        "squared_error" is half the square of the residual, so that its slope is the residual.
    penalty : "l2", "l1", "elasticnet" or None
    alpha : float
        Strength of the penalty.
    l1_ratio : float or None
        The part of it that is L1 for "elasticnet", which needs it.
    fit_intercept : bool
    max_iter : int
        Passes at most.
    tol : float or None
        Smallest improvement that counts; None never stops early.
    shuffle : bool
    verbose : int
        Above 0, print the state of each target after each pass.
    epsilon : float
        Residual up to which "huber" is a square, and the two others nothing.
    random_state : int, RandomState or None
    learning_rate : "invscaling", "constant", "optimal" or "adaptive"
    eta0, power_t : float
        The rate of step t is eta0 / t ** power_t for "invscaling".
    early_stopping : bool
        Stop by the score (R²) on held-out rows, a `validation_fraction` of all.
    n_iter_no_change : int
    warm_start : bool
    average : bool or int
        Average the weights, from this step on; of single rows only.
    batch_size : int or "all"
        Rows of a step, which goes against the mean of their gradients.
    restore_best : bool
        With `early_stopping`: keep the weights of the epoch with the best score rather than those of the last one.
    n_jobs : int, optional
        Threads, among which targets are divided; by default as many as the linear algebra libraries may use.

    Attributes
    ----------
    coef_ : ndarray of shape (d,), or (targets, d) for a y of two dimensions
    intercept_ : ndarray of shape (1,) or (targets,)
    n_iter_ : int
        Passes, by the target that took most.
    t_ : float
        Rows visited, plus one.
    loss_curve_ : ndarray of float64, shape (epochs,), or (epochs, targets)
        Mean over the steps of an epoch of what is minimised, the penalty with it; NaN once a target has stopped.
    validation_curve_ : ndarray of the same shape, or None
        Mean loss of the held-out rows after each epoch, with `early_stopping`.
    best_epoch_ : int, or ndarray of int64, shape (targets,)
        The epoch with the best score of held-out rows, or with the lowest loss, from 1.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]
    >>> line = SGDRegressor(penalty=None, batch_size="all", learning_rate="constant", eta0=0.3, tol=1e-9).fit(X, y)
    >>> line.predict([[4.0]]).round(3).tolist(), bool(line.loss_curve_[-1] < line.loss_curve_[0])
    ([9.0], True)
    """

    def __init__(
        self,
        loss: str = "squared_error",
        *,
        penalty: str | None = "l2",
        alpha: float = 0.0001,
        l1_ratio: float | None = 0.15,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        shuffle: bool = True,
        verbose: int = 0,
        epsilon: float = 0.1,
        random_state: Any = None,
        learning_rate: str = "invscaling",
        eta0: float = 0.01,
        power_t: float = 0.25,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        warm_start: bool = False,
        average: bool | int = False,
        batch_size: int | str = 1,
        restore_best: bool = False,
        n_jobs: int | None = None,
    ) -> None:
        self.loss = loss
        self.penalty = penalty
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.verbose = verbose
        self.epsilon = epsilon
        self.random_state = random_state
        self.learning_rate = learning_rate
        self.eta0 = eta0
        self.power_t = power_t
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.warm_start = warm_start
        self.average = average
        self.batch_size = batch_size
        self.restore_best = restore_best
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Any,
        y: Any,
        coef_init: ArrayLike | None = None,
        intercept_init: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """
        Fit until every target has stopped improving.

        Parameters
        ----------
        X : array or CSR matrix of shape (n, d)
            float32 or float64.
        y : array of shape (n,) or (n, targets)
        coef_init, intercept_init : arrays of the shapes of ``coef_`` and ``intercept_``, optional
            Where to start.
        sample_weight : array of shape (n,), optional

        Raises
        ------
        ValueError
            Invalid parameters, values or shapes; or the learning rate diverges beyond what numbers hold.

        Warns
        -----
        ConvergenceWarning
            The learning rate diverges, or `max_iter` passes were too few.
        """
        self._check()
        X, targets = self._validate(X, y, reset=True)
        warm = self.warm_start and hasattr(self, "coef_")
        start = (state_from if warm else fresh_state)(self, X, targets.shape[1])
        self.t_ = 1.0
        self._fit_passes(X, targets, sample_weight, self.max_iter, with_start(start, coef_init, intercept_init))
        warn_of_unfinished_passes(self)
        warn_of_growing_steps(self)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """
        Make one pass over some rows.

        Parameters
        ----------
        X : array or CSR matrix of shape (n, d)
        y : array of shape (n,) or (n, targets)
        sample_weight : array of shape (n,), optional
        """
        first = not hasattr(self, "coef_")
        self._check(partial=True)
        X, targets = self._validate(X, y, reset=first)
        if first:
            self.t_ = 1.0
        elif targets.shape[1] != len(np.atleast_2d(self.coef_)):
            raise ValueError(f"y has {targets.shape[1]} targets, not the {len(np.atleast_2d(self.coef_))} of before")
        start = (fresh_state if first else state_from)(self, X, targets.shape[1])
        self._fit_passes(X, targets, sample_weight, 1, start)
        return self

    def predict(self, X: Any) -> Floats:
        """Return the targets of rows, float64 of shape (m,) or (m, targets)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        products = safe_sparse_dot(X, np.atleast_2d(self.coef_).T, dense_output=True)
        predicted = np.asarray(products + self.intercept_)
        return predicted[:, 0] if self.coef_.ndim == 1 else predicted

    def _check(self, *, partial: bool = False) -> None:
        check_parameters(self, partial=partial, losses=TARGET_LOSSES)
        epsilon: Any = self.epsilon
        batch: Any = self.batch_size
        whole = isinstance(batch, Integral) and int(batch) >= 1
        if not (isinstance(epsilon, Real) and 0 <= float(epsilon) < np.inf):
            raise ValueError(f"epsilon must be a number of at least 0, not {epsilon!r}")
        if not (whole or (isinstance(batch, str) and batch == "all")):
            raise ValueError(f'batch_size must be a whole number of at least 1 or "all", not {batch!r}')
        if self.average and batch != 1:
            raise ValueError("average needs batch_size=1: weights are averaged over steps of single rows")
        if self.restore_best and (self.average or not self.early_stopping):
            raise ValueError("restore_best needs early_stopping=True, and average=False")

    def _validate(self, X: Any, y: Any, *, reset: bool) -> tuple[Any, Floats]:
        refuse_gaps(X, "SGDRegressor")
        options = {"accept_sparse": "csr", "dtype": (np.float64, np.float32), "order": "C"}
        X, y = validate_data(self, X, y, multi_output=True, y_numeric=True, reset=reset, **options)
        self._single = y.ndim == 1
        return X, np.ascontiguousarray(np.asarray(y, np.float64).reshape(len(y), -1))

    def _problem(self, X: Any, targets: Floats, row_weights: Floats) -> Problem:
        l1, l2 = penalties(self)
        return Problem(
            labels=targets,
            classes=np.arange(targets.shape[1]),
            row_weights=row_weights,
            class_weights=np.ones((targets.shape[1], 1)),
            norms=squared_norms(X),
            loss=TARGET_LOSSES[self.loss],
            l1=l1,
            l2=l2,
            epsilon=float(self.epsilon),
            **rates(self, sparse=issparse(X)),
        )

    def _fit_passes(self, X: Any, targets: Floats, sample_weight: ArrayLike | None, passes: int, state: State) -> None:
        weights = checked_weights(sample_weight, len(targets))
        seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))
        train, held_out = validation_rows(targets, weights, self, ShuffleSplit)
        problem = self._problem(X, targets, weights)
        batch = len(train) if self.batch_size == "all" else int(self.batch_size)
        stopping = Stopping(
            passes=passes,
            tolerance=-np.inf if self.tol is None else float(self.tol),
            patience=int(self.n_iter_no_change),
            adaptive=self.learning_rate == "adaptive",
            shuffle=bool(self.shuffle),
            seed=seed,
            validation=_HeldOut(X[held_out], targets[held_out], weights[held_out], problem)
            if self.early_stopping
            else None,
            verbose=bool(self.verbose),
            batch=batch,
            best=bool(self.restore_best),
        )
        whole = not len(held_out)
        before = _mean_losses(
            problem, X if whole else X[train], targets if whole else targets[train], state.W, state.intercept
        )
        large = batch == 1 and X.shape[0] * X.shape[1] >= _WORTH_THREADS
        threads = allowed_threads(self.n_jobs) if large else 1
        rows = (X.data, X.indices, X.indptr) if issparse(X) else (X,)
        try:
            progress = descend_all(rows, train, self.t_, problem, state, stopping, threads)
        except OverflowingError as fault:
            raise ValueError(f"{self._divergence()} the weights overflow at epoch {fault.passes}; {_ADVICE}") from fault
        self._set_curves(progress)
        for place, one in enumerate(progress):
            if one.weights is not None:
                state.W[place], state.intercept[place] = one.weights
        self.t_ += self.n_iter_ * len(train)
        set_fitted_attributes(self, state, X.dtype)
        coef: NDArray[Any] = self.coef_
        self.coef_: NDArray[Any] = coef[0] if self._single else coef
        self._warn_of_growth(progress, before)

    def _set_curves(self, progress: list[Progress]) -> None:
        self.n_iter_ = max(len(one.objectives) for one in progress)
        curve = _side_by_side([one.objectives for one in progress], self.n_iter_)
        best = np.array([one.best_pass for one in progress], np.int64)
        self.loss_curve_ = curve[:, 0] if self._single else curve
        self.best_epoch_ = int(best[0]) if self._single else best
        self.validation_curve_: Floats | None = None
        if self.early_stopping:
            held_out = _side_by_side([one.losses for one in progress], self.n_iter_)
            self.validation_curve_ = held_out[:, 0] if self._single else held_out

    def _warn_of_growth(self, progress: list[Progress], before: Floats) -> None:
        for one, loss in zip(progress, before.tolist(), strict=True):
            # steps of single rows leave some noise, about what is best too
            if not one.objectives[-1] <= max(_GROWTH * loss, np.finfo(np.float64).tiny):
                words = f"the loss is {one.objectives[-1]:.3g} after {len(one.objectives)} epochs, and was {loss:.3g}"
                warnings.warn(
                    f"{self._divergence()} {words} before the first; {_ADVICE}", ConvergenceWarning, stacklevel=4
                )
                return

    def _divergence(self) -> str:
        by_alpha = self.learning_rate == "optimal"
        return (
            f"the learning rate 'optimal' of alpha={self.alpha:g} diverges:"
            if by_alpha
            else f"the learning rate {self.eta0:g} diverges:"
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.target_tags.multi_output = True
        return tags


_ADVICE = "scale the columns, as StandardScaler does, or take shorter steps"


def _mean_losses(problem: Problem, X: Any, targets: Floats, W: NDArray[Any], intercept: Floats) -> Floats:
    """Return the mean loss of each target, without the penalty."""
    scores = np.ascontiguousarray(np.asarray(X @ W.T, np.float64) + intercept)
    losses, _ = losses_and_slopes(problem.loss, np.ascontiguousarray(targets), scores, problem.epsilon)
    return np.asarray(losses.mean(axis=0))


def _side_by_side(curves: list[list[float]], length: int) -> Floats:
    whole = np.full((length, len(curves)), np.nan)
    for place, curve in enumerate(curves):
        whole[: len(curve), place] = curve
    return whole
