"""What an SGD classifier may be asked, and how it is told that it may not."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from tenfold.models.linear.losses import LOSSES

__all__ = ["check_parameters", "checked_weights", "refuse_gaps"]

_CHOICES = {
    "loss": tuple(LOSSES),
    "penalty": ("l2", "l1", "elasticnet", None),
    "learning_rate": ("optimal", "constant", "invscaling", "adaptive"),
}
_LOWEST = {"alpha": 0.0, "l1_ratio": 0.0, "power_t": 0.0}
_COUNTS = ("max_iter", "n_iter_no_change")


def check_parameters(model: Any, *, in_parts: bool = False) -> None:
    """
    Refuse parameters that make no sense; `in_parts` for ``partial_fit``.

    Raises
    ------
    ValueError
        Names the parameter, its value and what it may be.
    """
    for name, known in _CHOICES.items():
        if getattr(model, name) not in known:
            raise ValueError(f"{name} must be one of {known}, not {getattr(model, name)!r}")
    for name, lowest in _LOWEST.items():
        value = getattr(model, name)
        if not isinstance(value, Real) or not lowest <= float(value) < np.inf:
            raise ValueError(f"{name} must be a number of at least {lowest:g}, not {value!r}")
    for name in _COUNTS:
        value = getattr(model, name)
        if not isinstance(value, Integral) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")
    _check_together(model, in_parts)


def _check_together(model: Any, in_parts: bool) -> None:
    if model.l1_ratio > 1:
        raise ValueError(f"l1_ratio must lie between 0 and 1, not {model.l1_ratio!r}")
    if not 0 < model.eta0 < np.inf:
        raise ValueError(f"eta0 must be above 0, not {model.eta0!r}")
    if model.tol is not None and not model.tol >= 0:
        raise ValueError(f"tol must be None or at least 0, not {model.tol!r}")
    if model.learning_rate == "optimal" and model.alpha == 0:
        raise ValueError("alpha must be above 0 with learning_rate='optimal', whose steps follow from it")
    if not 0 < model.validation_fraction < 1:
        raise ValueError(f"validation_fraction must lie between 0 and 1, not {model.validation_fraction!r}")
    if in_parts and model.early_stopping:
        raise ValueError("early_stopping should be False with partial_fit")
    if in_parts and model.class_weight == "balanced":
        raise ValueError("class_weight 'balanced' is not supported for partial_fit: give the weights")


def refuse_gaps(X: Any) -> None:
    """
    Refuse values that are no numbers, by their place; what is no array of floats is left to later checks.

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
        raise ValueError(f"Input X contains {value}: {where}. SGDClassifier does not take it: impute or drop it.")


def checked_weights(sample_weight: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """
    Give the weights of n rows, ones by default.

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
