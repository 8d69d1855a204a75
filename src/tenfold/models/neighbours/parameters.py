"""The checks of the parameters of models by neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from tenfold.models.neighbours.votes import Weights

__all__ = [
    "check_parameters",
    "checked_count",
    "is_euclidean",
    "refuse_too_many",
    "refuse_unknown_weights",
]

_ALGORITHMS = ("auto", "brute", "kd_tree", "ball_tree")


def check_parameters(model: Any) -> None:
    """
    Refuse invalid parameters; the metric is left to scikit-learn.

    Raises
    ------
    ValueError
        Names the parameter, its value and what it may be.
    """
    checked_count(model.n_neighbors)
    refuse_unknown_weights(model.weights)
    if model.algorithm not in _ALGORITHMS:
        raise ValueError(f"algorithm must be one of {', '.join(_ALGORITHMS)}, not {model.algorithm!r}")
    if not isinstance(model.leaf_size, Integral) or model.leaf_size < 1:
        raise ValueError(f"leaf_size must be a whole number of at least 1, not {model.leaf_size!r}")
    if model.p is not None and not (isinstance(model.p, Real) and float(model.p) > 0):
        raise ValueError(f"p must be a number above 0 or None, not {model.p!r}")
    if model.metric_params is not None and not isinstance(model.metric_params, Mapping):
        raise ValueError(f"metric_params must be a dict or None, not {model.metric_params!r}")
    if model.n_jobs is not None and not isinstance(model.n_jobs, Integral):
        raise ValueError(f"n_jobs must be a whole number or None, not {model.n_jobs!r}")


def is_euclidean(metric: Any, p: Any, metric_params: Mapping[str, Any] | None) -> bool:
    """
    Return whether a metric is the Euclidean one, which our own kernels compute.

    Examples
    --------
    >>> is_euclidean("minkowski", 2, None), is_euclidean("l2", 3, {}), is_euclidean("minkowski", 1, None)
    (True, True, False)
    """
    if metric_params or not isinstance(metric, str):
        return False
    return metric in {"euclidean", "l2"} or (metric == "minkowski" and p == 2)


def checked_count(k: Any) -> int:
    """
    Return the number of neighbours as int, or raise ValueError where it is none.

    Examples
    --------
    >>> checked_count(5)
    5
    """
    if not isinstance(k, Integral) or k < 1:
        raise ValueError(f"n_neighbors must be a whole number of at least 1, not {k!r}")
    return int(k)


def refuse_too_many(k: int, rows: int, *, of_training: bool = False) -> None:
    """Raise ValueError where there are fewer rows than neighbours; a training row is not its own."""
    if k > rows - of_training:
        raise ValueError(
            f"Expected n_neighbors {'<' if of_training else '<='} n_samples_fit, but n_neighbors = {k}, "
            f"n_samples_fit = {rows}"
        )


def refuse_unknown_weights(weights: Weights) -> None:
    """Raise ValueError for unknown weights of votes."""
    if not (weights is None or callable(weights) or (isinstance(weights, str) and weights in {"uniform", "distance"})):
        raise ValueError(f'weights must be "uniform", "distance", a callable or None, not {weights!r}')
