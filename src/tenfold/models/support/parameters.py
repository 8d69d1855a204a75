"""The checks of a support vector machine's parameters and weights."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.class_weight import compute_class_weight

__all__ = ["check_parameters", "checked_class_weights", "checked_weights"]

_ABOVE_ZERO = ("C", "tol", "cache_size")
_CHOICES: dict[str, tuple[Any, ...]] = {
    "decision_function_shape": ("ovr", "ovo"),
    "break_ties": (True, False),
    "shrinking": (True, False),
}


def check_parameters(model: Any) -> None:
    """
    Refuse invalid parameters.

    Raises
    ------
    ValueError
        Names the parameter, its value and what it may be.
    """
    for name in _ABOVE_ZERO:
        value = getattr(model, name)
        if not isinstance(value, Real) or not float(value) > 0:
            raise ValueError(f"The {name!r} parameter must be a number above 0, not {value!r}")
    gamma, max_iter = model.gamma, model.max_iter
    is_name = isinstance(gamma, str) and gamma in {"scale", "auto"}
    if not is_name and not (isinstance(gamma, Real) and 0 <= float(gamma) < np.inf):
        raise ValueError(f"The 'gamma' parameter must be 'scale', 'auto' or a number of at least 0, not {gamma!r}")
    if not isinstance(max_iter, Integral) or max_iter < -1:
        raise ValueError(f"The 'max_iter' parameter must be a whole number of at least -1, not {max_iter!r}")
    for name, choices in _CHOICES.items():
        if getattr(model, name) not in choices:
            raise ValueError(f"The {name!r} parameter must be one of {choices}, not {getattr(model, name)!r}")


def checked_weights(sample_weight: ArrayLike | None, n: int) -> NDArray[np.float64] | None:
    """
    Return the weights of n rows, float64 of shape (n,), or None where there are none.

    Raises
    ------
    ValueError
        Not n finite numbers, or none above 0.

    Examples
    --------
    >>> checked_weights([1, 0, -2], n=3)
    array([ 1.,  0., -2.])
    """
    if sample_weight is None:
        return None
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.shape != (n,):
        raise ValueError(f"sample_weight and X have incompatible shapes: {weights.shape}, expected {(n,)}")
    if not np.isfinite(weights).all():
        raise ValueError("sample_weight must be finite")
    if not (weights > 0).any():
        raise ValueError("Invalid input - all samples have zero or negative weights.")
    return weights


def checked_class_weights(class_weight: Any, classes: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """
    Return the weight of each class, shape (classes,), for a dictionary, "balanced" or None.

    Raises
    ------
    ValueError
        None of these, or a weight that is not above 0.

    Examples
    --------
    >>> checked_class_weights({"b": 3.0}, np.array(["a", "b"]), np.array(["a", "b", "a"]))
    array([1., 3.])
    """
    weights = np.asarray(compute_class_weight(class_weight, classes=classes, y=y), np.float64)
    for name, weight in zip(classes.tolist(), weights.tolist(), strict=True):
        if not 0 < weight < np.inf:
            raise ValueError(
                f"class_weight must be above 0, not {weight} for class {name!r}: leave its rows out instead"
            )
    return weights
