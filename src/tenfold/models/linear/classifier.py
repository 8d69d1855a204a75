"""Linear classifiers by stochastic gradient descent, all classes in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state, compute_class_weight
from sklearn.utils.extmath import safe_sparse_dot
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from tenfold.models.linear.descent import Stopping, Validation, descend_all, validation_rows
from tenfold.models.linear.epoch import Problem, State
from tenfold.models.linear.losses import LOSSES, probabilities_from
from tenfold.models.linear.parameters import (
    check_parameters,
    checked_weights,
    penalties,
    rates,
    refuse_gaps,
    warn_of_growing_steps,
    warn_of_unfinished_passes,
)
from tenfold.models.linear.rows import rows_of, squared_norms
from tenfold.models.linear.state import fresh_state, set_fitted_attributes, state_from, with_start
from tenfold.models.scores import highest_class
from tenfold.models.threads import allowed_threads

__all__ = ["SGDClassifier"]

Floats = NDArray[np.float64]
_WORTH_THREADS = 1 << 19
"""Values of a matrix from which threads pay."""


def _has_probabilities(model: Any) -> bool:
    if model.loss in {"log_loss", "modified_huber"}:
        return True
    raise AttributeError(f"probability estimates are not available for loss={model.loss!r}")


class SGDClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Linear classifier fitted by stochastic gradient descent, one class against the rest.

    Parameters and attributes are those of ``sklearn.linear_model.SGDClassifier``, and so are the steps, the rates and
    the rule for stopping; but all classes are updated in one pass over the rows, in one order that they share, so
    that weights differ from scikit-learn's within what another seed would change. Without ``shuffle`` they are the
    same, and so is the number of passes, except where scikit-learn 1.9 departs from its definition: its
    ``early_stopping`` scores weights before the L2 penalty has shrunk them, and with "log_loss" counts no row of the
    rest as right; with sparse rows its objective has the L2 penalty of some weights only. Here all count.
    Losses for regression and the rates "pa1" and "pa2" are left to scikit-learn.

    Parameters
    ----------
    loss : "hinge", "squared_hinge", "log_loss", "modified_huber" or "perceptron"
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
        Above 0, print the state of each class after each pass.
    n_jobs : int, optional
        Threads; by default as many as the linear algebra libraries may use. No figure depends on it.
    random_state : int, RandomState or None
    learning_rate : "optimal", "constant", "invscaling" or "adaptive"
    eta0, power_t : float
        A negative `power_t` lengthens the steps of "invscaling"; scikit-learn refuses it from 1.10 on.
    early_stopping : bool
        Stop by the score on held-out rows, a `validation_fraction` of all.
    n_iter_no_change : int
    class_weight : mapping, "balanced" or None
    warm_start : bool
    average : bool or int
        Average the weights, from this step on.

    Attributes
    ----------
    coef_ : ndarray of shape (classes, d), or (1, d) for two
    intercept_ : ndarray of shape (classes,), or (1,)
    classes_ : ndarray
    n_iter_ : int
        Passes, by the class that took most.
    t_ : float
        Steps, plus one.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [4.0], [5.0]], ["low", "low", "high", "high"]
    >>> SGDClassifier(random_state=0).fit(X, y).predict([[0.5], [6.0]]).tolist()
    ['low', 'high']
    """

    def __init__(
        self,
        loss: str = "hinge",
        *,
        penalty: str | None = "l2",
        alpha: float = 0.0001,
        l1_ratio: float | None = 0.15,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        shuffle: bool = True,
        verbose: int = 0,
        n_jobs: int | None = None,
        random_state: Any = None,
        learning_rate: str = "optimal",
        eta0: float = 0.01,
        power_t: float = 0.5,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        class_weight: Mapping[Any, float] | str | None = None,
        warm_start: bool = False,
        average: bool | int = False,
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
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.learning_rate = learning_rate
        self.eta0 = eta0
        self.power_t = power_t
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.warm_start = warm_start
        self.average = average

    def fit(
        self,
        X: Any,
        y: Any,
        coef_init: ArrayLike | None = None,
        intercept_init: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """
        Fit until every class has stopped improving.

        Parameters
        ----------
        X : array or CSR matrix of shape (n, d)
            float32 or float64.
        y : array of n labels
        coef_init, intercept_init : arrays of the shapes of ``coef_`` and ``intercept_``, optional
            Where to start.
        sample_weight : array of shape (n,), optional

        Raises
        ------
        ValueError
            Invalid parameters, values or shapes, one class only, or weights that overflow.
        """
        check_parameters(self)
        X, y = self._validate(X, y, reset=True)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError("The number of classes has to be greater than one; got 1 class")
        k = self._detectors()
        start = state_from(self, X, k) if self.warm_start and hasattr(self, "coef_") else fresh_state(self, X, k)
        state = with_start(start, coef_init, intercept_init)
        self.t_ = 1.0
        self._fit_passes(X, y, sample_weight, self.max_iter, state)
        warn_of_unfinished_passes(self)
        warn_of_growing_steps(self)
        return self

    def partial_fit(
        self, X: Any, y: Any, classes: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """
        Make one pass over some rows.

        Parameters
        ----------
        X : array or CSR matrix of shape (n, d)
        y : array of n labels
        classes : array
            All labels there will be; needed at the first call.
        sample_weight : array of shape (n,), optional
        """
        first = not hasattr(self, "coef_")
        check_parameters(self, partial=True)
        if first and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit.")
        X, y = self._validate(X, y, reset=first)
        if first:
            self.classes_ = np.unique(np.asarray(classes))
            self.t_ = 1.0
        elif classes is not None and not np.array_equal(self.classes_, np.unique(np.asarray(classes))):
            raise ValueError("`classes` is not the same as on last call to partial_fit")
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(f"y holds the label {unknown[0]!r}, which is not in `classes`: name all at the first call")
        start = (fresh_state if first else state_from)(self, X, self._detectors())
        self._fit_passes(X, y, sample_weight, 1, start)
        return self

    def decision_function(self, X: Any) -> Floats:
        """Return the score of each class, shape (m, classes); of two, that of the second, shape (m,)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        scores = np.asarray(safe_sparse_dot(X, self.coef_.T, dense_output=True) + self.intercept_)
        return scores[:, 0] if scores.shape[1] == 1 else scores

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the class of the highest score, shape (m,); of two, the second where its score is above 0."""
        scores = self.decision_function(X)
        codes = highest_class(scores)
        return np.asarray(self.classes_[codes])

    @available_if(_has_probabilities)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities, shape (m, classes): of the logistic loss, or those of Zadrozny and Elkan (2002)."""
        return probabilities_from(self.decision_function(X), self.loss)

    @available_if(_has_probabilities)  # type: ignore[untyped-decorator]
    def predict_log_proba(self, X: Any) -> Floats:
        """Return the logarithms of the probabilities, shape (m, classes)."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X)))

    def sparsify(self) -> Self:
        """Convert the weights to a CSR matrix, which takes less memory where most are 0; predictions stay the same."""
        check_is_fitted(self)
        self.coef_: Any = csr_matrix(self.coef_)
        return self

    def densify(self) -> Self:
        """Convert the weights back to an array."""
        check_is_fitted(self)
        self.coef_ = self.coef_.toarray() if issparse(self.coef_) else self.coef_
        return self

    def _detectors(self) -> int:
        """Return how many classes are fitted against the rest: of two only the second."""
        return 1 if len(self.classes_) == 2 else len(self.classes_)

    def _validate(self, X: Any, y: Any, *, reset: bool) -> tuple[Any, NDArray[Any]]:
        refuse_gaps(X, "SGDClassifier")
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=(np.float64, np.float32), order="C", reset=reset)
        check_classification_targets(y)
        return X, y

    def _problem(self, X: Any, y: NDArray[Any], row_weights: Floats) -> Problem:
        l1, l2 = penalties(self)
        return Problem(
            labels=np.searchsorted(self.classes_, y),
            classes=np.arange(len(self.classes_))[1 if len(self.classes_) == 2 else 0 :],
            row_weights=row_weights,
            class_weights=self._class_weights(y),
            norms=squared_norms(X),
            loss=LOSSES[self.loss],
            l1=l1,
            l2=l2,
            **rates(self, sparse=issparse(X)),
        )

    def _class_weights(self, y: NDArray[Any]) -> Floats:
        weights = compute_class_weight(self.class_weight, classes=self.classes_, y=y)
        if len(self.classes_) == 2:
            return np.asarray(weights, dtype=np.float64)[None]
        return np.stack([np.ones(len(weights)), weights], axis=1)

    def _fit_passes(self, X: Any, y: NDArray[Any], sample_weight: ArrayLike | None, passes: int, state: State) -> None:
        weights = checked_weights(sample_weight, len(y))
        seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))
        train, held_out = validation_rows(y, weights, self)
        problem = self._problem(X, y, weights)
        stopping = Stopping(
            passes=passes,
            tolerance=-np.inf if self.tol is None else float(self.tol),
            patience=int(self.n_iter_no_change),
            adaptive=self.learning_rate == "adaptive",
            shuffle=bool(self.shuffle),
            seed=seed,
            validation=Validation.of(X, problem, held_out) if self.early_stopping else None,
            verbose=bool(self.verbose),
        )
        threads = allowed_threads(self.n_jobs) if X.shape[0] * X.shape[1] >= _WORTH_THREADS else 1
        progress = descend_all(rows_of(X), train, self.t_, problem, state, stopping, threads)
        self.n_iter_ = max(len(one.objectives) for one in progress)
        self.t_ += self.n_iter_ * len(train)
        set_fitted_attributes(self, state, X.dtype)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
