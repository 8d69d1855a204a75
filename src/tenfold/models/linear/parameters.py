"""The parameters of models by SGD, checked and as the descent takes them, and checks of values and weights."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from sklearn.exceptions import ConvergenceWarning

from tenfold.models.linear.losses import LOSSES

__all__ = [
    "check_parameters",
    "checked_weights",
    "penalties",
    "rates",
    "refuse_gaps",
    "warn_of_growing_steps",
    "warn_of_unfinished_passes",
]

_CHOICES = {
    "penalty": ("l2", "l1", "elasticnet", None),
    "learning_rate": ("optimal", "constant", "invscaling", "adaptive"),
}
_COUNTS = {"max_iter": 1, "n_iter_no_change": 1, "verbose": 0, "average": 0}
_RATES = {"constant": 0, "adaptive": 0, "optimal": 1, "invscaling": 2}
_SPARSE_INTERCEPT_STEP = 0.01
"""As scikit-learn: the intercept meets every row, a weight of sparse data only a few."""
_SWITCHES = ("fit_intercept", "shuffle", "early_stopping", "warm_start")


def check_parameters(model: Any, *, partial: bool = False, losses: Mapping[str, int] = LOSSES) -> None:
    """
    Refuse invalid parameters; `partial` for ``partial_fit``, `losses` those that the model has.

    Raises
    ------
    ValueError
        Names the parameter, its value and what it may be.
    """
    for name, choices in {"loss": tuple(losses), **_CHOICES}.items():
        value = getattr(model, name)
        if not (value is None or isinstance(value, str)) or value not in choices:
            raise ValueError(f"{name} must be one of {choices}, not {value!r}")
    for name, fewest in _COUNTS.items():
        value = getattr(model, name)
        if not isinstance(value, Integral | np.bool_) or value < fewest:
            raise ValueError(f"{name} must be a whole number of at least {fewest}, not {value!r}")
    for name in _SWITCHES:
        if getattr(model, name) not in (True, False):
            raise ValueError(f"{name} must be True or False, not {getattr(model, name)!r}")
    if model.n_jobs is not None and not isinstance(model.n_jobs, Integral):
        raise ValueError(f"n_jobs must be a whole number or None, not {model.n_jobs!r}")
    _check_ranges(model)
    _check_together(model, partial)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and bool(np.isfinite(float(value)))


def _check_ranges(model: Any) -> None:
    if not (_is_number(model.alpha) and model.alpha >= 0):
        raise ValueError(f"alpha must be a number of at least 0, not {model.alpha!r}")
    if not _is_number(model.power_t):
        raise ValueError(f"power_t must be a number, not {model.power_t!r}")
    if model.l1_ratio is not None and not (_is_number(model.l1_ratio) and 0 <= model.l1_ratio <= 1):
        raise ValueError(f"l1_ratio must lie between 0 and 1, or be None, not {model.l1_ratio!r}")
    if not (_is_number(model.eta0) and model.eta0 > 0):
        raise ValueError(f"eta0 must be a number above 0, not {model.eta0!r}")
    if model.tol is not None and not (_is_number(model.tol) and model.tol >= 0):
        raise ValueError(f"tol must be None or a number of at least 0, not {model.tol!r}")
    if not (_is_number(model.validation_fraction) and 0 < model.validation_fraction < 1):
        raise ValueError(f"validation_fraction must lie between 0 and 1, not {model.validation_fraction!r}")
    weights = getattr(model, "class_weight", None)
    if not (weights is None or isinstance(weights, Mapping) or (isinstance(weights, str) and weights == "balanced")):
        raise ValueError(f'class_weight must be a dict, "balanced" or None, not {weights!r}')


def _check_together(model: Any, partial: bool) -> None:
    if model.penalty == "elasticnet" and model.l1_ratio is None:
        raise ValueError("l1_ratio must be set when penalty is 'elasticnet'")
    if model.learning_rate == "optimal" and model.alpha == 0:
        raise ValueError("alpha must be above 0 with learning_rate='optimal', whose steps follow from it")
    if partial and model.early_stopping:
        raise ValueError("early_stopping should be False with partial_fit")
    if partial and getattr(model, "class_weight", None) == "balanced":
        raise ValueError("class_weight 'balanced' is not supported for partial_fit: give the weights")


def penalties(model: Any) -> tuple[float, float]:
    """Return the strengths of the L1 and the L2 penalty."""
    l1 = float(model.alpha) * {"l1": 1.0, "elasticnet": model.l1_ratio or 0.0}.get(str(model.penalty), 0.0)
    return l1, 0.0 if model.penalty is None else float(model.alpha) - l1


def rates(model: Any, *, sparse: bool) -> dict[str, Any]:
    """Return how long steps are, as parameters of a `Problem`."""
    return {
        "rate": _RATES[model.learning_rate],
        "eta0": float(model.eta0),
        "power_t": float(model.power_t),
        # The first step is as long as weights typically are: Bottou, Stochastic gradient tricks, 2012.
        "optimal_start": 1.0 / (model.alpha * model.alpha**-0.25) if model.alpha else 0.0,
        "alpha": float(model.alpha),
        "intercept_step": (_SPARSE_INTERCEPT_STEP if sparse else 1.0) * bool(model.fit_intercept),
        "average": int(model.average),
        "own_rates": model.learning_rate == "adaptive",
    }


def warn_of_growing_steps(model: Any) -> None:
    """Warn of a negative `power_t`, to the caller of the caller."""
    if model.power_t < 0:
        warnings.warn(
            "Negative values for `power_t` are deprecated: they make steps longer and longer, and scikit-learn "
            "refuses them from 1.10 on.",
            FutureWarning,
            stacklevel=3,
        )


def warn_of_unfinished_passes(model: Any) -> None:
    """Warn of a fit that ended with its last pass allowed, to the caller of the caller."""
    if model.tol is not None and model.n_iter_ == model.max_iter:
        warnings.warn(
            "Maximum number of iteration reached before convergence. Consider increasing max_iter to improve the fit.",
            ConvergenceWarning,
            stacklevel=3,
        )


def refuse_gaps(X: Any, name: str) -> None:
    """
    Refuse NaN and infinite values of an array of floats or CSR matrix; other checks are scikit-learn's.

    Raises
    ------
    ValueError
        Names the first by row and column, counted from 0.
    """
    whole = X.tocoo() if issparse(X) else X
    values = whole.data if issparse(X) else whole
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or np.isfinite(values.sum()):
        return
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        place = (whole.row[bad[0, 0]], whole.col[bad[0, 0]]) if issparse(X) else bad[0]
        value = "NaN" if np.isnan(values[tuple(bad[0])]) else "infinity"
        where = ", ".join(f"{word} {at}" for word, at in zip(("row", "column"), place, strict=False))
        raise ValueError(f"Input X contains {value}: {where}. {name} does not take it: impute or drop it.")


def checked_weights(sample_weight: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """
    Return the weights of n rows, float64 of shape (n,), ones by default.

    Raises
    ------
    ValueError
        Not n finite numbers of at least 0, or all 0.
    """
    if sample_weight is None:
        return np.ones(n)
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.ndim == 0:
        return np.full(n, float(weights))
    if weights.shape != (n,):
        raise ValueError(f"sample_weight.shape == {weights.shape}, expected {(n,)}!")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("sample_weight must be finite and at least 0")
    if not weights.any():
        raise ValueError("sample_weight is zero for all rows")
    return weights
